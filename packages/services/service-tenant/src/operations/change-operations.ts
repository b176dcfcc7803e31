import { ControlPlaneError } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { operationNotFound } from '../access/not-found.ts';
import { ending } from '../credentials/revoke-credential.ts';
import type { Deps } from '../deps.ts';
import { retryRewrap } from '../encryption-keys/encryption-keys.ts';
import { change } from '../environments/change.ts';
import { retryEnvironment } from '../environments/retry.ts';
import { isDoomed } from '../provisioning/rotation.ts';
import { audited, environmentOperation, idempotent, type MutationOptions } from '../request.ts';
import type { Accepted } from '../store/environments.ts';

/** Tries a failed operation again at the step that failed. @throws ControlPlaneError `not_found`, `invalid_state` */
export async function retryOperation(
  deps: Deps,
  caller: Caller,
  operationId: string,
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'env:operations.manage', { operationId });
  const operation = await deps.reads.operation(operationId);
  if (!operation) throw operationNotFound();
  if (operation.target_type === 'installation') return retryRewrap(deps, caller, operation, options);
  if (operation.target_type === 'placement') {
    const reason = 'Ask for the rotation again instead: envplane placement rotate-administrator.';
    throw new ControlPlaneError('invalid_state', reason, { state: operation.status });
  }
  if (operation.environment_id === null) {
    const reason = 'It is about an organization; retry the parts that failed, whose environments its steps name.';
    throw new ControlPlaneError('invalid_state', reason, { state: operation.status });
  }
  return retryEnvironment(deps, caller, operation.environment_id, options, operation);
}

/**
 * Cancels an operation before its point of no return. A create becomes a purge, so nothing physical remains, and of a rotation
 * what was set is closed; the answer names the operation that cleans up.
 * @throws ControlPlaneError `not_found`, `invalid_state`
 */
export async function cancelOperation(
  deps: Deps,
  caller: Caller,
  operationId: string,
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'env:operations.manage', { operationId });
  const operation = await deps.reads.operation(operationId);
  if (!operation) throw operationNotFound();
  const refuse = (reason: string) => new ControlPlaneError('invalid_state', reason, { state: operation.status });
  const { environment_id: environmentId, kind } = operation;
  if (operation.parent_id !== null) throw refuse('It is a part of an operation on the organization.');
  if (operation.target_type === 'installation') throw refuse('Data keys under way go on; nothing is lost by it.');
  if (operation.target_type === 'placement') throw refuse('A secret that is under way to the server goes on.');
  if (environmentId === null) throw refuse('It is about an organization.');
  const request = idempotent(caller, 'operation.cancel', [operationId], options.idempotencyKey);
  return change(deps, environmentId, request, (record) => {
    const { environment, database, credentials } = record;
    if (database.operation_id !== operationId) {
      throw refuse(`An operation that is ${operation.status} cannot be cancelled.`);
    }
    const target = { organizationId: environment.organization_id, environmentId };
    const audit = [audited(caller, 'operation.cancel', target, { operationId, kind })];
    if (database.provisioned_at === null && database.desired_state !== 'absent') {
      if (kind === 'organization.provision')
        throw refuse('The first environment of an organization goes with it; purge the organization.');
      return {
        wish: { desired_state: 'absent' },
        operation: environmentOperation(deps, caller, 'environment.purge', target),
        audit,
      };
    }
    if (kind === 'environment.purge' && database.delete_intent_epoch === null && database.confirmed_at !== null) {
      return {
        wish: { desired_state: 'active', purge_after: null },
        operation: environmentOperation(deps, caller, 'environment.restore', target),
        audit,
      };
    }
    // What an emergency ends together may be ended already.
    const isUnused = credentials.some((row) => row.state === 'active' && row.urgency !== null && !isDoomed(row));
    if (kind === 'credential.rotate' && isUnused) return { ...ending(deps, caller, record), audit };
    throw refuse('This operation is past the point at which it can be cancelled.');
  });
}
