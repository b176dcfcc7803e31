import { ControlPlaneError, covers, type Held, type Permission, scopeOf } from '@envplane/spec';
import type { Deps } from '../deps.ts';
import type { AccessRow, Target } from '../store/access.ts';
import type { Caller } from './caller.ts';
import { refused } from './denials.ts';
import type { Roles } from './held.ts';
import { environmentNotFound, operationNotFound, organizationNotFound, serviceAccountNotFound } from './not-found.ts';

/** What a permission is asked for: the platform itself, or one thing on it. */
export type Scope = { platform: true } | Target;

/** What the caller holds where it was asked, for verbs that decide more than one permission. */
export interface Access {
  held: Held;
  /** Roles that allow to hand on what is not held; null for a narrowed key. */
  platformRole: string | null;
  organizationRole: string | null;
  /** Where the thing belongs to. Null for a platform administrator, for whom nothing is read, and on the platform. */
  organizationId: string | null;
  environmentId: string | null;
}

const EVERYTHING: Access = {
  held: { platform: ['platform:*'], org: ['org:*'], env: ['*'] },
  platformRole: 'administrator',
  organizationRole: null,
  organizationId: null,
  environmentId: null,
};

export type AccessDeps = Pick<Deps, 'access' | 'expand' | 'denials'>;

/**
 * The one place where a permission is decided; every verb passes it before it reads or changes anything else. Roles are read
 * from the store for each decision, in one statement that is the same for what exists and for what does not. A refusal is
 * noted for the audit log.
 *
 * @param permission of a list any one is enough; null asks only whether the caller is inside
 * @throws ControlPlaneError `not_found` for what the caller is outside of, exactly as for what does not exist;
 *   `permission_denied` inside, naming what is missing; `store_unavailable`
 */
export async function authorize(
  deps: AccessDeps,
  caller: Caller,
  permission: Permission | readonly Permission[] | null,
  scope: Scope,
): Promise<Access> {
  const { principal } = caller;
  // A platform administrator holds everything everywhere.
  if (principal.kind === 'platform') return EVERYTHING;
  const permissions = permission === null ? null : [permission].flat();
  const isHeld = (access: Access) => !permissions || permissions.some((each) => holds(access, each));
  if ('platform' in scope) {
    const access = await onPlatform(deps, principal);
    if (!isHeld(access)) throw refused(deps, caller, access, denied(permissions?.[0] as Permission));
    return access;
  }
  const row = await deps.access.rolesAt(principal, scope);
  const access = accessOf(principal, deps.expand(row, principal), row);
  if (!isInside(row, access) || (row.found === null && !isHeld(access))) {
    throw refused(deps, caller, access, notFound(scope), permissions?.slice(0, 1));
  }
  if (!isHeld(access)) throw refused(deps, caller, access, denied(permissions?.[0] as Permission));
  return access;
}

export const holds = ({ held }: Pick<Access, 'held'>, permission: Permission): boolean =>
  covers(held[scopeOf(permission)], permission);

export const denied = (permission: string): ControlPlaneError =>
  new ControlPlaneError('permission_denied', `The permission ${permission} is missing.`, { missing: [permission] });

async function onPlatform(
  deps: Pick<AccessDeps, 'access' | 'expand'>,
  principal: Caller['principal'],
): Promise<Access> {
  const platformRole = await deps.access.platformRole(principal);
  const roles = { platform_role: platformRole, organization_role: null, environment_role: null };
  const held = deps.expand(roles, principal);
  return { held, ...handedOn(principal, roles), organizationId: null, environmentId: null };
}

const accessOf = (principal: Caller['principal'], held: Held, row: AccessRow): Access => ({
  held,
  ...handedOn(principal, row),
  organizationId: row.organization_id,
  environmentId: row.environment_id,
});

/** A role allows to hand on more than is held. A narrowed key hands on no more than it holds. */
const handedOn = (
  { narrowedTo }: Caller['principal'],
  { platform_role: platformRole, organization_role: organizationRole }: Roles,
): Pick<Access, 'platformRole' | 'organizationRole'> =>
  narrowedTo ? { platformRole: null, organizationRole: null } : { platformRole, organizationRole };

/** Who has any role in it, is one of its service accounts, or may list everything there is. */
const isInside = (row: AccessRow, { held }: Access): boolean =>
  row.organization_role !== null ||
  row.environment_role !== null ||
  row.service_account_id !== null ||
  covers(held.platform, 'platform:organizations.read');

function notFound(target: Target): ControlPlaneError {
  if ('environmentId' in target) return environmentNotFound();
  if ('organizationId' in target) return organizationNotFound();
  return 'operationId' in target ? operationNotFound() : serviceAccountNotFound();
}
