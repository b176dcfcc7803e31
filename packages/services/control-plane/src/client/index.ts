import createFetchClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema.gen.ts';
import { type Fetch, resilient } from './transport.ts';

export { type OperationProgress, watchOperation } from './operations.ts';
export type * from './schema.gen.ts';
export type { Fetch } from './transport.ts';

/** The API as typed calls: `client.GET('/v1/environments/{env}', { params: { path: { env } } })`. */
export type EnvplaneClient = Client<paths>;

export interface ClientOptions {
  /** Where the service is, such as `http://127.0.0.1:4600`. */
  baseUrl: string;
  /** Bearer token; without one only public routes answer. */
  token?: string;
  fetch?: Fetch;
}

/**
 * A client for one service. Mutations get an `Idempotency-Key` unless they bring one, 429 and 503 are tried again when the
 * service says when, and every `error` is a problem document with a `code`.
 */
export function createClient({ baseUrl, token, fetch = globalThis.fetch }: ClientOptions): EnvplaneClient {
  const client = createFetchClient<paths>({ baseUrl, fetch: resilient((request) => fetch(request)) });
  client.use({
    onRequest: ({ request }) => {
      if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
      const changes = !['GET', 'HEAD'].includes(request.method);
      if (changes && !request.headers.has('idempotency-key')) {
        request.headers.set('idempotency-key', crypto.randomUUID());
      }
      return request;
    },
  });
  return client;
}
