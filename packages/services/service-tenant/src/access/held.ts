import { expandRole, type Held, type PermissionCatalogue, type RoleName, unite } from '@envplane/spec';
import type { AccessRow } from '../store/access.ts';

export type Roles = Pick<AccessRow, 'platform_role' | 'organization_role' | 'environment_role'>;

/** What roles give together. There are few combinations, and a decision is made for every request. */
export function createExpansion(catalogue: PermissionCatalogue): (roles: Roles) => Held {
  const known = new Map<string, Held>();
  return ({ platform_role: platform, organization_role: organization, environment_role: environment }) => {
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
  };
}
