import { ControlPlaneError } from '@envplane/spec';
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
import type { Accepted, EnvironmentChange, EnvironmentRecord } from '../store/environments.ts';
import { change } from './change.ts';

/**
 * Brings an archived environment back: same address, same data, same credential. Possible until its purge has begun.
 * @throws ControlPlaneError `not_found`, `invalid_state`, `operation_in_progress`, `version_mismatch`
 */
export async function restoreEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'env:environment.restore', { environmentId });
  const request = idempotent(caller, 'environment.restore', [environmentId], options.idempotencyKey);
  return change(deps, environmentId, request, (record) => {
    requireVersion(record.environment.version, options.ifVersion);
    requireIdle(record.database);
    if (record.environment.status === 'active') return null;
    return restoring(deps, caller, record);
  });
}

export function restoring(
  deps: Deps,
  caller: Caller,
  { environment, database }: EnvironmentRecord,
  parentId?: string,
): EnvironmentChange {
  requireStatus(environment.status, ['archived'], 'restored');
  if (database.desired_state === 'absent') {
    throw new ControlPlaneError('invalid_state', 'The purge of this environment has begun; it cannot be undone.', {
      state: 'archived',
    });
  }
  if (database.confirmed_at === null) {
    throw new ControlPlaneError(
      'invalid_state',
      'This environment never had a database to bring back; purge it and create it anew.',
      {
        state: 'archived',
      },
    );
  }
  const target = { organizationId: environment.organization_id, environmentId: environment.id };
  return {
    wish: { desired_state: 'active', purge_after: null },
    operation: environmentOperation(deps, caller, 'environment.restore', { ...target, ...(parentId && { parentId }) }),
    audit: [
      audited(caller, 'environment.restore', target, { before: { status: 'archived' }, after: { status: 'active' } }),
    ],
  };
}
