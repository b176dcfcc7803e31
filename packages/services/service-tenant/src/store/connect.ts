import type { Authorization } from '@envplane/spec';
import type { EnvironmentRow } from '../objects/index.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import type { ControlPlaneTables } from './tables.ts';
import { findRow, transact } from './transaction.ts';
import type { Claim } from './work.ts';

/** What it takes to connect to an environment. */
export interface Connectable extends Omit<Claim, 'source'> {
  environment: EnvironmentRow;
}

export async function findConnectable(
  engine: StoreEngine<ControlPlaneTables>,
  environmentId: string,
  authorization: Authorization,
): Promise<(Connectable & { source: null }) | undefined> {
  const database = await findRow(engine, 'sys_environment_database', { environment_id: environmentId });
  if (!database) return undefined;
  const environment = await findRow(engine, 'sys_environment', { id: environmentId });
  const placement = await findRow(engine, 'sys_placement', { id: database.placement_id });
  if (!environment || !placement) return undefined;
  const credential = await findRow(engine, 'sys_database_credential', {
    environment_database_id: database.id,
    authorization,
    status: 'active',
  });
  const credentials = credential ? [credential] : [];
  return { environment, database, placement, credentials, source: null };
}

/** Records that a connection was handed out: when, and to whom. */
export function recordAccess(
  engine: StoreEngine<ControlPlaneTables>,
  environmentId: string,
  audit: AuditEntry,
): Promise<void> {
  return transact(engine, async (tx) => {
    await tx.query
      .updateTable('sys_environment_database')
      .set(tx.encode({ last_accessed_at: tx.nowMs }))
      .where('environment_id', '=', environmentId)
      .execute();
    await appendAudit(tx, audit);
  });
}
