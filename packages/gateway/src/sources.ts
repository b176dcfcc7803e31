import type { EpochPage, EpochSource } from './epochs.ts';
import type { KeySetSource } from './key-set.ts';

const TIMEOUT_MS = 5_000;
const KEY_SET_MAX_BYTES = 64 * 1024;
const EPOCHS_MAX_BYTES = 4 * 1024 * 1024;

/** The key set at a URL. @throws TypeError for a URL that is neither https nor on loopback */
export function keySetAt(url: string): KeySetSource {
  const address = safeAddress(url);
  return () => readJson(address, { accept: 'application/jwk-set+json, application/json' }, KEY_SET_MAX_BYTES);
}

/**
 * The epoch feed at a URL.
 * @param token of an account that may read it (`platform:token_epochs.read`)
 * @throws TypeError for a URL that is neither https nor on loopback, or a token that is none
 */
export function epochsAt(url: string, token: string): EpochSource {
  const address = safeAddress(url);
  // HAZARD: fetch repeats a header value that it refuses, and with it the token, in its error.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new TypeError('The token must be visible ASCII characters without spaces.');
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
  return async (cursor) => {
    const page = new URL(address);
    if (cursor !== undefined) page.searchParams.set('cursor', cursor);
    return (await readJson(page, headers, EPOCHS_MAX_BYTES)) as EpochPage;
  };
}

function safeAddress(url: string): URL {
  const address = new URL(url);
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(address.hostname);
  if (address.protocol === 'https:' || (address.protocol === 'http:' && isLoopback)) return address;
  throw new TypeError(`${address.origin} must be an https URL; http is for loopback addresses.`);
}

/** @throws on anything but a 200 with JSON within 5 s, redirects included */
async function readJson(url: URL, headers: Record<string, string>, maxBytes: number): Promise<unknown> {
  const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`${url.pathname} answered with status ${response.status}.`);
  }
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`${url.pathname} answered with more than ${maxBytes} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return JSON.parse(text + decoder.decode());
}
