import { describe, expect, it } from 'vitest';
import { StaleClaim } from '../src/store/work.ts';
import { boundariesOf, type Scenario } from './world/enumerate.ts';
import { holdAt } from './world/hold.ts';
import { violations } from './world/oracle.ts';
import { archive, copy, createEnvironment, purge, restore } from './world/scenarios.ts';
import { BEYOND_LEASE_MS, openWorld, settle } from './world/world.ts';

/** What a verb does before there is a claim. */
const UNCLAIMED = ['cp.key-insert', 'cp.accept', 'cp.change', 'cp.claim'];

/** What anybody may do late: looking, working on a file that has no name yet, and erasing a key that has to go. */
const HARMLESS = [
  'sq.observe',
  'sq.tmp',
  'sq.unlink-tmp',
  'sq.fsync',
  'sq.login',
  'sq.load',
  'sq.checkpoint',
  'cp.key-erase',
];

describe.each(['sqlite', 'postgres'] as const)('%s store', (store) => {
  const open = () => openWorld(store, 'sqlite');

  it.each([createEnvironment, archive, restore, purge, copy])(
    'I3 F3 $title: a worker that stalls beyond its lease, at any step, changes nothing when it goes on',
    async (scenario) => {
      const boundaries = await boundariesOf(open, scenario);
      for (const { name, occurrence } of boundaries.filter((at) => !UNCLAIMED.includes(at.name))) {
        await stall(scenario, name, occurrence);
      }
    },
  );

  it('I3 who is alone on the store takes over at once, and were the other one alive it could not commit', async () => {
    const world = await open();
    const hold = holdAt('sq.tmp');
    const stalled = await world.open({ effect: hold.effect });
    const environmentId = await createEnvironment.prepare(world, stalled.service);
    hold.arm();
    await createEnvironment.act(stalled.service, environmentId);
    await hold.reached;

    const successor = await world.open({ isSoleProcess: true });
    // No time passes.
    await successor.worker.settle();
    await createEnvironment.verify(world, successor.service, environmentId);
    await hold.release();
    await stalled.close();
    expect((await violations(world, successor)).filter(isNoLeftover)).toEqual([]);
    await world.close();
  });

  async function stall(scenario: Scenario, name: string, occurrence: number): Promise<void> {
    const world = await open();
    const at = `${name}#${occurrence}`;
    try {
      const hold = holdAt(name, occurrence);
      const stalled = await world.open({ effect: hold.effect });
      const environmentId = await scenario.prepare(world, stalled.service);
      await settle(world, stalled);
      hold.arm();
      await scenario.act(stalled.service, environmentId);
      await hold.reached;

      world.clock.advance(BEYOND_LEASE_MS);
      const successor = await world.open();
      // It may not finish yet: the stalled worker keeps its lock on the file.
      await successor.worker.settle();
      const outcome = await hold.release();
      if (!HARMLESS.includes(name)) {
        expect(outcome, at).toMatchObject({ status: 'rejected', reason: expect.any(StaleClaim) });
      }
      await stalled.close();
      await settle(world, successor);
      await scenario.verify(world, successor.service, environmentId);
      expect((await violations(world, successor)).filter(isNoLeftover), at).toEqual([]);
    } finally {
      await world.close();
    }
  }
});

/** What a late creator was building has no name and no owner; the next visit to the database removes it. */
const isNoLeftover = (violation: string): boolean => !violation.startsWith('orphan: stray .tmp/');
