import type { InstallationRow } from '../objects/index.ts';
import type { StoreEngine } from './engine.ts';
import type { ControlPlaneTables } from './tables.ts';
import { transact } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;

export function findInstallation(engine: Engine): Promise<InstallationRow | undefined> {
  return engine.read.selectFrom('sys_installation').selectAll().executeTakeFirst();
}

/** Records the installation on the first start. Of two processes that start together one wins and both use its row. */
export function ensureInstallation(engine: Engine, row: Omit<InstallationRow, 'created_at'>): Promise<InstallationRow> {
  return transact(engine, async (tx) => {
    await tx.query
      .insertInto('sys_installation')
      .values(tx.encode({ ...row, created_at: tx.nowMs }))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return tx.query.selectFrom('sys_installation').selectAll().executeTakeFirstOrThrow();
  });
}
