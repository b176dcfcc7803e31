import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { storeError } from './errors.ts';
import type { ControlPlaneTables } from './tables.ts';
import { findRow, type Transaction, transact } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;

/** A session that was not switched for so long is over in every host. */
const KEPT_MS = 90 * 24 * 3_600_000;

/** A session of a user. Another user who is given the same one has no part in what was active before. */
export interface SessionOf {
  session: string;
  userId: string;
}

/** The active environment of a session; null when it has none. @throws ControlPlaneError `store_unavailable` */
export async function sessionEnvironment(engine: Engine, { session, userId }: SessionOf): Promise<string | null> {
  const row = await findRow(engine, 'sys_session_environment', { session, user_id: userId }).catch((error: unknown) => {
    throw storeError(error);
  });
  return row?.environment_id ?? null;
}

/** Switches a session to an environment, or to none. */
export function switchSession(
  engine: Engine,
  { session, userId }: SessionOf,
  environmentId: string | null,
  audit: AuditEntry | null,
): Promise<void> {
  return transact(engine, async (tx) => {
    await tx.query.deleteFrom('sys_session_environment').where('session', '=', session).execute();
    if (environmentId !== null) {
      const row = { session, user_id: userId, environment_id: environmentId, updated_at: tx.nowMs };
      await tx.insert('sys_session_environment', row);
    }
    if (audit) await appendAudit(tx, audit);
  });
}

export async function forgetOldSessions(tx: Transaction<ControlPlaneTables>): Promise<void> {
  const { updated_at: before } = tx.encode({ updated_at: tx.nowMs - KEPT_MS });
  await tx.query.deleteFrom('sys_session_environment').where('updated_at', '<', before).execute();
}
