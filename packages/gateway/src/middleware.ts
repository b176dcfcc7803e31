import type { MiddlewareHandler } from 'hono';
import type { Access } from './claims.ts';
import type { Gateway } from './gateway.ts';

/** What handlers behind the gateway find in their context. */
export interface GatewayEnv {
  Variables: { access: Access };
}

/** The gateway as Hono middleware: handlers see the request with its trusted headers, and `c.get('access')`. */
export function gatewayMiddleware(gateway: Gateway): MiddlewareHandler<GatewayEnv> {
  return (c, next) =>
    gateway.handle(c.req.raw, async (trusted, access) => {
      c.req.raw = trusted;
      c.set('access', access);
      await next();
      return c.res;
    });
}
