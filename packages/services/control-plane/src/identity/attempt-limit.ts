import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { clientOf } from './client-address.ts';

const WINDOW_S = 60;
/** High, because behind a proxy everybody has its address. */
const FAILURES_PER_ADDRESS = 600;
const FAILURES_PER_KEY = 120;
/** Addresses and key ids that are counted at once, each. */
const MAX_COUNTED = 10_000;

/** Counts credentials that were refused, by where they came from and by the key they claim to be. */
export interface AttemptLimit {
  /**
   * Counts one. @returns for how many ms whoever sent it should be quiet; undefined while the count is within the limits
   * @param from what is known of the attempt
   */
  failed(from: { address: string | undefined; keyId: string | undefined }): Promise<number | undefined>;
}

/**
 * 600 failures a minute from one client address, 120 for one key id, in this process. It only ever changes the answer to a
 * bad credential: a good one is always let in, so nobody can lock out the holder of a key by guessing at it, or everybody
 * behind a proxy. What keeps guessing hopeless is the length of the secrets.
 */
export function attemptLimit(): AttemptLimit {
  const byAddress = counter(FAILURES_PER_ADDRESS);
  const byKey = counter(FAILURES_PER_KEY);
  return {
    failed: async ({ address, keyId }) => {
      const waits = await Promise.all([
        address === undefined ? undefined : byAddress(clientOf(address)),
        keyId === undefined ? undefined : byKey(keyId),
      ]);
      const longest = Math.max(0, ...waits.map((waitMs) => waitMs ?? 0));
      return longest > 0 ? longest : undefined;
    },
  };
}

function counter(points: number): (key: string) => Promise<number | undefined> {
  const limiter = new RateLimiterMemory({ points, duration: WINDOW_S });
  // HAZARD: the limiter keeps every key until its window ends, however many there are. Beyond the bound the oldest are forgotten.
  const counted = new LRUCache<string, true>({ max: MAX_COUNTED, dispose: (_, key) => void limiter.delete(key) });
  return async (key) => {
    counted.set(key, true);
    const { consumedPoints, msBeforeNext } = await limiter.penalty(key);
    return consumedPoints > points ? Math.max(1, msBeforeNext) : undefined;
  };
}
