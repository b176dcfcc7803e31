import { randomInt } from 'node:crypto';
import { AdapterError, type Placement, type PlacementFindings } from '@envplane/spec';
import { asAdministrator } from './administrator.ts';
import { toAdapterError } from './errors.ts';
import { FENCE_DATABASE, identifier, literal } from './names.ts';
import { openSession, type Session } from './session.ts';
import { type Place, placeOf, serverDatabases } from './settings.ts';

const OLDEST_VERSION = 15;

/**
 * The contract's `checkPlacement`: a direct connection to a writable server of version 15 or newer, an administrator with the rights
 * this driver needs, and no way for tenants into the server's own databases. Makes the fence database if it is not there. Any
 * number may run at the same time.
 */
export async function checkPlacement(placement: Placement): Promise<PlacementFindings> {
  const place = placeOf(placement);
  try {
    await refusePooler(place);
    return await asAdministrator(place, place.entrance, undefined, async (session) => {
      await refuseUnfitServer(session);
      // Two that start at the same time would meet in the catalog.
      await session.run('SELECT pg_advisory_lock(hashtextextended($1, 0))', [FENCE_DATABASE]);
      await closeServerDatabases(session, place);
      await refuseMissingRights(session, place);
      await makeFenceDatabase(session, place);
      return identify(session);
    });
  } catch (error) {
    throw toAdapterError(error);
  }
}

/**
 * Through a pooler that lends a server session for one transaction, a lock stays behind in a session that others use (P7). Such a
 * pooler mixes two clients up: whether it lends what was used last or what has rested longest, at the latest once one of them
 * had held a transaction open.
 */
async function refusePooler(place: Place): Promise<void> {
  const login = { ...place.administrator, database: place.entrance };
  const opened: Session[] = [];
  try {
    const first = openSession(place.server, login, {});
    opened.push(first);
    const second = openSession(place.server, login, {});
    opened.push(second);
    const key = randomInt(2 ** 31);
    const holder = [await probe(first, key)];
    await second.run('BEGIN');
    const other = [await probe(second, key)];
    holder.push(await probe(first, key));
    await second.run('ROLLBACK');
    other.push(await probe(second, key));
    holder.push(await probe(first, key));
    const oneSession =
      new Set(holder.map(({ pid }) => pid)).size === 1 && new Set(other.map(({ pid }) => pid)).size === 1;
    if (!oneSession || !holder.every(({ granted }) => granted) || other.some(({ granted }) => granted)) {
      throw new AdapterError(
        'invalid_request',
        'The URL leads to a pooler; the administrator needs the server itself.',
      );
    }
  } finally {
    for (const session of opened) await session.close();
  }
}

async function probe(session: Session, key: number): Promise<{ pid: number; granted: boolean }> {
  const [row] = await session.rows<{ pid: number; granted: boolean }>(
    'SELECT pg_backend_pid() AS pid, pg_try_advisory_lock($1::bigint) AS granted',
    [key],
  );
  return row ?? { pid: 0, granted: false };
}

async function refuseUnfitServer(session: Session): Promise<void> {
  const [server] = await session.rows<{ version: number; standby: boolean }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version, pg_is_in_recovery() AS standby`,
  );
  if (server === undefined || server.version < OLDEST_VERSION) {
    throw new AdapterError('unsupported', `The server is older than PostgreSQL ${OLDEST_VERSION}.`);
  }
  if (server.standby)
    throw new AdapterError('unavailable', 'The server is a standby; the administrator needs the primary.');
}

/** Shuts PUBLIC out where the administrator may; what it may not is listed by `refuseMissingRights`. */
async function closeServerDatabases(session: Session, place: Place): Promise<void> {
  const rows = await session.rows<{ name: string }>(
    `SELECT datname::text AS name FROM pg_database
     WHERE ${OPEN_TO_PUBLIC} AND datname = ANY ($1::text::name[]) AND pg_has_role(datdba, 'USAGE')`,
    [listOf(place)],
  );
  for (const { name } of rows) await session.run(`REVOKE CONNECT ON DATABASE ${identifier(name)} FROM PUBLIC`);
}

const OPEN_TO_PUBLIC = `datallowconn AND has_database_privilege('public', oid, 'CONNECT')`;

/** @throws AdapterError `unauthorized` with the statements that a superuser has to run */
async function refuseMissingRights(session: Session, place: Place): Promise<void> {
  const administrator = identifier(place.administrator.user);
  const rows = await session.rows<{ statement: string }>(
    `SELECT * FROM (
       SELECT ${literal(`ALTER ROLE ${administrator} CREATEDB`)} AS statement FROM pg_roles
         WHERE rolname = current_user AND NOT (rolsuper OR rolcreatedb)
       UNION ALL SELECT ${literal(`ALTER ROLE ${administrator} CREATEROLE`)} FROM pg_roles
         WHERE rolname = current_user AND NOT (rolsuper OR rolcreaterole)
       UNION ALL SELECT ${literal(`ALTER ROLE ${administrator} INHERIT`)} FROM pg_roles
         WHERE rolname = current_user AND NOT (rolsuper OR rolinherit)
       UNION ALL SELECT format('GRANT CONNECT ON DATABASE %I TO ', datname) || ${literal(administrator)} FROM pg_database
         WHERE ${OPEN_TO_PUBLIC} AND datname = ${literal(place.entrance)}
       UNION ALL SELECT format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', datname) FROM pg_database
         WHERE ${OPEN_TO_PUBLIC} AND datname = ANY ($1::text::name[])
     ) AS missing`,
    [listOf(place)],
  );
  if (rows.length === 0) return;
  const statements = rows.map(({ statement }) => statement).join('; ');
  throw new AdapterError('unauthorized', `The administrator lacks rights. A superuser has to run: ${statements}.`);
}

async function makeFenceDatabase(session: Session, place: Place): Promise<void> {
  const database = identifier(FENCE_DATABASE);
  const there = await session.rows('SELECT 1 FROM pg_database WHERE datname = $1::name', [FENCE_DATABASE]);
  if (there.length === 0) {
    await session.run(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8' ALLOW_CONNECTIONS false`);
  }
  await session.transaction(async () => {
    await session.run(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    await session.run(`ALTER DATABASE ${database} WITH ALLOW_CONNECTIONS true`);
  });
  await asAdministrator(place, FENCE_DATABASE, undefined, (fence) =>
    fence.run(
      `CREATE TABLE IF NOT EXISTS public.fence (
         name text PRIMARY KEY, epoch bigint NOT NULL, updated_at timestamptz NOT NULL)`,
    ),
  );
}

/** What `initdb` called the cluster, which a restored base backup has too, and its clock. */
async function identify(session: Session): Promise<PlacementFindings> {
  const [row] = await session.rows<{ identity: string; now: number }>(
    `SELECT system_identifier::text AS identity, extract(epoch FROM clock_timestamp())::float8 AS now
     FROM pg_control_system()`,
  );
  if (row === undefined) throw new AdapterError('unavailable', 'The server does not tell its identity.');
  return { identity: row.identity, clockSkewMs: Math.round(row.now * 1_000 - Date.now()) };
}

function listOf(place: Place): string {
  const quoted = serverDatabases(place).map((name) => `"${name.replaceAll(/["\\]/g, '\\$&')}"`);
  return `{${quoted.join(',')}}`;
}
