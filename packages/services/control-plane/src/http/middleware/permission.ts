import type { Caller, EnvironmentProvisioningService, Scope } from '@envplane/service-tenant';
import type { Permission } from '@envplane/spec';
import type { Context } from 'hono';
import type { Route } from '../contract/route.ts';
import type { AppEnv } from '../exchange.ts';

type PermissionCheck = (c: Context<AppEnv>, caller: Caller, service: EnvironmentProvisioningService) => Promise<void>;

/**
 * Makes the check that comes before anything else of a request is read: whoever is outside learns nothing from it, and
 * neither does who lacks the permission. The verb decides again, with what is true when it acts.
 *
 * @throws TypeError for a route of which nobody can tell where its permission is asked for
 */
export function permissionCheck(route: Route): PermissionCheck {
  const { permission, self } = route['x-envplane'];
  // Everybody who is somebody: what is shown depends on who asks, and the verb sees to that.
  if (permission === 'self') return async () => undefined;
  const permissions = [permission].flat() as Permission[];
  const scopeOf = scopeFinder(route, permissions);
  return async (c, { principal }, service) => {
    const isOwn = self !== null && principal.kind === 'user' && c.req.param(self) === principal.id;
    await service.authorize(isOwn ? null : permissions, scopeOf(c));
  };
}

/** Where the permission of a route is asked for: on what its path names. */
function scopeFinder(route: Route, permissions: readonly Permission[]): (c: Context<AppEnv>) => Scope {
  const { path } = route;
  if (path.includes('{env}')) return (c) => ({ environmentId: c.req.param('env') ?? '' });
  if (path.includes('{org}')) return (c) => ({ organizationId: c.req.param('org') ?? '' });
  if (path.startsWith('/v1/operations/{id}')) return (c) => ({ operationId: c.req.param('id') ?? '' });
  if (path.includes('{account}')) return (c) => ({ serviceAccountId: c.req.param('account') ?? '' });
  if (!permissions.every((each) => each.startsWith('platform:'))) {
    throw new TypeError(`the route ${route.method} ${path} names nothing on which ${permissions[0]} could be held`);
  }
  return () => ({ platform: true });
}
