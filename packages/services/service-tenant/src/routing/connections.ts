import { ControlPlaneError, type DatabaseHandle } from '@envplane/spec';
import { LRUCache } from 'lru-cache';

const OPEN_HANDLES = 500;
/** How old what is known of an environment's state may be before the store is asked again. */
const FRESH_MS = 1_000;

/** Proof that a caller may connect to an environment, made by `authorizeConnection` alone. */
export interface Verdict {
  readonly environmentId: string;
  readonly authorization: 'full_access';
}

interface Entry {
  handle: DatabaseHandle;
  /** `performance.now()` of the last look at the store. */
  checkedAt: number;
}

export interface ConnectionCache {
  /** Only what this makes opens a connection. */
  verdict(environmentId: string): Verdict;
  /**
   * The live connection to the environment of a verdict; callers share it, so do not close it. It stays valid until the
   * environment is suspended, archived or purged, or until it is evicted: ask again for every unit of work.
   * @throws TypeError for a verdict that was not made here; ControlPlaneError as `open` does
   */
  connect(verdict: Verdict): Promise<DatabaseHandle>;
  /** The environment may have changed: the next caller asks the store, and a connection to one that is not active is closed now. */
  refresh(environmentId: string): void;
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
): ConnectionCache {
  const verdicts = new WeakSet<Verdict>();
  const cache = new LRUCache<string, Entry>({
    max: OPEN_HANDLES,
    dispose: ({ handle }) => void handle.close(),
    fetchMethod: async (environmentId) => ({ handle: await open(environmentId), checkedAt: performance.now() }),
  });

  async function recheck(environmentId: string, entry: Entry): Promise<DatabaseHandle> {
    if (!(await isActive(environmentId))) cache.delete(environmentId);
    else entry.checkedAt = performance.now();
    return fetch(environmentId);
  }

  async function fetch(environmentId: string): Promise<DatabaseHandle> {
    const entry = await cache.fetch(environmentId);
    if (!entry)
      throw new ControlPlaneError(
        'provider_unavailable',
        'The connection was closed while it was being opened; try again.',
      );
    return entry.handle;
  }

  return {
    verdict: (environmentId) => {
      const verdict: Verdict = Object.freeze({ environmentId, authorization: 'full_access' });
      verdicts.add(verdict);
      return verdict;
    },
    connect: async (verdict) => {
      if (!verdicts.has(verdict)) throw new TypeError('a connection needs a verdict of authorizeConnection');
      const entry = cache.get(verdict.environmentId);
      if (!entry) return fetch(verdict.environmentId);
      return performance.now() - entry.checkedAt < FRESH_MS ? entry.handle : recheck(verdict.environmentId, entry);
    },
    refresh: (environmentId) => {
      const entry = cache.peek(environmentId);
      if (!entry) return;
      entry.checkedAt = Number.NEGATIVE_INFINITY;
      // A store that cannot be read now is asked again by the next caller.
      void isActive(environmentId).then(
        (active) => active || cache.delete(environmentId),
        () => undefined,
      );
    },
    close: async () => {
      const handles = [...cache.values()].map(({ handle }) => handle.close());
      cache.clear();
      await Promise.all(handles);
    },
  };
}
