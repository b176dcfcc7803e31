import { AdapterError, type DatabaseAdapter, type Placement } from '@envplane/spec';
import { LRUCache } from 'lru-cache';
import type { EnvironmentDatabaseRow, PlacementRow } from '../objects/index.ts';
import type { PlacementSecrets } from '../secrets/placement-secrets.ts';
import type { Trace } from '../tracing/trace.ts';
import { servingAdopted } from './adopted.ts';

const OPENED = 1_000;

/** The registered adapters, and placements as they take them. */
export interface AdapterSet {
  /** @throws AdapterError `unsupported` when no adapter is registered for the driver */
  get(driver: string): DatabaseAdapter;
  /** The code for one database: the driver's own, or, for one that was taken over, its way of serving those. @throws as `get` */
  serving(database: Pick<EnvironmentDatabaseRow, 'driver' | 'adopted' | 'database_url'>): DatabaseAdapter;
  find(driver: string): DatabaseAdapter | undefined;
  list(): DatabaseAdapter[];
  /** @throws TypeError when there is one for its driver */
  add(adapter: DatabaseAdapter): void;
  /**
   * A placement as adapters take it, its administrator opened. Remembered by version: a row that has not changed is opened once,
   * however many ask at the same time, and serves on while the key encryptor is down.
   * @param trace the request it is needed for
   * @throws AdapterError `unavailable` when the secret cannot be had now
   */
  opened(row: PlacementRow, trace?: Trace | null): Promise<Placement>;
  /** The same, to work with its databases. @throws AdapterError `unavailable` also when the place is another one than it was */
  placement(row: PlacementRow, trace?: Trace | null): Promise<Placement>;
}

export function createAdapterSet(adapters: readonly DatabaseAdapter[], secrets: PlacementSecrets): AdapterSet {
  const byDriver = new Map(adapters.map((adapter) => [adapter.driver, adapter]));
  const remembered = new LRUCache<string, { version: number; placement: Promise<Placement> }>({ max: OPENED });

  function opened(row: PlacementRow, trace?: Trace | null): Promise<Placement> {
    const known = remembered.get(row.id);
    if (known?.version === row.version) return known.placement;
    const placement = openPlacement(row, secrets, trace);
    remembered.set(row.id, { version: row.version, placement });
    placement.catch(() => {
      // A failure is not remembered.
      if (remembered.peek(row.id)?.placement === placement) remembered.delete(row.id);
    });
    return placement;
  }

  function get(driver: string): DatabaseAdapter {
    const adapter = byDriver.get(driver);
    if (!adapter) throw new AdapterError('unsupported', `No adapter is registered for the driver ${driver}.`);
    return adapter;
  }

  return {
    get,
    serving: ({ driver, adopted, database_url: databaseUrl }) =>
      adopted ? servingAdopted(get(driver), databaseUrl ?? '') : get(driver),
    find: (driver) => byDriver.get(driver),
    list: () => [...byDriver.values()],
    add: (adapter) => {
      if (byDriver.has(adapter.driver)) throw new TypeError(`the driver ${adapter.driver} has an adapter`);
      byDriver.set(adapter.driver, adapter);
    },
    opened,
    placement: async (row, trace) => {
      // Looked at there, every database would seem to be lost.
      if (row.last_error_code === 'conflict') throw new AdapterError('unavailable', ANOTHER_PLACE);
      return opened(row, trace);
    },
  };
}

export const ANOTHER_PLACE = 'The placement is another place than when it was first used; its databases are not here.';

/** Without remembering it: for a placement that is not committed yet. */
export async function openPlacement(
  row: PlacementRow,
  secrets: PlacementSecrets,
  trace?: Trace | null,
): Promise<Placement> {
  const { id, name, driver, region, settings } = row;
  return Object.freeze({ id, name, driver, region, settings, administrator: await secrets.open(row, trace) });
}
