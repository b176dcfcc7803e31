import { AdapterError, type DatabaseAdapter, type DatabaseTarget, type Placement } from '@envplane/spec';
import type { PlacementRow, TombstoneRow } from '../objects/index.ts';
import { organizationScope } from '../provisioning/names.ts';
import { isHeld } from '../store/restores.ts';
import { DropRefused, raiseDropEpoch, recordAudit, runDropFenced } from '../store/sweeps.ts';
import { callWithin, type InventoryContext, sweeperAudit } from './context.ts';

const LOOK_MS = 10_000;

/**
 * Drops a purged database that is there again: a request that was delayed inside the provider has made it. Only what its marker
 * proves to be the object that was purged is touched, and nothing under a hold.
 * @returns whether it was there and is gone
 */
export async function dropAgain(
  context: InventoryContext,
  adapter: DatabaseAdapter,
  row: PlacementRow,
  tombstone: TombstoneRow,
): Promise<boolean> {
  const { engine, logger } = context;
  if (tombstone.receipt['deletionPolicy'] === 'retain' || (await isHeld(engine))) return false;
  const fields = { placementId: row.id, driver: row.driver, databaseName: tombstone.database_name };
  try {
    const placement = await context.adapters.placement(row);
    const look = (target: DatabaseTarget) => callWithin(context, LOOK_MS, (call) => adapter.findDatabase(target, call));
    const objectId = String(tombstone.receipt['databaseId'] ?? '');
    const target = targetOf(context, adapter, tombstone, { objectId, placement });
    const before = await look(target);
    if (before.kind === 'foreign')
      logger.error({ ...fields, event: 'sweep.foreign' }, 'something else has a used name');
    if (before.kind !== 'ours') return false;
    const right = await context.effect('cp.drop-again', () => raiseDropEpoch(engine, tombstone));
    if (right?.objectId !== objectId) return false;
    const { dropEpoch } = right;
    await callWithin(context, adapter.createTimeoutMs, (call) => adapter.deleteDatabase(target, call), {
      fenceEpoch: dropEpoch,
      fenced: (run) => runDropFenced(engine, tombstone, dropEpoch, run),
    });
    if ((await look(target)).kind !== 'absent') return false;
    const { environment_id: id, organization_id: organizationId, database_name: databaseName } = tombstone;
    await recordAudit(
      engine,
      sweeperAudit('database.drop_again', { kind: 'environment', id, organizationId }, { databaseName }),
    );
    logger.warn({ ...fields, event: 'sweep.dropped_again' }, 'a purged database had come back and was dropped again');
    return true;
  } catch (error) {
    if (!(error instanceof AdapterError || error instanceof DropRefused)) throw error;
    const code = error instanceof AdapterError ? error.code : 'stale';
    logger.warn(
      { ...fields, event: 'sweep.drop_failed', code },
      'a purged database is dropped again by the next sweep',
    );
    return false;
  }
}

function targetOf(
  { nameKey }: InventoryContext,
  { maxNameLength }: DatabaseAdapter,
  tombstone: TombstoneRow,
  { objectId, placement }: { objectId: string; placement: Placement },
): DatabaseTarget {
  const { environment_id: environmentId, organization_id: organizationId, database_name: databaseName } = tombstone;
  return {
    ...{ objectId, environmentId, databaseName, placement },
    installationId: nameKey.installationId,
    organizationScope: organizationScope(nameKey, organizationId, maxNameLength),
    storageLimitMb: 1,
    // Its uid is another one than that of the database that was purged; the marker tells.
    externalUid: null,
  };
}
