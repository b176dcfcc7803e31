import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ControlPlane } from '../../src/open-control-plane.ts';
import type { EnvironmentProvisioningService } from '../../src/service.ts';
import { type Action, type Boundary, createFaults, type Faults, isPossible } from './faults.ts';
import { violations } from './oracle.ts';
import { BEYOND_LEASE_MS, type DriverKind, settle, type World } from './world.ts';

/** An operation whose every boundary is to be survived. */
export interface Scenario {
  title: string;
  drivers: readonly DriverKind[];
  /** Brings the world to where the request is sent; nothing strikes yet. Returns the id of the environment it is about. */
  prepare(world: World, service: EnvironmentProvisioningService): Promise<string>;
  /** The request. It carries an idempotency key, because a client that heard nothing sends it again. */
  act(service: EnvironmentProvisioningService, environmentId: string): Promise<unknown>;
  /** Throws unless the request came true. */
  verify(world: World, service: EnvironmentProvisioningService, environmentId: string): Promise<void>;
}

/** For so long a successor waits for the locks of one that hangs, at most, ms. */
const LOCKED_MS = 500;
/** Longer than a call may take, ms. Where a provider has no fence, who hung is held back by that. */
const OVERDUE_MS = 11_000;
const UNFENCED = ['libsql', 'turso'];

/** A world of its own for each run. */
export type OpenWorld = () => Promise<World>;

/**
 * Runs a scenario through faults, one process after the other: each lives until its fault kills it or nothing is left to
 * do, and the next starts when the leases of the dead have ended. Then the client repeats its request. Before and after
 * the repetition the world must agree with the rows.
 */
export async function survive(open: OpenWorld, scenario: Scenario, ...processes: readonly Faults[]): Promise<void> {
  const world = await open();
  try {
    const [first = createFaults(), ...later] = processes;
    let controlPlane = await world.open({ effect: first.effect });
    const environmentId = await scenario.prepare(world, controlPlane.service);
    await settle(world, controlPlane);
    await world.remember();
    first.arm();
    const played = scenario
      .act(controlPlane.service, environmentId)
      .catch(() => undefined)
      .then(() => playOut(world, controlPlane, first));
    const hangs = await Promise.race([played.then(() => false), first.hanging.then(() => true)]);
    if (hangs) {
      const successor = await takeOver(world, first, played);
      await controlPlane.close();
      controlPlane = successor;
    }
    for (const [index, faults] of [first, ...later].entries()) {
      if (!faults.dead) break;
      const next = later[index] ?? createFaults();
      await controlPlane.close();
      world.clock.advance(BEYOND_LEASE_MS);
      next.arm();
      controlPlane = await world.open({ effect: next.effect });
      await playOut(world, controlPlane, next);
    }
    expect(await violations(world, controlPlane), 'after the faults').toEqual([]);
    await scenario.act(controlPlane.service, environmentId);
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane), 'after the repetition').toEqual([]);
    await scenario.verify(world, controlPlane.service, environmentId);
  } finally {
    await world.close();
  }
}

/** Another process does what is due by then as far as it can; then the one that hangs goes on. */
async function takeOver(world: World, hanging: Faults, played: Promise<void>): Promise<ControlPlane> {
  world.clock.advance(BEYOND_LEASE_MS);
  const successor = await world.open();
  // What the other one has locked at a provider is waited for.
  const settled = settle(world, successor).catch(() => undefined);
  await (UNFENCED.includes(world.driver.driver) ? sleep(OVERDUE_MS) : Promise.race([settled, sleep(LOCKED_MS)]));
  hanging.release();
  await Promise.all([played, settled]);
  await settle(world, successor);
  return successor;
}

/** Until the process is dead or nothing is left to do. */
async function playOut(world: World, controlPlane: ControlPlane, faults: Faults): Promise<void> {
  // An injected error can reach the worker itself, which looks again.
  await settle(world, controlPlane).catch((error: unknown) => {
    if (!faults.struck) throw error;
  });
  if (faults.dead) return;
  faults.disarm();
  await settle(world, controlPlane);
}

/** Every boundary of a run without faults, in order. */
export async function boundariesOf(open: OpenWorld, scenario: Scenario): Promise<Boundary[]> {
  const faults = createFaults();
  await survive(open, scenario, faults);
  return [...faults.seen];
}

/**
 * How often the worker looks depends on whether a pass ends before it is looked for. That it looks is reached by every run; the
 * second look, which finds nothing in most, is not. Re-wrapping a data key is the same boundary as re-wrapping those before it.
 */
const isDistinct = ({ name, occurrence }: Boundary): boolean =>
  !['cp.claim', 'kek.rewrap', 'cp.rewrap'].includes(name) || occurrence < 2;
const isCertain = ({ name, occurrence }: Boundary): boolean => name !== 'cp.claim' || occurrence < 1;

export interface PlannedFault {
  at: Boundary;
  action: Action;
}

/**
 * Runs a scenario once for each of the actions at every boundary it has, or once for each fault that is chosen of those, `width` runs at a time.
 * @returns the boundaries, in order, and how often something struck
 */
export async function surviveEach(
  open: OpenWorld,
  scenario: Scenario,
  actions: readonly Action[],
  width: number,
  choose: (all: readonly PlannedFault[]) => readonly PlannedFault[] = (all) => all,
): Promise<{ boundaries: Boundary[]; times: number }> {
  const boundaries = (await boundariesOf(open, scenario)).filter(isDistinct);
  const faults = choose(
    boundaries.flatMap((at) => actions.filter((action) => isPossible(action, at)).map((action) => ({ at, action }))),
  );
  await concurrently(width, faults, async (fault) => {
    const planned = createFaults(fault);
    const named = `${fault.action} ${fault.at.name}#${fault.at.occurrence}`;
    await survive(open, scenario, planned).catch((cause: unknown) => {
      throw new Error(named, { cause });
    });
    if (isCertain(fault.at)) expect(planned.struck, named).toBe(true);
  });
  return { boundaries, times: faults.length };
}

const CRASHES = ['crash-before', 'crash-after'] as const;

/**
 * Runs a scenario once for each ordered pair of crashes: one at every boundary it has, and then one at every boundary of the recovery.
 * @returns how many pairs there are
 */
export async function survivePairs(open: OpenWorld, scenario: Scenario, width: number): Promise<number> {
  const firsts = (await boundariesOf(open, scenario)).flatMap((at) => CRASHES.map((action) => ({ at, action })));
  let pairs = 0;
  await concurrently(width, firsts, async (first) => {
    for (const action of CRASHES) {
      for (let inRecovery = 0; ; inRecovery += 1) {
        const second = createFaults({ at: inRecovery, action });
        await survive(open, scenario, createFaults(first), second).catch((cause: unknown) => {
          const named = `${first.action} ${first.at.name}#${first.at.occurrence}, then ${action} ${inRecovery}`;
          throw new Error(named, { cause });
        });
        if (!second.struck) break;
        pairs += 1;
      }
    }
  });
  return pairs;
}

/** Runs `run` for every item, several at a time: most of what a run does is to wait for a server. */
async function concurrently<Item>(
  width: number,
  items: readonly Item[],
  run: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const lane = async () => {
    for (const item of queue) await run(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
