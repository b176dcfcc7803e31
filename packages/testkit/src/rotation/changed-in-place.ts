import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import type { StockConnection } from '../stock-client.ts';

/** How passwords are changed where nobody thought of it: one login, and whoever remembers the old one is refused. */
export interface LoginChangedInPlace {
  /** What opens the database now. */
  read(): Promise<StockConnection>;
  change(): Promise<void>;
  close(): Promise<void>;
}

/** A login of a PostgreSQL server, to prove that a run with rotations would have seen a failure. */
export async function loginChangedInPlace(adminUrl: string): Promise<LoginChangedInPlace> {
  const administrator = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  const user = 'one_login';
  const url = new URL(adminUrl);
  url.username = '';
  url.password = '';
  let secret = '';
  const change = async () => {
    const next = randomBytes(16).toString('hex');
    await administrator.unsafe(`ALTER ROLE ${user} PASSWORD '${next}'`);
    secret = next;
  };
  await administrator.unsafe(
    `CREATE ROLE ${user} LOGIN; GRANT CONNECT ON DATABASE ${administrator.options.database} TO ${user}`,
  );
  await change();
  return {
    read: async () => ({ driver: 'postgres', url: url.href, user, secret, namespace: null }),
    change,
    close: () => administrator.end(),
  };
}
