import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { postgresAdapter } from '@envplane/adapters/postgres';
import { type ControlPlane, type ControlPlaneOptions, openControlPlane } from '@envplane/service-tenant';
import { Secret } from '@envplane/spec';
import { startPostgres } from '@envplane/testkit';
import postgres from 'postgres';
import { type Figure, median, ms, paired, timed, withDirectory } from './harness.ts';
import { provisioner } from './plane.ts';

const ROUNDS = 40;
const IN_FLIGHT = 8;
const BATCH = 16;
const BATCHES = 7;
const ADMINISTRATOR = 'BENCH_POSTGRES_ADMINISTRATOR';

/** Provisioning one environment on a PostgreSQL server through the service, alone and with 8 in flight. */
export function postgresProvisioning(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const server = await startPostgres();
    try {
      const spent = new Map<string, number[]>();
      const plane = await openPlane(directory, server.adminUrl, async (name, run) => {
        const began = performance.now();
        try {
          return await run();
        } finally {
          spent.set(name, [...(spent.get(name) ?? []), performance.now() - began]);
        }
      });
      const raw = rawProvisioner(server.adminUrl);
      const make = provisioner(plane);
      const { organizationId } = await make.organization();
      const service = () => make.environment(organizationId);

      const sequential = await paired(ROUNDS, raw.provision, service);
      const steps = [...spent].map(([name, times]) => ({
        name: `of that ${name}, × ${(times.length / count(spent)).toFixed(1)}`,
        value: ms(median(times)),
      }));
      const concurrent = await paired(
        BATCHES,
        () => batch(raw.provision),
        () => batch(service),
      );
      const alone: number[] = [];
      for (let i = 0; i < ROUNDS / 4; i++) alone.push(await timed(raw.createDatabase));
      await raw.close();
      await plane.close();
      return [
        { name: 'CREATE DATABASE alone', value: ms(median(alone)) },
        { name: 'raw statements for one PostgreSQL environment', value: ms(sequential.a) },
        {
          name: 'provision one PostgreSQL environment',
          value: ms(sequential.b),
          ratio: sequential.b / sequential.a,
          bound: '<=1.15',
        },
        ...steps,
        { name: `raw statements, ${IN_FLIGHT} in flight, each`, value: ms(concurrent.a / BATCH) },
        {
          name: `provision, ${IN_FLIGHT} in flight, each`,
          value: ms(concurrent.b / BATCH),
          ratio: concurrent.b / concurrent.a,
          bound: '<=1.15',
        },
      ];
    } finally {
      await server.stop();
    }
  });
}

const count = (spent: ReadonlyMap<string, number[]>): number => spent.get('pg.create')?.length ?? 1;

async function batch(provision: () => Promise<unknown>): Promise<void> {
  let left = BATCH;
  const client = async () => {
    while (left-- > 0) await provision();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, client));
}

function openPlane(
  directory: string,
  adminUrl: string,
  effect: NonNullable<ControlPlaneOptions['effect']>,
): Promise<ControlPlane> {
  const url = new URL(adminUrl);
  const administrator = new Secret(url.password);
  url.password = '';
  return openControlPlane({
    store: `file:${join(directory, 'control-plane.db')}`,
    adapters: [postgresAdapter()],
    placements: [
      { name: 'postgres', driver: 'postgres', settings: { url: url.href }, administratorVariable: ADMINISTRATOR },
    ],
    administratorVariable: (name) => (name === ADMINISTRATOR ? administrator : undefined),
    defaultDriver: 'postgres',
    encryptor: ({ firstStart }) =>
      localKeyEncryptor({ keyFile: join(directory, 'local-key.json'), createIfMissing: firstStart }),
    effect,
  });
}

/**
 * The statements behind one environment, as an operator would script them: what can be sent together goes in one message, the
 * administrator stays logged in. What cannot be saved is one login of the administrator into the new database, and one of each
 * of the two tenant logins, which proves that the password works.
 */
function rawProvisioner(adminUrl: string) {
  const administrator = postgres(adminUrl, { max: IN_FLIGHT, prepare: false, fetch_types: false, onnotice: () => {} });
  const newName = () => `raw${randomBytes(11).toString('hex')}`;
  const create = (name: string) =>
    administrator.unsafe(
      `CREATE DATABASE ${name} OWNER raw_dbo TEMPLATE template0 ENCODING 'UTF8' ALLOW_CONNECTIONS false CONNECTION LIMIT 20`,
    );
  const owner = administrator.unsafe('CREATE ROLE raw_dbo NOLOGIN');
  async function inside(user: string, password: string, database: string, statements: string) {
    const url = new URL(adminUrl);
    const { hostname, port } = url;
    const sql = postgres({
      ...{ host: hostname, port: Number(port), user, password, database },
      ...{ max: 1, prepare: false, fetch_types: false, onnotice: () => {} },
    });
    await sql.unsafe(statements);
    await sql.end();
  }
  return {
    async createDatabase() {
      await owner;
      await create(newName());
    },
    async provision() {
      await owner;
      const name = newName();
      const password = randomBytes(32).toString('base64url');
      const settings = (role: string, group: string) =>
        [`role = '${group}'`, 'search_path = app', "statement_timeout = '60s'"]
          .concat("idle_in_transaction_session_timeout = '60s'")
          .map((setting) => `ALTER ROLE ${role} IN DATABASE ${name} SET ${setting};`)
          .join('');
      const login = (role: string, group: string) =>
        `CREATE ROLE ${role} LOGIN PASSWORD '${password}' NOINHERIT; GRANT ${group} TO ${role};
         GRANT CONNECT ON DATABASE ${name} TO ${role}; ${settings(role, group)}`;
      await administrator.unsafe(
        `CREATE ROLE ${name}_o NOINHERIT; CREATE ROLE ${name}_r NOINHERIT; GRANT ${name}_o, ${name}_r TO raw_dbo`,
      );
      await create(name);
      await administrator.unsafe(
        `REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT TEMPORARY ON DATABASE ${name} TO ${name}_o;
         ALTER DATABASE ${name} ALLOW_CONNECTIONS true`,
      );
      const url = new URL(adminUrl);
      await inside(
        url.username,
        url.password,
        name,
        `REVOKE ALL ON SCHEMA public FROM PUBLIC; CREATE SCHEMA app AUTHORIZATION ${name}_o;
         GRANT USAGE ON SCHEMA app TO ${name}_r;
         ALTER DEFAULT PRIVILEGES FOR ROLE ${name}_o IN SCHEMA app GRANT SELECT ON TABLES TO ${name}_r;
         ALTER DEFAULT PRIVILEGES FOR ROLE ${name}_o IN SCHEMA app GRANT SELECT ON SEQUENCES TO ${name}_r`,
      );
      await administrator.unsafe(login(`${name}_a`, `${name}_o`));
      await administrator.unsafe(login(`${name}_c`, `${name}_r`));
      await inside(
        `${name}_a`,
        password,
        name,
        "BEGIN; CREATE TABLE t (v text); INSERT INTO t VALUES ('x'); SELECT v FROM t; ROLLBACK",
      );
      await inside(`${name}_c`, password, name, 'SELECT 1');
    },
    close: () => administrator.end(),
  };
}
