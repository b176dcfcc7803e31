import type { InstallationRow, PlacementRow } from '../objects/index.ts';
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

/**
 * Adds a placement or updates its settings. The identity it was first seen with stays, so that another place behind the
 * same name is noticed.
 */
export function ensurePlacement(
  engine: Engine,
  placement: Omit<PlacementRow, 'created_at' | 'updated_at'>,
): Promise<PlacementRow> {
  return transact(engine, async (tx) => {
    const inserted = await tx.query
      .insertInto('sys_placement')
      .values(tx.encode({ ...placement, created_at: tx.nowMs, updated_at: tx.nowMs }))
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returningAll()
      .executeTakeFirst();
    return (
      inserted ??
      tx.query.selectFrom('sys_placement').selectAll().where('name', '=', placement.name).executeTakeFirstOrThrow()
    );
  });
}

export function listPlacements(engine: Engine): Promise<PlacementRow[]> {
  return engine.read.selectFrom('sys_placement').selectAll().orderBy('name').execute();
}
