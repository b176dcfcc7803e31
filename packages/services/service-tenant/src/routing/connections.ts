import { ControlPlaneError, type DatabaseHandle, type Meter } from '@envplane/spec';
import { LRUCache } from 'lru-cache';
import { lookups } from '../metrics.ts';
import type { Trace } from '../tracing/trace.ts';
import { timed } from '../tracing/tracing.ts';
import type { Usage } from './watched-handle.ts';

const OPEN_HANDLES = 500;
/** With those that are used by somebody and handed out no more, and those that are being opened. */
const MOST_HANDLES = 2 * OPEN_HANDLES;
const EXHAUSTED_MS = 1_000;
/** A connection that nobody asked for and nobody used for this long is closed, ms. */
const IDLE_MS = 10 * 60_000;
const SWEEP_MS = 60_000;
/** Environments that are known to be refused, and for how long that is said again without asking the store, ms. */
const REFUSALS = 1_000;
const REFUSED_MS = 500;
/** How old what is known of an environment's state may be before the store is asked again. */
const FRESH_MS = 1_000;

/** How many of the oldest are looked at when one has to give way. */
const LOOKED_AT = 50;
/** What stays so until the environment changes. */
const LASTING: ReadonlySet<string> = new Set(['environment_not_active', 'not_found']);

/** For whom a connection is opened. */
interface Opener {
  readonly trace: Trace | null;
}

/** A connection, and the credential it was opened with; null where a database has none. */
export interface OpenHandle<Handle = DatabaseHandle> {
  handle: Handle;
  credentialId: string | null;
  usage: Usage;
}

interface Entry<Handle> extends OpenHandle<Handle> {
  /** When somebody was given it, `performance.now()`. */
  askedAt: number;
  /** `performance.now()` of the last look at the store. */
  checkedAt: number;
  /** Handed out no more, and somebody may be using it: see `leaving`. */
  isLeaving: boolean;
}

/** What the store says of environments and credentials now. */
export interface ConnectionState<By> {
  /** What to connect with; null for an environment that is not active. */
  current(environmentId: string, by?: By): Promise<{ credentialId: string | null } | null>;
  /** Whether a database still lets somebody in with a credential. */
  isAccepted(credentialId: string): Promise<boolean>;
}

export interface ConnectionCache<Handle = DatabaseHandle, By = Opener> {
  /**
   * The live connection to an environment, for who was let in by the gate; callers share it, so do not close it. It stays valid until the
   * environment is suspended, archived or purged, its credential is refused, it is not used for ten minutes, or others take its place
   * while nothing runs on it: ask again for every unit of work.
   * @param by for whom the store is asked and the connection opened, if it must be
   * @throws ControlPlaneError as `open` does; `connections_exhausted` where so many are in use that one more is too many
   */
  connect(environmentId: string, by?: By): Promise<Handle>;
  /**
   * The environment may have changed: the next caller asks the store, and a connection to one that is not active is closed now.
   * One with a credential that was replaced is handed out no more, and closed when that is refused.
   */
  refresh(environmentId: string): void;
  /** Every environment may have changed. */
  refreshAll(): void;
  /** How many connections can be handed out, how many are open besides because somebody may be using them, and how many are being opened. */
  counts(): { open: number; leaving: number; opening: number };
  close(): Promise<void>;
}

/**
 * Remembers open connections by environment. A miss opens one connection however many callers wait for it. There are at most 500; the
 * one that was not asked for or used for longest gives way, and is closed when nothing runs on it; where that makes it a thousand, no
 * more are opened. What was refused is refused again for half a second, unless something changes.
 *
 * @param open reads the store and connects; throws `environment_not_active` unless active
 */
export function createConnectionCache<Handle extends DatabaseHandle, By extends Opener>(
  open: (environmentId: string, by?: By) => Promise<OpenHandle<Handle>>,
  state: ConnectionState<By>,
  meter: Meter,
): ConnectionCache<Handle, By> {
  const remembered = lookups(meter, 'connection');
  const cache = new LRUCache<string, Entry<Handle>>({
    max: OPEN_HANDLES,
    dispose: (entry, environmentId, reason) => {
      if (entry.isLeaving) return;
      if (reason !== 'evict') {
        void entry.handle.close();
        return;
      }
      setAside(environmentId, entry);
      entry.usage.whenIdle(() => closeAside(environmentId, entry));
    },
  });
  const refusals = new LRUCache<string, ControlPlaneError>({ max: REFUSALS, ttl: REFUSED_MS });
  const sweeping = setInterval(sweep, SWEEP_MS);
  sweeping.unref();
  /** Those that somebody may be using and nobody else is given: their credential was replaced, or others took their place. */
  const leaving = new Map<string, Set<Entry<Handle>>>();
  const opening = new Map<string, Promise<Handle>>();
  const checks = new Set<Promise<unknown>>();

  // NOTE: not the cache's own `fetch`: deleting there fails the callers that wait, and forgets what is being opened.
  function openShared(environmentId: string, by: By | undefined): Promise<Handle> {
    let pending = opening.get(environmentId);
    if (!pending) {
      requireRoom();
      pending = open(environmentId, by)
        .then((opened) => {
          const now = performance.now();
          makeRoom();
          cache.set(environmentId, { ...opened, checkedAt: now, askedAt: now, isLeaving: false });
          return opened.handle;
        })
        .catch((error: unknown) => {
          if (error instanceof ControlPlaneError && LASTING.has(error.code)) refusals.set(environmentId, error);
          throw error;
        })
        .finally(() => opening.delete(environmentId));
      opening.set(environmentId, pending);
    }
    return pending;
  }

  const openOnce = (environmentId: string, by: By | undefined): Promise<Handle> => {
    const refusal = refusals.get(environmentId);
    if (refusal) throw refusal;
    return timed(by?.trace, 'connect', () => openShared(environmentId, by), environmentId);
  };

  /** Of those that would give way next, one on which something runs counts as asked for now. */
  function makeRoom(): void {
    if (cache.size < OPEN_HANDLES) return;
    for (const environmentId of [...cache.rkeys()].slice(0, LOOKED_AT)) {
      if (cache.peek(environmentId)?.usage.running === 0) return;
      cache.get(environmentId);
    }
  }

  function sweep(): void {
    const before = performance.now() - IDLE_MS;
    const isIdle = ({ usage, askedAt }: Entry<Handle>) =>
      usage.running === 0 && Math.max(usage.usedAt, askedAt) < before;
    for (const [environmentId, entry] of [...cache.entries()]) if (isIdle(entry)) cache.delete(environmentId);
    for (const [environmentId, entry] of allLeaving()) if (isIdle(entry)) closeAside(environmentId, entry);
  }

  /** Keeps a connection, puts it aside or closes it, as the store says. */
  async function look(environmentId: string, entry: Entry<Handle> | undefined, by?: By): Promise<void> {
    const current = await state.current(environmentId, by);
    if (current === null) cache.delete(environmentId);
    else if (entry && cache.peek(environmentId) === entry) {
      if (current.credentialId === entry.credentialId) entry.checkedAt = performance.now();
      else {
        setAside(environmentId, entry);
        cache.delete(environmentId);
      }
    }
    await closeRefused(environmentId, current !== null);
  }

  function setAside(environmentId: string, entry: Entry<Handle>): void {
    entry.isLeaving = true;
    const others = leaving.get(environmentId) ?? new Set();
    leaving.set(environmentId, others.add(entry));
  }

  /** Idempotent. */
  function closeAside(environmentId: string, entry: Entry<Handle>): void {
    const entries = leaving.get(environmentId);
    if (!entries?.delete(entry)) return;
    if (entries.size === 0) leaving.delete(environmentId);
    void entry.handle.close();
  }

  const allLeaving = (): [string, Entry<Handle>][] =>
    [...leaving].flatMap(([environmentId, entries]) =>
      [...entries].map((entry): [string, Entry<Handle>] => [environmentId, entry]),
    );

  /** @throws ControlPlaneError `connections_exhausted` */
  function requireRoom(): void {
    if (cache.size + opening.size + leavingCount() < MOST_HANDLES) return;
    // Whoever has one for his next piece of work asks again.
    for (const [environmentId, entry] of allLeaving()) if (entry.usage.running === 0) closeAside(environmentId, entry);
    if (cache.size + opening.size + leavingCount() < MOST_HANDLES) return;
    throw new ControlPlaneError(
      'connections_exhausted',
      'Too many connections to environments are in use in this process; try again when some of the work is done.',
      { retryAfterMs: EXHAUSTED_MS },
    );
  }

  const leavingCount = (): number => {
    let count = 0;
    for (const entries of leaving.values()) count += entries.size;
    return count;
  };

  async function closeRefused(environmentId: string, isActive: boolean): Promise<void> {
    for (const entry of [...(leaving.get(environmentId) ?? [])]) {
      const { credentialId } = entry;
      const isAccepted = isActive && (credentialId === null || (await state.isAccepted(credentialId)));
      if (!isAccepted) closeAside(environmentId, entry);
    }
  }

  async function recheck(environmentId: string, entry: Entry<Handle>, by: By | undefined): Promise<Handle> {
    await look(environmentId, entry, by);
    // Not `entry`: it may have been closed meanwhile.
    return cache.get(environmentId)?.handle ?? openOnce(environmentId, by);
  }

  /** A store that cannot be read now is asked again by the next caller. */
  async function check(environmentId: string): Promise<void> {
    await opening.get(environmentId)?.catch(() => undefined);
    await look(environmentId, cache.peek(environmentId)).catch(() => undefined);
  }

  function refresh(environmentId: string): void {
    refusals.delete(environmentId);
    const entry = cache.peek(environmentId);
    if (entry) entry.checkedAt = Number.NEGATIVE_INFINITY;
    if (!entry && !opening.has(environmentId) && !leaving.has(environmentId)) return;
    const checking = check(environmentId).finally(() => checks.delete(checking));
    checks.add(checking);
  }

  function refreshAll(): void {
    refusals.clear();
    for (const environmentId of new Set([...cache.keys(), ...opening.keys(), ...leaving.keys()]))
      refresh(environmentId);
  }

  return {
    connect: async (environmentId, by) => {
      const entry = cache.get(environmentId);
      if (!entry) {
        remembered.miss.total += 1;
        return openOnce(environmentId, by);
      }
      remembered.hit.total += 1;
      const now = performance.now();
      entry.askedAt = now;
      return now - entry.checkedAt < FRESH_MS ? entry.handle : recheck(environmentId, entry, by);
    },
    refresh,
    refreshAll,
    counts: () => ({ open: cache.size, leaving: leavingCount(), opening: opening.size }),
    close: async () => {
      clearInterval(sweeping);
      await Promise.allSettled([...opening.values(), ...checks]);
      const entries = [...cache.values(), ...allLeaving().map(([, entry]) => entry)];
      const handles = entries.map(({ handle }) => handle.close());
      cache.clear();
      leaving.clear();
      await Promise.all(handles);
    },
  };
}
