import { isSafeUrl } from './issuer.ts';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

/** An issuer could not be asked, or what it said cannot be used. The message is ours and holds nothing of the answer. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

/**
 * Reads a JSON document: in 5 s from the first byte sent to the last one read, at most 64 KB, redirects refused.
 * @throws IssuerUnavailable
 */
export async function fetchJson(url: URL): Promise<unknown> {
  if (!isSafeUrl(url)) throw new IssuerUnavailable('the address is neither https nor on this host');
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new IssuerUnavailable(`the answer is ${response.status}`);
    }
    return JSON.parse(await readBounded(response));
  } catch (error) {
    if (error instanceof IssuerUnavailable) throw error;
    throw new IssuerUnavailable('no answer in time, a redirect, or no JSON');
  }
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (size > MAX_BYTES) throw new IssuerUnavailable(`the answer has more than ${MAX_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
