import { ControlPlaneError, grantableIn, type Held, missingFor, type RoleName } from '@envplane/spec';
import type { Deps } from '../deps.ts';
import type { Access } from './authorize.ts';
import type { Caller } from './caller.ts';
import { type Place, refused } from './denials.ts';

/** What the caller may hand on where the access was asked for. */
export function grantableOf({ catalogue }: Pick<Deps, 'catalogue'>, access: Access, where: 'env' | 'org'): Held {
  if (where === 'org') return access.held;
  return grantableIn(access.held, { organization: access.organizationRole, platform: access.platformRole }, catalogue);
}

/** Nobody gives, changes or takes away a role that holds more than they could hand on. @throws ControlPlaneError `escalation` */
export function requireGrantable(
  deps: Pick<Deps, 'catalogue' | 'denials'>,
  caller: Caller,
  place: Place,
  grantable: Held,
  ...roles: RoleName[]
): void {
  const { catalogue } = deps;
  const missing = [...new Set(roles.flatMap((role) => missingFor(grantable, role, catalogue)))];
  if (missing.length === 0) return;
  const reason = 'The role holds more than you could hand on; see missing.';
  throw refused(deps, caller, place, new ControlPlaneError('escalation', reason, { missing }));
}
