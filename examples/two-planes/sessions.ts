import { randomBytes } from 'node:crypto';
import type { ResolveHostSession } from '@envplane/control-plane';
import { type Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { USERS } from './workspaces.ts';

const COOKIE = 'session';

/** The application's own sign-in, as any application has one. This one believes whoever says who they are. */
export function createSessions() {
  const users = new Map<string, string>();

  /** What the control plane is told: whose session a request belongs to. It asks for nothing else of the application. */
  const resolve: ResolveHostSession = async ({ headers }) => {
    const id = new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(headers.get('cookie') ?? '')?.[1];
    const userId = id === undefined ? undefined : users.get(id);
    return userId === undefined ? null : { userId };
  };

  const routes = new Hono()
    .post('/session', async (c) => {
      const { user } = await c.req.json<{ user?: unknown }>();
      const known = USERS.find((name) => name === user);
      if (known === undefined) return c.json({ detail: 'There is no such user.' }, 422);
      end(c);
      const id = randomBytes(32).toString('base64url');
      users.set(id, known);
      setCookie(c, COOKIE, id, { httpOnly: true, sameSite: 'Lax', path: '/' });
      return c.body(null, 204);
    })
    .delete('/session', (c) => {
      end(c);
      deleteCookie(c, COOKIE, { path: '/' });
      return c.body(null, 204);
    });

  const end = (c: Context) => users.delete(getCookie(c, COOKIE) ?? '');

  return { resolve, routes };
}
