import {
  common,
  expandRole,
  type Held,
  type Narrowing,
  type PermissionCatalogue,
  type Principal,
  type RoleName,
  unite,
} from '@envplane/spec';
import type { AccessRow } from '../store/access.ts';

export type Roles = Pick<AccessRow, 'platform_role' | 'organization_role' | 'environment_role'> &
  Partial<Pick<AccessRow, 'environment_id'>>;

/** What roles give together, and what a narrowed key leaves of it. */
export type Expand = (roles: Roles, principal: Pick<Principal, 'narrowedTo'>) => Held;

const NOTHING: Held = { platform: [], org: [], env: [] };

/** There are few combinations of roles, and a decision is made for every request. */
export function createExpansion(catalogue: PermissionCatalogue): Expand {
  const known = new Map<string, Held>();
  return (roles, { narrowedTo }) => {
    const held = ofRoles(roles);
    return narrowedTo ? narrow(held, narrowedTo, roles.environment_id ?? null) : held;
  };

  function ofRoles({
    platform_role: platform,
    organization_role: organization,
    environment_role: environment,
  }: Roles): Held {
    const key = `${platform} ${organization} ${environment}`;
    let held = known.get(key);
    if (!held) {
      const names = [
        platform && `platform:${platform}`,
        organization && `org:${organization}`,
        environment && `env:${environment}`,
      ];
      held = unite(...names.flatMap((name) => (name ? [expandRole(name as RoleName, catalogue)] : [])));
      known.set(key, held);
    }
    return held;
  }
}

function narrow(held: Held, { permissions, environmentIds }: Narrowing, environmentId: string | null): Held {
  if (environmentIds !== null && (environmentId === null || !environmentIds.includes(environmentId))) return NOTHING;
  const { platform, org, env } = environmentIds === null ? held : { ...NOTHING, env: held.env };
  if (permissions === null) return { platform, org, env };
  return { platform: common(platform, permissions), org: common(org, permissions), env: common(env, permissions) };
}
