import { type AdapterContext, AdapterError, type AdoptedDatabase, type AdoptFacet, Secret } from '@envplane/spec';
import { foreign } from '../../lib/adapter-errors.ts';
import type { AdministratorPool } from './administrator-pool.ts';
import { TENANT_PARAMETERS } from './connect.ts';
import { effect } from './effects.ts';
import { toAdapterError } from './errors.ts';
import { unfenced } from './fence.ts';
import { sessionHandle } from './handle.ts';
import { FENCE_DATABASE, literal } from './names.ts';
import { getsBeyond } from './roles.ts';
import { openSession, type Session } from './session.ts';
import { databaseUrlOf, type Place, placeOf, serverDatabases } from './settings.ts';

/** Owns the databases of a control plane. */
const DATABASE_OWNER = '^ep[a-z0-9]{6}_dbo$';

/** Whether the login may make anything, or add a row to a table that is there. */
const MAY_WRITE = `(current_setting('transaction_read_only') = 'off' AND EXISTS (
  SELECT FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND (
    has_schema_privilege(n.oid, 'CREATE') OR has_schema_privilege(n.oid, 'USAGE') AND EXISTS (
      SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p') AND has_table_privilege(c.oid, 'INSERT')))))`;

/**
 * Databases of the placement's server with owner and roles of their own. A login is kept as `user:password`, percent-encoded as in a
 * URL: the address that is stored names no user.
 */
export function adoptDatabases(pool: AdministratorPool): AdoptFacet {
  return {
    login: 'needed',
    locate(placement, address) {
      const place = placeOf(placement);
      const name = databaseOf(place, address);
      if (name === null) return null;
      const databaseUrl = databaseUrlOf(place, encodeURIComponent(name));
      return { databaseUrl, identity: databaseUrl };
    },
    loginOf(address, token) {
      const { username, password } = new URL(address);
      if (username === '') throw invalid('The address of a PostgreSQL database names its user.');
      const given = decodeURIComponent(password);
      if (token !== null && given !== '' && given !== token.reveal()) {
        throw invalid('The password in the address is another one than the token beside it.');
      }
      const secret = token?.reveal() ?? given;
      if (secret === '') throw invalid('A PostgreSQL database is opened with a password.');
      return new Secret(`${username}:${encodeURIComponent(secret)}`);
    },
    async find(database, context) {
      try {
        const uid = await look(pool, database, context);
        return uid === null
          ? { kind: 'absent' }
          : { kind: 'ours', databaseUrl: database.databaseUrl, externalUid: uid };
      } catch (error) {
        if (error instanceof AdapterError && error.code === 'conflict') return { kind: 'foreign' };
        return { kind: 'unknown', error: toAdapterError(error) };
      }
    },
    verify: (database, login, context) => effect(context, 'pg.login', () => verify(database, login, context)),
    describe(database, login) {
      const { user, password } = parse(login);
      return { url: database.databaseUrl, user, secret: password };
    },
    async connect(database, login) {
      const session = open(database, login);
      try {
        await session.run('SELECT');
        return sessionHandle(session);
      } catch (error) {
        await session.close();
        throw toAdapterError(error);
      }
    },
  };
}

/** The name of the database, when the address is of this server and the database may be a tenant's. */
function databaseOf(place: Place, address: string): string | null {
  if (!/^postgres(ql)?:\/\//.test(address) || !URL.canParse(address)) return null;
  const url = new URL(address);
  const { host, port } = place.server;
  if (url.hostname.replace(/^\[(.*)\]$/, '$1') !== host || Number(url.port || 5432) !== port) return null;
  const name = decodeURIComponent(url.pathname.slice(1));
  if (name === '' || [...serverDatabases(place), 'template0', FENCE_DATABASE].includes(name)) {
    throw invalid('The address leads to a database of the server itself.');
  }
  return name;
}

function nameOf({ placement, databaseUrl }: AdoptedDatabase): string {
  const name = databaseOf(placeOf(placement), databaseUrl);
  if (name === null) throw invalid('The address does not lead to this placement.');
  return name;
}

/** The oid of the database; null when there is none. */
function look(pool: AdministratorPool, database: AdoptedDatabase, context: AdapterContext): Promise<string | null> {
  const name = nameOf(database);
  return unfenced(pool, database.placement, context, ({ session }) =>
    effect(context, 'pg.observe', async () => {
      const [row] = await session.rows<{ oid: string; made: boolean }>(
        `SELECT oid::text AS oid, pg_get_userbyid(datdba)::text ~ '${DATABASE_OWNER}' AS made
         FROM pg_database WHERE datname = ${literal(name)}`,
      );
      if (!row) return null;
      if (row.made || (database.externalUid !== null && row.oid !== database.externalUid)) throw foreign();
      return row.oid;
    }),
  );
}

/** A tenant who is handed this login must not get further with it than one who has a login of ours (S13, S14). */
async function verify(database: AdoptedDatabase, login: Secret | null, { signal }: AdapterContext): Promise<void> {
  const session = open(database, login, signal);
  try {
    const [row] = await session.rows<{ mighty: boolean; beyond: boolean; writes: boolean }>(
      `SELECT ${MAY_WRITE} AS writes, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls AS mighty,
         ${getsBeyond(placeOf(database.placement), ['session_user'])} AS beyond
       FROM pg_roles WHERE rolname = session_user`,
    );
    if (row?.mighty !== false || row.beyond) {
      throw new AdapterError('unsupported', 'The login may do more than serve one database.');
    }
    if (!row.writes) throw new AdapterError('unsupported', 'The login may only read.');
  } catch (error) {
    const { code } = toAdapterError(error);
    throw code === 'unauthorized'
      ? new AdapterError('unauthorized', 'The database refuses the login that it came with.')
      : error;
  } finally {
    await session.close();
  }
}

function open(database: AdoptedDatabase, login: Secret | null, signal?: AbortSignal): Session {
  const { server } = placeOf(database.placement);
  return openSession(server, { ...parse(login), database: nameOf(database) }, TENANT_PARAMETERS, signal);
}

function parse(login: Secret | null): { user: string; password: Secret } {
  if (login === null) throw new AdapterError('unauthorized', 'A PostgreSQL database is not entered without a login.');
  const [user = '', password = ''] = login.reveal().split(':').map(decodeURIComponent);
  return { user, password: new Secret(password) };
}

const invalid = (message: string) => new AdapterError('invalid_request', message);
