import { AdapterError } from '@envplane/spec';
import { type Client, createClient } from '@libsql/client/http';
import { aborted, missing } from '../../lib/adapter-errors.ts';
import { bytesOf } from '../../lib/http-answer.ts';
import { unreachable } from './errors.ts';
import { type DatabaseCall, getDatabase } from './platform-api.ts';
import { pause } from './transport.ts';

/** How long one request to a database may take, in ms. */
const REQUEST_TIMEOUT_MS = 15_000;

/** A new database may answer 404 under its own host for many seconds (tursodatabase/libsql-client-ts#346). */
const REACHABLE_WITHIN_MS = 120_000;
const LONGEST_PAUSE_MS = 2_000;

/**
 * A `fetch` that reaches one host and no other: it follows no redirect, and refuses the other address that the protocol lets a
 * server name for what follows (`base_url` of a Hrana answer). What is sent there carries a token (S7). With a `signal` a
 * request also has a deadline and its answer a longest size; a tenant's may be as slow and as large as the provider lets it.
 */
function pinnedFetch(
  fetch: typeof globalThis.fetch,
  databaseUrl: string,
  signal?: AbortSignal,
): typeof globalThis.fetch {
  const host = new URL(databaseUrl).host;
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.protocol !== 'https:' || url.host !== host) throw unreachable();
    if (!signal) return fetch(request, { redirect: 'error' });
    const ended = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    const response = await fetch(request, { redirect: 'error', signal: ended });
    return new Response(await bytesOf(response), response);
  };
}

/** The stock client, held to the database's own host. A null token connects without one. */
export function openClient(
  fetch: typeof globalThis.fetch,
  databaseUrl: string,
  token: string | null,
  signal?: AbortSignal,
): Client {
  return createClient({
    url: databaseUrl,
    ...(token === null ? {} : { authToken: token }),
    intMode: 'bigint',
    fetch: pinnedFetch(fetch, databaseUrl, signal),
  });
}

/** Runs `body` on a connection of its own. */
export async function withClient<T>(
  { fetch, signal }: DatabaseCall,
  databaseUrl: string,
  token: string | null,
  body: (client: Client) => Promise<T>,
): Promise<T> {
  const client = openClient(fetch, databaseUrl, token, signal);
  try {
    return await body(client);
  } finally {
    client.close();
  }
}

/**
 * Runs `body` until the database's host knows the database, for at most two minutes.
 * @throws AdapterError `unavailable` when the provider's API does not know it either, or when the time is over.
 */
export async function whenReachable<T>(call: DatabaseCall, body: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + REACHABLE_WITHIN_MS;
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await body();
    } catch (error) {
      if (call.signal.aborted) throw aborted();
      if (error instanceof AdapterError) throw error;
      if (statusOf(error) !== 404 || performance.now() + pauseMs > deadline) throw unreachable();
    }
    if ((await getDatabase(call)) === null) throw missing();
    await pause(pauseMs, call.signal);
  }
}

/** The HTTP status behind an error of the client library, undefined when there is none. */
export function statusOf(error: unknown): number | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'status' in cause ? Number(cause.status) : undefined;
}
