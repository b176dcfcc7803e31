import type { InventoryCheck } from '@envplane/spec';
import { type FoundationOptions, openFoundation } from '../foundation.ts';
import { spread } from '../provisioning/backoff.ts';
import { lookAtStores } from '../store/open-stores.ts';
import { checked } from './check.ts';
import { createSweeper } from './sweeper.ts';

/** What was found in a store that nothing works on. */
export interface StoreInspection {
  /** `lacking`: the next start brings the schema up to date; `empty`: nothing was ever started on it. Then nothing else was looked at. */
  schema: 'current' | 'newer' | 'lacking' | 'empty';
  inventory: InventoryCheck | null;
  environments: { status: string; driver: string; count: number }[];
}

/**
 * Looks at a store and at the databases of its placements without working on them: nothing is converged, and nothing is dropped.
 * @throws as `openControlPlane`
 */
export async function inspectStore(options: FoundationOptions): Promise<StoreInspection> {
  const schema = await lookAtStores(options.store);
  if (schema === 'lacking' || schema === 'empty') return { schema, inventory: null, environments: [] };
  const foundation = await openFoundation(options);
  try {
    const { stores, reads, adapters } = foundation;
    const sweeper = createSweeper({ ...foundation, engine: stores.main, random: spread });
    const swept = await sweeper.sweepAll({ looksOnly: true });
    const inventory = await checked({ engine: stores.main, reads, adapters }, swept);
    return { schema, inventory, environments: await reads.environmentCounts() };
  } finally {
    await foundation.close();
  }
}
