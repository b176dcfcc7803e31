import type { DatabaseTarget } from '@envplane/spec';
import {
  adapterContext,
  newTarget,
  type PostgresServer,
  provision,
  shapeOf,
  startPostgres,
  startTcpProxy,
} from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type PostgresHarness, placementAt, postgresHarness } from './postgres-harness.ts';

/** Before a boundary of a create, before a statement within one, and after all of it. */
const STOPS = ['pg.roles', 'pg.create', 'pg.harden', 'CREATE SCHEMA', 'the end'] as const;

let server: PostgresServer;
let harness: PostgresHarness;

beforeAll(async () => {
  server = await startPostgres({ fsync: true });
  harness = postgresHarness(server.adminUrl, { installationId: 'tst678' });
  await harness.adapter.checkPlacement(harness.placement);
  // Nobody but a commit that waits for it flushes anything: what is not flushed is lost with the server's memory.
  for (const setting of ["wal_writer_delay = '10s'", 'autovacuum = off']) {
    await harness.query(`ALTER SYSTEM SET ${setting}`);
  }
  await server.restart('fast');
});
afterAll(async () => {
  await harness?.close();
  await server?.stop();
});

const progressOf = ({ databaseName }: DatabaseTarget) =>
  harness.query(
    `SELECT shobj_description(oid, 'pg_authid') AS marker FROM pg_authid WHERE rolname = '${databaseName}_o'`,
  );

/** Creates, and the server goes down where it is told to. */
async function createUntil(target: DatabaseTarget, stop: (typeof STOPS)[number]): Promise<void> {
  const proxy = await startTcpProxy(server);
  onTestFinished(() => proxy.close());
  proxy.inject({ kind: 'reset' }, stop);
  const context = adapterContext({
    onBoundary: async (name) => {
      if (name === stop) await server.restart('immediate');
    },
  });
  const placement = placementAt(server.adminUrl.replace(/:\d+\//, `:${proxy.port}/`));
  const created = harness.adapter.createDatabase({ ...target, placement }, { mustExist: false }, context);
  if (stop === 'the end') await created;
  else await expect(created).rejects.toMatchObject({ name: 'AdapterError', definitive: false });
  proxy.close();
}

describe('a server that loses what it has not flushed', () => {
  it('I9 has all of a database that was reported made, and is made one where it went down before', async () => {
    const undisturbed = await shapeOf(harness, (await provision(harness)).target);
    for (const stop of STOPS) {
      const target = newTarget(harness);
      await createUntil(target, stop);
      await server.restart('immediate');
      if (stop === 'the end') {
        expect(await progressOf(target)).toEqual([{ marker: `envplane:${target.objectId}:made` }]);
        expect(await harness.query("SELECT to_regnamespace('app') IS NOT NULL AS there", target.databaseName)).toEqual([
          { there: true },
        ]);
      }

      const made = await provision(harness, target);
      await server.restart('immediate');
      expect(await shapeOf(harness, target), stop).toEqual(undisturbed);
      await harness.adapter.verifyDatabase(target, made.credential, adapterContext());
    }
  });

  it('sec S12 keeps a database closed that was closed again', async () => {
    const { target } = await provision(harness);
    const isOpen = () =>
      harness.query(`SELECT has_database_privilege('public', '${target.databaseName}', 'CONNECT') AS open`);
    await harness.query(`GRANT CONNECT ON DATABASE "${target.databaseName}" TO PUBLIC`);
    expect(await isOpen()).toEqual([{ open: true }]);
    await harness.adapter.createDatabase(target, { mustExist: true }, adapterContext());
    await server.restart('immediate');
    expect(await isOpen()).toEqual([{ open: false }]);
  });
});
