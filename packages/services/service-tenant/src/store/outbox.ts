import type { OutboxEventType } from '@envplane/spec';
import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import type { OutboxEventRow } from '../objects/index.ts';
import type { StoreEngine } from './engine.ts';
import type { ControlPlaneTables } from './tables.ts';
import { type Transaction, transact } from './transaction.ts';

/** How long a notification is kept, delivered or not: 30 days, in ms. Without a limit an installation nobody listens in would grow for ever. */
export const EVENT_KEEP_MS = 30 * 24 * 3_600_000;

/** A notification as verbs and the reconciler write it. Ids and verbs only. */
export type OutboxEntry = Pick<OutboxEventRow, 'organization_id' | 'environment_id' | 'actor' | 'payload'> & {
  type: OutboxEventType;
};

/**
 * Adds a notification to the transaction of the change it tells of, after the audit entry of that change: with it the
 * transaction has locked the chain, whose number is then the order in which changes of the organization were committed. Times
 * are not, since a transaction is dated when it begins.
 */
export async function enqueueEvent(tx: Transaction<ControlPlaneTables>, entry: OutboxEntry): Promise<void> {
  await tx.insert('sys_outbox_event', {
    id: uuidv7(),
    ...entry,
    occurred_at: tx.nowMs,
    attempts: 0,
    delivered_at: null,
    seq: (await tx.find('sys_audit_head', { chain: entry.organization_id }))?.seq ?? null,
  });
}

/**
 * Undelivered notifications, oldest first, and of an organization in the order of its changes. What has to wait for one that
 * failed is not among them, and those that failed have a share of their own, so that they hold up nobody else.
 */
export async function undeliveredEvents(
  engine: StoreEngine<ControlPlaneTables>,
  limit: number,
): Promise<OutboxEventRow[]> {
  const undelivered = engine.read.selectFrom('sys_outbox_event').where('delivered_at', 'is', null);
  const failed = undelivered.where('attempts', '>', 0);
  // As `waitsFor` says it of two.
  const queue = sql<string>`coalesce(environment_id, organization_id)`;
  const others = undelivered
    .where(queue, 'not in', failed.select(queue.as('queue')))
    .where('organization_id', 'not in', failed.where('environment_id', 'is', null).select('organization_id'))
    .where((eb) =>
      eb.or([eb('environment_id', 'is not', null), eb('organization_id', 'not in', failed.select('organization_id'))]),
    );
  const oldestFirst = (query: typeof undelivered) =>
    query.selectAll().orderBy('occurred_at').orderBy('id').limit(limit).execute();
  return inOrder([...(await oldestFirst(failed.orderBy('attempts'))), ...(await oldestFirst(others))]);
}

type Place = Pick<OutboxEventRow, 'organization_id' | 'environment_id'>;

/** Order is kept in each environment, and between what is about an organization as a whole and everything else of it. */
export const waitsFor = (later: Place, earlier: Place): boolean =>
  later.organization_id === earlier.organization_id &&
  (later.environment_id === null || earlier.environment_id === null || later.environment_id === earlier.environment_id);

function inOrder(rows: readonly OutboxEventRow[]): OutboxEventRow[] {
  const organizations = new Map<string, OutboxEventRow[]>();
  for (const row of rows) {
    const events = organizations.get(row.organization_id) ?? [];
    organizations.set(row.organization_id, events);
    events.push(row);
  }
  const byCommit = (a: OutboxEventRow, b: OutboxEventRow) => (a.seq ?? 0) - (b.seq ?? 0) || (a.id < b.id ? -1 : 1);
  return [...organizations.values()].flatMap((events) => events.sort(byCommit));
}

/** When the oldest undelivered notification was written, epoch ms; null when there is none. */
export async function oldestUndelivered(engine: StoreEngine<ControlPlaneTables>): Promise<number | null> {
  const row = await engine.read
    .selectFrom('sys_outbox_event')
    .select('occurred_at')
    .where('delivered_at', 'is', null)
    .orderBy('occurred_at')
    .limit(1)
    .executeTakeFirst();
  return row?.occurred_at ?? null;
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

/** Deletes notifications older than {@link EVENT_KEEP_MS}. */
export async function forgetOldEvents(tx: Transaction<ControlPlaneTables>): Promise<void> {
  await tx.query
    .deleteFrom('sys_outbox_event')
    .where('occurred_at', '<', tx.encode({ occurred_at: tx.nowMs - EVENT_KEEP_MS }).occurred_at)
    .execute();
}
