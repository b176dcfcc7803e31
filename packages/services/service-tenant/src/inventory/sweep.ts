import { AdapterError, type DatabaseAdapter, type Placement } from '@envplane/spec';
import type { PlacementRow } from '../objects/index.ts';
import { abandonSweep, type Comparison, claimSweep, concludeSweep } from '../store/sweeps.ts';
import { callWithin, type InventoryContext, sweeperAudit } from './context.ts';
import { dropAgain } from './drop-again.ts';

/** How often a placement is compared with the rows. */
const EVERY_MS = 10 * 60_000;
/** How long listing a placement may take. */
const LIST_MS = 5 * 60_000;
const LEASE_MS = LIST_MS + 60_000;
/**
 * Where databases cannot be listed, the names of those that were purged in this time are looked for again: a request that was
 * delayed inside the provider can bring one back.
 */
const LOOK_FOR_MS = 24 * 3_600_000;

/** What one comparison of a placement found. */
export interface Swept extends Omit<Comparison, 'returned'> {
  placement: PlacementRow;
  /** Why nothing was concluded; null when the list was complete. `busy`: another process is at it. */
  code: string | null;
  /** Whether everything there is was listed; where it cannot be, databases that no row names are not found. */
  isListed: boolean;
  /** Names of purged databases that had come back and are gone again. */
  droppedAgain: string[];
}

/**
 * Compares one placement with the rows (Z0 to Z4). What it does not know it leaves alone and reports; what is missing the
 * reconciler looks at; only what was purged, and is ours by its marker, is dropped again, and not under a hold.
 *
 * @param options.isWanted now, and all that was ever purged is looked for, not only when it is due
 * @returns null when it is not due
 */
export async function sweepPlacement(
  context: InventoryContext,
  placement: PlacementRow,
  options: { owner: string; isWanted: boolean; looksOnly: boolean },
): Promise<Swept | null> {
  const { engine, adapters, effect } = context;
  const { isWanted } = options;
  const adapter = adapters.find(placement.driver);
  // An adapter that cannot look finds nothing out.
  if (!adapter || adapter.blind) return null;
  const nothing = { matched: 0, missing: [], quarantined: [], droppedAgain: [], isListed: false };
  const claim = await effect('cp.sweep', () =>
    claimSweep(engine, placement.id, { owner: options.owner, leaseMs: LEASE_MS, isWanted }),
  );
  if (!claim) return isWanted ? { ...nothing, placement, code: 'busy' } : null;
  const dueInMs = Math.round(EVERY_MS * (0.75 + context.random() / 2));
  let listed: Map<string, string> | null;
  try {
    listed = await listAll(context, adapter, await adapters.placement(placement));
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    await abandonSweep(engine, claim, error.code, dueInMs);
    const fields = { event: 'sweep.incomplete', placementId: placement.id, driver: placement.driver, code: error.code };
    context.logger.warn(fields, 'a placement could not be listed; nothing is concluded');
    return { ...nothing, placement, code: error.code };
  }
  // Only now: rows that were read before the list would not explain what was made in between.
  const found = await effect('cp.quarantine', () =>
    concludeSweep(engine, claim, listed, {
      dueInMs,
      purgedSinceMs: isWanted ? 0 : claim.claimedMs - LOOK_FOR_MS,
      report: ({ placement_id: id, database_name: databaseName, external_uid: externalUid }) =>
        sweeperAudit(
          'database.quarantine',
          { kind: 'placement', id, organizationId: null },
          { databaseName, externalUid },
        ),
    }),
  );
  if (!found) return { ...nothing, placement, code: 'busy' };
  report(context, placement, found);
  const { returned, ...comparison } = found;
  const droppedAgain: string[] = [];
  for (const tombstone of options.looksOnly ? [] : returned) {
    if (await dropAgain(context, adapter, placement, tombstone)) droppedAgain.push(tombstone.database_name);
  }
  return { ...comparison, placement, code: null, isListed: listed !== null, droppedAgain };
}

/** Every database of ours on the placement, uid by name; null where the provider cannot list. @throws AdapterError */
async function listAll(
  context: InventoryContext,
  { inventory }: DatabaseAdapter,
  placement: Placement,
): Promise<Map<string, string> | null> {
  if (!inventory) return null;
  return callWithin(context, LIST_MS, async (call) => {
    const listed = new Map<string, string>();
    for await (const { databaseName, externalUid } of inventory.listDatabases(
      placement,
      context.nameKey.installationId,
      call,
    )) {
      listed.set(databaseName, externalUid);
    }
    return listed;
  });
}

function report({ logger }: InventoryContext, { id: placementId, driver }: PlacementRow, found: Comparison): void {
  for (const { database_name: databaseName } of found.quarantined) {
    const fields = { event: 'sweep.quarantined', placementId, driver, databaseName };
    logger.error(fields, 'a database is not known here; it is left alone until a person decides');
  }
  for (const { bound_environment_id: environmentId, phase } of found.missing) {
    const fields = { event: 'sweep.missing', placementId, driver, environmentId, phase };
    logger.error(fields, 'the database of an environment is not in the list of its placement');
  }
}
