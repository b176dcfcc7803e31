import { ControlPlaneError, type Meter } from '@envplane/spec';
import { LRUCache } from 'lru-cache';
import { bounded } from '../bounded.ts';
import { lookups } from '../metrics.ts';
import type { KeyStore } from '../store/key-store.ts';
import type { Trace } from '../tracing/trace.ts';
import { timed } from '../tracing/tracing.ts';
import type { EncryptorSet } from './encryptor-set.ts';

const CACHED_KEYS = 10_000;
const CACHED_MS = 5 * 60_000;
/** How many keys are made and committed together. */
const MADE_AHEAD = 16;
/** HAZARD: far less than the age at which an unused key is collected; a key must not be taken when it is about to go. */
const STOCKED_MS = 3_600_000;

/** The data keys of environments: made, unwrapped, remembered for a while, destroyed. `trace`: the request they are needed for. */
export interface DataKeys {
  /**
   * Takes a data key and the id of the environment it is bound to. Both are made ahead, a few at a time, and committed to
   * the key store before anything refers to them (P0): a create does not wait for the encryptor. A key that is never used
   * is harmless and collected later.
   */
  reserve(trace?: Trace | null): Promise<{ environmentId: string; keyId: string }>;
  /** The key's 32 bytes. Do not keep them: the cache zeroes them when they expire. */
  get(keyId: string, trace?: Trace | null): Promise<Uint8Array>;
  /** Zeroes the remembered keys whose time is over: one that nobody asks for would otherwise stay. */
  forgetExpired(): void;
  /** Destroys the key and with it every secret sealed under it (D8). Idempotent. */
  destroy(environmentId: string): Promise<void>;
}

export function createDataKeys(deps: {
  encryptors: EncryptorSet;
  keyStore: KeyStore;
  installationId: string;
  uuid: () => string;
  meter: Meter;
}): DataKeys {
  const { encryptors, keyStore, installationId } = deps;
  const remembered = lookups(deps.meter, 'data_key');
  const context = (environmentId: string) => ({
    installationId,
    subjectId: environmentId,
    purpose: 'env-dek' as const,
  });
  const storeFor = (trace: Trace | null) => (trace ? keyStore.recordedBy(trace) : keyStore);
  const cache = new LRUCache<string, Uint8Array, Trace | null>({
    ...bounded(CACHED_KEYS),
    ttl: CACHED_MS,
    dispose: (dek) => dek.fill(0),
    fetchMethod: async (keyId, _stale, { context: trace }) => {
      const row = await storeFor(trace).find(keyId);
      if (!row)
        throw new ControlPlaneError(
          'encryptor_unavailable',
          'The data key of this environment is missing from the key store.',
        );
      const { wrapped_dek: ciphertext, kek_id: kekId, encryptor_id: encryptorId } = row;
      const wrapped = { ciphertext, kekId, encryptorId };
      return timed(trace, 'encryptor', () => encryptors.unwrap(wrapped, context(row.environment_id)));
    },
  });
  const stock: { environmentId: string; keyId: string; madeAtMs: number }[] = [];
  let refilling: Promise<void> | null = null;

  async function make() {
    const environmentId = deps.uuid();
    return { environmentId, keyId: deps.uuid(), dek: await encryptors.generate(context(environmentId)) };
  }

  async function refill(trace: Trace | null): Promise<void> {
    const madeAtMs = Date.now();
    const made = await timed(trace, 'encryptor', () => Promise.all(Array.from({ length: MADE_AHEAD }, make)));
    try {
      await storeFor(trace).insert(
        made.map(({ environmentId, keyId, dek }) => ({
          id: keyId,
          environment_id: environmentId,
          wrapped_dek: dek.wrapped.ciphertext,
          kek_id: dek.wrapped.kekId,
          encryptor_id: dek.wrapped.encryptorId,
          version: 1,
        })),
      );
    } catch (error) {
      for (const { dek } of made) dek.plaintext.fill(0);
      throw error;
    }
    for (const { environmentId, keyId, dek } of made) {
      cache.set(keyId, dek.plaintext);
      stock.push({ environmentId, keyId, madeAtMs });
    }
  }

  return {
    reserve: async (trace = null) => {
      for (;;) {
        const reserved = stock.shift();
        if (reserved && Date.now() - reserved.madeAtMs < STOCKED_MS) return reserved;
        if (reserved) continue;
        refilling ??= refill(trace).finally(() => {
          refilling = null;
        });
        await refilling;
      }
    },
    get: async (keyId, trace = null) => {
      (cache.has(keyId) ? remembered.hit : remembered.miss).total += 1;
      const dek = await cache.fetch(keyId, { context: trace });
      if (!dek)
        throw new ControlPlaneError('encryptor_unavailable', 'The data key of this environment cannot be read.');
      return dek;
    },
    forgetExpired: () => void cache.purgeStale(),
    destroy: async (environmentId) => {
      const id = await keyStore.destroy(environmentId);
      if (id) cache.delete(id);
    },
  };
}
