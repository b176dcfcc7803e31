import { AdapterError, type Secret } from '@envplane/spec';
import { type Client, createClient, LibsqlError } from '@libsql/client/http';
import { bytesOf } from './answer.ts';
import { invalid, transportError } from './errors.ts';

export type { Client };

export interface ClientOptions {
  databaseUrl: string;
  namespace: string;
  /** Called for every request, so that a connection outlives a token. */
  token: () => Secret;
  /** Ends what is under way. With it the connection is for the adapter's own work, whose answers are short. */
  signal?: AbortSignal;
}

/**
 * The stock client, held to one origin and one namespace. Its own `fetch` follows redirects and the `base_url` of an answer; with
 * either a server could send the token to another host.
 */
export function openClient({ databaseUrl, namespace, token, signal }: ClientOptions): Client {
  return createClient({
    url: databaseUrl,
    intMode: 'bigint',
    async fetch(request: Request) {
      if (new URL(request.url).origin !== new URL(databaseUrl).origin) {
        throw new AdapterError('unavailable', 'The server names another address than its own.');
      }
      const headers = new Headers(request.headers);
      headers.set('x-namespace-bin', namespaceHeader(namespace));
      headers.set('authorization', `Bearer ${token().reveal()}`);
      if (!signal) return fetch(request, { headers, redirect: 'error' });
      const response = await fetch(request, { headers, redirect: 'error', signal });
      return new Response(await bytesOf(response), response);
    },
  });
}

/**
 * Runs statements in one request, on a stream that ends with it and takes an open transaction along. The client library would
 * first ask for the version of the protocol, and its transactions outlive a request: after a crash one would lock the database.
 */
export async function runStatements(
  { databaseUrl, namespace, signal }: { databaseUrl: string; namespace: string; signal: AbortSignal },
  token: Secret | null,
  statements: string[],
): Promise<{ status: number; body: string }> {
  const execute = statements.map((sql) => ({ type: 'execute', stmt: { sql } }));
  const response = await fetch(`${databaseUrl}/v2/pipeline`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-namespace-bin': namespaceHeader(namespace),
      ...(token !== null && { authorization: `Bearer ${token.reveal()}` }),
    },
    body: JSON.stringify({ requests: [...execute, { type: 'close' }] }),
    redirect: 'manual',
    signal,
  });
  return { status: response.status, body: (await bytesOf(response)).toString() };
}

/** What the header `x-namespace-bin` holds: base64 without padding (gRPC metadata). */
export function namespaceHeader(namespace: string): string {
  return Buffer.from(namespace).toString('base64').replace(/=+$/, '');
}

/**
 * Errors of SQLite pass: they are about the caller's own statement. Whatever else the client reports becomes an `AdapterError`:
 * its text names addresses.
 */
export function dataError(error: unknown): unknown {
  if (error instanceof RangeError) return invalid('A value cannot be bound.');
  if (!(error instanceof LibsqlError)) return transportError(error);
  if (error.code === 'BLOCKED') return new AdapterError('unavailable', 'The database is suspended.');
  if (/^(SQL|SQLITE|ARGS|TRANSACTION)_/.test(error.code)) return error;
  const status = statusOf(error);
  // For a token of another namespace the server answers 404.
  if (status === 401 || status === 404) return new AdapterError('unauthorized', 'The database refuses the credential.');
  if (status === 403) return new AdapterError('unauthorized', 'The credential does not allow this.');
  return new AdapterError('outcome_unknown', 'The server answered with an error.');
}

/** The client hides the HTTP status in the causes of its error. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'status' in error && typeof error.status === 'number' ? error.status : statusOf(error.cause);
}
