import fc from 'fast-check';
import { describe, it } from 'vitest';
import { boundariesOf, type Scenario, survive } from './world/enumerate.ts';
import { createFaults } from './world/faults.ts';
import { createEnvironment, purge } from './world/scenarios.ts';
import { DRIVERS, openWorld } from './world/world.ts';

/** Of some two thousand ordered pairs for each; another part of them in every run. */
const PAIRS = 40;
/** More boundaries than any recovery has. */
const LONGEST_RECOVERY = 24;

const seed = Date.now() % 100_000;

const crash = fc.constantFrom('crash-before' as const, 'crash-after' as const);

describe.each(DRIVERS.filter((driver) => driver !== 'minted'))(
  'rel G2 two crashes, the second in the recovery, %s databases',
  (driver) => {
    const open = () => openWorld('sqlite', driver);

    it.each([createEnvironment, purge])(`$title (seed ${seed})`, async (scenario: Scenario) => {
      const boundaries = await boundariesOf(open, scenario);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...boundaries),
          crash,
          fc.nat(LONGEST_RECOVERY),
          crash,
          async (at, action, inRecovery, secondAction) => {
            const second = createFaults({ at: inRecovery, action: secondAction });
            await survive(open, scenario, createFaults({ at, action }), second);
          },
        ),
        // Shrinking would run every smaller pair; each of them is told apart by its boundaries already.
        { seed, numRuns: PAIRS, endOnFailure: true },
      );
    });
  },
);
