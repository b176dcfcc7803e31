import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditEventRow } from '../objects/index.ts';
import type { ControlPlaneTables } from './tables.ts';
import type { Transaction } from './transaction.ts';

/** What the first entry of a chain names as the one before it. */
export const GENESIS_HASH = '0'.repeat(64);

/** The chain of entries that belong to no organization. */
export const PLATFORM_CHAIN = 'platform';

/** The newest entry of a chain. */
export interface ChainHead {
  seq: number;
  hash: string;
}

/** What a verb or the reconciler records. `detail` holds ids and non-secret fields only, never personal data. */
export interface AuditEntry {
  organization_id: string | null;
  environment_id: string | null;
  actor_kind: AuditEventRow['actor_kind'];
  actor_id: string;
  acting_for: string | null;
  action: string;
  target_kind: AuditEventRow['target_kind'];
  target_id: string;
  outcome: AuditEventRow['outcome'];
  reason: string | null;
  request_id: string | null;
  client_address: string | null;
  detail: Record<string, unknown>;
}

/**
 * Appends an entry to the chain of its organization, in the transaction of the change it describes: both commit or neither.
 * The head row is locked first, so sequence numbers have no gap and no fork.
 */
export async function appendAudit(tx: Transaction<ControlPlaneTables>, entry: AuditEntry): Promise<void> {
  const chain = entry.organization_id ?? PLATFORM_CHAIN;
  const head = await lockHead(tx, chain);
  const unhashed = { chain, seq: head.seq + 1, ...entry, occurred_at: tx.nowMs, prev_hash: head.hash };
  const hash = entryHash(unhashed);
  await tx.insert('sys_audit_event', { ...unhashed, hash });
  await tx.update('sys_audit_head', { seq: unhashed.seq, hash }, { chain });
}

/** SHA-256, hex, over the canonical JSON (RFC 8785) of every field but the hash itself. */
export function entryHash(entry: Omit<AuditEventRow, 'hash'>): string {
  const canonical = canonicalize(entry);
  if (canonical === undefined) throw new TypeError('an audit entry cannot be written as JSON');
  return createHash('sha256').update(canonical).digest('hex');
}

async function lockHead(tx: Transaction<ControlPlaneTables>, chain: string): Promise<ChainHead> {
  const read = () => tx.find('sys_audit_head', { chain }, 'lock');
  const known = await read();
  if (known) return known;
  await tx.query
    .insertInto('sys_audit_head')
    .values({ chain, seq: 0, hash: GENESIS_HASH })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await read()) ?? { seq: 0, hash: GENESIS_HASH };
}
