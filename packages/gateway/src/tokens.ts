import { jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Access, readAccess } from './claims.ts';
import type { Epochs } from './epochs.ts';
import { ALGORITHMS, type KeySet, type VerificationKey } from './key-set.ts';
import type { Needs } from './routes.ts';

/** Clocks of the control plane and of gateways may differ by this, in seconds. */
const TOLERANCE_S = 5;
/** The control plane mints at most 6,144; a longer text is not even looked up. */
const MAX_LENGTH = 8_192;
const REMEMBERED_TOKENS = 10_000;
/** Of all remembered tokens together, so that a flood of the largest ones stays bounded as well. */
const REMEMBERED_CHARACTERS = 32 * 1024 * 1024;

/** A token whose signature was found right. Everything that can change since is checked on every request. */
export interface VerifiedToken {
  /** The `Authorization` header that it came in. */
  readonly authorization: string;
  readonly key: VerificationKey;
  /** Seconds since the Unix epoch. */
  readonly expiresAt: number;
  readonly access: Access;
  /** What it was found to be good for: neither it nor the routes change. */
  readonly satisfies: Set<Needs>;
}

export interface TokenVerifier {
  /** The token of an `Authorization` header, if its signature was found right before. Whether it holds is another question. */
  recall(authorization: string): VerifiedToken | undefined;
  /** The token of an `Authorization` header if it is genuine, else undefined. Why not is nobody's business. */
  verify(authorization: string, atMs: number): Promise<VerifiedToken | undefined>;
  /** Whether a genuine token is still good: asked on every request. */
  holds(token: VerifiedToken, atMs: number): boolean;
}

export function tokenVerifier(issuer: string, keys: KeySet, epochs: Epochs): TokenVerifier {
  const verified = new LRUCache<string, VerifiedToken>({
    max: REMEMBERED_TOKENS,
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: ({ authorization }) => authorization.length,
  });

  async function checkSignature(authorization: string, atMs: number): Promise<VerifiedToken | undefined> {
    let key: VerificationKey | undefined;
    const { payload } = await jwtVerify(
      bearer(authorization),
      async ({ kid, alg }) => {
        key = typeof kid === 'string' && !epochs.isKeyRevoked(kid) ? await keys.find(kid) : undefined;
        if (key === undefined || key.alg !== alg) throw new Error('No key of the set has this id and algorithm.');
        return key.key;
      },
      {
        issuer,
        typ: 'at+jwt',
        algorithms: ALGORITHMS,
        requiredClaims: ['iat', 'nbf', 'exp'],
        clockTolerance: TOLERANCE_S,
        currentDate: new Date(atMs),
      },
    );
    const access = readAccess(payload);
    const { iat, exp } = payload;
    if (key === undefined || access === undefined || iat === undefined || exp === undefined) return undefined;
    if (iat > seconds(atMs) + TOLERANCE_S) return undefined;
    return { authorization, key, expiresAt: exp, access: Object.freeze(access), satisfies: new Set() };
  }

  return {
    recall(authorization) {
      const found = verified.get(shortOf(authorization));
      return found?.authorization === authorization ? found : undefined;
    },
    async verify(authorization, atMs) {
      if (authorization.length > MAX_LENGTH) return undefined;
      // Whatever the library finds wrong with a text that a stranger sent, it is not a token.
      const token = await checkSignature(authorization, atMs).catch(() => undefined);
      if (token !== undefined) verified.set(shortOf(authorization), token);
      return token;
    },
    holds({ key, expiresAt, access }, atMs) {
      const { environmentId, subject, epochs: minted } = access;
      return (
        expiresAt > seconds(atMs) - TOLERANCE_S &&
        keys.get(key.kid) === key &&
        !epochs.isKeyRevoked(key.kid) &&
        !epochs.isRevoked(environmentId, subject.id, minted)
      );
    },
  };
}

/**
 * Where a token is looked for: under the end of its signature, because hashing all of it takes longer than the rest of the
 * checks. What is found there counts only if the whole header is the same; cutting the token out of it first would take longer, too.
 */
const shortOf = (authorization: string): string => authorization.slice(-64);

/** The token of an `Authorization` header; an empty one, which is not valid, for another scheme. */
function bearer(authorization: string): string {
  const scheme = /^bearer +/i.exec(authorization)?.[0];
  return scheme === undefined ? '' : authorization.slice(scheme.length);
}

const seconds = (atMs: number): number => Math.floor(atMs / 1_000);
