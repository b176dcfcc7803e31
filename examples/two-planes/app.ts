import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { environmentGate, hashToken, identify, identityProviders } from '@envplane/control-plane';
import type { ControlPlane, EnvironmentProvisioningService } from '@envplane/service-tenant';
import { ControlPlaneError, type Logger } from '@envplane/spec';
import { type Context, Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { createSessions } from './sessions.ts';
import { FILTERED, type Queries, todoRoutes } from './todos.ts';
import { USERS } from './workspaces.ts';

const page = readFileSync(new URL('./public/page.html', import.meta.url), 'utf8');
const script = readFileSync(new URL('./public/page.js', import.meta.url), 'utf8');

const PAGE_SIZE = 100;

/** The application: its sessions, its pages, and the todos of a workspace behind the gate. */
export function createTodoApp(plane: ControlPlane, logger: Logger, queries: Queries = FILTERED): Hono {
  const sessions = createSessions();
  // Nobody knows the administrator's token: whoever calls is a user of this application.
  const adminTokenHash = hashToken(randomBytes(32).toString('base64url'));
  const identity = identityProviders({ adminTokenHash, hostSession: sessions.resolve });
  const gate = environmentGate({ controlPlane: plane, identity, logger });

  /** The control plane as whoever is signed in may use it. @throws ControlPlaneError `unauthenticated` */
  async function asCaller(c: Context): Promise<{ user: string; service: EnvironmentProvisioningService }> {
    const principal = await identify(identity, { method: c.req.method, headers: c.req.raw.headers });
    if (principal === null || principal === 'invalid') throw new ControlPlaneError('unauthenticated', 'Sign in.');
    return {
      user: principal.id,
      service: plane.service.as({ principal, requestId: null, clientAddress: null }),
    };
  }

  const app = new Hono()
    .use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"], styleSrc: ["'unsafe-inline'"] } }))
    .get('/', (c) => c.html(page))
    .get('/page.js', (c) => c.body(script, 200, { 'content-type': 'text/javascript' }))
    .get('/users', (c) => c.json(USERS))
    .route('/', sessions.routes)
    .get('/me', async (c) => {
      const { user, service } = await asCaller(c);
      const { items } = await service.me.environments({ limit: PAGE_SIZE });
      return c.json({ user, workspaces: items });
    })
    .get('/traces/:id', async (c) => {
      const { service } = await asCaller(c);
      return c.json(await service.traces.get(c.req.param('id')));
    })
    .get('/workspaces/:env/store-calls', async (c) => {
      const { service } = await asCaller(c);
      const filter = { environmentId: c.req.param('env') };
      return c.json(await service.storeCalls.list(filter, { limit: PAGE_SIZE }));
    })
    .route('/', todoRoutes(gate, queries));
  app.onError((error, c) => {
    if (!(error instanceof ControlPlaneError)) {
      logger.error({ event: 'request.failed', err: error }, 'a request failed');
      return c.json({ detail: 'Something went wrong.' }, 500);
    }
    return c.json({ code: error.code, detail: error.message }, error.status as 400);
  });
  return app;
}
