import { AdapterError, type DatabaseAdapter, type Placement } from '@envplane/spec';
import { LRUCache } from 'lru-cache';
import type { PlacementRow } from '../objects/index.ts';
import type { PlacementSecrets } from '../secrets/placement-secrets.ts';

const OPENED = 1_000;

/** The registered adapters, and placements as they take them. */
export interface AdapterSet {
  /** @throws AdapterError `unsupported` when no adapter is registered for the driver */
  get(driver: string): DatabaseAdapter;
  find(driver: string): DatabaseAdapter | undefined;
  list(): DatabaseAdapter[];
  /**
   * A placement as adapters take it, its administrator opened. Remembered by version: a row that has not changed is opened once.
   * @throws AdapterError `unavailable` when the secret cannot be had now, or when the place is another one than it was
   */
  placement(row: PlacementRow): Promise<Placement>;
}

export function createAdapterSet(adapters: readonly DatabaseAdapter[], secrets: PlacementSecrets): AdapterSet {
  const byDriver = new Map(adapters.map((adapter) => [adapter.driver, adapter]));
  const opened = new LRUCache<string, { version: number; placement: Placement }>({ max: OPENED });
  return {
    get: (driver) => {
      const adapter = byDriver.get(driver);
      if (!adapter) throw new AdapterError('unsupported', `No adapter is registered for the driver ${driver}.`);
      return adapter;
    },
    find: (driver) => byDriver.get(driver),
    list: () => [...byDriver.values()],
    placement: async (row) => {
      // Looked at there, every database would seem to be lost.
      if (row.last_error_code === 'conflict') throw new AdapterError('unavailable', ANOTHER_PLACE);
      const known = opened.get(row.id);
      if (known?.version === row.version) return known.placement;
      const placement = await openPlacement(row, secrets);
      opened.set(row.id, { version: row.version, placement });
      return placement;
    },
  };
}

export const ANOTHER_PLACE = 'The placement is another place than when it was first used; its databases are not here.';

/** Without remembering it: for a placement that is not committed yet. */
export async function openPlacement(row: PlacementRow, secrets: PlacementSecrets): Promise<Placement> {
  const { id, name, driver, region, settings } = row;
  return Object.freeze({ id, name, driver, region, settings, administrator: await secrets.open(row) });
}
