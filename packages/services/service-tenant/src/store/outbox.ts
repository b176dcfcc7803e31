import { uuidv7 } from 'uuidv7';
import type { OutboxEventRow } from '../objects/index.ts';
import type { StoreEngine } from './engine.ts';
import type { ControlPlaneTables } from './tables.ts';
import { type Transaction, transact } from './transaction.ts';

/** A notification as verbs and the reconciler write it. Ids and verbs only. */
export type OutboxEntry = Pick<OutboxEventRow, 'organization_id' | 'environment_id' | 'type' | 'actor' | 'payload'>;

/** Adds a notification to the transaction of the change it tells of. */
export async function enqueueEvent(tx: Transaction<ControlPlaneTables>, entry: OutboxEntry): Promise<void> {
  await tx.insert('sys_outbox_event', {
    id: uuidv7(),
    ...entry,
    occurred_at: tx.nowMs,
    attempts: 0,
    delivered_at: null,
  });
}

/** Undelivered notifications, oldest first. */
export function undeliveredEvents(engine: StoreEngine<ControlPlaneTables>, limit: number): Promise<OutboxEventRow[]> {
  return engine.read
    .selectFrom('sys_outbox_event')
    .selectAll()
    .where('delivered_at', 'is', null)
    .orderBy('occurred_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Records which notifications every handler took, and which are due again. */
export function settleEvents(
  engine: StoreEngine<ControlPlaneTables>,
  delivered: readonly string[],
  failed: readonly string[],
): Promise<void> {
  return transact(engine, async (tx) => {
    if (delivered.length > 0) {
      await tx.query
        .updateTable('sys_outbox_event')
        .set(tx.encode({ delivered_at: tx.nowMs }))
        .where('id', 'in', delivered)
        .execute();
    }
    if (failed.length > 0) {
      await tx.query
        .updateTable('sys_outbox_event')
        .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
        .where('id', 'in', failed)
        .execute();
    }
  });
}
