import { covers, ENVIRONMENT_ROLES, ORGANIZATION_ROLES, type Permission, scopeOf } from '@envplane/spec';
import type { Reader } from '../store/access.ts';
import { type Access, type AccessDeps, holds } from './authorize.ts';
import type { Caller } from './caller.ts';

type RoleDeps = Pick<AccessDeps, 'access' | 'expand'>;

/**
 * Whom a list over many organizations is for: only what they may read there is in it. Null for who may read everything.
 * @param everywhere the platform permission that makes it everything
 */
export async function readerOf(
  deps: RoleDeps,
  { principal }: Pick<Caller, 'principal'>,
  permission: Permission,
  everywhere: Permission,
): Promise<Reader | null> {
  if (principal.kind === 'platform') return null;
  const platformRole = await deps.access.platformRole(principal);
  const roles = { platform_role: platformRole, organization_role: null, environment_role: null };
  const held = deps.expand(roles, principal);
  return covers(held[scopeOf(everywhere)], everywhere) ? null : rolesHolding(deps, { principal }, permission);
}

/** Whom the list of an organization is for; null for who may read all of it. */
export function readerIn(deps: RoleDeps, caller: Pick<Caller, 'principal'>, access: Access, permission: Permission) {
  return holds(access, permission) ? null : rolesHolding(deps, caller, permission);
}

/** The roles with which somebody holds a permission, so that the store can tell where. */
function rolesHolding(deps: RoleDeps, { principal }: Pick<Caller, 'principal'>, permission: Permission): Reader {
  const scope = scopeOf(permission);
  const environmentIds = principal.narrowedTo?.environmentIds ?? null;
  const nobody = {
    ...{ platform_role: null, organization_role: null, environment_role: null },
    // Any one of them stands for all.
    environment_id: environmentIds?.[0] ?? null,
  };
  return {
    principal,
    environmentIds,
    organizationRoles: ORGANIZATION_ROLES.filter((role) =>
      covers(deps.expand({ ...nobody, organization_role: role }, principal)[scope], permission),
    ),
    environmentRoles: ENVIRONMENT_ROLES.filter((role) =>
      covers(deps.expand({ ...nobody, environment_role: role }, principal)[scope], permission),
    ),
  };
}
