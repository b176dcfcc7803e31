import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { type IdempotentRequest, takeIdempotencyKey } from './idempotency.ts';
import type { ControlPlaneTables } from './tables.ts';
import { transact } from './transaction.ts';

/** Appends an entry that changes nothing else; with `once` only the first time it is taken, whichever process comes first. */
export function recordOnce(
  engine: StoreEngine<ControlPlaneTables>,
  audit: AuditEntry,
  once: IdempotentRequest | null,
): Promise<void> {
  return transact(engine, async (tx) => {
    const first = once && (await takeIdempotencyKey(tx, once, { targetId: audit.target_id, operationId: null }));
    if (!first) await appendAudit(tx, audit);
  });
}
