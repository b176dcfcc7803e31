import type { DatabaseHandle, Meter } from '@envplane/spec';
import { LRUCache } from 'lru-cache';
import { lookups } from '../metrics.ts';

const OPEN_HANDLES = 500;
/** How old what is known of an environment's state may be before the store is asked again. */
const FRESH_MS = 1_000;

interface Entry {
  handle: DatabaseHandle;
  /** `performance.now()` of the last look at the store. */
  checkedAt: number;
}

export interface ConnectionCache {
  /**
   * The live connection to an environment, for who was let in by the gate; callers share it, so do not close it. It stays valid until the
   * environment is suspended, archived or purged, or until it is evicted: ask again for every unit of work.
   * @throws ControlPlaneError as `open` does
   */
  connect(environmentId: string): Promise<DatabaseHandle>;
  /** The environment may have changed: the next caller asks the store, and a connection to one that is not active is closed now. */
  refresh(environmentId: string): void;
  /** How many connections are open, and how many are being opened. */
  counts(): { open: number; opening: number };
  close(): Promise<void>;
}

/**
 * Remembers open connections by environment. A miss opens one connection however many callers wait for it.
 *
 * @param open reads the store and connects; throws `environment_not_active` unless active
 * @param isActive reads the store
 */
export function createConnectionCache(
  open: (environmentId: string) => Promise<DatabaseHandle>,
  isActive: (environmentId: string) => Promise<boolean>,
  meter: Meter,
): ConnectionCache {
  const remembered = lookups(meter, 'connection');
  const cache = new LRUCache<string, Entry>({ max: OPEN_HANDLES, dispose: ({ handle }) => void handle.close() });
  const opening = new Map<string, Promise<DatabaseHandle>>();
  const checks = new Set<Promise<unknown>>();

  // NOTE: not the cache's own `fetch`: deleting there fails the callers that wait, and forgets what is being opened.
  function openOnce(environmentId: string): Promise<DatabaseHandle> {
    let pending = opening.get(environmentId);
    if (!pending) {
      pending = open(environmentId)
        .then((handle) => {
          cache.set(environmentId, { handle, checkedAt: performance.now() });
          return handle;
        })
        .finally(() => opening.delete(environmentId));
      opening.set(environmentId, pending);
    }
    return pending;
  }

  async function recheck(environmentId: string, entry: Entry): Promise<DatabaseHandle> {
    if (await isActive(environmentId)) entry.checkedAt = performance.now();
    else cache.delete(environmentId);
    // Not `entry`: it may have been closed meanwhile.
    return cache.get(environmentId)?.handle ?? openOnce(environmentId);
  }

  /** Closes the connection unless the environment is active. A store that cannot be read now is asked again by the next caller. */
  async function check(environmentId: string): Promise<void> {
    await opening.get(environmentId)?.catch(() => undefined);
    if (!(await isActive(environmentId).catch(() => true))) cache.delete(environmentId);
  }

  return {
    connect: async (environmentId) => {
      const entry = cache.get(environmentId);
      if (!entry) {
        remembered.miss.total += 1;
        return openOnce(environmentId);
      }
      remembered.hit.total += 1;
      return performance.now() - entry.checkedAt < FRESH_MS ? entry.handle : recheck(environmentId, entry);
    },
    refresh: (environmentId) => {
      const entry = cache.peek(environmentId);
      if (entry) entry.checkedAt = Number.NEGATIVE_INFINITY;
      if (!entry && !opening.has(environmentId)) return;
      const checking = check(environmentId).finally(() => checks.delete(checking));
      checks.add(checking);
    },
    counts: () => ({ open: cache.size, opening: opening.size }),
    close: async () => {
      await Promise.allSettled([...opening.values(), ...checks]);
      const handles = [...cache.values()].map(({ handle }) => handle.close());
      cache.clear();
      await Promise.all(handles);
    },
  };
}
