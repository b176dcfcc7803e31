import { setTimeout as delay } from 'node:timers/promises';
import { aborted, transportError } from '../../lib/adapter-errors.ts';
import { bytesOf, retryAfterOf } from '../../lib/http-answer.ts';
import { refusal } from './errors.ts';
import type { Place } from './place.ts';

/** How long one request may take, in ms. */
const REQUEST_TIMEOUT_MS = 15_000;

/** How often a request that may be repeated is sent, and the longest pause between two, in ms. A longer one is the caller's. */
const ATTEMPTS = 3;
const LONGEST_PAUSE_MS = 2_000;
const FIRST_PAUSE_MS = 200;

export interface PlatformRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path segments after `/v1/organizations/{organization}`, not encoded. */
  path: readonly string[];
  query?: Record<string, string>;
  body?: Record<string, unknown>;
}

/**
 * Sends one request to the Platform API and returns the JSON of a 2xx answer, or null for 404. GET, PATCH and DELETE are
 * repeated a few times after a lost answer, 429 and 5xx; POST never is. Redirects are not followed.
 * @throws AdapterError for every other answer, for none, and when `signal` aborts.
 */
export async function send(
  fetch: typeof globalThis.fetch,
  place: Place,
  request: PlatformRequest,
  signal: AbortSignal,
): Promise<unknown> {
  const attempts = request.method === 'POST' ? 1 : ATTEMPTS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendOnce(fetch, place, request, signal);
    } catch (error) {
      if (signal.aborted) throw aborted();
      const refused = transportError(error);
      const pauseMs = refused.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (attempt - 1);
      if (refused.definitive || attempt === attempts || pauseMs > LONGEST_PAUSE_MS) throw refused;
      await pause(pauseMs, signal);
    }
  }
}

/** Waits. @throws AdapterError `outcome_unknown` when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    throw aborted();
  }
}

async function sendOnce(
  fetch: typeof globalThis.fetch,
  { apiUrl, organization, token }: Place,
  { method, path, query, body }: PlatformRequest,
  signal: AbortSignal,
): Promise<unknown> {
  const url = new URL(`/v1/organizations/${[organization, ...path].map(encodeURIComponent).join('/')}`, apiUrl);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token.reveal()}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
  });
  // Read in any case: a connection with an unread answer is not used again.
  const text = (await bytesOf(answer)).toString();
  if (answer.status === 404) return null;
  if (!answer.ok) throw refusal(answer.status, retryAfterOf(answer));
  return text === '' ? {} : JSON.parse(text);
}
