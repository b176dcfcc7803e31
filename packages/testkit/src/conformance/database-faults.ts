import type { AdapterContext, DatabaseTarget } from '@envplane/spec';
import { describe, expect, it } from 'vitest';
import { adapterContext, FAULT_ACTIONS, type MemoryFence } from '../adapter-context.ts';
import {
  type DatabaseAdapterHarness,
  newTarget,
  type Provisioned,
  provision,
  readNotes,
  shapeOf,
  writeNotes,
} from './database-harness.ts';

/** How many boundaries are bent at the same time. */
const AT_A_TIME = 4;

interface Scenario {
  verb: string;
  /** The facet it belongs to. */
  facet?: 'archive' | 'copy';
  /** The world before the call. Returns what the call is about and how its final state is checked. */
  prepare(harness: DatabaseAdapterHarness): Promise<{
    target: DatabaseTarget;
    call(context: AdapterContext): Promise<unknown>;
    /** Every call in it is a claim of its own, younger than those before: a provider that fences refuses an older one. */
    check(claim: () => AdapterContext): Promise<void>;
  }>;
}

const SCENARIOS: readonly Scenario[] = [
  {
    verb: 'createDatabase',
    async prepare(harness) {
      const target = newTarget(harness);
      return {
        target,
        call: (context) => harness.adapter.createDatabase(target, { mustExist: false }, context),
        async check(claim) {
          const { location } = await provision(harness, target, claim());
          expect(await harness.adapter.findDatabase(target, claim())).toEqual({ kind: 'ours', ...location });
        },
      };
    },
  },
  {
    verb: 'deleteDatabase',
    async prepare(harness) {
      const database = await provision(harness);
      await writeNotes(harness, database, 'gone');
      return {
        target: database.target,
        call: (context) => harness.adapter.deleteDatabase(database.target, context),
        async check() {
          expect(await shapeOf(harness, database.target)).toEqual([]);
        },
      };
    },
  },
  {
    verb: 'archiveDatabase',
    facet: 'archive',
    async prepare(harness) {
      const database = await provision(harness);
      await writeNotes(harness, database, 'kept');
      return {
        target: database.target,
        call: async (context) => harness.adapter.archive?.archiveDatabase(database.target, context),
        async check(claim) {
          await expect(readNotes(harness, database)).rejects.toMatchObject({ name: 'AdapterError' });
          await harness.adapter.archive?.restoreDatabase(database.target, claim());
          expect(await readNotes(harness, database)).toEqual(['kept']);
        },
      };
    },
  },
  {
    verb: 'restoreDatabase',
    facet: 'archive',
    async prepare(harness) {
      const database = await provision(harness);
      await writeNotes(harness, database, 'kept');
      await harness.adapter.archive?.archiveDatabase(database.target, adapterContext());
      return {
        target: database.target,
        call: async (context) => harness.adapter.archive?.restoreDatabase(database.target, context),
        async check() {
          expect(await readNotes(harness, database)).toEqual(['kept']);
        },
      };
    },
  },
  {
    verb: 'copyDatabase',
    facet: 'copy',
    async prepare(harness) {
      const source: Provisioned = await provision(harness);
      await writeNotes(harness, source, 'copied');
      const target = newTarget(harness);
      const copy = (context: AdapterContext) =>
        harness.adapter.copy?.copyDatabase(source.target, target, { schemaOnly: false }, context);
      return {
        target,
        call: async (context) => copy(context),
        async check(claim) {
          // Adopts the copy: had it been lost, an empty database would be made here.
          expect(await readNotes(harness, await provision(harness, target, claim()))).toEqual(['copied']);
          expect(await readNotes(harness, source)).toEqual(['copied']);
        },
      };
    },
  },
];

/**
 * Bends every boundary of every verb in every way, repeats the call under the next claim, and looks at the world: it must be as
 * after an undisturbed call. Boundaries are counted as they run, so that a new one is covered without being listed.
 */
export function describeDatabaseFaults(harness: DatabaseAdapterHarness): void {
  const scenarios = SCENARIOS.filter(({ facet }) => facet === undefined || harness.adapter[facet] !== undefined);
  describe.each(scenarios)('faults of $verb', ({ prepare }) => {
    it.each(FAULT_ACTIONS)('I6 %s at any boundary, then a repeat: as if nothing had happened', async (action) => {
      const undisturbed = await prepare(harness);
      const counting = adapterContext();
      await undisturbed.call(counting);
      const expected = await shapeOf(harness, undisturbed.target);
      await undisturbed.check(() => adapterContext());

      const strike = async (at: number): Promise<void> => {
        const where = `${action} at ${counting.boundaries[at]} (${at})`;
        const { target, call, check } = await prepare(harness);
        const fence: MemoryFence = { epoch: 0 };
        const outcome = await call(adapterContext({ fence, fault: { at, action } })).then(
          () => 'done',
          () => 'refused',
        );
        expect(outcome, where).toBe(action === 'dup' ? 'done' : 'refused');
        const { kind } = await harness.adapter.findDatabase(target, adapterContext());
        expect(['absent', 'ours'], where).toContain(kind);
        await call(adapterContext({ fence }));
        expect(await shapeOf(harness, target), where).toEqual(expected);
        await check(() => adapterContext({ fence }));
      };
      // Most of it is to wait for a server, and each has a database of its own.
      const boundaries = counting.boundaries.keys();
      const lane = async (): Promise<void> => {
        for (const at of boundaries) await strike(at);
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, lane));
    });
  });
}
