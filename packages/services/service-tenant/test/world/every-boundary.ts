import { sqliteEffects } from '@envplane/adapters/sqlite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { STORE_FAILPOINTS } from '../../src/provisioning/failpoints.ts';
import type { DriverServer } from './drivers.ts';
import { type Scenario, surviveEach } from './enumerate.ts';
import { ACTIONS, type Action } from './faults.ts';
import { memoryEffects } from './memory-provider.ts';
import * as scenarios from './scenarios.ts';
import { STORES, type StoreKind, TEMPORARY } from './stores.ts';
import { DRIVERS, openWorld } from './world.ts';

const ALL: readonly Scenario[] = Object.values(scenarios);

/** Listing is for a sweeper, which is not part of this package. */
const NOT_REACHED = ['sq.list'];

const ROTATIONS: readonly Scenario[] = [scenarios.rotate, scenarios.rotateInEmergency];

/** A rotation's errors and lost replies are those of the same calls of other scenarios. */
const strikesOf = (scenario: Scenario): readonly Action[] =>
  ROTATIONS.includes(scenario) ? ['crash-before', 'crash-after'] : ACTIONS;

/** A deadline against hanging: both cores may be busy with other tests. */
const TIMEOUT_MS = 300_000;

/** Every scenario on every driver, with its actions at every boundary. `width`: how many runs at a time. */
export function everyBoundary(store: StoreKind, width: number): void {
  const reached = new Set<string>();

  describe.each(DRIVERS)(`rel G1 ${store} store, %s databases: every crash boundary`, (driver) => {
    const open = () => openWorld(store, driver);

    const possible = ALL.filter(({ drivers }) => drivers.includes(driver));
    it.each(possible)('$title', { timeout: TIMEOUT_MS }, async (scenario) => {
      const boundaries = await surviveEach(open, scenario, strikesOf(scenario), width);
      for (const { name } of boundaries) reached.add(name);
    });
  });

  it(`rel G1 ${store} store: no registered boundary was left out`, () => {
    const registered = Object.keys({ ...STORE_FAILPOINTS, ...sqliteEffects, ...memoryEffects });
    expect([...reached].sort()).toEqual(registered.filter((name) => !NOT_REACHED.includes(name)).sort());
  });
}

/**
 * Creating, rotating and purging on a real server, on both stores, with a crash after every boundary.
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
  const ofDriver = [scenarios.createOrganization, ...rotations, scenarios.purge];
  const reached = new Set<string>();
  const counts: string[] = [];
  let server: DriverServer;

  beforeAll(async () => {
    vi.stubEnv('TMPDIR', TEMPORARY);
    server = await start();
    vi.unstubAllEnvs();
  });
  afterAll(async () => {
    await server.stop();
    process.stdout.write(`${server.driver.driver}: ${counts.join('; ')}\n`);
  });

  describe.each(STORES)('rel G1 %s store: a crash at every boundary', (store) => {
    it.each(store === 'sqlite' ? [...ofDriver, ...more] : ofDriver)(
      '$title',
      { timeout: TIMEOUT_MS },
      async (scenario) => {
        const open = () => openWorld(store, server.driver);
        const boundaries = await surviveEach(open, scenario, ['crash-after'], width);
        for (const { name } of boundaries) reached.add(name);
        counts.push(`${boundaries.length} boundaries of "${scenario.title}" (${store} store)`);
      },
    );
  });

  it('rel G1 no boundary of the driver was left out', () => {
    const expected = Object.keys(effects).filter((name) => !notReached.includes(name));
    expect([...reached].filter((name) => name in effects).sort()).toEqual(expected.sort());
  });
}
