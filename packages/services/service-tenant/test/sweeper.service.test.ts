import { chmodSync, copyFileSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatabaseAdapter, InventoryFacet } from '@envplane/spec';
import { AdapterError } from '@envplane/spec';
import { afterEach, describe, expect, it } from 'vitest';
import { sweeperAudit } from '../src/inventory/context.ts';
import { findInstallation } from '../src/store/installation.ts';
import { beginRestore } from '../src/store/restores.ts';
import {
  DAY_MS,
  environmentRequest,
  finish,
  openWorld,
  organizationRequest,
  settle,
  type World,
} from './world/world.ts';

describe.each(['sqlite', 'postgres'] as const)('%s store', (store) => {
  let world: World;
  afterEach(() => world.close());

  /** A control plane whose listing a test bends, over one organization. */
  async function open(bend: (inventory: InventoryFacet) => InventoryFacet = (inventory) => inventory) {
    world = await openWorld(store, 'sqlite');
    const adapter = world.driver.adapter();
    const bent: DatabaseAdapter = { ...adapter, inventory: bend(adapter.inventory as InventoryFacet) };
    const controlPlane = await world.open({ adapters: [bent] });
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { organizationId, id } = defaultEnvironment.environment;
    const path = fileURLToPath(defaultEnvironment.database.databaseUrl ?? '');
    return { controlPlane, service, organizationId, id, path };
  }

  async function select<Row extends object>(text: string): Promise<Row[]> {
    return (await (await world.inspect()).main.select<Row>(text, [])).rows;
  }

  const audited = async (action: string) =>
    (await select<{ detail: unknown }>(`select detail from sys_audit_event where action = '${action}'`)).length;

  /** A file that looks like one of ours and that nobody here made. */
  async function plant(path: string): Promise<{ name: string; path: string }> {
    const { installation_id: id } = (await findInstallation((await world.inspect()).main)) ?? { installation_id: '' };
    const name = `ep${id}e${'z'.repeat(26)}`;
    const planted = join(dirname(path), `${name}.db`);
    copyFileSync(path, planted);
    return { name, path: planted };
  }

  it('Z4, cap DR2 what no row explains stays, is listed, and is reported once; when it is gone it is not listed any more', async () => {
    const { service, path } = await open();
    expect(await service.inventory.check()).toMatchObject({ complete: true, matched: 1, missing: [], quarantined: [] });
    const planted = await plant(path);
    for (let round = 0; round < 2; round += 1) {
      const found = await service.inventory.check();
      expect(found.quarantined).toMatchObject([{ databaseName: planted.name, placement: 'sqlite' }]);
      expect(existsSync(planted.path)).toBe(true);
    }
    expect(await audited('database.quarantine')).toBe(1);
    expect(await service.inventory.read()).toMatchObject({ quarantined: [{ databaseName: planted.name }] });
    rmSync(planted.path);
    expect(await service.inventory.check()).toMatchObject({ quarantined: [] });
  });

  it('Z2 what is made while a placement is listed is explained by its row', async () => {
    let whileListing = async () => {};
    const { service, organizationId } = await open((inventory) => ({
      async *listDatabases(...call) {
        await whileListing();
        yield* inventory.listDatabases(...call);
      },
    }));
    whileListing = async () => {
      await service.provisionEnvironment(environmentRequest(organizationId));
    };
    expect(await service.inventory.check()).toMatchObject({ complete: true, matched: 2, quarantined: [], missing: [] });
  });

  it('Z1 an incomplete list concludes nothing, and is told from a complete one', async () => {
    let breaks = true;
    const { service, path } = await open((inventory) => ({
      async *listDatabases(...call) {
        for await (const one of inventory.listDatabases(...call)) {
          yield one;
          if (breaks) throw new AdapterError('unavailable', 'The next page does not come.');
        }
      },
    }));
    await plant(path);
    expect(await service.inventory.check()).toMatchObject({
      complete: false,
      quarantined: [],
      missing: [],
      placements: [{ code: 'unavailable', comparedAt: null }],
    });
    breaks = false;
    expect(await service.inventory.check()).toMatchObject({ complete: true, placements: [{ code: null }] });
    expect((await service.inventory.read()).quarantined).toHaveLength(1);
  });

  it('Z0 one process at a time compares a placement, and what an overtaken one found is not written', async () => {
    let whileListing = async () => {};
    const { service, path } = await open((inventory) => ({
      async *listDatabases(...call) {
        await whileListing();
        yield* inventory.listDatabases(...call);
      },
    }));
    const other = await world.open();
    await plant(path);
    whileListing = async () => {
      expect(await other.service.inventory.check()).toMatchObject({ complete: false, quarantined: [] });
      // Its lease ends while it lists, and another process takes over.
      world.clock.advance(7 * 60_000);
      expect(await other.service.inventory.check()).toMatchObject({ complete: true, quarantined: [{}] });
    };
    expect(await service.inventory.check()).toMatchObject({ complete: false, quarantined: [{}] });
    expect(await audited('database.quarantine')).toBe(1);
  });

  it('I5 Z4 a database that is gone is lost only when the reconciler has missed it three times', async () => {
    const { controlPlane, service, id, path } = await open();
    world.clock.advance(1_000);
    rmSync(path);
    expect(await service.inventory.check()).toMatchObject({ missing: [{ environmentId: id, phase: 'ready' }] });
    await controlPlane.worker.settle();
    expect(await service.environments.get(id)).toMatchObject({ status: 'active' });
    const [{ absent_count: count } = {}] = await select<{ absent_count: number }>(
      'select absent_count from sys_environment_database',
    );
    expect(Number(count)).toBe(1);
    for (let look = 0; look < 2; look += 1) {
      world.clock.advance(61_000);
      await controlPlane.worker.settle();
    }
    expect(await service.environments.get(id)).toMatchObject({ status: 'failed' });
  });

  it('Z4 a purged database that comes back is dropped again, and not under a hold', async () => {
    const { controlPlane, service, organizationId } = await open();
    const made = await service.provisionEnvironment(environmentRequest(organizationId));
    const path = fileURLToPath(made.database.databaseUrl ?? '');
    const kept = join(world.directory, 'kept.db');
    copyFileSync(path, kept);
    await finish(service, service.environments.purge(made.environment.id, { confirm: 'dev' }));
    await settle(world, controlPlane);
    expect(existsSync(path)).toBe(false);

    const { main } = await world.inspect();
    const held = sweeperAudit('restore.begin', { kind: 'placement', id: 'test', organizationId: null }, {});
    await beginRestore(main, held);
    copyFileSync(kept, path);
    expect(await service.inventory.check()).toMatchObject({ droppedAgain: [], quarantined: [] });
    expect(existsSync(path)).toBe(true);
    await service.inventory.release();
    expect(await service.inventory.check()).toMatchObject({ droppedAgain: [made.database.databaseName] });
    expect(readdirSync(dirname(path)).filter((file) => file.startsWith(made.database.databaseName))).toEqual([]);
    expect(await audited('database.drop_again')).toBe(1);
  });

  it('A0 nothing is purged under a hold, and it goes on when that ends', async () => {
    const { controlPlane, service, organizationId } = await open();
    const made = await service.provisionEnvironment(environmentRequest(organizationId));
    const path = fileURLToPath(made.database.databaseUrl ?? '');
    expect(await service.inventory.checkAfterRestore()).toMatchObject({ hold: 'restored', restoreGeneration: 1 });
    const purge = await service.environments.purge(made.environment.id, { confirm: 'dev' });
    const operationId = 'operationId' in purge ? (purge.operationId ?? '') : '';
    for (let round = 0; round < 3; round += 1) {
      world.clock.advance(61_000);
      await controlPlane.worker.settle();
    }
    expect(await service.operations.get(operationId)).toMatchObject({ status: 'running' });
    const trash = join(dirname(path), '.trash', path.split('/').at(-1) ?? '');
    expect(existsSync(trash)).toBe(true);
    await service.inventory.release();
    await settle(world, controlPlane);
    expect(await service.operations.get(operationId)).toMatchObject({ status: 'succeeded' });
    expect(existsSync(trash)).toBe(false);
    expect([await audited('restore.begin'), await audited('restore.release')]).toEqual([1, 1]);
  });

  it('A1 what is archived has a week more when the hold ends: it may have been restored after the backup', async () => {
    const { controlPlane, service, organizationId } = await open();
    const made = await service.provisionEnvironment(environmentRequest(organizationId));
    await finish(service, service.environments.archive(made.environment.id));
    await service.inventory.checkAfterRestore();
    world.clock.advance(6 * DAY_MS);
    await service.inventory.checkAfterRestore();
    await service.inventory.release();
    for (const [days, status] of [
      [6, 'archived'],
      [2, undefined],
    ] as const) {
      world.clock.advance(days * DAY_MS);
      await controlPlane.worker.settle();
      const { items } = await service.environments.list(organizationId, {}, { limit: 10 });
      expect(items.find(({ id }) => id === made.environment.id)?.status).toBe(status);
    }
  });

  it('cap DR1 what somebody changed at the provider is named, and undone by the next look or at once', async () => {
    const { controlPlane, service, id, path } = await open();
    const mode = () => statSync(path).mode & 0o777;
    expect(await service.environments.database(id)).toMatchObject({ drift: [] });
    chmodSync(path, 0o644);
    expect(await service.environments.database(id)).toMatchObject({ drift: [{ kind: 'grants' }] });
    world.clock.advance(16 * 60_000);
    await controlPlane.worker.settle();
    expect(mode()).toBe(0o600);
    expect(await service.environments.database(id)).toMatchObject({ drift: [] });

    chmodSync(path, 0o644);
    await service.environments.reapply(id);
    await controlPlane.worker.settle();
    expect(mode()).toBe(0o600);
    expect(await service.environments.get(id)).toMatchObject({ status: 'active' });
  });

  it.each(['suspend', 'archive'] as const)(
    'I7 cap DR1 what was opened at the provider after a %s is put out of reach again by the next look, and not under a hold',
    async (verb) => {
      const there = await openWorld(store, 'memory');
      world = there;
      const controlPlane = await there.open();
      const { service } = controlPlane;
      const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
      const { organizationId } = defaultEnvironment.environment;
      const { environment } = await service.provisionEnvironment(environmentRequest(organizationId));
      await finish(service, service.environments[verb](environment.id));
      const { databases } = there.driver.provider;
      const [database] = [...databases.values()].filter(({ cut }) => cut);
      if (!database) throw new Error('nothing was put out of reach');
      const look = async () => {
        database.cut = false;
        world.clock.advance(16 * 60_000);
        await controlPlane.worker.settle();
        return database.cut;
      };
      expect(await look()).toBe(true);
      const held = sweeperAudit('restore.begin', { kind: 'placement', id: 'test', organizationId: null }, {});
      await beginRestore((await world.inspect()).main, held);
      expect(await look()).toBe(false);
    },
  );

  it('A4 a person removes what is in quarantine by its name, and only what is ours and in quarantine', async () => {
    const { controlPlane, service, organizationId, path } = await open();
    const planted = await plant(path);
    await service.inventory.check();
    const place = { placement: 'sqlite', databaseName: planted.name };
    await expect(service.inventory.purge(place, { confirm: 'another' })).rejects.toMatchObject({
      code: 'confirmation_mismatch',
    });
    // It carries the marker of the environment that it was copied from, which rows know.
    await expect(service.inventory.adopt(place, { organizationId, slug: 'again' })).rejects.toMatchObject({
      code: 'invalid_state',
    });
    const [own = ''] = (
      await select<{ database_name: string }>('select database_name from sys_environment_database')
    ).map(({ database_name }) => database_name);
    await expect(
      service.inventory.purge({ placement: 'sqlite', databaseName: own }, { confirm: own }),
    ).rejects.toMatchObject({ code: 'invalid_state' });
    expect(await service.inventory.purge(place, { confirm: planted.name })).toEqual({ databaseName: planted.name });
    expect(existsSync(planted.path)).toBe(false);
    expect(existsSync(path)).toBe(true);
    expect((await service.inventory.read()).quarantined).toEqual([]);
    expect([await audited('database.purge'), await audited('database.purged')]).toEqual([1, 1]);
    await settle(world, controlPlane);
  });
});
