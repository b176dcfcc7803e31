import type { ControlPlaneTables } from './tables.ts';
import type { Transaction } from './transaction.ts';

/** How long a credential that is not accepted any more is shown: 30 days, in ms. The audit log knows of it for longer. */
export const CREDENTIAL_KEEP_MS = 30 * 24 * 3_600_000;

/** Deletes credentials that were revoked long ago. The newest version stays, whatever became of it: numbers are not used again. */
export async function forgetOldCredentials(tx: Transaction<ControlPlaneTables>): Promise<void> {
  const before = tx.encode({ revoked_at: tx.nowMs - CREDENTIAL_KEEP_MS }).revoked_at;
  await tx.query
    .deleteFrom('sys_database_credential')
    .where('status', '=', 'revoked')
    .where('revoked_at', '<', before)
    .where('drain_at', 'is', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('sys_database_credential as newer')
          .select('newer.id')
          .whereRef('newer.environment_database_id', '=', 'sys_database_credential.environment_database_id')
          .whereRef('newer.authorization', '=', 'sys_database_credential.authorization')
          .whereRef('newer.version', '>', 'sys_database_credential.version'),
      ),
    )
    .execute();
}
