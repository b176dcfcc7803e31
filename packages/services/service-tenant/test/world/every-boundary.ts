import { sqliteEffects } from '@envplane/adapters/sqlite';
import { seeded } from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { STORE_FAILPOINTS } from '../../src/provisioning/failpoints.ts';
import type { DriverServer } from './drivers.ts';
import { type PlannedFault, type Scenario, surviveEach } from './enumerate.ts';
import { ACTIONS, type Action } from './faults.ts';
import { memoryEffects } from './memory-provider.ts';
import * as scenarios from './scenarios.ts';
import { STORES, type StoreKind, TEMPORARY } from './stores.ts';
import { DRIVERS, openWorld } from './world.ts';

const ALL: readonly Scenario[] = Object.values(scenarios);

/** Listing is for a sweeper, which is not part of this package. */
const NOT_REACHED = ['sq.list'];

const ROTATIONS: readonly Scenario[] = [scenarios.rotate, scenarios.rotateInEmergency];

/** Of keys one at a time is wrapped anew, under a lock: on a SQLite store that is the only one there is, and nobody takes over from who has it. */
const possibleActions = (scenario: Scenario, store: StoreKind): readonly Action[] =>
  scenario === scenarios.rotateEncryptionKey && store === 'sqlite'
    ? ACTIONS.filter((action) => action !== 'hang')
    : ACTIONS;

/** Writes a line that `bench:reliability` reads, at once: a long run that is ended keeps what it tried. */
const tried = (driver: string, store: StoreKind, { title }: Scenario, boundaries: number, times: number): void =>
  void process.stdout.write(`${driver}, ${store} store, ${title}: ${times} times at ${boundaries} boundaries\n`);

/** `npm run bench:reliability -- --goal boundaries`: all of it on real servers too, for an hour. */
const isLongRun = process.env['LONG_RUN'] === 'boundaries';

/** A deadline against hanging: both cores may be busy with other tests. */
const TIMEOUT_MS = isLongRun ? 3_600_000 : 300_000;

/** Every scenario on every driver, with its actions at every boundary. `width`: how many runs at a time. */
export function everyBoundary(store: StoreKind, width: number): void {
  const reached = new Set<string>();

  describe.each(DRIVERS)(`rel G1 ${store} store, %s databases: every crash boundary`, (driver) => {
    const open = () => openWorld(store, driver);

    const possible = ALL.filter(({ drivers }) => drivers.includes(driver));
    it.each(possible)('$title', { timeout: TIMEOUT_MS }, async (scenario) => {
      const { boundaries, times } = await surviveEach(open, scenario, possibleActions(scenario, store), width);
      for (const { name } of boundaries) reached.add(name);
      tried(driver, store, scenario, boundaries.length, times);
    });
  });

  it(`rel G1 ${store} store: no registered boundary was left out`, () => {
    const registered = Object.keys({ ...STORE_FAILPOINTS, ...sqliteEffects, ...memoryEffects });
    expect([...reached].sort()).toEqual(registered.filter((name) => !NOT_REACHED.includes(name)).sort());
  });
}

/** Operations that take the same calls of a driver as those that are tried in every run. */
const OTHERS: readonly Scenario[] = [
  ...[scenarios.createEnvironment, scenarios.suspend, scenarios.resume, scenarios.archive, scenarios.restore],
  ...[scenarios.purgeArchived, scenarios.copy, scenarios.copySchema],
];

/** Beside the crash after every boundary so many other faults of each operation on each store are tried in every run. */
const DRAWN = 3;

/** A crash after every boundary, and some of the other faults. */
function crashesAndSome(all: readonly PlannedFault[], random: () => number): PlannedFault[] {
  const others = all.filter(({ action }) => action !== 'crash-after');
  const drawn = Array.from({ length: DRAWN }, () => others.splice(Math.floor(random() * others.length), 1)).flat();
  return [...all.filter(({ action }) => action === 'crash-after'), ...drawn];
}

/**
 * Creating, rotating and purging on a real server, on both stores, with a crash after every boundary and some of the other faults, which
 * are other ones in every run. In the long run every operation with every fault.
 * @param kind what stands in for the driver in the scenarios
 * @param notReached effects of the driver that belong to none of them
 * @param more scenarios beside those, on a SQLite store
 */
export function everyCrash(
  start: () => Promise<DriverServer>,
  effects: object,
  {
    kind,
    notReached,
    more = [],
    width,
  }: { kind: 'memory' | 'minted'; notReached: readonly string[]; more?: readonly Scenario[]; width: number },
): void {
  const rotations = ROTATIONS.filter(({ drivers }) => drivers.includes(kind));
  const ofDriver = [scenarios.createOrganization, ...rotations, scenarios.purge, ...(isLongRun ? OTHERS : [])];
  const seed = Date.now() % 100_000;
  const random = seeded(seed);
  const choose = isLongRun ? undefined : (all: readonly PlannedFault[]) => crashesAndSome(all, random);
  const reached = new Set<string>();
  let server: DriverServer;

  beforeAll(async () => {
    vi.stubEnv('TMPDIR', TEMPORARY);
    server = await start();
    vi.unstubAllEnvs();
  });
  afterAll(() => server.stop());

  const what = isLongRun
    ? 'every fault at every boundary'
    : `a crash after every boundary, ${DRAWN} other faults (seed ${seed})`;
  describe.each(STORES)(`rel G1 %s store: ${what}`, (store) => {
    it.each(store === 'sqlite' ? [...ofDriver, ...more] : ofDriver)(
      '$title',
      { timeout: TIMEOUT_MS },
      async (scenario) => {
        const open = () => openWorld(store, server.driver);
        const actions = possibleActions(scenario, store);
        const { boundaries, times } = await surviveEach(open, scenario, actions, width, choose);
        for (const { name } of boundaries) reached.add(name);
        tried(server.driver.driver, store, scenario, boundaries.length, times);
      },
    );
  });

  it('rel G1 no boundary of the driver was left out', () => {
    const expected = Object.keys(effects).filter((name) => !notReached.includes(name));
    expect([...reached].filter((name) => name in effects).sort()).toEqual(
      isLongRun ? expect.arrayContaining(expected) : expected.sort(),
    );
  });
}
