import { definePermissions } from '@envplane/spec';
import type { RouteHandler } from '@hono/zod-openapi';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import type { AppOptions } from './app.ts';
import type { Route, RouteDeclaration } from './contract/route.ts';
import type { AppEnv } from './exchange.ts';
import type { Authenticate } from './middleware/authenticate.ts';
import { checkInput } from './middleware/input.ts';
import { claimsToObserve, settleObserver } from './middleware/observer.ts';
import { permissionCheck } from './middleware/permission.ts';

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
  options: AppOptions & { authenticate: Authenticate },
  routes: Routes,
  handlers: Handlers<Routes>,
): void {
  const all = Object.values(routes);
  for (const [name, route] of Object.entries(routes)) {
    const besideParameter = fixedBesideParameter(route, all);
    const guarded = guardOf(route, options, handlers[name] as MiddlewareHandler<AppEnv>);
    app.on(route.method, pattern(route, besideParameter), async (c, next) => {
      if (besideParameter.some((segment) => c.req.param(segment) !== segment)) return next();
      return guarded(c, next);
    });
  }
}

/**
 * The fixed segments of a path that stand where another path of the method has a parameter, as `rotate` does beside `{id}`.
 * The router that compiles all paths into one expression refuses those, and gives way to one several times as slow: each is
 * mounted as a parameter of its own name, and its value is compared.
 */
function fixedBesideParameter({ method, path }: Route, routes: Route[]): string[] {
  const segments = path.split('/');
  return segments.filter((segment, index) => {
    const before = `${segments.slice(0, index).join('/')}/{`;
    return !segment.startsWith('{') && routes.some((other) => other.method === method && other.path.startsWith(before));
  });
}

const pattern = ({ path }: Route, besideParameter: string[]): string =>
  path
    .split('/')
    .map((segment) => (besideParameter.includes(segment) ? `:${segment}` : segment.replace(/^\{(\w+)\}$/, ':$1')))
    .join('/');

function guardOf(
  route: Route,
  options: Parameters<typeof mount>[1],
  handler: MiddlewareHandler<AppEnv>,
): MiddlewareHandler<AppEnv> {
  const { permission, observer } = requireDeclaration(route);
  const admitted = permission === 'public' ? async () => undefined : admission(route, options);
  const checked = checkInput(route);
  return async (c, next) => {
    const exchange = c.get('exchange');
    exchange.route = route.path;
    if (observer) exchange.trace.hide();
    await admitted(c);
    await checked(c);
    return handler(c, next);
  };
}

/** Who is calling, and whether they may. */
function admission(route: Route, { authenticate, controlPlane }: Parameters<typeof mount>[1]) {
  const requirePermission = permissionCheck(route);
  const isRead = route.method === 'get';
  return async (c: Context<AppEnv>): Promise<void> => {
    const exchange = c.get('exchange');
    const { trace } = exchange;
    const isObserving = isRead && claimsToObserve(c);
    if (isObserving) trace.hold();
    const caller = await authenticate(c);
    exchange.caller = caller;
    exchange.service = controlPlane.service.as(caller, trace);
    if (isObserving) await settleObserver(route, c, exchange.service, trace);
    await requirePermission(c, caller, exchange.service);
  };
}

function requireDeclaration(route: Route): RouteDeclaration {
  const declaration: Partial<RouteDeclaration> | undefined = route['x-envplane'];
  const permission = declaration?.permission;
  const named = permission === undefined ? [] : [permission].flat();
  const known = named.every((each) => each === 'public' || each === 'self' || catalogue.has(each));
  if (!declaration || named.length === 0 || !known) {
    throw new TypeError(`the route ${route.method} ${route.path} declares no permission; nothing starts with it`);
  }
  return declaration as RouteDeclaration;
}

const catalogue = definePermissions();
