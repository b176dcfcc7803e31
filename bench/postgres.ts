import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { postgresAdapter } from '@envplane/adapters/postgres';
import { type ControlPlane, type ControlPlaneOptions, openControlPlane } from '@envplane/service-tenant';
import { Secret } from '@envplane/spec';
import { type Figure, inTurn, meansInTurn, median, ms, timed, withDirectory } from './harness.ts';
import { provisioner } from './plane.ts';
import { against, letIn, newPassword, rawServer, type Sending, startDurablePostgres } from './postgres-raw.ts';

const ROUNDS = 40;
const IN_FLIGHT = 8;
const BATCH = 16;
const BATCHES = 16;
const ADMINISTRATOR = 'BENCH_POSTGRES_ADMINISTRATOR';

/** Provisioning one environment on a PostgreSQL server through the service, alone and with 8 in flight. */
export function postgresProvisioning(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const server = await startDurablePostgres();
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
      const raw = rawProvisioner(server.adminUrl, 'statements');
      const dense = rawProvisioner(server.adminUrl, 'messages');
      const make = provisioner(plane);
      const { organizationId } = await make.organization();
      const service = () => make.environment(organizationId);

      const alone = await inTurn(ROUNDS, raw.provision, dense.provision, service);
      const steps = [...spent].map(([name, times]) => ({
        name: `of that ${name}, × ${(times.length / count(spent)).toFixed(1)}`,
        value: ms(median(times)),
      }));
      // A checkpoint every few batches would fall on one of the three more often than on the others.
      const together = await meansInTurn(
        raw.checkpoint,
        BATCHES,
        ...[raw.provision, dense.provision, service].map((provision) => () => batch(provision)),
      );
      const databases: number[] = [];
      for (let i = 0; i < ROUNDS / 4; i++) databases.push(await timed(raw.createDatabase));
      await Promise.all([raw.close(), dense.close()]);
      await plane.close();
      return [
        { name: 'CREATE DATABASE alone', value: ms(median(databases)) },
        ...against('for one PostgreSQL environment', 'provision one PostgreSQL environment', alone, 1.15),
        ...steps,
        ...against(
          `${IN_FLIGHT} in flight, each`,
          `provision, ${IN_FLIGHT} in flight, each`,
          together.map((time) => time / BATCH),
          1.15,
        ),
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
 * The statements behind one environment, as an operator would script them for the same result: no password is in a statement, the
 * administrator stays logged in, and what belongs together is one transaction. What cannot be saved is one login of the administrator
 * into the new database, and one of each of the two tenants, side by side, which proves what each may do and may not.
 */
function rawProvisioner(adminUrl: string, sending: Sending) {
  const { administrator, transaction, asAdministrator, proveWriter, proveReader } = rawServer(
    adminUrl,
    IN_FLIGHT,
    sending,
  );
  const dbo = `raw_dbo_${sending}`;
  const newName = () => `raw${randomBytes(11).toString('hex')}`;
  const create = (name: string) =>
    administrator.unsafe(
      `CREATE DATABASE ${name} OWNER ${dbo} TEMPLATE template0 ENCODING 'UTF8' ALLOW_CONNECTIONS false CONNECTION LIMIT 20`,
    );
  const owner = administrator.unsafe(`CREATE ROLE ${dbo} NOLOGIN`);
  return {
    async createDatabase() {
      await owner;
      await create(newName());
    },
    async provision() {
      await owner;
      const name = newName();
      const writer = { role: `${name}_a`, group: `${name}_o`, password: newPassword() };
      const reader = { role: `${name}_c`, group: `${name}_r`, password: newPassword() };
      await transaction([
        `CREATE ROLE ${name}_o NOINHERIT`,
        `CREATE ROLE ${name}_r NOINHERIT`,
        `GRANT ${name}_o, ${name}_r TO ${dbo}`,
      ]);
      await create(name);
      await transaction([
        `REVOKE ALL ON DATABASE ${name} FROM PUBLIC`,
        `GRANT TEMPORARY ON DATABASE ${name} TO ${name}_o`,
        `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`,
      ]);
      await asAdministrator(name, [
        'REVOKE ALL ON SCHEMA public FROM PUBLIC',
        `CREATE SCHEMA app AUTHORIZATION ${name}_o`,
        `GRANT USAGE ON SCHEMA app TO ${name}_r`,
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${name}_o IN SCHEMA app GRANT SELECT ON TABLES TO ${name}_r`,
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${name}_o IN SCHEMA app GRANT SELECT ON SEQUENCES TO ${name}_r`,
      ]);
      const logins = await Promise.all([writer, reader].map((login) => letIn(login, name)));
      await transaction([
        `CREATE ROLE ${name}_a NOINHERIT`,
        `CREATE ROLE ${name}_c NOINHERIT`,
        `GRANT ${name}_a, ${name}_c TO ${dbo}`,
        ...logins.flat(),
      ]);
      await Promise.all([proveWriter(writer, name), proveReader(reader, name)]);
    },
    checkpoint: () => administrator.unsafe('CHECKPOINT'),
    close: () => administrator.end(),
  };
}
