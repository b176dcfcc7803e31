import { randomUUID } from 'node:crypto';
import { isHeld } from '../store/restores.ts';
import { type Claim, claimDue, keysToErase, nextDueAt } from '../store/work.ts';
import { eraseKey } from './entomb.ts';
import { LEASE_MS, type PassContext } from './pass-context.ts';
import { reconcile } from './reconcile.ts';

/** The floor under every hint: due rows are found this often even when nobody told. */
const POLL_MS = 1_000;
const HOUSEKEEPING_MS = 60_000;
const DEFAULT_PASSES = 32;

export interface Worker {
  /** Random for every process; a lease names it. */
  readonly owner: string;
  start(): void;
  /** Something may be due now. Other processes are told where all places of this one are taken, or it is stopping. */
  wake(): void;
  /** The same, told by another process. */
  heard(): void;
  /** Takes a place for a pass that the caller is about to claim itself; null when all are taken. */
  reserve(): { run(claim: Claim): void; release(): void } | null;
  /** Works until nothing is due and no pass is running. */
  settle(): Promise<void>;
  /** Stops claiming and waits for running passes; what does not finish is taken over when its lease ends. */
  stop(graceMs: number): Promise<void>;
  /** How long ago the loop last came round, ms; `/readyz` watches it. */
  heartbeatAgeMs(): number;
}

/**
 * Claims due rows and reconciles them, a bounded number at a time, the oldest first, and of an organization that has half of them only
 * what no other one needs. Correctness never depends on it: whoever claims a row converges it, and polling alone is enough.
 */
export function createWorker(
  context: PassContext,
  options: { passes?: number; housekeeping?: () => Promise<void>; handOn?: () => void } = {},
): Worker {
  const owner = randomUUID();
  const passes = options.passes ?? DEFAULT_PASSES;
  const running = new Set<Promise<void>>();
  /** How many passes are of each organization. */
  const shares = new Map<string, number>();
  let reserved = 0;
  let started = false;
  let stopped = false;
  let looking: Promise<void> | null = null;
  let lookAgain = false;
  let timer: NodeJS.Timeout | undefined;
  let housekeepingTimer: NodeJS.Timeout | undefined;
  let tidying: Promise<void> = Promise.resolve();
  // Of the monotonic clock: a system clock that is set would look like a worker that is stuck.
  let cameRoundMs = performance.now();

  function count(organizationId: string, by: 1 | -1): void {
    const share = (shares.get(organizationId) ?? 0) + by;
    if (share === 0) shares.delete(organizationId);
    else shares.set(organizationId, share);
  }

  const hasPlace = () => !stopped && running.size + reserved < passes;

  /** Those that have half of the passes or more: when one ends, it is the turn of another. */
  const crowding = (): string[] => [...shares].flatMap(([id, share]) => (share * 2 >= passes ? id : []));

  function run(claim: Claim): void {
    const { organization_id: organizationId } = claim.database;
    count(organizationId, 1);
    const pass = reconcile(context, claim)
      .catch((error: unknown) => {
        // The lease ends by itself and another pass starts from the row: nothing to undo.
        context.logger.error(
          { event: 'reconcile.failed', environmentId: claim.database.bound_environment_id, err: error },
          'a pass ended early',
        );
      })
      .finally(() => {
        const wasFull = running.size + reserved >= passes;
        running.delete(pass);
        count(organizationId, -1);
        if (wasFull && started) wake();
      });
    running.add(pass);
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    do {
      lookAgain = false;
      cameRoundMs = performance.now();
      const limit = passes - running.size - reserved;
      if (limit <= 0 || stopped) break;
      const claims = await context.effect('cp.claim', () =>
        claimDue(context.engine, { owner, limit, leaseMs: LEASE_MS, last: crowding() }),
      );
      for (const claim of claims) run(claim);
      if (claims.length === limit) lookAgain = true;
    } while (lookAgain);
  }

  /** One look at a time; a hint that comes meanwhile leads to another. */
  function wake(): void {
    if (stopped) return;
    lookAgain = true;
    looking ??= look()
      .catch((error: unknown) =>
        context.logger.error({ event: 'worker.failed', err: error }, 'due rows could not be claimed'),
      )
      .then(schedule)
      .finally(() => {
        looking = null;
        // A hint that came while the next look was being scheduled.
        if (lookAgain) wake();
      });
  }

  async function schedule(): Promise<void> {
    if (!started || stopped) return;
    clearTimeout(timer);
    const dueInMs = await nextDueAt(context.engine)
      .then(async (dueAt) => (dueAt === null ? POLL_MS : dueAt - (await context.engine.now())))
      .catch(() => POLL_MS);
    timer = setTimeout(wake, Math.min(POLL_MS, Math.max(1, dueInMs)));
    timer.unref();
  }

  async function housekeeping(): Promise<void> {
    if (!(await isHeld(context.engine))) {
      for (const { environment_id: environmentId } of await keysToErase(context.engine))
        await eraseKey(context, environmentId);
    }
    await options.housekeeping?.();
  }

  return {
    owner,
    start: () => {
      started = true;
      wake();
      const tidy = () => {
        tidying = tidying
          .then(housekeeping)
          .catch((error: unknown) =>
            context.logger.error({ event: 'housekeeping.failed', err: error }, 'housekeeping failed'),
          );
      };
      tidy();
      housekeepingTimer = setInterval(tidy, HOUSEKEEPING_MS);
      housekeepingTimer.unref();
    },
    wake: () => {
      if (!hasPlace()) options.handOn?.();
      wake();
    },
    heard: wake,
    reserve: () => {
      if (!hasPlace()) return null;
      reserved += 1;
      let open = true;
      const release = () => {
        if (open) reserved -= 1;
        open = false;
      };
      return {
        release,
        run: (claim) => {
          release();
          run(claim);
        },
      };
    },
    settle: async () => {
      for (;;) {
        if (looking !== null) await looking;
        await look();
        if (running.size === 0) break;
        await Promise.all(running);
      }
      await housekeeping();
      // Each look ends the wait for the next one.
      await schedule();
    },
    stop: async (graceMs) => {
      stopped = true;
      clearTimeout(timer);
      clearInterval(housekeepingTimer);
      await looking;
      // A store that is closed while it works takes seconds to close.
      await tidying;
      let grace: NodeJS.Timeout | undefined;
      await Promise.race([
        Promise.all(running),
        new Promise((resolve) => {
          grace = setTimeout(resolve, graceMs);
        }),
      ]);
      clearTimeout(grace);
    },
    heartbeatAgeMs: () => performance.now() - cameRoundMs,
  };
}
