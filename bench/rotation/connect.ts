import { createClient } from '@libsql/client/http';
import postgres from 'postgres';

/** What `POST …/connection` answers, as far as clients need it. */
export interface Connection {
  url: string;
  user?: string;
  secret: string;
  namespace?: string;
}

/** Each with the stock client of its kind, as an application would. @throws when it is not let in */
export const CONNECT: Record<'postgres' | 'libsql', (connection: Connection) => Promise<void>> = {
  postgres: async ({ url, user, secret }) => {
    const sql = postgres(url, {
      ...(user !== undefined && { username: user }),
      password: secret,
      max: 1,
      connect_timeout: 10,
      onnotice: () => undefined,
    });
    try {
      await sql`SELECT 1`;
    } finally {
      await sql.end();
    }
  },

  libsql: async ({ url, secret, namespace = '' }) => {
    const header = Buffer.from(namespace).toString('base64').replace(/=+$/, '');
    const client = createClient({
      url,
      authToken: secret,
      fetch: (request: Request) => {
        request.headers.set('x-namespace-bin', header);
        return fetch(request);
      },
    });
    try {
      await client.execute('SELECT 1');
    } finally {
      client.close();
    }
  },
};
