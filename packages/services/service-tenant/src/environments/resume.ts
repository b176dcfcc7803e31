import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import {
  audited,
  environmentOperation,
  idempotent,
  type MutationOptions,
  requireIdle,
  requireStatus,
  requireVersion,
} from '../request.ts';
import type { Accepted } from '../store/environments.ts';
import { change } from './change.ts';

/**
 * Lets tenants in again after a suspension, with the same credential. Connections are given out once a login has worked.
 * @throws ControlPlaneError `not_found`, `invalid_state` unless suspended, `operation_in_progress`, `version_mismatch`
 */
export async function resumeEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'env:environment.suspend', { environmentId });
  const request = idempotent(caller, 'environment.resume', [environmentId], options.idempotencyKey);
  return change(deps, environmentId, request, ({ environment, database }) => {
    requireVersion(environment.version, options.ifVersion);
    requireIdle(database);
    if (environment.status === 'active') return null;
    requireStatus(environment.status, ['suspended'], 'resumed');
    const target = { organizationId: environment.organization_id, environmentId };
    return {
      wish: { desired_state: 'active' },
      operation: environmentOperation(deps, caller, 'environment.resume', target),
      audit: [
        audited(caller, 'environment.resume', target, { before: { status: 'suspended' }, after: { status: 'active' } }),
      ],
    };
  });
}
