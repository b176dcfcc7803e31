import type { InstallationRow } from '../objects/index.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { findInstallation } from './installation.ts';
import type { ControlPlaneTables } from './tables.ts';
import { transact } from './transaction.ts';
import type { Claim } from './work.ts';

type Engine = StoreEngine<ControlPlaneTables>;

const INSTALLATION = { id: 'installation' };

/** How far a restore raises every epoch: further than claims of one store ever come. */
export const EPOCHS_A_GENERATION = 2 ** 40;

/** An archived database may have been restored after the backup: whoever did that is to see it before its grace ends. */
const GRACE_MS = 7 * 24 * 3_600_000;

/** Whether nothing may be deleted now. */
export async function isHeld(engine: Engine): Promise<boolean> {
  return ((await findInstallation(engine))?.destructive_hold ?? null) !== null;
}

/**
 * A0 and A1: the store is older than the databases. Nothing is deleted from this commit on, new names are other ones than those
 * that were issued after the backup, and every claim outranks those that the providers have seen: epochs rise by so much that
 * what is still under way, here or in what was there before, is refused. What is archived has a week more. Repeating it raises them again, which is harmless.
 * @returns the generation from now on
 */
export function beginRestore(engine: Engine, audit: AuditEntry): Promise<number> {
  return transact(engine, async (tx) => {
    const row = await tx.find('sys_installation', INSTALLATION, 'lock');
    if (!row) throw new Error('there is no installation in this store');
    const restoreGeneration = row.restore_generation + 1;
    await tx.update(
      'sys_installation',
      { restore_generation: restoreGeneration, destructive_hold: 'restored' },
      INSTALLATION,
    );
    await tx.query
      .updateTable('sys_environment_database')
      .set((eb) => ({ fence_epoch: eb('fence_epoch', '+', EPOCHS_A_GENERATION) }))
      .execute();
    await tx.query
      .updateTable('sys_environment_database')
      .set({ lease_owner: null, due_at: tx.encode({ due_at: tx.nowMs }).due_at })
      .where('lease_owner', 'is not', null)
      .execute();
    const { purge_after: graceEnds } = tx.encode({ purge_after: tx.nowMs + GRACE_MS });
    await tx.query
      .updateTable('sys_environment_database')
      .set({ purge_after: graceEnds })
      .where('desired_state', '=', 'archived')
      .where('purge_after', '<', graceEnds)
      .execute();
    await tx.query
      .updateTable('sys_tombstone')
      .set((eb) => ({ drop_epoch: eb('drop_epoch', '+', EPOCHS_A_GENERATION) }))
      .execute();
    await appendAudit(tx, { ...audit, detail: { ...audit.detail, restoreGeneration } });
    return restoreGeneration;
  });
}

/**
 * A server has seen a newer claim than the newest one of this store: the store is behind it. From then on nothing is deleted.
 * @returns whether that is so, and was not known
 */
export function holdIfNewest(engine: Engine, { database }: Claim, audit: AuditEntry): Promise<boolean> {
  return transact(engine, async (tx) => {
    const row = await tx.find('sys_environment_database', { id: database.id }, 'lock');
    // Refused by a claim that this store knows of: no more than being late.
    if (row?.fence_epoch !== database.fence_epoch) return false;
    const installation = await tx.find('sys_installation', INSTALLATION, 'lock');
    if (!installation || installation.destructive_hold !== null) return false;
    await tx.update('sys_installation', { destructive_hold: 'fence_ahead' }, INSTALLATION);
    await appendAudit(tx, audit);
    return true;
  });
}

/** A7. @returns false when the restore generation is another one by now, or nothing was held */
export function endHold(
  engine: Engine,
  seen: Pick<InstallationRow, 'restore_generation'>,
  audit: AuditEntry,
): Promise<boolean> {
  return transact(engine, async (tx) => {
    const row = await tx.find('sys_installation', INSTALLATION, 'lock');
    if (row?.restore_generation !== seen.restore_generation || row.destructive_hold === null) return false;
    await tx.update('sys_installation', { destructive_hold: null }, INSTALLATION);
    await appendAudit(tx, audit);
    return true;
  });
}
