import { join } from 'node:path';
import { libsqlAdapter } from '@envplane/adapters/libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Migration, openMigration } from '../src/migration/open-migration.ts';
import { type EffectHook, MIGRATION_FAILPOINTS } from '../src/provisioning/failpoints.ts';
import { openLegacyDatabase } from '../src/store/legacy-database.ts';
import { type Boundary, createFaults, type Fault } from './world/faults.ts';
import { decryptV4, LegacyWorld } from './world/legacy.ts';
import { disagreements, type Expected } from './world/migration-oracle.ts';
import { UNREACHABLE } from './world/migration-scene.ts';
import { STORES, type StoreKind } from './world/stores.ts';
import { keyFileEncryptor, openWorld, type World } from './world/world.ts';

interface Scene {
  world: World;
  v4: LegacyWorld;
  expected: Expected[];
}

async function openScene(store: StoreKind, copies: number): Promise<Scene> {
  const world = await openWorld(store);
  const v4 = new LegacyWorld(world.directory);
  const expected: Expected[] = [];
  v4.bulk(() => {
    for (let copy = 0; copy < copies; copy += 1) {
      const organizationId = v4.organization(`org${copy}`);
      const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
      const add = (
        name: string,
        status: string | null,
        rest: Partial<Expected>,
        seed: Partial<Parameters<LegacyWorld['tenant']>[0]>,
      ) => {
        const databaseName = `${name}${copy}`;
        const databaseUrl = seed.databaseUrl ?? v4.databaseFile(databaseName);
        const sourceId = v4.tenant({ organizationId, databaseName, ...seed, databaseUrl });
        v4.package(sourceId, 'crm');
        expected.push({ sourceId, status, ...rest, ...(status === 'active' && { note: databaseName }) });
      };
      add('first', 'active', {}, { createdAt: at(1) });
      add('second', 'active', {}, { createdAt: at(2) });
      add('suspended', 'suspended', {}, { createdAt: at(3), status: 'suspended' });
      const token = `canary-${copy}`;
      const databaseUrl = `libsql://ns${copy}.db.example.com`;
      add('sealed', 'migrating', { token }, { createdAt: at(4), token, databaseUrl });
      add('provisioning', null, {}, { createdAt: at(5), status: 'provisioning' });
    }
  });
  return { world, v4, expected };
}

/** A process that migrates, until it is closed. */
async function process({ world, v4 }: Scene, effect?: EffectHook): Promise<Migration> {
  const legacy = openLegacyDatabase(v4.url, { writable: true });
  const migration = await openMigration({
    store: world.store.url,
    adapters: [world.driver.adapter(), libsqlAdapter()],
    ...UNREACHABLE,
    encryptor: ({ firstStart }) => keyFileEncryptor(world.directory, firstStart),
    legacy,
    decryptLegacy: decryptV4,
    systemUserId: 'system',
    ...(effect && { effect }),
  });
  return {
    ...migration,
    close: async () => {
      await migration.close();
      await legacy.close();
    },
  };
}

async function judge({ world, expected }: Scene): Promise<string[]> {
  const controlPlane = await world.open({ adapters: [world.driver.adapter(), libsqlAdapter()], ...UNREACHABLE });
  try {
    return await disagreements(
      { storeUrl: world.store.url, keyFile: join(world.directory, 'key.json'), controlPlane },
      expected,
    );
  } finally {
    await controlPlane.close();
  }
}

describe.each(STORES)('MG2 interrupted migrations on a store on %s', (store) => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await openScene(store, 2);
  });
  afterEach(async () => {
    scene.v4.close();
    await scene.world.close();
  });

  /** Every boundary of a whole migration, and everything that follows from a crash there. */
  async function strike(fault?: Fault): Promise<readonly Boundary[]> {
    const faults = createFaults(fault);
    faults.arm();
    const first = await process(scene, faults.effect);
    const steps = async (migration: Migration) => {
      await migration.apply({ batchSize: 1 });
      await migration.rollback({ batchSize: 1 });
      await migration.apply({ batchSize: 1 });
      await migration.finalize({ batchSize: 1 });
    };
    await steps(first).catch((error: unknown) => {
      if (!faults.dead) throw error;
    });
    await first.close();
    if (fault) expect(faults.struck, JSON.stringify(fault)).toBe(true);
    const second = await process(scene);
    const before = scene.v4.rows(`select 1 from sys_tenant_database where status = 'archived'`).length;
    await second.apply();
    await second.finalize();
    const plan = await second.plan();
    expect(plan).toMatchObject({ migrated: 0, done: scene.expected.filter(({ status }) => status !== null).length });
    const archived = scene.v4.rows<{ auth_token: string }>(
      `select auth_token from sys_tenant_database where status = 'archived'`,
    );
    expect(archived.length).toBeGreaterThanOrEqual(before);
    expect(archived.every((row) => row.auth_token === '')).toBe(true);
    expect(await judge(scene), JSON.stringify(fault)).toEqual([]);
    await second.close();
    return faults.seen;
  }

  it('a crash at every boundary leaves what the next run completes', { timeout: 300_000 }, async () => {
    const reopen = async () => {
      await scene.world.close();
      scene.v4.close();
      scene = await openScene(store, 1);
    };
    await reopen();
    const boundaries = await strike();
    expect(Object.keys(MIGRATION_FAILPOINTS).filter((name) => boundaries.every((each) => each.name !== name))).toEqual(
      [],
    );
    // What comes later under the same name is the same again for another row. The second store makes do with half of it.
    const strikes = boundaries.flatMap((at) => {
      const after = { at, action: 'crash-after' } as const;
      if (store === 'postgres') return at.occurrence === 0 && at.name in MIGRATION_FAILPOINTS ? [after] : [];
      if (at.occurrence === 0) return [{ at, action: 'crash-before' } as const, after];
      return at.occurrence === 2 ? [after] : [];
    });
    for (const fault of strikes) {
      await reopen();
      await strike(fault);
    }
  });

  it('two at once make one environment of each row', async () => {
    const [one, two] = [await process(scene), await process(scene)];
    const reports = await Promise.all([one.apply({ batchSize: 3 }), two.apply({ batchSize: 4 })]);
    expect(reports.map(({ blocked }) => blocked)).toEqual([0, 0]);
    expect(await judge(scene)).toEqual([]);
    await Promise.all([one.finalize(), two.finalize()]);
    expect(await judge(scene)).toEqual([]);
    await one.close();
    await two.close();
  });

  it('a store that fails ends the run at once, and an interruption after what is under way; both are taken up again', async () => {
    const interrupted = new AbortController();
    const one = await process(scene);
    const report = await one.apply({ batchSize: 1, signal: interrupted.signal, onProgress: () => interrupted.abort() });
    expect(report).toMatchObject({ complete: false });
    expect(report.total).toBeLessThan(scene.expected.length);
    await one.close();
    const faults = createFaults({ at: { name: 'cp.ledger-copy', occurrence: 0 }, action: 'error-before' });
    faults.arm();
    const two = await process(scene, faults.effect);
    await expect(two.apply({ batchSize: 2 })).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(faults.seen.filter(({ name }) => name === 'cp.ledger-copy').length).toBeLessThan(4);
    await two.close();
    const three = await process(scene);
    await three.apply();
    expect(await judge(scene)).toEqual([]);
    await three.close();
  });

  it('sec S27 no token is in a report', async () => {
    const one = await process(scene);
    expect(JSON.stringify(await one.plan())).not.toContain('canary');
    expect(JSON.stringify(await one.apply())).not.toContain('canary');
    await one.close();
  });
});
