import { fileURLToPath } from 'node:url';
import type { ConnectionView } from '@envplane/spec';
import { createClient } from '@libsql/client/http';
import Database from 'better-sqlite3';
import postgres from 'postgres';

/** What a client must be told of a connection. */
export type StockConnection = Pick<ConnectionView, 'driver' | 'url' | 'user' | 'secret' | 'namespace'>;

/**
 * Connects with the client that is usual for the driver, runs one statement and disconnects, as an application would.
 * @param reach replaces `fetch`, for servers without a public name
 * @throws what the client throws
 */
export async function runWithStockClient(
  { driver, url, user, secret, namespace }: StockConnection,
  statement: string,
  reach: (request: Request) => Promise<Response> = fetch,
): Promise<unknown[]> {
  if (driver === 'sqlite') {
    const file = new Database(fileURLToPath(url), { fileMustExist: true });
    try {
      const prepared = file.prepare(statement);
      return prepared.reader ? prepared.all() : [prepared.run()];
    } finally {
      file.close();
    }
  }
  if (driver === 'postgres') {
    const sql = postgres(url, {
      username: user ?? '',
      password: secret ?? '',
      max: 1,
      connect_timeout: 10,
      onnotice: () => undefined,
    });
    try {
      return [...(await sql.unsafe(statement))];
    } finally {
      await sql.end();
    }
  }
  const header = Buffer.from(namespace ?? '')
    .toString('base64')
    .replace(/=+$/, '');
  const client = createClient({
    url,
    authToken: secret ?? '',
    fetch: (request: Request) => {
      if (namespace !== null) request.headers.set('x-namespace-bin', header);
      return reach(request);
    },
  });
  try {
    return (await client.execute(statement)).rows;
  } finally {
    client.close();
  }
}

/** PostgreSQL for a wrong password and for a login that may not log in. */
const REFUSED_LOGIN = ['28P01', '28000'];

/**
 * Whether a database lets a credential in. What else keeps a client out is no refusal: a server that is away proves nothing of a
 * credential.
 * @throws what the client throws when it is neither let in nor refused
 */
export async function isLetIn(connection: StockConnection, reach?: (request: Request) => Promise<Response>) {
  try {
    await runWithStockClient(connection, 'SELECT 1', reach);
    return true;
  } catch (error) {
    const { code = '', cause } = error as { code?: string; cause?: { status?: number } };
    if (REFUSED_LOGIN.includes(code) || code.startsWith('AUTH_') || cause?.status === 401) return false;
    throw error;
  }
}
