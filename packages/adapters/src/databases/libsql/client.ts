import { AdapterError, type Secret } from '@envplane/spec';
import { type Client, createClient } from '@libsql/client/http';
import { bytesOf } from '../../lib/http-answer.ts';

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
