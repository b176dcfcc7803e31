import type { OperationRow, PlacementRow } from '../objects/index.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { updateOperation } from './operations.ts';
import type { ControlPlaneTables } from './tables.ts';
import { transact } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;

/** The rotation of an administrator as one process works on it; others leave it alone until `dueAt`. */
export interface AdministratorClaim {
  placement: PlacementRow;
  operation: OperationRow;
  dueAt: number;
}

/** Takes the rotation of a placement, if it is due. */
export function claimAdministrator(
  engine: Engine,
  placementId: string,
  leaseMs: number,
): Promise<AdministratorClaim | null> {
  return transact(engine, async (tx) => {
    const placement = await tx.find('sys_placement', { id: placementId }, 'lock');
    const operationId = placement?.rotation_operation_id ?? null;
    if (!placement || operationId === null || (placement.rotation_due_at ?? 0) > tx.nowMs) return null;
    const operation = await tx.find('sys_operation', { id: operationId });
    if (!operation) throw new Error('a placement names an operation that there is not');
    const dueAt = tx.nowMs + leaseMs;
    await tx.update('sys_placement', { rotation_due_at: dueAt }, { id: placementId });
    return { placement, operation, dueAt };
  });
}

/** What one turn of the rotation leaves behind. */
export interface AdministratorCommit {
  /** When it goes on; `done`: never. */
  next: { inMs: number } | 'done';
  /** Columns that change; what looks at the placement from then on opens it anew. */
  placement?: Partial<PlacementRow>;
  operation: (operation: OperationRow, nowMs: number) => Partial<OperationRow>;
  audit?: AuditEntry;
}

/**
 * Commits by compare-and-swap on the lease and on the secret that is being replaced (I3).
 * @returns the row as it is now; null when another process has the work, or the configuration names another administrator
 */
export function commitAdministrator(
  engine: Engine,
  claim: AdministratorClaim,
  commit: AdministratorCommit,
): Promise<PlacementRow | null> {
  return transact(engine, async (tx) => {
    const { id, administrator_ciphertext: sealed } = claim.placement;
    const row = await tx.find('sys_placement', { id }, 'lock');
    const isHeld = row?.rotation_operation_id === claim.operation.id && row.rotation_due_at === claim.dueAt;
    if (!row || !isHeld || row.administrator_ciphertext !== sealed) return null;
    const dueAt = commit.next === 'done' ? null : tx.nowMs + commit.next.inMs;
    const patch: Partial<PlacementRow> = {
      ...commit.placement,
      rotation_due_at: dueAt,
      ...(dueAt === null && { rotation_operation_id: null }),
      ...(commit.placement && { version: row.version + 1, updated_at: tx.nowMs }),
    };
    await tx.update('sys_placement', patch, { id });
    const operation = await tx.find('sys_operation', { id: claim.operation.id }, 'lock');
    if (operation) await updateOperation(tx, operation, commit.operation(operation, tx.nowMs));
    if (commit.audit) await appendAudit(tx, commit.audit);
    claim.dueAt = dueAt ?? 0;
    return { ...row, ...patch };
  });
}
