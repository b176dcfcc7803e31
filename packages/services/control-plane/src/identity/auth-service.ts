import type { Host } from '@envplane/service-tenant/plugin';
import type { ResolveHostSession } from './host-session.ts';

/** The service `auth` of a host, in the shape that all hosts give it. */
interface AuthService {
  api?: AuthApi;
  getApi?(): Promise<AuthApi | undefined>;
}

interface AuthApi {
  getSession?(request: { headers: Headers }): Promise<AuthSession | null | undefined>;
}

interface AuthSession {
  user?: { id?: unknown; email?: unknown; emailVerified?: unknown };
  session?: { id?: unknown; activeOrganizationId?: unknown };
}

/** Asks the host's own authentication whose session it is; nobody's where the host has none. */
export function authServiceSession(host: Pick<Host, 'service'>): ResolveHostSession {
  return async ({ headers }) => {
    const auth = host.service<AuthService>('auth');
    const api = auth?.api ?? (await auth?.getApi?.());
    const found = await api?.getSession?.({ headers });
    const { id, email, emailVerified } = found?.user ?? {};
    if (typeof id !== 'string') return null;
    const { id: sessionId, activeOrganizationId } = found?.session ?? {};
    return {
      userId: id,
      ...(typeof email === 'string' && { email, emailVerified: emailVerified === true }),
      ...(typeof sessionId === 'string' && { sessionId }),
      ...(typeof activeOrganizationId === 'string' && { activeOrganizationId }),
    };
  };
}
