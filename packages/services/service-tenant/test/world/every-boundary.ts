import { sqliteEffects } from '@envplane/adapters/sqlite';
import { describe, expect, it } from 'vitest';
import { STORE_FAILPOINTS } from '../../src/provisioning/failpoints.ts';
import { boundariesOf, concurrently, type Scenario, survive } from './enumerate.ts';
import { ACTIONS, type Boundary, createFaults } from './faults.ts';
import { memoryEffects } from './memory-provider.ts';
import * as scenarios from './scenarios.ts';
import type { StoreKind } from './stores.ts';
import { DRIVERS, openWorld } from './world.ts';

const ALL: readonly Scenario[] = Object.values(scenarios);

/** Listing is for a sweeper, which is not part of this package. */
const NOT_REACHED = ['sq.list'];

/** Looking for due rows when there are none is the same boundary again, however often the worker looks. */
const isDistinct = ({ name, occurrence }: Boundary): boolean => name !== 'cp.claim' || occurrence < 2;

/** Every scenario on every driver, with every action at every boundary. `width`: how many runs at a time. */
export function everyBoundary(store: StoreKind, width: number): void {
  const reached = new Set<string>();

  describe.each(DRIVERS)(`rel G1 ${store} store, %s databases: every crash boundary`, (driver) => {
    const open = () => openWorld(store, driver);

    it.each(ALL.filter(({ drivers }) => drivers.includes(driver)))('$title', async (scenario) => {
      const boundaries = (await boundariesOf(open, scenario)).filter(isDistinct);
      const faults = boundaries.flatMap((at) => ACTIONS.map((action) => ({ at, action })));
      await concurrently(width, faults, async (fault) => {
        const { at, action } = fault;
        reached.add(at.name);
        const planned = createFaults(fault);
        const named = `${action} ${at.name}#${at.occurrence}`;
        await survive(open, scenario, planned).catch((cause: unknown) => {
          throw new Error(named, { cause });
        });
        expect(planned.struck, named).toBe(true);
      });
    });
  });

  it(`rel G1 ${store} store: no registered boundary was left out`, () => {
    const registered = Object.keys({ ...STORE_FAILPOINTS, ...sqliteEffects, ...memoryEffects });
    expect([...reached].sort()).toEqual(registered.filter((name) => !NOT_REACHED.includes(name)).sort());
  });
}
