import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DriverServer } from './world/drivers.ts';
import { boundariesOf, type Scenario, survive, survivePairs } from './world/enumerate.ts';
import { createFaults } from './world/faults.ts';
import { startPostgresServer } from './world/postgres-driver.ts';
import { createEnvironment, purge, rotate } from './world/scenarios.ts';
import { TEMPORARY } from './world/stores.ts';
import { DRIVERS, openWorld } from './world/world.ts';

/** Of some two thousand ordered pairs for each; another part of them in every run. */
const PAIRS = 40;
/** More boundaries than any recovery has. */
const LONGEST_RECOVERY = 24;
/** Several at a time: most of what a run does is to wait for a server. */
const WIDTH = 4;
const LONG_MS = 3_600_000;

const seed = Date.now() % 100_000;

const crash = fc.constantFrom('crash-before' as const, 'crash-after' as const);

const IN_PROCESS = DRIVERS.filter((driver) => driver !== 'minted');

/** `npm run bench:reliability -- --goal pairs`: all of them, on a real PostgreSQL server too. */
if (process.env['LONG_RUN'] === 'pairs') everyPair();
else somePairs();

function somePairs(): void {
  describe.each(IN_PROCESS)('rel G2 two crashes, the second in the recovery, %s databases', (driver) => {
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
  });
}

function everyPair(): void {
  let server: DriverServer;
  beforeAll(async () => {
    vi.stubEnv('TMPDIR', TEMPORARY);
    server = await startPostgresServer();
    vi.unstubAllEnvs();
  });
  afterAll(() => server.stop());

  describe.each([...IN_PROCESS, 'postgres'] as const)('rel G2 every two crashes, %s databases', (driver) => {
    const open = () => openWorld('sqlite', driver === 'postgres' ? server.driver : driver);

    it.each(driver === 'sqlite' ? [createEnvironment, purge] : [createEnvironment, purge, rotate])(
      '$title',
      { timeout: LONG_MS },
      async (scenario: Scenario) => {
        const pairs = await survivePairs(open, scenario, WIDTH);
        expect(pairs).toBeGreaterThan(0);
        process.stdout.write(`${driver}, sqlite store, ${scenario.title}: ${pairs} pairs\n`);
      },
    );
  });
}
