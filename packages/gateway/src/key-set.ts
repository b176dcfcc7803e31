import type { Logger } from '@envplane/spec';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import { type Refreshed, refreshed } from './refreshed.ts';

/** What may sign an environment token. None is symmetric: a public key is never a shared secret. */
export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

const RELOAD_MS = 300_000;
const RETRY_MS = 5_000;
/** An unknown key id may cause a load this often, however many requests bring one. */
const UNKNOWN_KEY_COOLDOWN_MS = 30_000;

/** Reads the key set of the control plane (RFC 7517 §5). @throws when there is no answer */
export type KeySetSource = () => Promise<unknown>;

/** One public key, bound to the only algorithm it is used with. */
export interface VerificationKey {
  readonly kid: string;
  readonly alg: string;
  readonly key: CryptoKey;
  /** The key as it was published. The same text in the next set is the same object. */
  readonly text: string;
}

export interface KeySet extends Refreshed {
  get(kid: string): VerificationKey | undefined;
  /** The key, after a load at most once per 30 s when it is unknown. */
  find(kid: string): Promise<VerificationKey | undefined>;
}

export function keySet(source: KeySetSource, now: () => number, logger: Logger | undefined): KeySet {
  let keys: ReadonlyMap<string, VerificationKey> = new Map();
  let missedAt = Number.NEGATIVE_INFINITY;
  const loading = refreshed({
    name: 'key_set',
    load: async () => {
      keys = await importKeys(await source(), keys);
    },
    intervalMs: RELOAD_MS,
    retryMs: RETRY_MS,
    now,
    logger,
  });
  let missed: Promise<void> | undefined;
  return {
    ...loading,
    get: (kid) => keys.get(kid),
    async find(kid) {
      const known = keys.get(kid);
      if (known) return known;
      if (now() - missedAt >= UNKNOWN_KEY_COOLDOWN_MS) {
        missedAt = now();
        missed = loading.reload();
      }
      // Those that come while it loads wait for the same answer.
      await missed;
      return keys.get(kid);
    },
  };
}

/** @throws when nothing in it can verify: a set that is served by mistake must not replace one that works */
async function importKeys(
  set: unknown,
  known: ReadonlyMap<string, VerificationKey>,
): Promise<Map<string, VerificationKey>> {
  const published = (set as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(published)) throw new Error('The key set is not a JSON Web Key Set.');
  const imported = await Promise.all(
    published.map((jwk: unknown) => importKey(jwk as Partial<JWK> | null, known).catch(() => undefined)),
  );
  const keys = new Map(imported.flatMap((key) => (key ? [[key.kid, key]] : [])));
  if (keys.size === 0) throw new Error('The key set holds no key that can verify a token.');
  return keys;
}

async function importKey(
  jwk: Partial<JWK> | null,
  known: ReadonlyMap<string, VerificationKey>,
): Promise<VerificationKey | undefined> {
  const { kid, alg, use } = jwk ?? {};
  if (typeof kid !== 'string' || typeof alg !== 'string' || !ALGORITHMS.includes(alg)) return undefined;
  if (use !== undefined && use !== 'sig') return undefined;
  const text = JSON.stringify(jwk);
  const same = known.get(kid);
  if (same?.text === text) return same;
  const key = await importJWK(jwk as JWK, alg);
  return key instanceof Uint8Array ? undefined : { kid, alg, key, text };
}
