import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { audited, idempotent, type MutationOptions, requireIdle, requireStatus, requireVersion } from '../request.ts';
import type { Accepted } from '../store/environments.ts';
import { change } from './change.ts';

/**
 * Has the database of an active environment made as it should be again: opened to its credentials and to nobody else, hardened,
 * proved by logins. It serves on meanwhile, and what it holds stays.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `invalid_state` unless active, `operation_in_progress`, `version_mismatch`
 */
export async function reapplyEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'env:environment.update', { environmentId });
  const request = idempotent(caller, 'environment.reapply', [environmentId], options.idempotencyKey);
  return change(deps, environmentId, request, ({ environment, database }) => {
    requireVersion(environment.version, options.ifVersion);
    requireStatus(environment.status, ['active'], 'made so again');
    requireIdle(database);
    const target = { organizationId: environment.organization_id, environmentId };
    return { wish: {}, audit: [audited(caller, 'environment.reapply', target)] };
  });
}
