import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StoreEngine } from '../src/store/engine.ts';
import { openStores, type Stores } from '../src/store/open-stores.ts';
import type { ControlPlaneTables } from '../src/store/tables.ts';
import { transact } from '../src/store/transaction.ts';
import {
  type Claim,
  claimDue,
  commitStep,
  commitTombstone,
  nextDueAt,
  renewLease,
  runFenced,
  StaleClaim,
} from '../src/store/work.ts';
import { readRows } from './world/oracle.ts';
import { STORES } from './world/stores.ts';
import { environmentRequest, openWorld, organizationRequest, settle, type World } from './world/world.ts';

const LEASE_MS = 30_000;
const ROWS = 12;

describe.each(STORES)('work on %s', (store) => {
  let world: World;
  let replicas: Stores[];
  let main: StoreEngine<ControlPlaneTables>;

  beforeAll(async () => {
    world = await openWorld(store);
    const controlPlane = await world.open();
    const { defaultEnvironment } = await controlPlane.service.provisionOrganization(organizationRequest());
    const { organizationId } = defaultEnvironment.environment;
    for (let index = 1; index < ROWS; index += 1) {
      await controlPlane.service.provisionEnvironment(environmentRequest(organizationId, `env-${index}`));
    }
    await settle(world, controlPlane);
    await controlPlane.close();
    replicas = await Promise.all([1, 2, 3, 4].map(() => openStores(world.store.url, () => world.clock.nowMs)));
    [{ main } = { main: undefined as never }] = replicas as [Stores];
  });
  afterAll(async () => {
    await Promise.all(replicas.map((stores) => stores.close()));
    await world.close();
  });
  beforeEach(async () => {
    await main.write((_query, _nowMs, execute) =>
      execute('update sys_environment_database set due_at = null, lease_owner = null', []),
    );
  });

  async function makeDue(count: number): Promise<string[]> {
    const ids = (await readRows(world)).databases.map(({ id }) => id).slice(0, count);
    await transact(main, async (tx) => {
      for (const id of ids) await tx.update('sys_environment_database', { due_at: tx.nowMs }, { id });
    });
    return ids;
  }

  const claim = (engine: StoreEngine<ControlPlaneTables>, owner: string, limit = 1) =>
    claimDue(engine, { owner, limit, leaseMs: LEASE_MS, last: [] });

  async function claimOne(owner = 'first'): Promise<Claim> {
    await makeDue(1);
    const [claimed] = await claim(main, owner);
    if (!claimed) throw new Error('nothing was due');
    return claimed;
  }

  const rowOf = async ({ database }: Claim) =>
    transact(main, (tx) => tx.find('sys_environment_database', { id: database.id }));

  it('rel G9 four workers on one store claim every due row once, each under the next epoch', async () => {
    const due = await makeDue(ROWS);
    const before = new Map((await readRows(world)).databases.map((row) => [row.id, row.fence_epoch]));
    const claimed = await Promise.all(
      replicas.map(async (stores, index) => {
        const mine: Claim[] = [];
        for (;;) {
          const claims = await claim(stores.main, `worker-${index}`, 2);
          if (claims.length === 0) return mine;
          mine.push(...claims);
        }
      }),
    );
    const all = claimed.flat();
    expect(all.map(({ database }) => database.id).sort()).toEqual([...due].sort());
    for (const { database } of all) expect(database.fence_epoch).toBe((before.get(database.id) ?? 0) + 1);
    const stored = new Map((await readRows(world)).databases.map((row) => [row.id, row.lease_owner]));
    for (const { database } of all) expect(stored.get(database.id)).toBe(database.lease_owner);
  });

  it('a lease keeps others out until it ends; then the row goes to the next, under another epoch', async () => {
    const first = await claimOne();
    world.clock.advance(LEASE_MS - 1);
    expect(await claim(main, 'second')).toEqual([]);
    world.clock.advance(1);
    const [second] = await claim(main, 'second');
    expect(second?.database).toMatchObject({
      id: first.database.id,
      lease_owner: 'second',
      fence_epoch: first.database.fence_epoch + 1,
      attempts: first.database.attempts + 1,
    });
  });

  it('renewing keeps the epoch and moves the end; it is refused once another holds the row', async () => {
    const first = await claimOne();
    world.clock.advance(LEASE_MS - 1);
    await renewLease(main, first, LEASE_MS);
    world.clock.advance(LEASE_MS - 1);
    expect(await claim(main, 'second')).toEqual([]);
    expect(await rowOf(first)).toMatchObject({
      fence_epoch: first.database.fence_epoch,
      due_at: first.database.due_at,
    });
    world.clock.advance(1);
    expect(await claim(main, 'second')).toHaveLength(1);
    const before = await readRows(world);
    await expect(renewLease(main, first, LEASE_MS)).rejects.toThrow(StaleClaim);
    expect(await readRows(world)).toEqual(before);
  });

  it('claims the row that is due first, at most as many as asked, and none of a newer reconciler', async () => {
    const [first = '', second = '', third = ''] = await makeDue(3);
    await transact(main, async (tx) => {
      await tx.update('sys_environment_database', { due_at: tx.nowMs - 5 }, { id: third });
      await tx.update('sys_environment_database', { due_at: tx.nowMs - 9, reconciler_version: 2 }, { id: first });
    });
    expect(await nextDueAt(main)).toBe(world.clock.nowMs - 5);
    const claims = await claim(main, 'worker', 1);
    expect(claims.map(({ database }) => database.id)).toEqual([third]);
    expect((await claim(main, 'worker', 5)).map(({ database }) => database.id)).toEqual([second]);
    expect(await claim(main, 'worker', 5)).toEqual([]);
    await transact(main, (tx) => tx.update('sys_environment_database', { reconciler_version: 1 }, { id: first }));
  });

  it('I3 a commit under an epoch that is over changes nothing at all and says so', async () => {
    const first = await claimOne();
    world.clock.advance(LEASE_MS);
    await claim(main, 'second');
    const before = await everything();
    const commit = commitStep(main, first, {
      database: () => ({ phase: 'suspended', desired_state: 'suspended' }),
      release: { dueInMs: null },
      credentials: [{ id: first.credentials[0]?.id ?? '', change: () => ({ state: 'revoked' }) }],
      operation: () => ({ status: 'failed' }),
      audit: anEntry(first),
      event: anEvent(first),
    });
    await expect(commit).rejects.toThrow(StaleClaim);
    expect(await everything()).toEqual(before);
  });

  it('I3 a commit against a wish that changed writes nothing and hands back the fresh row', async () => {
    const first = await claimOne();
    await transact(main, (tx) =>
      tx.update(
        'sys_environment_database',
        { desired_state: 'archived', generation: first.database.generation + 1 },
        { id: first.database.id },
      ),
    );
    const before = await everything();
    const committed = await commitStep(main, first, {
      database: () => ({ phase: 'suspended' }),
      release: { dueInMs: null },
      audit: anEntry(first),
      event: anEvent(first),
    });
    expect(committed).toBe(false);
    expect(await everything()).toEqual(before);
    expect(first.database).toMatchObject({ desired_state: 'archived', phase: 'ready', lease_owner: 'first' });
    await transact(main, (tx) =>
      tx.update('sys_environment_database', { desired_state: 'active' }, { id: first.database.id }),
    );
  });

  it('a commit writes the row, what it means for the environment, its audit entry and its event together', async () => {
    const first = await claimOne();
    const before = await everything();
    await commitStep(main, first, {
      database: () => ({ phase: 'suspended', desired_state: 'suspended' }),
      release: { dueInMs: 5 },
      audit: anEntry(first),
      event: anEvent(first),
    });
    const after = await everything();
    expect(await rowOf(first)).toMatchObject({ phase: 'suspended', lease_owner: null, due_at: world.clock.nowMs + 5 });
    expect(after.environments.find(({ id }) => id === first.database.environment_id)?.status).toBe('suspended');
    expect(after.audit).toHaveLength(before.audit.length + 1);
    expect(after.events).toHaveLength(before.events.length + 1);
    await transact(main, async (tx) => {
      const id = first.database.environment_id ?? '';
      await tx.update(
        'sys_environment_database',
        { phase: 'ready', desired_state: 'active' },
        { id: first.database.id },
      );
      await tx.update('sys_environment', { status: 'active' }, { id });
    });
  });

  it('F3 a fenced call runs under the newest epoch only, and never after the claim is lost', async () => {
    const first = await claimOne();
    let runs = 0;
    const run = () => {
      runs += 1;
      return 'done';
    };
    expect(await runFenced(main, first, run)).toBe('done');
    world.clock.advance(LEASE_MS);
    await claim(main, 'second');
    await expect(runFenced(main, first, run)).rejects.toThrow(StaleClaim);
    expect(runs).toBe(1);
    await expect(runFenced(main, { ...first, database: { ...first.database, id: 'gone' } }, run)).rejects.toThrow(
      StaleClaim,
    );
    expect(runs).toBe(1);
  });

  it('F3 nobody claims the row while a fenced call runs', async () => {
    const first = await claimOne();
    world.clock.advance(LEASE_MS);
    const claims: Promise<Claim[]>[] = [];
    await runFenced(main, first, () => {
      for (const stores of replicas) claims.push(claim(stores.main, 'second'));
      // Still ours: whoever is first waits for the end of this call, or passes the row over.
      expect(claims).toHaveLength(4);
    });
    const claimed = (await Promise.all(claims)).flat();
    expect(claimed.length).toBeLessThanOrEqual(1);
    for (const { database } of claimed) expect(database.fence_epoch).toBe(first.database.fence_epoch + 1);
  });

  it('I3 the tombstone and a new claim cannot both have the row', async () => {
    const first = await claimOne();
    world.clock.advance(LEASE_MS);
    const [, other] = replicas;
    if (!other) throw new Error('there are four');
    const tombstone = () =>
      commitTombstone(main, first, {
        receipt: {},
        operation: () => ({}),
        audit: anEntry(first),
        event: anEvent(first),
      });
    const [buried, claimed] = await Promise.allSettled([tombstone(), claim(other.main, 'second')]);
    const claims = claimed.status === 'fulfilled' ? claimed.value.length : Number.NaN;
    expect([buried.status, claims]).toEqual(buried.status === 'fulfilled' ? ['fulfilled', 0] : ['rejected', 1]);
    expect(await rowOf(first)).toEqual(buried.status === 'fulfilled' ? undefined : expect.anything());
  });

  async function everything() {
    return {
      ...(await readRows(world)),
      audit: (await main.select('select * from sys_audit_event', [])).rows,
      events: (await main.select('select * from sys_outbox_event', [])).rows,
    };
  }
});

describe('work on PostgreSQL, where transactions overlap', () => {
  it('I3 a claim that comes while the tombstone is being written does not get the row', async () => {
    const world = await openWorld('postgres');
    const controlPlane = await world.open();
    await controlPlane.service.provisionOrganization(organizationRequest());
    await settle(world, controlPlane);
    await controlPlane.close();
    const { main } = await world.inspect();
    await main.write((_query, _nowMs, execute) =>
      execute('update sys_environment_database set due_at = $1', ['2000-01-01T00:00:00Z']),
    );
    const [first] = await claimDue(main, { owner: 'first', limit: 1, leaseMs: -1, last: [] });
    if (!first) throw new Error('nothing was due');
    let buried: Promise<string> = Promise.resolve('');
    let claimed: Claim[] = [];
    // Holds the audit head, which the tombstone needs after it has looked at its claim.
    await transact(main, async (tx) => {
      await tx.find('sys_audit_head', { chain: first.database.organization_id }, 'lock');
      const rest = { receipt: {}, operation: () => ({}), audit: anEntry(first), event: anEvent(first) };
      buried = commitTombstone(main, first, rest).then(() => 'buried', String);
      const blocked = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
      await expect.poll(async () => (await main.select(blocked, [])).rows.length).toBe(1);
      claimed = await claimDue(main, { owner: 'second', limit: 1, leaseMs: LEASE_MS, last: [] });
    });
    expect([await buried, claimed]).toEqual(['buried', []]);
    await world.close();
  });
});

const anEntry = ({ database }: Claim) => ({
  organization_id: database.organization_id,
  environment_id: database.environment_id,
  actor_kind: 'platform' as const,
  actor_id: 'test',
  acting_for: null,
  action: 'test',
  target_kind: 'environment' as const,
  target_id: database.bound_environment_id,
  outcome: 'allow' as const,
  reason: null,
  request_id: null,
  client_address: null,
  detail: {},
});

const anEvent = ({ database }: Claim) => ({
  organization_id: database.organization_id,
  environment_id: database.environment_id,
  type: 'environment.suspended' as const,
  actor: {},
  payload: {},
});
