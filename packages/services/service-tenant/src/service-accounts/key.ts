import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '@envplane/spec';

/** `envp_<keyId>_<secret>`: 8 random bytes name the key, 32 are the secret. */
const KEY = /^envp_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** A new key: what is shown once, and what is kept. */
export function newKey(): { key: Secret; keyId: string; hash: string } {
  const keyId = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { key: new Secret(`envp_${keyId}_${secret}`), keyId, hash: hashOf(secret) };
}

/** The parts of a key; undefined for what is none. */
export function readKey(token: string): { keyId: string; secret: string } | undefined {
  const [, keyId, secret] = KEY.exec(token) ?? [];
  return keyId === undefined || secret === undefined ? undefined : { keyId, secret };
}

/** Whether the secret is the one that was hashed, compared in constant time. */
export const matches = (secret: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash));

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Compared where there is no key of that id, so that this takes as long. */
export const NO_HASH = hashOf('');
