import { AdapterError } from '@envplane/spec';

/** Far more than any answer that a driver itself asks for, in bytes. */
const LONGEST_ANSWER = 16 * 1024 * 1024;

/**
 * Reads an answer whole, up to 16 MiB: a provider that sends without end must not fill the memory (S40).
 * @throws AdapterError `outcome_unknown` for a longer one
 */
export async function bytesOf({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (length > LONGEST_ANSWER)
      throw new AdapterError('outcome_unknown', 'The server sent more than it was asked for.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The pause that an answer asks for, in ms: `Retry-After` is a number of seconds or a date (RFC 9110, 10.2.3). */
export function retryAfterOf({ headers }: Response): { retryAfterMs?: number } {
  const header = headers.get('retry-after')?.trim();
  if (!header) return {};
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? { retryAfterMs: Math.max(ms, 0) } : {};
}
