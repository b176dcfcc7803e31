import { authorize, type Caller, PERMISSIONS, type Permission } from '@envplane/service-tenant';
import type { RouteHandler } from '@hono/zod-openapi';
import type { Hono, MiddlewareHandler } from 'hono';
import type { AppOptions } from './app.ts';
import type { Route, RouteDeclaration } from './contract/route.ts';
import type { AppEnv } from './exchange.ts';
import { authenticate } from './middleware/authenticate.ts';
import { checkInput } from './middleware/input.ts';

/** One handler for each route of a resource; a missing or extra one does not compile. */
export type Handlers<Routes extends Record<string, Route>> = {
  [Name in keyof Routes]: RouteHandler<Routes[Name], AppEnv>;
};

/**
 * Puts a resource's routes into the application: before each handler stands the one chain of authentication, authorization
 * and validation. Nothing else adds a route.
 *
 * @throws TypeError for a route without a permission (S2)
 */
export function mount<Routes extends Record<string, Route>>(
  app: Hono<AppEnv>,
  options: AppOptions,
  routes: Routes,
  handlers: Handlers<Routes>,
): void {
  for (const [name, route] of Object.entries(routes)) {
    const guard = guardOf(route, options);
    app.on(route.method, pattern(route), guard, handlers[name] as MiddlewareHandler<AppEnv>);
  }
}

const pattern = (route: Route): string => route.path.replaceAll(/\{(\w+)\}/g, ':$1');

function guardOf(route: Route, options: AppOptions): MiddlewareHandler<AppEnv> {
  const { permission } = requireDeclaration(route);
  const permissions = permission === 'public' ? null : [permission].flat();
  const checked = checkInput(route);
  const { identity, controlPlane } = options;
  return async (c, next) => {
    const exchange = c.get('exchange');
    exchange.route = route.path;
    if (permissions) {
      const caller = await authenticate(c, identity);
      exchange.hops.push(['authenticate', performance.now() - exchange.beganMs]);
      exchange.caller = caller;
      authorizeAny(caller, permissions);
      exchange.service = controlPlane.service.as(caller);
    }
    await checked(c);
    await next();
  };
}

function requireDeclaration(route: Route): RouteDeclaration {
  const declaration: Partial<RouteDeclaration> | undefined = route['x-envplane'];
  const permission = declaration?.permission;
  const named = permission === undefined ? [] : [permission].flat();
  const known = named.every((each) => each === 'public' || (PERMISSIONS as readonly string[]).includes(each));
  if (!declaration || named.length === 0 || !known) {
    throw new TypeError(`the route ${route.method} ${route.path} declares no permission; nothing starts with it`);
  }
  return declaration as RouteDeclaration;
}

function authorizeAny(caller: Caller, permissions: readonly Permission[]): void {
  let refusal: unknown;
  for (const permission of permissions) {
    try {
      authorize(caller, permission);
      return;
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refusal;
}
