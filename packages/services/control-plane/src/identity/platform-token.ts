import { timingSafeEqual } from 'node:crypto';
import type { IdentityProvider, Principal } from '@envplane/spec';
import { hashToken } from '../config.ts';
import { bearerToken, TOKEN_PREFIX } from './bearer.ts';

/** What a token made here begins with. */
export const ADMIN_TOKEN_PREFIX = `${TOKEN_PREFIX}admin_`;

/**
 * Recognises the platform administrator by a bearer token. Hashes are compared, in constant time (S25).
 *
 * @param hash SHA-256 of the token, hexadecimal
 */
export function platformToken(hash: string): IdentityProvider {
  const principal: Principal = { kind: 'platform', id: 'platform', issuer: 'envplane', subject: 'platform' };
  const accepted = { outcome: 'principal', principal } as const;
  const expected = Buffer.from(hash);
  // One buffer for all requests: making one costs more than the hash.
  const presented = Buffer.alloc(expected.length);
  return {
    name: 'platformToken',
    authenticate: async (request) => {
      const token = bearerToken(request);
      if (token === undefined) return { outcome: 'none' };
      presented.write(hashToken(token));
      if (timingSafeEqual(presented, expected)) return accepted;
      return { outcome: token.startsWith(ADMIN_TOKEN_PREFIX) ? 'invalid' : 'none' };
    },
  };
}
