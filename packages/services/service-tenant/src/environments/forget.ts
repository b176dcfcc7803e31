import { ControlPlaneError, type ForgetBody, ForgetBodySchema } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { environmentNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { audited, idempotent, type MutationOptions, parse, requireVersion } from '../request.ts';
import { changeEnvironment, type EnvironmentChange, type EnvironmentRecord } from '../store/environments.ts';
import { type Purged, requireConfirmation } from './purge.ts';

/**
 * Ends a purge that cannot end otherwise, because nothing can delete the database or its provider is gone: the environment goes,
 * its credentials and its data key are destroyed, and the database stays where it is. The purge that was asked for is what goes
 * on. Asked for again it answers the same receipt.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `confirmation_mismatch`, `invalid_state` unless its purge is under
 *   way, `version_mismatch`
 */
export async function forgetEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  body: ForgetBody,
  options: MutationOptions = {},
): Promise<Purged> {
  await authorize(deps, caller, 'platform:fleet.repair', { environmentId });
  const { confirm } = parse(ForgetBodySchema, body);
  const request = idempotent(caller, 'environment.forget', [environmentId, confirm], options.idempotencyKey);
  const accepted = await deps.effect('cp.change', () =>
    changeEnvironment(deps.engine, environmentId, request, (record) => {
      requireVersion(record.environment.version, options.ifVersion);
      requireConfirmation(record.environment.slug, confirm);
      return forgetting(caller, record);
    }),
  );
  if (!accepted) {
    const tombstone = await deps.reads.tombstone(environmentId);
    if (!tombstone) throw environmentNotFound();
    requireConfirmation(tombstone.slug, confirm);
    return { kind: 'receipt', receipt: tombstone.receipt };
  }
  deps.worker.wake();
  return { kind: 'accepted', ...accepted };
}

function forgetting(caller: Caller, { environment, database }: EnvironmentRecord): EnvironmentChange {
  if (database.desired_state !== 'absent') {
    throw new ControlPlaneError('invalid_state', 'Only what is being purged can be forgotten; purge it first.', {
      state: environment.status,
    });
  }
  const target = { organizationId: environment.organization_id, environmentId: environment.id };
  const { id: databaseId, placement_id: placementId, database_name: databaseName, phase } = database;
  return {
    // Who cannot be asked cannot cut anybody off either; with the credentials nobody is let in by us.
    wish: { deletion_policy: 'retain', ...(phase === 'archiving' && { phase: 'archived' }) },
    shownBy: database.operation_id,
    audit: [audited(caller, 'environment.forget', target, { databaseId, placementId, databaseName, phase })],
  };
}
