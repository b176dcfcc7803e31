import { type AuditEntry, appendAudit, PLATFORM_CHAIN } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { enqueueEvent } from './outbox.ts';
import type { ControlPlaneTables } from './tables.ts';
import { transact } from './transaction.ts';

/** Appends refusals of one chain to it, each with the notification of it. */
export function appendDenials(engine: StoreEngine<ControlPlaneTables>, entries: readonly AuditEntry[]): Promise<void> {
  return transact(engine, async (tx) => {
    for (const entry of entries) {
      await appendAudit(tx, entry);
      await enqueueEvent(tx, {
        organization_id: entry.organization_id ?? PLATFORM_CHAIN,
        environment_id: entry.environment_id,
        type: 'security.access_denied',
        actor: { kind: entry.actor_kind, id: entry.actor_id },
        payload: { reason: entry.reason, missing: entry.detail['missing'], count: entry.detail['count'] },
      });
    }
  });
}
