import { type AdapterErrorCode, ControlPlaneError } from '@envplane/spec';
import canonicalize from 'canonicalize';
import type { PlacementRow } from '../objects/index.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { findFirstUse, type IdempotentRequest, type Outcome, takeIdempotencyKey } from './idempotency.ts';
import { insertOperation, type NewOperation } from './operations.ts';
import type { ControlPlaneTables } from './tables.ts';
import { type Transaction, transact } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;
type Tx = Transaction<ControlPlaneTables>;

export type NewPlacement = Omit<PlacementRow, 'created_at' | 'updated_at' | 'version'>;

/** The chosen placement takes no new database after all: it was drained, retired or filled meanwhile. */
export class PlacementRefused extends Error {
  override readonly name = 'PlacementRefused';
}

/** How many databases a placement holds, every one that may still be there included. */
async function countDatabases(tx: Tx, placementId: string): Promise<number> {
  const { count } = await tx.query
    .selectFrom('sys_environment_database')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('placement_id', '=', placementId)
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * Makes sure, in the transaction that adds a database, that its placement takes one: who drains, retires or fills it at the
 * same time waits until this is committed, or is seen here.
 * @throws PlacementRefused
 */
export async function takePlace(tx: Tx, chosen: Pick<PlacementRow, 'id' | 'capacity'>): Promise<void> {
  const hasCapacity = ({ capacity }: Pick<PlacementRow, 'capacity'>) => capacity !== null;
  let placement = await tx.find('sys_placement', { id: chosen.id }, hasCapacity(chosen) ? 'lock' : 'share');
  if (placement && hasCapacity(placement) && !hasCapacity(chosen)) {
    placement = await tx.find('sys_placement', { id: chosen.id }, 'lock');
  }
  if (!placement || placement.status === 'draining' || placement.status === 'retired') throw new PlacementRefused();
  if (placement.capacity !== null && (await countDatabases(tx, chosen.id)) >= placement.capacity) {
    throw new PlacementRefused();
  }
}

/** Adds a placement. @throws ControlPlaneError `name_taken`, `invalid_state` when another placement is the same place */
export function addPlacement(
  engine: Engine,
  placement: NewPlacement,
  audit: AuditEntry,
  request: IdempotentRequest | null,
): Promise<Outcome & { replayed: boolean }> {
  return transact(engine, async (tx) => {
    const outcome = { targetId: placement.id, operationId: null };
    const first = request && (await takeIdempotencyKey(tx, request, outcome));
    if (first) return { ...first, replayed: true };
    // First, because it makes others that add a placement wait: of two that are one place the second sees the first.
    await appendAudit(tx, audit);
    const same = await tx.query
      .selectFrom('sys_placement')
      .select('name')
      .where('driver', '=', placement.driver)
      .where('identity', '=', placement.identity)
      .where('status', '<>', 'retired')
      .executeTakeFirst();
    if (same) {
      throw new ControlPlaneError('invalid_state', 'This place is a placement already; change that one instead.', {
        state: same.name,
      });
    }
    await tx.insert('sys_placement', { ...placement, version: 1, created_at: tx.nowMs, updated_at: tx.nowMs });
    return { ...outcome, replayed: false };
  });
}

/** What a verb decides about a placement. */
export interface PlacementChange {
  placement: Partial<PlacementRow>;
  /** What carries it out, where that takes time. */
  operation?: NewOperation;
  audit: AuditEntry;
}

/**
 * Reads a placement under lock, lets `decide` say what changes, and commits it with its audit entry.
 *
 * @param decide pure; null means that there is nothing to do
 * @returns null when there is no such placement
 */
export function changePlacement(
  engine: Engine,
  placementId: string,
  request: IdempotentRequest | null,
  decide: (placement: PlacementRow, databases: number, nowMs: number) => PlacementChange | null,
): Promise<(Outcome & { replayed: boolean }) | null> {
  return transact(engine, async (tx) => {
    const placement = await tx.find('sys_placement', { id: placementId }, 'lock');
    if (!placement) return null;
    const first = request && (await findFirstUse(tx, request));
    if (first) return { ...first, replayed: true };
    const change = decide(placement, await countDatabases(tx, placementId), tx.nowMs);
    const outcome = { targetId: placementId, operationId: change?.operation?.id ?? null };
    if (request) await takeIdempotencyKey(tx, request, outcome);
    if (change) {
      const patch = { ...change.placement, version: placement.version + 1, updated_at: tx.nowMs };
      await tx.update('sys_placement', patch, { id: placementId });
      if (change.operation) await insertOperation(tx, change.operation);
      await appendAudit(tx, change.audit);
    }
    return { ...outcome, replayed: false };
  });
}

/**
 * Records what was found when a placement was looked at. Nothing is written when that was known; a placement that was
 * changed meanwhile is left to the next look.
 * @returns whether it changed
 */
export async function recordLook(
  engine: Engine,
  seen: PlacementRow,
  found: { identity: string } | { code: AdapterErrorCode },
): Promise<boolean> {
  const code = 'code' in found ? found.code : null;
  const status = seen.status === 'draining' || seen.status === 'retired' ? seen.status : statusAfter(code);
  const identity = seen.identity ?? ('identity' in found ? found.identity : null);
  if (status === seen.status && code === seen.last_error_code && identity === seen.identity) return false;
  return transact(engine, async (tx) => {
    const patch = { status, identity, last_error_code: code, updated_at: tx.nowMs };
    return (await tx.update('sys_placement', patch, { id: seen.id, version: seen.version })) > 0;
  });
}

export const statusAfter = (code: AdapterErrorCode | null): PlacementRow['status'] =>
  code === null ? 'ok' : 'unreachable';

/**
 * Adds or updates a placement that the configuration names. The identity it was first seen with stays, so that another
 * place behind the same name is noticed.
 */
export function ensurePlacement(
  engine: Engine,
  placement: NewPlacement,
  configured: Partial<PlacementRow>,
): Promise<PlacementRow> {
  return transact(engine, async (tx) => {
    const known = await tx.find('sys_placement', { name: placement.name }, 'lock');
    if (known) {
      const isSame = (key: string) =>
        canonicalize(known[key as keyof PlacementRow]) === canonicalize(configured[key as keyof PlacementRow]);
      const status =
        known.status === 'draining' || known.status === 'retired'
          ? known.status
          : statusAfter(placement.last_error_code);
      const looked = { status, last_error_code: placement.last_error_code };
      if (known.identity === null) Object.assign(looked, { identity: placement.identity });
      const isChanged = Object.keys(configured).some((key) => !isSame(key));
      const isNews = status !== known.status || known.last_error_code !== placement.last_error_code;
      if (!isChanged && !isNews && known.identity !== null) return known;
      const patch = {
        ...configured,
        ...looked,
        updated_at: tx.nowMs,
        ...(isChanged && { version: known.version + 1 }),
      };
      await tx.update('sys_placement', patch, { id: known.id });
      return { ...known, ...patch };
    }
    // Of two processes that start together one adds it and both use its row.
    await tx.query
      .insertInto('sys_placement')
      .values(tx.encode({ ...placement, version: 1, created_at: tx.nowMs, updated_at: tx.nowMs }))
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    const row = await tx.find('sys_placement', { name: placement.name });
    if (!row) throw new Error('a placement that was just added is gone');
    return row;
  });
}
