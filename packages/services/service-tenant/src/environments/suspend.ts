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
 * Cuts tenants off and keeps every byte. Connections are refused from the commit on.
 * @throws ControlPlaneError `not_found`, `invalid_state` unless active, `operation_in_progress`, `version_mismatch`
 */
export async function suspendEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'env:environment.suspend', { environmentId });
  const request = idempotent(caller, 'environment.suspend', [environmentId], options.idempotencyKey);
  return change(deps, environmentId, request, ({ environment, database }) => {
    requireVersion(environment.version, options.ifVersion);
    requireIdle(database);
    if (environment.status === 'suspended') return null;
    requireStatus(environment.status, ['active'], 'suspended');
    const target = { organizationId: environment.organization_id, environmentId };
    return {
      wish: { desired_state: 'suspended' },
      operation: environmentOperation(deps, caller, 'environment.suspend', target),
      audit: [
        audited(caller, 'environment.suspend', target, {
          before: { status: 'active' },
          after: { status: 'suspended' },
        }),
      ],
    };
  });
}
