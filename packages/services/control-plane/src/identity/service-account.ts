import type { IdentityProvider, Principal, RequestTrace } from '@envplane/spec';
import { bearerToken, keyIdOf, TOKEN_PREFIX } from './bearer.ts';

/** Looks a key `envp_<keyId>_<secret>` up and compares, for a request. @throws when the store cannot tell */
export type AuthenticateServiceAccount = (token: string, trace?: RequestTrace) => Promise<Principal | 'invalid'>;

/** Recognises service accounts by a key; asked after the platform token, whose form is the same. */
export function serviceAccount(authenticate: AuthenticateServiceAccount): IdentityProvider {
  return {
    name: 'serviceAccount',
    authenticate: async (request) => {
      const token = bearerToken(request);
      if (!token?.startsWith(TOKEN_PREFIX)) return { outcome: 'none' };
      const principal = keyIdOf(token) === undefined ? 'invalid' : await authenticate(token, request.trace);
      return principal === 'invalid' ? { outcome: 'invalid' } : { outcome: 'principal', principal };
    },
  };
}
