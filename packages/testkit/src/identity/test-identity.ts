import { AsyncLocalStorage } from 'node:async_hooks';
import type { IdentityProvider, Principal } from '@envplane/spec';
import { refuseProduction } from '../development-only.ts';

const WHAT = 'The test kit lets anybody in as anybody';
refuseProduction(WHAT);

const current = new AsyncLocalStorage<Principal>();

/**
 * Recognises whoever `withUser` says is calling, without any credential.
 * @throws Error with `NODE_ENV=production`
 */
export function testIdentity(): IdentityProvider {
  // Again, since the variable may have been set after this file was loaded.
  refuseProduction(WHAT);
  return {
    name: 'testIdentity',
    authenticate: async () => {
      const principal = current.getStore();
      return principal === undefined ? { outcome: 'none' } : { outcome: 'principal', principal };
    },
  };
}

/**
 * Runs a function as a user, or as any other principal: every request it sends in process is theirs. Nested calls win and
 * are undone; parallel ones do not mix. A request over a socket does not carry it.
 */
export function withUser<T>(user: string | Principal, run: () => T): T {
  const principal: Principal =
    typeof user === 'string' ? { kind: 'user', id: user, issuer: 'test', subject: user } : user;
  return current.run(principal, run);
}
