import { AdapterError, type Meter } from '@envplane/spec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EffectHook } from '../src/provisioning/failpoints.ts';
import { transact } from '../src/store/transaction.ts';
import { holdAt } from './world/hold.ts';
import { STORES } from './world/stores.ts';
import {
  BEYOND_LEASE_MS,
  environmentRequest,
  finish,
  openWorld,
  organizationRequest,
  settle,
  type World,
} from './world/world.ts';

/** Keeps what is counted under the name and the values of the attributes. */
function countingMeter() {
  const points = new Map<string, { total: number; record(): void }>();
  const pointOf: Meter['counter'] & Meter['durations'] = ({ name, attributes }, values) => {
    const key = [name, ...attributes.map((attribute) => values[attribute])].join(' ');
    const point = points.get(key) ?? {
      total: 0,
      record: () => {
        point.total += 1;
      },
    };
    points.set(key, point);
    return point;
  };
  return {
    meter: { counter: pointOf, durations: pointOf } satisfies Meter,
    count: (key: string) => points.get(key)?.total ?? 0,
    keys: (prefix: string) => [...points].filter(([key, { total }]) => key.startsWith(prefix) && total > 0),
  };
}

describe.each(STORES)('figures, on a %s store', (store) => {
  let world: World;
  let counting: ReturnType<typeof countingMeter>;
  beforeEach(async () => {
    world = await openWorld(store);
    counting = countingMeter();
  });
  afterEach(() => world.close());

  const open = (effect?: EffectHook) => world.open({ meter: counting.meter, ...(effect && { effect }) });

  it('an operation is counted once, when it ends, as it ended; one that an organization is made of as well', async () => {
    const controlPlane = await open();
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { organizationId } = defaultEnvironment.environment;
    expect(counting.count('envplane.operation.duration organization.provision succeeded')).toBe(1);
    const { targetId } = await service.environments.provision(environmentRequest(organizationId));
    // Superseded before it is done, or done before it can be: either way it ends once.
    await service.environments.archive(targetId);
    await settle(world, controlPlane);
    const ended = counting.keys('envplane.operation.duration environment.provision');
    expect(ended.map(([, { total }]) => total)).toEqual([1]);
    expect(counting.count('envplane.operation.duration environment.archive succeeded')).toBe(1);
    await finish(service, service.organizations.archive(organizationId));
    await settle(world, controlPlane);
    expect(counting.count('envplane.operation.duration organization.archive succeeded')).toBe(1);
  });

  it('what is rolled back is not counted', async () => {
    await open();
    const { main } = await world.inspect();
    let counted = 0;
    const failing = transact(main, async (tx) => {
      tx.afterCommit(() => {
        counted += 1;
      });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(counted).toBe(0);
    await transact(main, async (tx) => tx.afterCommit(() => (counted += 1)));
    expect(counted).toBe(1);
  });

  it('a call is refused or unknown by what may have happened, and a pass that waits says so', async () => {
    const answers: Record<string, Error> = {};
    const controlPlane = await open(async (name, run) => {
      const answer = answers[name];
      delete answers[name];
      if (answer) throw answer;
      return run();
    });
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { organizationId } = defaultEnvironment.environment;

    answers['sq.link'] = new AdapterError('outcome_unknown', 'No answer.');
    await service.environments.provision(environmentRequest(organizationId, 'late'));
    await settle(world, controlPlane);
    expect(counting.count('envplane.effect.duration sqlite sq.link unknown')).toBe(1);
    expect(counting.count('envplane.reconcile.pass.duration creating waiting')).toBe(1);

    answers['sq.link'] = new AdapterError('quota_exceeded', 'Full.');
    await service.environments.provision(environmentRequest(organizationId, 'full'));
    await settle(world, controlPlane);
    expect(counting.count('envplane.effect.duration sqlite sq.link refused')).toBe(1);
    expect(counting.count('envplane.operation.duration environment.provision failed')).toBe(1);

    answers['cp.commit'] = new Error('a defect');
    await service.environments.provision(environmentRequest(organizationId, 'defect'));
    await settle(world, controlPlane);
    expect(counting.count('envplane.reconcile.pass.duration creating failed')).toBe(1);
    expect(counting.count('envplane.effect.duration sqlite cp.commit unknown')).toBe(0);
  });

  it('a worker that lost its claim counts a rejection; a fence of the provider does, too', async () => {
    const hold = holdAt('sq.link', 0);
    const stalled = await open(hold.effect);
    const { defaultEnvironment } = await stalled.service.provisionOrganization(organizationRequest());
    hold.arm();
    await stalled.service.environments.provision(environmentRequest(defaultEnvironment.environment.organizationId));
    await hold.reached;
    world.clock.advance(BEYOND_LEASE_MS);
    const successor = await world.open({
      effect: async (name, run) => {
        if (name !== 'sq.fsync') return run();
        await run();
        throw new AdapterError('outcome_unknown', 'A newer claim works on this database.', { isStale: true });
      },
      meter: counting.meter,
    });
    await successor.worker.settle();
    expect(counting.count('envplane.fence.rejections sqlite')).toBe(1);
    expect(counting.count('envplane.effect.duration sqlite sq.fsync refused')).toBe(1);
    await hold.release();
    await stalled.close();
    expect(counting.count('envplane.fence.rejections sqlite')).toBe(2);
    expect(counting.count('envplane.reconcile.pass.duration creating stale')).toBe(1);
  });

  it('what is under way, due and undelivered can be looked up', async () => {
    const hold = holdAt('sq.link', 0);
    const controlPlane = await open(hold.effect);
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { organizationId } = defaultEnvironment.environment;
    expect(await controlPlane.figures()).toMatchObject({ due: { count: 0, lagMs: 0 }, outboxLagMs: null });
    hold.arm();
    await service.environments.provision(environmentRequest(organizationId));
    await hold.reached;
    expect([...(await controlPlane.figures()).operations]).toEqual([['environment.provision', 1]]);
    // So that nobody takes what is due.
    await controlPlane.worker.stop(0);
    world.clock.advance(BEYOND_LEASE_MS);
    const { due } = await controlPlane.figures();
    // The lease is over; the other database is looked at in minutes.
    expect(due.count).toBe(1);
    expect(due.lagMs).toBeGreaterThan(60_000);
    await hold.release();
    let fails = true;
    controlPlane.events.on('*', () => {
      if (fails) throw new Error('not now');
    });
    world.clock.advance(5_000);
    await controlPlane.events.deliver();
    expect((await controlPlane.figures()).outboxLagMs).toBeGreaterThanOrEqual(5_000);
    fails = false;
    await controlPlane.events.deliver();
    expect((await controlPlane.figures()).outboxLagMs).toBe(0);
  });

  it('parts of an operation of an organization are counted with it', async () => {
    const hold = holdAt('sq.trash', 0);
    const controlPlane = await open(hold.effect);
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { organizationId } = defaultEnvironment.environment;
    hold.arm();
    await service.organizations.archive(organizationId);
    await hold.reached;
    expect(Object.fromEntries((await controlPlane.figures()).operations)).toEqual({
      'environment.archive': 1,
      'organization.archive': 1,
    });
    await hold.release();
    await settle(world, controlPlane);
  });
});
