import { ControlPlaneError } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import type { OperationRow } from '../objects/index.ts';
import { transition } from '../provisioning/machine.ts';
import { audited, environmentOperation, idempotent, type MutationOptions, requireVersion } from '../request.ts';
import type { Accepted, EnvironmentChange, NewEnvironment } from '../store/environments.ts';
import { change } from './change.ts';
import { newDatabase } from './new-environment.ts';

/**
 * Tries again what failed. The failed operation continues; finished steps find their work done. Where something foreign
 * stands under the physical name and there never was data, the next name is taken.
 * @param operation the operation that is to go on; the one of the environment when absent
 * @throws ControlPlaneError `not_found`, `invalid_state` unless failed, `version_mismatch`
 */
export async function retryEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  options: MutationOptions = {},
  operation?: Pick<OperationRow, 'id' | 'status'>,
): Promise<Accepted> {
  await authorize(deps, caller, 'env:operations.manage', { environmentId });
  const request = idempotent(caller, 'environment.retry', [environmentId], options.idempotencyKey);
  const replacement = await prepareReplacement(deps, environmentId);
  return change(deps, environmentId, request, (record) => {
    const { environment, database } = record;
    requireVersion(environment.version, options.ifVersion);
    if (operation && database.operation_id !== operation.id) throw notRetriable(operation.status);
    const target = { organizationId: environment.organization_id, environmentId };
    const continued: Partial<EnvironmentChange> = database.operation_id
      ? { resumeOperation: database.operation_id }
      : { operation: environmentOperation(deps, caller, 'environment.provision', target) };
    const audit = [audited(caller, 'environment.retry', target, { phase: database.phase })];
    if (database.phase === 'conflict') {
      if (
        database.confirmed_at !== null ||
        !replacement ||
        replacement.database.placement_ordinal !== environment.next_placement_ordinal
      ) {
        throw new ControlPlaneError(
          'invalid_state',
          'Something that is not ours stands where the data of this environment was; move it away or purge the environment.',
          { state: database.phase },
        );
      }
      const { load_source_id, load_schema_only } = database;
      return {
        ...continued,
        replacement: { ...replacement, database: { ...replacement.database, load_source_id, load_schema_only } },
        environment: { next_placement_ordinal: environment.next_placement_ordinal + 1 },
        audit,
      };
    }
    if (database.phase !== 'failed' && database.phase !== 'lost') {
      throw notRetriable(operation?.status ?? environment.status);
    }
    // A tenant who was let in before may be cut off now, and only restoring undoes that.
    const isReturn = database.phase === 'failed' && database.provisioned_at !== null;
    const phase = transition(database.phase, isReturn ? 'restore_begun' : 'retried');
    if (phase === 'tombstone') throw new RangeError('a retry cannot end an environment');
    return { ...continued, wish: { phase, attempts: 0, absent_count: 0, last_error_code: null }, audit };
  });
}

const notRetriable = (state: string) =>
  new ControlPlaneError('invalid_state', 'Only what failed can be retried.', { state, allowed: ['failed'] });

/** A new database for an environment in conflict: made before the transaction, because sealing needs the key store. */
async function prepareReplacement(
  deps: Deps,
  environmentId: string,
): Promise<Pick<NewEnvironment, 'database' | 'credentials'> | null> {
  const environment = await deps.reads.environment(environmentId);
  if (environment?.last_error_code !== 'conflict') return null;
  const placement = await deps.reads.placement(environment.placement_id);
  if (!placement) return null;
  return newDatabase(
    deps,
    { organizationId: environment.organization_id, placement, storageLimitMb: environment.storage_limit_mb },
    { environmentId, keyId: environment.encryption_key_id, ordinal: environment.next_placement_ordinal },
  );
}
