import type { StoreEngine } from './engine.ts';
import { storeError } from './errors.ts';
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

/** An active credential of an environment that serves, with what its environment or organization says of rotating it. */
export interface CredentialInUse {
  id: string;
  environment_id: string;
  driver: string;
  adopted: boolean;
  activated_at: number | null;
  expires_at: number | null;
  /** Days after which it is to be replaced; 0 or null: never. */
  days: number | null;
}

/** Those that can be replaced, by id, from the first after `after` on. @throws ControlPlaneError `store_unavailable` */
export async function credentialsInUse(
  engine: StoreEngine<ControlPlaneTables>,
  after: string,
  limit: number,
): Promise<CredentialInUse[]> {
  try {
    return await engine.read
      .selectFrom('sys_database_credential as c')
      .innerJoin('sys_environment_database as d', 'd.id', 'c.environment_database_id')
      .innerJoin('sys_environment as e', 'e.id', 'd.environment_id')
      .innerJoin('sys_organization as o', 'o.id', 'e.organization_id')
      .select(['c.id', 'e.id as environment_id', 'd.driver', 'd.adopted', 'c.activated_at', 'c.expires_at'])
      .select((eb) => eb.fn.coalesce('e.credential_rotation_days', 'o.credential_rotation_days').as('days'))
      .where('c.id', '>', after)
      .where('c.state', '=', 'active')
      .where('c.kind', '<>', 'none')
      .where('c.authorization', '=', 'full_access')
      .where('e.status', '=', 'active')
      .orderBy('c.id')
      .limit(limit)
      .execute();
  } catch (error) {
    throw storeError(error);
  }
}
