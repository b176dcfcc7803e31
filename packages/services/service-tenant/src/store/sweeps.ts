import type { EnvironmentDatabaseRow, QuarantinedDatabaseRow, TombstoneRow } from '../objects/index.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { isHeld } from './restores.ts';
import type { ControlPlaneTables } from './tables.ts';
import { type Transaction, transact } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;
type Tx = Transaction<ControlPlaneTables>;

/** A placement under the lease of who compares it. */
export interface SweepClaim {
  placementId: string;
  epoch: number;
  /** The store's clock when it was claimed, epoch ms: what was confirmed before must show in a list that began after. */
  claimedMs: number;
}

/**
 * Z0: takes the placement for one comparison.
 * @param options.isWanted somebody asks for it now: it need not be due
 * @returns null while another process compares it, or it is not due
 */
export function claimSweep(
  engine: Engine,
  placementId: string,
  options: { owner: string; leaseMs: number; isWanted: boolean },
): Promise<SweepClaim | null> {
  return transact(engine, async (tx) => {
    const first = { lease_owner: null, due_at: tx.nowMs, epoch: 0, listed_at: null, last_error_code: null };
    await tx.insertIfAbsent('sys_placement_sweep', { placement_id: placementId, ...first });
    const row = await tx.find('sys_placement_sweep', { placement_id: placementId }, 'lock');
    if (!row) return null;
    const isFree = row.due_at <= tx.nowMs || (options.isWanted && row.lease_owner === null);
    if (!isFree) return null;
    const epoch = row.epoch + 1;
    const patch = { epoch, lease_owner: options.owner, due_at: tx.nowMs + options.leaseMs };
    await tx.update('sys_placement_sweep', patch, { placement_id: placementId });
    return { placementId, epoch, claimedMs: tx.nowMs };
  });
}

/** Ends a comparison that found out nothing. */
export function abandonSweep(engine: Engine, claim: SweepClaim, code: string, dueInMs: number): Promise<void> {
  return transact(engine, async (tx) => {
    const patch = { lease_owner: null, due_at: tx.nowMs + dueInMs, last_error_code: code };
    await tx.update('sys_placement_sweep', patch, { placement_id: claim.placementId, epoch: claim.epoch });
  });
}

/** What rows say of a database that should be there. */
export type SweptRow = Pick<
  EnvironmentDatabaseRow,
  'id' | 'database_name' | 'phase' | 'bound_environment_id' | 'organization_id' | 'external_uid' | 'adopted'
> &
  Pick<EnvironmentDatabaseRow, 'confirmed_at' | 'due_at'>;

/** What a complete list of a placement comes to, beside the rows. */
export interface Comparison {
  /** Databases that a row explains. */
  matched: number;
  /** Confirmed, and not in the list. */
  missing: SweptRow[];
  /** Explained by nothing, and not seen before. */
  quarantined: QuarantinedDatabaseRow[];
  /** Purged once, and in the list again. */
  returned: TombstoneRow[];
}

/**
 * Z2 to Z4: compares a complete list with rows and tombstones, which are read here and so after it. Intent precedes effect, and a
 * tombstone takes the place of its row in one transaction: what was listed and has neither is truly unknown. Nothing is deleted.
 * @param listed uids by name; null where the provider cannot list, and then only the purged come back, as candidates to look for
 * @param report what the audit log says of a database that was not known
 * @returns null when another process has taken the placement over: nothing was written
 */
export function concludeSweep(
  engine: Engine,
  claim: SweepClaim,
  listed: ReadonlyMap<string, string> | null,
  options: { dueInMs: number; purgedSinceMs: number; report: (found: QuarantinedDatabaseRow) => AuditEntry },
): Promise<Comparison | null> {
  return transact(engine, async (tx) => {
    const { placementId: placement_id } = claim;
    const sweep = await tx.find('sys_placement_sweep', { placement_id }, 'lock');
    if (sweep?.epoch !== claim.epoch) return null;
    // In this order: of what leaves the rows after they were read, the tombstone is seen.
    const rows = await rowsOf(tx, placement_id);
    const tombstones = await tombstonesOf(tx, placement_id);
    const comparison: Comparison = { matched: 0, missing: [], quarantined: [], returned: [] };
    if (listed === null) {
      const since = options.purgedSinceMs;
      comparison.matched = rows.length;
      comparison.returned = tombstones.filter(({ kind, created_at: at }) => kind === 'purged' && at >= since);
    } else {
      await compareRows(tx, rows, listed, claim, comparison);
      const explained = new Set([...rows, ...tombstones].map(({ database_name: name }) => name));
      comparison.returned = tombstones.filter(
        ({ kind, database_name }) => kind === 'purged' && listed.has(database_name),
      );
      const unknown = [...listed].filter(([name]) => !explained.has(name));
      comparison.quarantined = await quarantine(tx, placement_id, unknown);
    }
    for (const found of comparison.quarantined) await appendAudit(tx, options.report(found));
    const patch = { lease_owner: null, due_at: tx.nowMs + options.dueInMs, listed_at: tx.nowMs, last_error_code: null };
    await tx.update('sys_placement_sweep', patch, { placement_id });
    return comparison;
  });
}

function rowsOf(tx: Tx, placementId: string): Promise<SweptRow[]> {
  return tx.query
    .selectFrom('sys_environment_database')
    .select(['id', 'database_name', 'phase', 'bound_environment_id', 'organization_id', 'external_uid', 'adopted'])
    .select(['confirmed_at', 'due_at'])
    .where('placement_id', '=', placementId)
    .execute();
}

function tombstonesOf(tx: Tx, placementId: string): Promise<TombstoneRow[]> {
  return tx.query.selectFrom('sys_tombstone').selectAll().where('placement_id', '=', placementId).execute();
}

/** Phases in which a confirmed database must be there. */
const PRESENT: readonly EnvironmentDatabaseRow['phase'][] = [
  'securing',
  'verifying',
  'ready',
  'suspended',
  'resuming',
  'archiving',
  'archived',
  'restoring',
];

/** What differs is looked at by the reconciler, which alone decides what it means: one absence proves nothing (I5). */
async function compareRows(
  tx: Tx,
  rows: readonly SweptRow[],
  listed: ReadonlyMap<string, string>,
  claim: SweepClaim,
  comparison: Comparison,
): Promise<void> {
  for (const row of rows) {
    const uid = listed.get(row.database_name);
    if (uid !== undefined) comparison.matched += 1;
    const isDue = row.confirmed_at !== null && row.confirmed_at < claim.claimedMs && !row.adopted;
    const isMissing = uid === undefined && isDue && PRESENT.includes(row.phase);
    if (isMissing) comparison.missing.push(row);
    const isAnother = uid !== undefined && row.external_uid !== null && uid !== row.external_uid;
    if ((isMissing || isAnother) && (row.due_at ?? Number.POSITIVE_INFINITY) > tx.nowMs) await wake(tx, row.id);
  }
}

/** Unless a worker is at it. */
async function wake(tx: Tx, databaseId: string): Promise<void> {
  await tx.query
    .updateTable('sys_environment_database')
    .set(tx.encode({ due_at: tx.nowMs }))
    .where('id', '=', databaseId)
    .where('lease_owner', 'is', null)
    .execute();
}

/** Keeps what nothing explains, and forgets what is explained or gone by now. @returns those that are new */
async function quarantine(
  tx: Tx,
  placementId: string,
  unknown: readonly (readonly [name: string, uid: string])[],
): Promise<QuarantinedDatabaseRow[]> {
  const known = await quarantinedOf(tx, placementId);
  const names = new Set(unknown.map(([name]) => name));
  for (const { database_name } of known.filter((row) => !names.has(row.database_name))) {
    await forgetQuarantined(tx, placementId, database_name);
  }
  const added = unknown
    .filter(([name]) => known.every((row) => row.database_name !== name))
    .map(([name, uid]) => ({
      placement_id: placementId,
      database_name: name,
      external_uid: uid,
      found_at: tx.nowMs,
    }));
  for (const row of added) await tx.insert('sys_quarantined_database', row);
  return added;
}

function quarantinedOf(tx: Tx, placementId: string): Promise<QuarantinedDatabaseRow[]> {
  return tx.query.selectFrom('sys_quarantined_database').selectAll().where('placement_id', '=', placementId).execute();
}

/** In the transaction that explains the database: rows for it were made, or it is gone. */
export async function forgetQuarantined(tx: Tx, placementId: string, databaseName: string): Promise<void> {
  await tx.query
    .deleteFrom('sys_quarantined_database')
    .where('placement_id', '=', placementId)
    .where('database_name', '=', databaseName)
    .execute();
}

/** Every quarantined database, the longest known first. */
export function listQuarantined(engine: Engine): Promise<QuarantinedDatabaseRow[]> {
  return engine.read
    .selectFrom('sys_quarantined_database')
    .selectAll()
    .orderBy('found_at')
    .orderBy('database_name')
    .execute();
}

/** When each placement was compared, by its id. */
export function listSweeps(engine: Engine) {
  return engine.read.selectFrom('sys_placement_sweep').selectAll().execute();
}

/**
 * Takes the right to drop a purged database once more: nobody whose right is older passes a fence from here on.
 * @returns the tombstone as it is now, and the object that was purged; null when another took it, or nothing may be deleted now
 */
export function raiseDropEpoch(
  engine: Engine,
  { placement_id, database_name, drop_epoch }: TombstoneRow,
): Promise<{ dropEpoch: number; objectId: string } | null> {
  return transact(engine, async (tx) => {
    if (await isHeldIn(tx)) return null;
    const name = await tx.find('sys_external_name', { database_name });
    if (!name) return null;
    const dropEpoch = drop_epoch + 1;
    const raised = await tx.update(
      'sys_tombstone',
      { drop_epoch: dropEpoch },
      { placement_id, database_name, drop_epoch },
    );
    return raised === 0 ? null : { dropEpoch, objectId: name.environment_database_id };
  });
}

/** F3 sqlite: runs a local call while the store's writers wait, unless the right to drop is another's by now. */
export function runDropFenced<T>(engine: Engine, dropped: TombstoneRow, dropEpoch: number, run: () => T): Promise<T> {
  return transact(
    engine,
    async (tx) => {
      const { placement_id, database_name } = dropped;
      const row = await tx.find('sys_tombstone', { placement_id, database_name }, 'lock');
      if (row?.drop_epoch !== dropEpoch || (await isHeldIn(tx))) throw new DropRefused();
      return run();
    },
    { once: true },
  );
}

/** Another process drops it, or nothing may be deleted now. */
export class DropRefused extends Error {
  override readonly name = 'DropRefused';
}

/** Records in the log that something was done about a database. */
export function recordAudit(engine: Engine, entry: AuditEntry): Promise<void> {
  return transact(engine, (tx) => appendAudit(tx, entry));
}

/** Other writers of the hold wait until the transaction ends. */
export async function isHeldIn(tx: Tx): Promise<boolean> {
  const installation = await tx.find('sys_installation', { id: 'installation' }, 'share');
  return (installation?.destructive_hold ?? null) !== null;
}

type QuarantinedPlace = { placementId: string; databaseName: string };

/** Whether a database is in quarantine, and no row explains it; then the intent to remove it is recorded. */
export function claimQuarantined(engine: Engine, place: QuarantinedPlace, audit: AuditEntry): Promise<boolean> {
  return transact(engine, async (tx) => {
    if (!(await isQuarantined(tx, place))) return false;
    await appendAudit(tx, audit);
    return true;
  });
}

/** F3 sqlite: runs a local call while the store's writers wait, unless the database was explained meanwhile. */
export function runQuarantineFenced<T>(engine: Engine, place: QuarantinedPlace, run: () => T): Promise<T> {
  return transact(
    engine,
    async (tx) => {
      if (!(await isQuarantined(tx, place))) throw new DropRefused();
      return run();
    },
    { once: true },
  );
}

export function recordGone(
  engine: Engine,
  { placementId, databaseName }: QuarantinedPlace,
  audit: AuditEntry,
): Promise<void> {
  return transact(engine, async (tx) => {
    await forgetQuarantined(tx, placementId, databaseName);
    await appendAudit(tx, audit);
  });
}

async function isQuarantined(tx: Tx, { placementId, databaseName }: QuarantinedPlace): Promise<boolean> {
  const key = { placement_id: placementId, database_name: databaseName };
  const quarantined = await tx.find('sys_quarantined_database', key, 'lock');
  return quarantined !== undefined && !(await tx.find('sys_environment_database', { database_name: databaseName }));
}

/** Databases in use at a placement: what their rows say is in the environment of the result. */
export function servedAt(
  engine: Engine,
  placementId: string,
  after: string,
  limit: number,
): Promise<{ id: string; environment_id: string | null }[]> {
  return engine.read
    .selectFrom('sys_environment_database')
    .select(['id', 'environment_id'])
    .where('placement_id', '=', placementId)
    .where('phase', '=', 'ready')
    .where('desired_state', '=', 'active')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** For metrics. Of the placements of a driver the one that was compared longest ago; one that never was counts from when it was added. */
export async function inventoryFigures(engine: Engine, nowMs: number) {
  const { count } = await engine.read
    .selectFrom('sys_quarantined_database')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const placements = await engine.read
    .selectFrom('sys_placement as p')
    .leftJoin('sys_placement_sweep as s', 's.placement_id', 'p.id')
    .select(['p.driver', 'p.created_at', 's.listed_at'])
    .where('p.status', '<>', 'retired')
    .execute();
  const oldest = new Map<string, number>();
  for (const { driver, created_at: addedAt, listed_at: listedAt } of placements) {
    oldest.set(driver, Math.min(listedAt ?? addedAt, oldest.get(driver) ?? nowMs));
  }
  const sweeps = [...oldest].map(([driver, at]) => ({ driver, ageMs: nowMs - at }));
  return { quarantined: count, isHeld: await isHeld(engine), sweeps };
}
