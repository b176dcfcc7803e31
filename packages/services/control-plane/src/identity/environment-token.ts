import type { IdentityProvider } from '@envplane/spec';
import { bearerToken, readClaims } from './bearer.ts';

/** What the audience of every environment token begins with, and of nothing else. */
const AUDIENCE_PREFIX = 'env:';

/** An environment token opens data, never the control plane: it is refused before anybody could recognise it. */
export function refuseEnvironmentTokens(): IdentityProvider {
  return {
    name: 'environmentToken',
    authenticate: async (request) => {
      const token = bearerToken(request);
      const audience = token === undefined ? undefined : readClaims(token)?.aud;
      const isOurs = [audience ?? []].flat().some((each) => String(each).startsWith(AUDIENCE_PREFIX));
      return { outcome: isOurs ? 'invalid' : 'none' };
    },
  };
}
