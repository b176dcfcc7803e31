import { ControlPlaneError } from '@envplane/spec';
import { LRUCache } from 'lru-cache';
import { bounded } from '../bounded.ts';

/** What an organization may ask for at once before its requests wait: what comes in so many ms. Others notice a burst. */
const AT_ONCE_MS = 500;
/** A request that would wait longer is refused. */
const LONGEST_WAIT_MS = 10_000;
/** Organizations that are kept in mind at once. */
const MAX_KNOWN = 10_000;

/** When new environments are begun: those of one organization one after the other, those of different ones beside each other. */
export interface Turns {
  /** Resolves when it is the organization's turn. @throws ControlPlaneError `rate_limited` when too many wait already */
  next(organizationId: string): Promise<void>;
}

/**
 * Lets each organization begin so many new environments a second, in this process; what comes sooner is kept waiting for at most
 * 10 s. A flood of one organization then costs the others what its rate costs, however many requests it is made of.
 * @param perSecond undefined: nobody waits
 */
export function createTurns(perSecond: number | undefined): Turns {
  if (perSecond === undefined) return { next: async () => undefined };
  const everyMs = 1_000 / perSecond;
  /** When all turns that were given out are over. Who is forgotten begins anew, which is all that a longer memory would save. */
  const over = new LRUCache<string, number>(bounded(MAX_KNOWN));
  return {
    next: async (organizationId) => {
      const nowMs = performance.now();
      const beginsMs = Math.max(nowMs, over.get(organizationId) ?? 0);
      const waitMs = beginsMs - nowMs - AT_ONCE_MS;
      if (waitMs > LONGEST_WAIT_MS) throw tooMany(waitMs - LONGEST_WAIT_MS);
      over.set(organizationId, beginsMs + everyMs);
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    },
  };
}

const tooMany = (retryAfterMs: number): ControlPlaneError =>
  new ControlPlaneError(
    'rate_limited',
    'The organization asks for too many new environments at once; come again later.',
    {
      retryAfterMs,
    },
  );
