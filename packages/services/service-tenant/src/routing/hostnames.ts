import { HostnameSchema } from '@envplane/spec';
import { LRUCache } from 'lru-cache';
import { bounded } from '../bounded.ts';
import type { Reads } from '../store/reads.ts';

const REMEMBERED = 10_000;
/** How long an answer may be older than the store, in ms, where another process changed it. */
const FRESH_MS = 5_000;

/** Which environment a hostname is of. */
export interface Hostnames {
  /**
   * Id of the environment; null for a hostname of none, and for what can be no hostname. In any case, with or without port and
   * trailing dot.
   * @throws ControlPlaneError `store_unavailable` for one that is not remembered
   */
  find(host: string): Promise<string | null>;
  /** Something may have changed: nothing that is remembered is used again. */
  forget(): void;
}

/** Remembers so many, what belongs to nobody among them. While the store cannot be read, what is remembered serves on. */
export function createHostnames(reads: Pick<Reads, 'environmentByHostname'>): Hostnames {
  let generation = 0;
  const cache = new LRUCache<string, { environmentId: string | null }>({
    ...bounded(REMEMBERED),
    ttl: FRESH_MS,
    allowStaleOnFetchRejection: true,
    noDeleteOnFetchRejection: true,
    fetchMethod: async (key) => ({
      environmentId: (await reads.environmentByHostname(key.slice(key.indexOf(' ') + 1))) ?? null,
    }),
  });
  return {
    find: async (host) => {
      const parsed = HostnameSchema.safeParse(host.replace(/:\d{1,5}$/, ''));
      if (!parsed.success) return null;
      // What is being read while something changes is remembered under a key that nobody asks for again.
      const found = await cache.fetch(`${generation} ${parsed.data}`);
      return found?.environmentId ?? null;
    },
    forget: () => {
      generation += 1;
    },
  };
}
