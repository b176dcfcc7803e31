import type { IdentityProvider, Logger, Principal } from '@envplane/spec';
import { hashToken } from '../../src/config.ts';
import type { AppOptions } from '../../src/http/app.ts';
import { type IdentityOptions, identify, identityProviders } from '../../src/identity/providers.ts';
import { type Answer, type Harness, type RequestOptions, startHarness, TOKEN } from '../http/harness.ts';

export interface SignedIn {
  harness: Harness;
  /** Sends a request to a closed route and tells who it was taken for; undefined when nobody. */
  ask(token: string | null, options?: Omit<RequestOptions, 'token'> & { method?: string }): Promise<Asked>;
}

export interface Asked {
  status: number;
  code: unknown;
  answer: Answer;
  principal: Principal | undefined;
}

/** The service with these ways to sign in, beside the administrator's token, and with a look at who it takes callers for. */
export async function startSignedIn(
  options: Omit<IdentityOptions, 'adminTokenHash'>,
  app: Partial<AppOptions> = {},
): Promise<SignedIn> {
  const providers = identityProviders({ adminTokenHash: hashToken(TOKEN), ...options });
  let seen: Principal | undefined;
  const watched: IdentityProvider = {
    name: 'watched',
    authenticate: async (request) => {
      const principal = await identify(providers, request);
      if (principal === null) return { outcome: 'none' };
      if (principal === 'invalid') return { outcome: 'invalid' };
      seen = principal;
      return { outcome: 'principal', principal };
    },
  };
  const harness = await startHarness({ identity: [watched], ...app });
  return {
    harness,
    ask: async (token, { method = 'GET', ...request } = {}) => {
      seen = undefined;
      const path = method === 'GET' ? '/v1/drivers' : '/v1/organizations';
      const answer = await harness.call(method, path, { token, ...request });
      return { status: answer.status, code: answer.body['code'], answer, principal: seen };
    },
  };
}

/** Says nothing. */
export const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A body without what differs from request to request. */
export const bodyOf = ({ answer }: Asked): string => JSON.stringify({ ...answer.body, requestId: null });
