import { ControlPlaneError } from '@envplane/spec';
import type { InstallationRow, OperationRow } from '../objects/index.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { type IdempotentRequest, type Outcome, takeIdempotencyKey } from './idempotency.ts';
import { findInstallation } from './installation.ts';
import { insertOperation, isFinished, type NewOperation, updateOperation } from './operations.ts';
import type { ControlPlaneTables } from './tables.ts';
import { type Transaction, transact } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;
type Tx = Transaction<ControlPlaneTables>;

const INSTALLATION = { id: 'installation' };

/** What a verb asks for: that every data key is wrapped under the primary key-encryption key of an encryptor. */
export interface RewrapRequest {
  /** A new operation, or the failed one that goes on. */
  operation: NewOperation | { id: string };
  encryptorId: string;
  audit: AuditEntry;
  request: IdempotentRequest | null;
  /** K0: runs once nobody else can accept anything, before this is accepted. */
  prepare?: () => Promise<unknown>;
}

/**
 * K0: accepts that data keys are re-wrapped. One at a time: a second request to the same encryptor is refused, one to another
 * takes the place of the first.
 * @throws ControlPlaneError `operation_in_progress`, `idempotency_key_reused`
 */
export function acceptRewrap(engine: Engine, wish: RewrapRequest): Promise<Outcome & { replayed: boolean }> {
  return transact(
    engine,
    async (tx) => {
      const { operation, encryptorId } = wish;
      const outcome = { targetId: INSTALLATION.id, operationId: operation.id };
      const first = wish.request && (await takeIdempotencyKey(tx, wish.request, outcome));
      if (first) return { ...first, replayed: true };
      await endRunning(tx, encryptorId);
      await wish.prepare?.();
      if ('kind' in operation) await insertOperation(tx, operation);
      else await resume(tx, operation.id);
      const patch = { rewrap_operation_id: operation.id, rewrap_encryptor_id: encryptorId };
      await tx.update('sys_installation', { ...patch, rewrap_due_at: tx.nowMs, rewrap_counted_at: null }, INSTALLATION);
      await appendAudit(tx, wish.audit);
      return { ...outcome, replayed: false };
    },
    // What is prepared is done outside of the store.
    { once: true },
  );
}

async function endRunning(tx: Tx, encryptorId: string): Promise<void> {
  const installation = await tx.find('sys_installation', INSTALLATION, 'lock');
  const operationId = installation?.rewrap_operation_id ?? null;
  if (operationId === null) return;
  if (installation?.rewrap_encryptor_id === encryptorId) {
    throw new ControlPlaneError(
      'operation_in_progress',
      'Data keys are being re-wrapped already; wait for that operation.',
      { operationId, retryAfterMs: 1_000 },
    );
  }
  const running = await tx.find('sys_operation', { id: operationId }, 'lock');
  if (running && !isFinished(running)) await updateOperation(tx, running, { status: 'cancelled' });
}

async function resume(tx: Tx, operationId: string): Promise<void> {
  const operation = await tx.find('sys_operation', { id: operationId }, 'lock');
  if (operation?.status !== 'failed') {
    const state = operation?.status ?? 'missing';
    throw new ControlPlaneError('invalid_state', 'Only what failed can be retried.', { state, allowed: ['failed'] });
  }
  await updateOperation(tx, operation, { status: 'running', error: null, finished_at: null });
}

/** Re-wrapping as one process works on it; others leave it alone until `dueAt`. */
export interface RewrapClaim {
  operationId: string;
  dueAt: number;
  /** When no key was left elsewhere for the first time, epoch ms; null before. */
  countedAt: number | null;
}

/**
 * Takes the work, if it is for a process that wraps with this encryptor.
 * @returns in how many ms it is due, when that is later; null when there is none
 */
export async function claimRewrap(
  engine: Engine,
  encryptorId: string,
  leaseMs: number,
): Promise<RewrapClaim | { inMs: number } | null> {
  const isWanted = (row: InstallationRow | undefined): row is InstallationRow & { rewrap_operation_id: string } =>
    row?.rewrap_operation_id != null && row.rewrap_encryptor_id === encryptorId;
  const seen = await findInstallation(engine);
  if (!isWanted(seen)) return null;
  const inMs = (seen.rewrap_due_at ?? 0) - (await engine.now());
  if (inMs > 0) return { inMs };
  return transact(engine, async (tx) => {
    const row = await tx.find('sys_installation', INSTALLATION, 'lock');
    if (!isWanted(row)) return null;
    const wasDueAt = row.rewrap_due_at ?? 0;
    if (wasDueAt > tx.nowMs) return { inMs: wasDueAt - tx.nowMs };
    const dueAt = tx.nowMs + leaseMs;
    await tx.update('sys_installation', { rewrap_due_at: dueAt }, INSTALLATION);
    return { operationId: row.rewrap_operation_id, dueAt, countedAt: row.rewrap_counted_at };
  });
}

/** What one turn of the work leaves behind. */
export interface RewrapCommit {
  /** When the work goes on; `done`: never. */
  next: { inMs: number } | 'done';
  countedAt?: (nowMs: number) => number | null;
  operation: (operation: OperationRow, nowMs: number) => Partial<OperationRow>;
  audit?: AuditEntry;
}

/** Commits by compare-and-swap on the lease (I3). @returns false when another process has the work, or it was called off */
export function commitRewrap(engine: Engine, claim: RewrapClaim, commit: RewrapCommit): Promise<boolean> {
  return transact(engine, async (tx) => {
    const dueAt = commit.next === 'done' ? null : tx.nowMs + commit.next.inMs;
    const countedAt = commit.countedAt ? commit.countedAt(tx.nowMs) : claim.countedAt;
    const patch = {
      rewrap_due_at: dueAt,
      rewrap_counted_at: countedAt,
      ...(dueAt === null && { rewrap_operation_id: null, rewrap_encryptor_id: null, rewrap_counted_at: null }),
    };
    const held = { ...INSTALLATION, rewrap_operation_id: claim.operationId, rewrap_due_at: claim.dueAt };
    if ((await tx.update('sys_installation', patch, held)) === 0) return false;
    const operation = await tx.find('sys_operation', { id: claim.operationId }, 'lock');
    if (operation) await updateOperation(tx, operation, commit.operation(operation, tx.nowMs));
    if (commit.audit) await appendAudit(tx, commit.audit);
    claim.dueAt = dueAt ?? 0;
    claim.countedAt = countedAt;
    return true;
  });
}
