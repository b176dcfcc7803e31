import { randomUUID } from 'node:crypto';
import {
  type AdapterCredential,
  type CallerSetCredentials,
  type DatabaseTarget,
  type Placement,
  Secret,
} from '@envplane/spec';
import { adapterContext, type DatabaseAdapterHarness, type Provisioned } from '@envplane/testkit';
import postgres from 'postgres';
import { expect } from 'vitest';
import { postgresAdapter } from '../src/databases/postgres/index.ts';

type Row = Record<string, unknown>;

export interface PostgresHarness extends DatabaseAdapterHarness {
  /** With the password. */
  administratorUrl: string;
  /** Runs one statement as the superuser, past the adapter. */
  query(sql: string, database?: string): Promise<Row[]>;
}

/** A PostgreSQL placement on a running server. `superuserUrl` holds the password. The administrator is the superuser unless given. */
export function postgresHarness(
  superuserUrl: string,
  { administratorUrl = superuserUrl, installationId = 'tst234' } = {},
): PostgresHarness {
  const query = (sql: string, database = 'postgres') => queryAs(superuserUrl, sql, database);
  const adapter = postgresAdapter();
  return {
    adapter,
    placement: placementAt(administratorUrl),
    installationId,
    administratorUrl,
    query,
    async listObjects() {
      const rows = await query(
        `SELECT datname || '' AS object FROM pg_database
         UNION ALL SELECT concat_ws(' ', 'state', datname, pg_get_userbyid(datdba), datallowconn, datconnlimit) FROM pg_database
         UNION ALL SELECT concat_ws(' ', 'role', rolname, rolcanlogin, rolpassword IS NOT NULL) FROM pg_authid`,
      );
      return rows.map(({ object }) => String(object)).sort();
    },
    async plantForeign({ databaseName }: DatabaseTarget) {
      await query(`CREATE DATABASE "${databaseName}"`);
      await query("CREATE TABLE letters AS SELECT 'of somebody else' AS body", databaseName);
      const state = () => query(`SELECT * FROM pg_database WHERE datname = '${databaseName}'`);
      const before = await state();
      return async () => {
        expect(await query('SELECT body FROM letters', databaseName)).toEqual([{ body: 'of somebody else' }]);
        expect(await state()).toEqual(before);
      };
    },
    async plantAdministrator() {
      const user = `ep${installationId}_${randomUUID()}`;
      const password = randomUUID();
      await query(`CREATE ROLE "${user}" LOGIN SUPERUSER PASSWORD '${password}'`);
      const url = urlAs(administratorUrl, user, password);
      const placement = placementAt(url);
      await adapter.checkPlacement(placement);
      return {
        placement,
        async enter() {
          // When the session has ended the library opens another one, which the earlier password does not open.
          const session = postgres(url, { max: 1, idle_timeout: 5 });
          const use = () => session`SELECT 1`;
          await use();
          return use;
        },
      };
    },
    close: () => adapter.close(),
  };
}

/** A placement as an operator configures it: the password apart from the URL. */
export function placementAt(url: string, settings: Record<string, unknown> = {}): Placement {
  const address = new URL(url);
  const password = decodeURIComponent(address.password);
  address.password = '';
  return {
    id: 'pl',
    name: 'cluster',
    driver: 'postgres',
    region: 'local',
    settings: { url: address.href, ...settings },
    administrator: new Secret(password),
  };
}

/** Runs one statement on a connection of its own. */
export async function queryAs(url: string, text: string, database?: string): Promise<Row[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, ...(database !== undefined && { database }) });
  try {
    return [...(await sql.unsafe(text))];
  } finally {
    await sql.end();
  }
}

/** The URL of a server with another login. */
export function urlAs(url: string, user: string, password: string, database = 'postgres'): string {
  const address = new URL(url);
  address.username = user;
  address.password = password;
  address.pathname = `/${database}`;
  return address.href;
}

/** Sets another credential of a database beside the one it has. */
export async function newCredential(
  { adapter }: PostgresHarness,
  { target, credential: first }: Pick<Provisioned, 'target' | 'credential'>,
  fields: Partial<AdapterCredential>,
): Promise<AdapterCredential> {
  const credentials = adapter.credentials as CallerSetCredentials;
  const credential = {
    ...{ credentialId: 'c', version: 1, authorization: 'full_access' as const, slot: 0 as const },
    ...{ secret: credentials.generateSecret(), ...fields },
  };
  await credentials.applyCredentials(target, [...(first ? [first] : []), credential], adapterContext());
  return credential;
}

/** The roles of one target with what the server stores of their passwords. */
export function verifiersOf({ query }: PostgresHarness, { databaseName }: DatabaseTarget): Promise<Row[]> {
  return query(
    `SELECT rolname || '' AS name, rolpassword FROM pg_authid WHERE rolname LIKE '${databaseName}%' ORDER BY 1`,
  );
}
