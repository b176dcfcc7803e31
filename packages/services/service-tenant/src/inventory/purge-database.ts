import { AdapterError, ControlPlaneError, type PurgeDatabaseBody, PurgeDatabaseBodySchema } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { organizationScope } from '../provisioning/names.ts';
import { audited, parse } from '../request.ts';
import { claimQuarantined, DropRefused, recordGone, runQuarantineFenced } from '../store/sweeps.ts';
import { callWithin } from './context.ts';
import { firstEpoch, identify, placementOf, type UnknownName } from './quarantined.ts';

const LOOK_MS = 10_000;

/**
 * Removes a quarantined database for good, as a person says who has typed its name. Also under a hold: that stops what is deleted
 * without anybody looking. Interrupted, it is listed again until it is gone, and asked for again.
 * @throws ControlPlaneError `permission_denied`, `validation_failed`, `confirmation_mismatch`, as `identify`, `invalid_state` for a
 *   database that is not in quarantine
 */
export async function purgeDatabase(
  deps: Deps,
  caller: Caller,
  name: UnknownName,
  body: PurgeDatabaseBody,
): Promise<{ databaseName: string }> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  const { confirm } = parse(PurgeDatabaseBodySchema, body);
  const { databaseName } = name;
  const row = await placementOf(deps, name);
  if (confirm !== databaseName) {
    throw new ControlPlaneError('confirmation_mismatch', 'Confirm with the physical name of the database.', {
      errors: [{ in: 'body', pointer: '/confirm', detail: 'must be the physical name' }],
    });
  }
  const { adapter, placement, known } = await identify(deps, row, databaseName);
  const place = { placementId: row.id, databaseName };
  const target = {
    objectId: known.objectId,
    // Nobody knows any more.
    environmentId: known.objectId,
    installationId: deps.nameKey.installationId,
    organizationScope:
      known.organizationScope ?? organizationScope(deps.nameKey, known.objectId, adapter.maxNameLength),
    storageLimitMb: 1,
    externalUid: known.externalUid,
    ...{ databaseName, placement },
  };
  const about = { organizationId: null, placementId: row.id };
  const isClaimed = await deps.effect('cp.change', () =>
    claimQuarantined(deps.engine, place, audited(caller, 'database.purge', about, { databaseName })),
  );
  if (!isClaimed) {
    throw new ControlPlaneError(
      'invalid_state',
      'This database is not in quarantine; what rows know is purged by its environment.',
    );
  }
  try {
    await callWithin(deps, adapter.createTimeoutMs, (call) => adapter.deleteDatabase(target, call), {
      fenceEpoch: firstEpoch(deps),
      fenced: (run) => runQuarantineFenced(deps.engine, place, run),
    });
    const after = await callWithin(deps, LOOK_MS, (call) => adapter.findDatabase(target, call));
    if (after.kind !== 'absent') throw new AdapterError('outcome_unknown', 'It cannot be told whether it is gone.');
  } catch (error) {
    if (!(error instanceof AdapterError || error instanceof DropRefused)) throw error;
    throw new ControlPlaneError('provider_unavailable', 'The database is not gone yet; look, and ask again.', {
      retryAfterMs: 1_000,
    });
  }
  await recordGone(deps.engine, place, audited(caller, 'database.purged', about, { databaseName }));
  return { databaseName };
}
