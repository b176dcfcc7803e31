import type { DatabaseHandle, Meter } from '@envplane/spec';
import { LRUCache } from 'lru-cache';
import { lookups } from '../metrics.ts';
import type { Trace } from '../tracing/trace.ts';
import { timed } from '../tracing/tracing.ts';

const OPEN_HANDLES = 500;
/** How old what is known of an environment's state may be before the store is asked again. */
const FRESH_MS = 1_000;

/** For whom a connection is opened. */
interface Opener {
  readonly trace: Trace | null;
}

interface Entry<Handle> {
  handle: Handle;
  /** `performance.now()` of the last look at the store. */
  checkedAt: number;
}

export interface ConnectionCache<Handle = DatabaseHandle, By = Opener> {
  /**
   * The live connection to an environment, for who was let in by the gate; callers share it, so do not close it. It stays valid until the
   * environment is suspended, archived or purged, or until it is evicted: ask again for every unit of work.
   * @param by for whom the store is asked and the connection opened, if it must be
   * @throws ControlPlaneError as `open` does
   */
  connect(environmentId: string, by?: By): Promise<Handle>;
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
export function createConnectionCache<Handle extends DatabaseHandle, By extends Opener>(
  open: (environmentId: string, by?: By) => Promise<Handle>,
  isActive: (environmentId: string, by?: By) => Promise<boolean>,
  meter: Meter,
): ConnectionCache<Handle, By> {
  const remembered = lookups(meter, 'connection');
  const cache = new LRUCache<string, Entry<Handle>>({
    max: OPEN_HANDLES,
    dispose: ({ handle }) => void handle.close(),
  });
  const opening = new Map<string, Promise<Handle>>();
  const checks = new Set<Promise<unknown>>();

  // NOTE: not the cache's own `fetch`: deleting there fails the callers that wait, and forgets what is being opened.
  function openShared(environmentId: string, by: By | undefined): Promise<Handle> {
    let pending = opening.get(environmentId);
    if (!pending) {
      pending = open(environmentId, by)
        .then((handle) => {
          cache.set(environmentId, { handle, checkedAt: performance.now() });
          return handle;
        })
        .finally(() => opening.delete(environmentId));
      opening.set(environmentId, pending);
    }
    return pending;
  }

  const openOnce = (environmentId: string, by: By | undefined): Promise<Handle> =>
    timed(by?.trace, 'connect', () => openShared(environmentId, by), environmentId);

  async function recheck(environmentId: string, entry: Entry<Handle>, by: By | undefined): Promise<Handle> {
    if (await isActive(environmentId, by)) entry.checkedAt = performance.now();
    else cache.delete(environmentId);
    // Not `entry`: it may have been closed meanwhile.
    return cache.get(environmentId)?.handle ?? openOnce(environmentId, by);
  }

  /** Closes the connection unless the environment is active. A store that cannot be read now is asked again by the next caller. */
  async function check(environmentId: string): Promise<void> {
    await opening.get(environmentId)?.catch(() => undefined);
    if (!(await isActive(environmentId).catch(() => true))) cache.delete(environmentId);
  }

  return {
    connect: async (environmentId, by) => {
      const entry = cache.get(environmentId);
      if (!entry) {
        remembered.miss.total += 1;
        return openOnce(environmentId, by);
      }
      remembered.hit.total += 1;
      return performance.now() - entry.checkedAt < FRESH_MS ? entry.handle : recheck(environmentId, entry, by);
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
