import type { EpochFeed } from '@envplane/spec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenEpochRow } from '../src/objects/index.ts';
import type { ControlPlane } from '../src/open-control-plane.ts';
import { openStores, type Stores } from '../src/store/open-stores.ts';
import { raiseEpoch } from '../src/store/token-epochs.ts';
import { transact } from '../src/store/transaction.ts';
import { STORES } from './world/stores.ts';
import { environmentRequest, finish, openWorld, organizationRequest, type World } from './world/world.ts';

const OVERLAP_MS = 30_000;
const WINDOW_MS = 4_200_000;

describe.each(STORES)('token epochs on %s', (store) => {
  let world: World;
  let controlPlane: ControlPlane;

  beforeEach(async () => {
    world = await openWorld(store);
    controlPlane = await world.open();
  });
  afterEach(() => world.close());

  const feed = (cursor?: string): Promise<EpochFeed> => controlPlane.service.tokenEpochs(cursor);
  const rows = async () => {
    const { main } = await world.inspect();
    return (await main.select<TokenEpochRow>('select * from sys_token_epoch order by seq, environment_id, subject', []))
      .rows;
  };
  const epochs = async () =>
    Object.fromEntries((await rows()).map((row) => [`${row.environment_id} ${row.subject}`, row.epoch]));
  const writer = () => openStores(world.store.url, () => world.clock.nowMs);
  const raise = async (environmentId: string, ...subjects: string[]) => {
    const stores = await writer();
    await transact(stores.main, async (tx) => {
      for (const subject of subjects) await raiseEpoch(tx, environmentId, subject);
    });
    await stores.close();
  };
  const subjects = ({ items }: EpochFeed) => items.flatMap((item) => ('subject' in item ? [item.subject] : []));

  it('cap T10 suspending, archiving and purging withdraw every token of the environment; resuming and restoring do not', async () => {
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { id, organizationId } = defaultEnvironment.environment;
    const { environment: dev } = await service.provisionEnvironment(environmentRequest(organizationId));
    const steps: [() => Promise<unknown>, number][] = [
      [() => service.environments.update(dev.id, { displayName: 'Other' }), 0],
      [() => finish(service, service.environments.suspend(dev.id)), 1],
      [() => service.environments.suspend(dev.id), 1],
      [() => finish(service, service.environments.resume(dev.id)), 1],
      [() => finish(service, service.environments.archive(dev.id)), 2],
      [() => finish(service, service.environments.restore(dev.id)), 2],
      [() => finish(service, service.organizations.archive(organizationId)), 3],
      [() => finish(service, service.organizations.restore(organizationId)), 3],
      [() => service.environments.purge(dev.id, { confirm: 'dev' }), 4],
    ];
    for (const [index, [step, expected]] of steps.entries()) {
      await step();
      expect((await epochs())[`${dev.id} `] ?? 0, `step ${index}`).toBe(expected);
    }
    expect(await epochs()).toEqual({ [`${dev.id} `]: 4, [`${id} `]: 1 });
  });

  it('cap T10 rises with its change or not at all', async () => {
    const { main } = await world.inspect();
    const failing = transact(main, async (tx) => {
      await raiseEpoch(tx, 'env', 'mia');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await rows()).toEqual([]);
  });

  it('cap T10 counts every rise, however many rise it at once and from however many processes', async () => {
    const replicas = await Promise.all([writer(), writer(), writer()]);
    const raises = replicas.flatMap(({ main }) =>
      Array.from({ length: 20 }, (_, index) => transact(main, (tx) => raiseEpoch(tx, 'env', `user-${index % 2}`))),
    );
    await Promise.all(raises);
    await Promise.all(replicas.map((stores) => stores.close()));
    expect(await epochs()).toEqual({ 'env user-0': 30, 'env user-1': 30 });
  });

  it('cap T10 begins with everything that still matters, then tells what is new, and the last 30 s again', async () => {
    await raise('env', 'mia', 'rob');
    const first = await feed();
    expect(first).toMatchObject({ reset: true, more: false, serverTime: new Date(world.clock.nowMs).toISOString() });
    expect(first.items).toEqual([
      { environmentId: 'env', subject: 'mia', epoch: 1 },
      { environmentId: 'env', subject: 'rob', epoch: 1 },
    ]);
    const again = await feed(first.nextCursor);
    expect(again.reset).toBe(false);
    expect(subjects(again)).toEqual(['mia', 'rob']);
    world.clock.advance(OVERLAP_MS + 1);
    const later = await feed(again.nextCursor);
    expect(subjects(await feed(later.nextCursor))).toEqual([]);
    await raise('env', 'rob');
    expect((await feed(later.nextCursor)).items).toEqual([{ environmentId: 'env', subject: 'rob', epoch: 2 }]);
  });

  it('cap T10 what matters no more is not told; a cursor that is older than that begins anew', async () => {
    await raise('env', 'mia');
    const { nextCursor: old } = await feed();
    world.clock.advance(WINDOW_MS);
    expect(await feed(old)).toMatchObject({ reset: false, items: [{ subject: 'mia' }] });
    world.clock.advance(1);
    await raise('env', 'rob');
    expect(await feed(old)).toMatchObject({ reset: true, items: [{ subject: 'rob' }] });
    expect(await feed()).toMatchObject({ reset: true, items: [{ subject: 'rob' }] });
    // The number goes on where it was: one that began anew would revive a token.
    await raise('env', 'mia');
    expect((await epochs())['env mia']).toBe(2);
  });

  it('cap T10 a store that was restored from a backup makes readers begin anew', async () => {
    for (const name of ['a', 'b', 'c']) await raise('env', name);
    world.clock.advance(OVERLAP_MS + 1);
    const { nextCursor } = await feed();
    expect((await feed(nextCursor)).reset).toBe(false);
    const { main } = await world.inspect();
    await main.write((_query, _nowMs, execute) => execute("delete from sys_token_epoch where subject <> 'a'", []));
    expect(await feed(nextCursor)).toMatchObject({ reset: true, items: [{ subject: 'a' }] });
  });

  it('cap T10 a clock that is set back hides nothing', async () => {
    await raise('env', 'mia');
    world.clock.advance(OVERLAP_MS + 1);
    const { nextCursor } = await feed();
    world.clock.advance(-60 * 60_000);
    await raise('env', 'rob');
    expect(subjects(await feed(nextCursor))).toContain('rob');
  });

  it('cap T10 a long list comes in pages that miss nothing, also while it grows', async () => {
    const names = Array.from({ length: 2_500 }, (_, index) => `user-${String(index).padStart(4, '0')}`);
    await raise('env', ...names);
    const seen = new Map<string, number>();
    let cursor: string | undefined;
    for (let pages = 0; ; pages += 1) {
      const page = await feed(cursor);
      for (const item of page.items) if ('subject' in item) seen.set(item.subject, item.epoch);
      expect(pages).toBeLessThan(5);
      expect(page.reset).toBe(pages === 0);
      expect(page.items.length).toBeLessThanOrEqual(1_000);
      cursor = page.nextCursor;
      if (!page.more) break;
      if (pages < 2) await raise('env', 'user-0000', `new-${pages}`);
    }
    expect([...seen.keys()].sort()).toEqual([...names, 'new-0', 'new-1'].sort());
    expect(seen.get('user-0000')).toBe(3);
  });

  it('refuses a cursor that is none of ours', async () => {
    const forged = [
      '[1,{"seq":-1},"x"]',
      '[1,7,"x"]',
      '[1,{"seq":1,"atMs":1,"environmentId":"\\u0000","subject":""},"x"]',
    ];
    for (const cursor of ['', 'nonsense', ...forged.map(btoa)]) {
      await expect(feed(cursor), cursor).rejects.toMatchObject({ code: 'cursor_invalid' });
    }
  });
});

describe('token epochs of transactions that overlap', () => {
  let world: World;
  let controlPlane: ControlPlane;
  let stores: Stores;

  beforeEach(async () => {
    world = await openWorld('postgres');
    controlPlane = await world.open();
    stores = await openStores(world.store.url, () => world.clock.nowMs);
  });
  afterEach(async () => {
    await stores.close();
    await world.close();
  });

  /** Raises the epochs of subjects, and does something else before it commits. */
  const raise = (subjects: string[], meanwhile = async () => {}) =>
    transact(stores.main, async (tx) => {
      for (const subject of subjects) await raiseEpoch(tx, 'env', subject);
      await meanwhile();
    });

  it('cap T10 one that commits after a later one is told all the same', async () => {
    const { service } = controlPlane;
    let cursor: string | undefined;
    await raise(['slow'], async () => {
      await raise(['quick']);
      const page = await service.tokenEpochs();
      expect(page.items).toEqual([{ environmentId: 'env', subject: 'quick', epoch: 1 }]);
      cursor = page.nextCursor;
    });
    const { items } = await service.tokenEpochs(cursor);
    expect(items).toContainEqual({ environmentId: 'env', subject: 'slow', epoch: 1 });
  });

  it('cap T10 one that waited for another puts the row behind where that one left it', async () => {
    const waiting = async () => {
      const { rows } = await stores.main.select(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        [],
      );
      return rows.length;
    };
    let second: Promise<void> | undefined;
    await raise(['rob', 'mia'], async () => {
      second = raise(['mia']);
      await expect.poll(waiting, { timeout: 30_000 }).toBe(1);
    });
    await second;
    const { rows } = await stores.main.select<TokenEpochRow>('select * from sys_token_epoch order by seq', []);
    expect(rows.map(({ subject, epoch, seq }) => [subject, epoch, seq])).toEqual([
      ['rob', 1, 1],
      ['mia', 2, 3],
    ]);
  });
});
