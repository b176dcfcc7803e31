import { hash } from 'node:crypto';
import type { IdentityProvider, IdentityRequest } from '@envplane/spec';
import { bearerToken } from './bearer.ts';
import { type UserDetails, userPrincipal } from './user-principal.ts';

/** A session of the host application, as its own authentication knows it. */
export interface HostSession extends UserDetails {
  /** Id in the host's user table. */
  userId: string;
  /** Id of the session, which may have an active environment; none can be switched where it is left out. */
  sessionId?: string;
  /** Id of the organization that the user is working in; it counts only where they are a member of it here. */
  activeOrganizationId?: string;
}

/** Tells whose session a request belongs to, by cookie or by header; null when there is none. @throws when it cannot tell */
export type ResolveHostSession = (request: IdentityRequest) => Promise<HostSession | null>;

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Recognises users of the application that this service runs inside of. The host checks the session; what it says of
 * organizations and roles is not asked for.
 *
 * A browser sends cookies along with what another site makes it send. So an unsafe method with a cookie is accepted only
 * when the browser says that the page is of the same origin (OWASP, Cross-Site Request Forgery Prevention).
 */
export function hostSession(resolve: ResolveHostSession): IdentityProvider {
  return {
    name: 'hostSession',
    authenticate: async (request) => {
      const session = await resolve(request);
      if (session === null) return { outcome: 'none' };
      if (mayBeForged(request)) return { outcome: 'invalid' };
      const { userId, sessionId, activeOrganizationId } = session;
      const principal = userPrincipal(userId, 'host', userId, session);
      // The id may be all that it takes to be the user: what is kept of it must not be.
      return {
        outcome: 'principal',
        principal: {
          ...principal,
          ...(sessionId && { session: hash('sha256', sessionId) }),
          ...(activeOrganizationId && { activeOrganizationId }),
        },
      };
    },
  };
}

/** Another site cannot set a bearer token; it can do everything else that a browser does by itself. */
function mayBeForged(request: IdentityRequest): boolean {
  const { method, headers } = request;
  if (SAFE_METHODS.has(method) || !headers.has('cookie') || bearerToken(request) !== undefined) return false;
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin';
  // Without the scheme: a proxy that ends TLS leaves host and port as the browser sent them.
  const origin = headers.get('origin');
  return origin === null || !URL.canParse(origin) || new URL(origin).host !== headers.get('host');
}
