import type { StoreEngine } from './engine.ts';
import { storeError } from './errors.ts';
import type { ControlPlaneTables } from './tables.ts';
import { findRow, transact } from './transaction.ts';

/** The user of an identity; `newUserId` when there was none. Of two who come at once both get the same. */
export async function userOfIdentity(
  engine: StoreEngine<ControlPlaneTables>,
  { issuer, subject, newUserId }: { issuer: string; subject: string; newUserId: string },
): Promise<string> {
  const known = await findRow(engine, 'sys_identity', { issuer, subject }).catch((error: unknown) => {
    throw storeError(error);
  });
  if (known) return known.user_id;
  return transact(engine, async (tx) => {
    await tx.query
      .insertInto('sys_identity')
      .values(tx.encode({ issuer, subject, user_id: newUserId, created_at: tx.nowMs }))
      .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doNothing())
      .execute();
    const row = await tx.find('sys_identity', { issuer, subject });
    return row?.user_id ?? newUserId;
  });
}
