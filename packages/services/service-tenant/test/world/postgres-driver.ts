import { postgresAdapter } from '@envplane/adapters/postgres';
import { Secret } from '@envplane/spec';
import { type PostgresServer, startPostgres } from '@envplane/testkit';
import postgres from 'postgres';
import type { DriverServer, Owned, TestDriver } from './drivers.ts';

/** Where the adapter keeps its fence; the catalogs of databases and roles are the same in every database. */
const FENCE_DATABASE = 'envplane_fence';

/** A PostgreSQL server of its own, without flushes: these tests are about order, not about the disk. */
export async function startPostgresServer(): Promise<DriverServer> {
  const server = await startPostgres();
  const { driver, close } = postgresDriver(server);
  return {
    driver,
    stop: async () => {
      await close();
      await server.stop();
    },
  };
}

/** What lies on a server that is running. */
export function postgresDriver(server: Pick<PostgresServer, 'adminUrl'>): {
  driver: TestDriver;
  close(): Promise<void>;
} {
  const address = new URL(server.adminUrl);
  const administrator = new Secret(address.password);
  address.pathname = `/${FENCE_DATABASE}`;
  const client = postgres(address.href, { max: 4, onnotice: () => undefined });
  address.password = '';
  address.pathname = '/postgres';
  const driver: TestDriver = {
    driver: 'postgres',
    place: { settings: { url: address.href }, administrator },
    adapter: () => postgresAdapter(),
    survey: (owned) => survey(client, owned),
    clear: (owned) => clear(client, owned),
  };
  return { driver, close: () => client.end() };
}

interface Database {
  name: string;
  /** Not open to PUBLIC, owned by the installation's role, its marker says that it is complete. */
  fit: boolean;
}

interface Role {
  name: string;
  login: boolean;
}

async function survey(client: postgres.Sql, { prefix, names }: Owned): Promise<string[]> {
  const ours = `${prefix}%`;
  const [databases, roles, fences] = await Promise.all([
    client<Database[]>`
      select datname as name,
        datallowconn and datconnlimit > 0 and pg_get_userbyid(datdba) = ${`${prefix}_dbo`}
        and not has_database_privilege('public', d.oid, 'CONNECT, TEMPORARY, CREATE')
        and coalesce(shobj_description(r.oid, 'pg_authid') like 'envplane:%:made', false) as fit
      from pg_database d left join pg_roles r on r.rolname = datname || '_o' where datname like ${ours}`,
    client<Role[]>`select rolname as name, rolcanlogin as login from pg_roles where rolname like ${ours}`,
    client<{ name: string }[]>`select name from public.fence where name like ${ours}`,
  ]);
  // Of the installation, not of a database.
  const others = roles.filter(({ name }) => name !== `${prefix}_dbo`);
  const strays = [
    ...others
      .filter((role) => !databases.some(({ name }) => role.name.startsWith(name)))
      .map(({ name }) => `role ${name}`),
    // That of a name that was taken stays, so that nobody who is late makes the database again (F3).
    ...fences.filter(({ name }) => !names.includes(name)).map(({ name }) => `fence of ${name}`),
  ];
  return [
    ...databases.map((database) => describeDatabase(database, others)),
    ...strays.map((stray) => `stray ${stray}`),
  ].sort();
}

/** The role that owns, the role that reads, and a login for each, in one slot or the other. */
function describeDatabase({ name, fit }: Database, roles: readonly Role[]): string {
  const own = roles.filter((role) => role.name.startsWith(name));
  const shape = own
    .map((role) => `${role.name.slice(name.length)}${role.login ? '+' : ''}`)
    .sort()
    .join(' ');
  if (fit && LIVE.test(shape)) return `live ${name}`;
  if (fit && CUT.test(shape)) return `cut ${name}`;
  return `unfit ${name} with roles ${shape}`;
}

const LIVE = /^(_a\+( _b)?|_a _b\+) (_c\+( _d)?|_c _d\+) _o _r$/;
const CUT = /^_a( _b)? _c( _d)? _o _r$/;

async function clear(client: postgres.Sql, { prefix }: Owned): Promise<void> {
  const ours = `${prefix}%`;
  for (const { name } of await client`select datname as name from pg_database where datname like ${ours}`) {
    await client`drop database ${client(name)} with (force)`;
  }
}
