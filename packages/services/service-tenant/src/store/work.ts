import { sql } from 'kysely';
import type { DatabaseCredentialRow, EnvironmentDatabaseRow, OperationRow, PlacementRow } from '../objects/index.ts';
import type { CredentialChange } from '../provisioning/rotation.ts';
import { projectStatus } from '../provisioning/status.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import {
  insertOperation,
  isFinished,
  type NewOperation,
  settleParent,
  skipPending,
  updateOperation,
} from './operations.ts';
import { enqueueEvent, type OutboxEntry } from './outbox.ts';
import type { ControlPlaneTables } from './tables.ts';
import { encodeValue, type Transaction, transact } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;
type Tx = Transaction<ControlPlaneTables>;

/** Rows of a newer code version are left to it. */
export const RECONCILER_VERSION = 1;

/** A database row under lease, with what its next steps need. */
export interface Claim {
  database: EnvironmentDatabaseRow;
  credentials: DatabaseCredentialRow[];
  placement: PlacementRow;
  /** Where a copy is read from. */
  source: EnvironmentDatabaseRow | null;
}

/** The claim is no longer ours: another worker holds the row. Stop at once, release nothing, undo nothing (I3). */
export class StaleClaim extends Error {
  override readonly name = 'StaleClaim';
}

/** P1: takes rows that are due, oldest first, each under a new epoch. @param options.last organizations whose rows come after all others */
export function claimDue(
  engine: Engine,
  options: Lease & { limit: number; last: readonly string[] },
): Promise<Claim[]> {
  return transact(engine, async (tx) => {
    let due = tx.query
      .selectFrom('sys_environment_database')
      .selectAll()
      .where('due_at', '<=', tx.encode({ due_at: tx.nowMs }).due_at)
      .where('reconciler_version', '<=', RECONCILER_VERSION)
      .$if(options.last.length > 0, (query) =>
        query.orderBy(sql`case when organization_id in (${sql.join(options.last)}) then 1 else 0 end`),
      )
      .orderBy('due_at')
      .limit(options.limit);
    if (tx.forUpdate) due = due.forUpdate().skipLocked();
    const claims: Claim[] = [];
    for (const row of await due.execute()) claims.push(await claim(tx, row, options));
    return claims;
  });
}

/** Who takes a row, and for how long. */
export interface Lease {
  owner: string;
  leaseMs: number;
}

async function claim(tx: Tx, row: EnvironmentDatabaseRow, { owner, leaseMs }: Lease): Promise<Claim> {
  const patch = {
    lease_owner: owner,
    due_at: tx.nowMs + leaseMs,
    fence_epoch: row.fence_epoch + 1,
    attempts: row.attempts + 1,
  };
  await tx.update('sys_environment_database', patch, { id: row.id });
  return completeClaim(tx, { ...row, ...patch });
}

/** P1 for a row that the caller has locked, and may just have changed. @returns null when it is not due, or somebody else's */
export async function claimLocked(tx: Tx, row: EnvironmentDatabaseRow, lease: Lease): Promise<Claim | null> {
  const isDue = row.due_at !== null && row.due_at <= tx.nowMs;
  if (!isDue || row.lease_owner !== null || row.reconciler_version > RECONCILER_VERSION) return null;
  return claim(tx, row, lease);
}

/** Ends every lease. Only for a process that knows itself to be the only one on the store: who holds one is dead. */
export function endLeases(engine: Engine): Promise<void> {
  return transact(engine, async (tx) => {
    await tx.query
      .updateTable('sys_environment_database')
      .set({ lease_owner: null, due_at: tx.encode({ due_at: tx.nowMs }).due_at })
      .where('lease_owner', 'is not', null)
      .execute();
  });
}

async function completeClaim(tx: Tx, database: EnvironmentDatabaseRow): Promise<Claim> {
  const credentials = await credentialsOf(tx, database.id);
  const placement = await tx.find('sys_placement', { id: database.placement_id });
  if (!placement) throw new Error('a database row names a placement that does not exist');
  const source = database.load_source_id
    ? await tx.find('sys_environment_database', { id: database.load_source_id })
    : undefined;
  return { database, credentials, placement, source: source ?? null };
}

/**
 * The credentials of a database that something is still to be done with, and the last one of each authorization, whose number is not used
 * again. Those that are over stay in the store, ever more of them. The oldest first.
 */
export function credentialsOf(tx: Tx, databaseId: string): Promise<DatabaseCredentialRow[]> {
  const ofDatabase = tx.query.selectFrom('sys_database_credential').where('environment_database_id', '=', databaseId);
  const last = ofDatabase.select(({ fn }) => fn.max('version').as('version')).groupBy(['principal', 'authorization']);
  return ofDatabase
    .selectAll()
    .where(({ eb, or }) =>
      or([eb('state', 'not in', ['revoked', 'failed']), eb('drain_at', 'is not', null), eb('version', 'in', last)]),
    )
    .orderBy('version')
    .execute();
}

/** Extends the lease without a new epoch. @throws StaleClaim */
export function renewLease(engine: Engine, claim: Claim, leaseMs: number): Promise<void> {
  return transact(engine, async (tx) => {
    const due_at = tx.nowMs + leaseMs;
    const { id, fence_epoch } = claim.database;
    const renewed = await tx.update('sys_environment_database', { due_at }, { id, fence_epoch });
    if (renewed === 0) throw new StaleClaim();
    claim.database.due_at = due_at;
  });
}

/**
 * F3 sqlite: runs a local call while the store's writers wait, after re-reading the epoch. A worker that lost its claim
 * therefore never touches a file, however late it wakes up.
 *
 * @throws StaleClaim before `run` is called
 */
export function runFenced<T>(engine: Engine, claim: Claim, run: () => T): Promise<T> {
  return transact(
    engine,
    async (tx) => {
      const row = await tx.find('sys_environment_database', { id: claim.database.id }, 'lock');
      if (row?.fence_epoch !== claim.database.fence_epoch) throw new StaleClaim();
      return run();
    },
    { once: true },
  );
}

/** A credential as it is added; the store puts the times. */
export type NewCredential = Omit<DatabaseCredentialRow, 'created_at' | 'updated_at'>;

/** What one step of the reconciler writes, all in one transaction. */
export interface Commit {
  /** The new values, given the store's clock. */
  database: (nowMs: number) => Partial<EnvironmentDatabaseRow>;
  /** Ends the claim; due again after so many ms, or settled. Absent: the claim goes on. */
  release?: { dueInMs: number | null };
  /** In this order: one gives up its place before another takes it. */
  credentials?: readonly CredentialChange[];
  /** Sealed; they are committed before anybody uses them (I2). */
  newCredentials?: readonly NewCredential[];
  /** Whether the environment shows other credentials from now on, and so is another version. */
  isShown?: boolean;
  operation?: (operation: OperationRow) => Partial<OperationRow>;
  /** Other operations that this step is a part of. */
  besides?: { ids: readonly string[]; change: (operation: OperationRow) => Partial<OperationRow> };
  /** What goes on after the operation, as one of its own. */
  followUp?: (operation: OperationRow | undefined) => NewOperation;
  audit?: AuditEntry;
  event?: OutboxEntry;
}

/**
 * Commits a step by compare-and-swap on the epoch and the generation (I3). The claim holds the rows as they are then.
 *
 * @returns false when the wish changed meanwhile: nothing was written
 * @throws StaleClaim when another worker holds the row
 */
export async function commitStep(engine: Engine, claim: Claim, commit: Commit): Promise<boolean> {
  const { committed, ...rows } = await transact(engine, (tx) => writeStep(tx, claim, commit));
  Object.assign(claim, rows);
  return committed;
}

async function writeStep(
  tx: Tx,
  claim: Claim,
  commit: Commit,
): Promise<Pick<Claim, 'database' | 'credentials'> & { committed: boolean }> {
  const { database } = claim;
  const patch: Partial<EnvironmentDatabaseRow> = {
    ...commit.database(tx.nowMs),
    ...(commit.release && {
      lease_owner: null,
      due_at: commit.release.dueInMs === null ? null : tx.nowMs + commit.release.dueInMs,
    }),
    updated_at: tx.nowMs,
  };
  const { id, fence_epoch, generation } = database;
  const updated = await tx.update('sys_environment_database', patch, { id, fence_epoch, generation });
  if (updated === 0) {
    // Who changed the wish may have changed the credentials too.
    return { committed: false, database: await rereadOwn(tx, claim), credentials: await credentialsOf(tx, id) };
  }
  const next = { ...database, ...patch };
  await writeEnvironment(tx, next, database, commit.isShown ?? false);
  const credentials = await writeCredentials(tx, claim.credentials, commit);
  const operation = commit.operation && (await writeOperation(tx, database.operation_id, commit.operation));
  for (const besides of commit.besides?.ids ?? []) await writeOperation(tx, besides, commit.besides?.change);
  if (commit.followUp) await insertOperation(tx, commit.followUp(operation));
  if (commit.audit) await appendAudit(tx, commit.audit);
  if (commit.event) await enqueueEvent(tx, commit.event);
  return { committed: true, database: next, credentials };
}

async function rereadOwn(tx: Tx, claim: Claim): Promise<EnvironmentDatabaseRow> {
  const row = await tx.find('sys_environment_database', { id: claim.database.id }, 'lock');
  if (row?.fence_epoch !== claim.database.fence_epoch) throw new StaleClaim();
  return row;
}

/** Returns the credentials of the claim as they are then. Those that stay as they are stay the same objects. */
async function writeCredentials(
  tx: Tx,
  current: readonly DatabaseCredentialRow[],
  commit: Commit,
): Promise<DatabaseCredentialRow[]> {
  const rows = [...current];
  for (const { id, change } of commit.credentials ?? []) {
    const values = { ...change(tx.nowMs), updated_at: tx.nowMs };
    await tx.update('sys_database_credential', values, { id });
    const at = rows.findIndex((row) => row.id === id);
    if (rows[at]) rows[at] = { ...rows[at], ...values };
  }
  for (const added of commit.newCredentials ?? []) {
    const row = { ...added, created_at: tx.nowMs, updated_at: tx.nowMs };
    await tx.insert('sys_database_credential', row);
    rows.push(row);
  }
  return rows;
}

async function writeEnvironment(
  tx: Tx,
  next: EnvironmentDatabaseRow,
  previous: EnvironmentDatabaseRow,
  isShown: boolean,
): Promise<void> {
  const status = projectStatus(next);
  if (next.environment_id === null || (status === projectStatus(previous) && !isShown)) return;
  const environment = await tx.find('sys_environment', { id: next.environment_id }, 'lock');
  if (!environment) return;
  const patch = { status, version: environment.version + 1, updated_at: tx.nowMs };
  await tx.update('sys_environment', patch, { id: next.environment_id });
}

/** One that was ended from outside stays as it ended. */
async function writeOperation(
  tx: Tx,
  operationId: string | null,
  change: (operation: OperationRow) => Partial<OperationRow> = () => ({}),
): Promise<OperationRow | undefined> {
  const operation = operationId ? await tx.find('sys_operation', { id: operationId }) : undefined;
  if (!operation || isFinished(operation)) return operation;
  const written = await updateOperation(tx, operation, change(operation));
  if (written.parent_id) await settleParent(tx, written.parent_id);
  return written;
}

/**
 * D7: leaves a tombstone in place of the rows; the slug is free again, the physical name is not.
 * The data key is still there; it is destroyed next, and a worker that dies before finds it by the tombstone.
 *
 * @throws StaleClaim when another worker holds the row
 */
export function commitTombstone(
  engine: Engine,
  claim: Claim,
  commit: {
    receipt: Record<string, unknown>;
    operation: (operation: OperationRow) => Partial<OperationRow>;
    audit: AuditEntry;
    event: OutboxEntry;
  },
): Promise<void> {
  return transact(engine, async (tx) => {
    const { database } = claim;
    const environmentId = database.bound_environment_id;
    // Before the row of the database, as whoever locks both does: nobody moves the mark of the default one meanwhile.
    await tx.find('sys_organization', { id: database.organization_id }, 'lock');
    await rereadOwn(tx, claim);
    const environment = await tx.find('sys_environment', { id: environmentId });
    await tx.insert('sys_tombstone', {
      placement_id: database.placement_id,
      database_name: database.database_name,
      kind: 'purged',
      organization_id: database.organization_id,
      environment_id: environmentId,
      slug: environment?.slug ?? '',
      drop_epoch: database.fence_epoch,
      key_erased_at: null,
      receipt: commit.receipt,
      created_at: tx.nowMs,
    });
    // With the database nobody accepts a credential that was replaced: what waited for its end has come to it.
    for (const id of claim.credentials.flatMap(({ operation_id: id }) => id ?? [])) {
      await writeOperation(tx, id, (operation) => ({ status: 'succeeded', steps: skipPending(operation) }));
    }
    await tx.query.deleteFrom('sys_database_credential').where('environment_database_id', '=', database.id).execute();
    await tx.query.deleteFrom('sys_environment_database').where('id', '=', database.id).execute();
    await tx.query.deleteFrom('sys_environment_grant').where('environment_id', '=', environmentId).execute();
    await tx.query.deleteFrom('sys_environment_member').where('environment_id', '=', environmentId).execute();
    await tx.query.deleteFrom('sys_environment').where('id', '=', environmentId).execute();
    await appendAudit(tx, commit.audit);
    if (environment?.is_default) await passDefaultOn(tx, commit.audit, environment.organization_id);
    await enqueueEvent(tx, commit.event);
    await writeOperation(tx, database.operation_id, commit.operation);
  });
}

/** The oldest of those that stay is the default from now on: the one that was is gone by its grace, or because its making was cancelled. */
async function passDefaultOn(tx: Tx, gone: AuditEntry, organizationId: string): Promise<void> {
  const next = await tx.query
    .selectFrom('sys_environment as e')
    .innerJoin('sys_environment_database as d', 'd.environment_id', 'e.id')
    .select(['e.id', 'e.version'])
    .where('e.organization_id', '=', organizationId)
    .where('d.desired_state', '<>', 'absent')
    .orderBy('e.created_at')
    .orderBy('e.id')
    .limit(1)
    .executeTakeFirst();
  if (!next) return;
  const patch = { is_default: true, version: next.version + 1, updated_at: tx.nowMs };
  await tx.update('sys_environment', patch, { id: next.id });
  const detail = { before: { isDefault: false }, after: { isDefault: true } };
  const about = { environment_id: next.id, target_id: next.id, detail };
  await appendAudit(tx, { ...gone, action: 'environment.set_default', ...about });
}

/** Tombstones whose data key is still to be destroyed (D8). */
export function keysToErase(engine: Engine): Promise<{ environment_id: string }[]> {
  return engine.read
    .selectFrom('sys_tombstone')
    .select('environment_id')
    .where('key_erased_at', 'is', null)
    .limit(100)
    .execute();
}

/** D8, after the key is gone. Idempotent. */
export function recordKeyErased(engine: Engine, environmentId: string): Promise<void> {
  return transact(engine, async (tx) => {
    await tx.update('sys_tombstone', { key_erased_at: tx.nowMs }, { environment_id: environmentId, kind: 'purged' });
  });
}

/** How many rows are due, and since when the oldest one is, epoch ms; null when none is. */
export async function dueRows(engine: Engine, nowMs: number): Promise<{ count: number; sinceMs: number | null }> {
  const { count, since } = await engine.read
    .selectFrom('sys_environment_database')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min('due_at').as('since')])
    .where('due_at', '<=', encodeValue(engine.dialect, 'due_at', nowMs) as number)
    .where('reconciler_version', '<=', RECONCILER_VERSION)
    .executeTakeFirstOrThrow();
  return { count, sinceMs: since };
}

/** When the next row is due, epoch ms, or null when nothing is scheduled. */
export async function nextDueAt(engine: Engine): Promise<number | null> {
  const row = await engine.read
    .selectFrom('sys_environment_database')
    .select('due_at')
    .where('due_at', 'is not', null)
    .where('reconciler_version', '<=', RECONCILER_VERSION)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
  return row?.due_at ?? null;
}
