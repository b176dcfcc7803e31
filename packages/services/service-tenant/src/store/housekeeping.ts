import { forgetOldCredentials } from './credentials.ts';
import type { StoreEngine } from './engine.ts';
import { forgetExpiredKeys } from './idempotency.ts';
import type { KeyStore } from './key-store.ts';
import { forgetOldEvents } from './outbox.ts';
import { isHeld } from './restores.ts';
import { forgetOldSessions } from './session-environments.ts';
import type { ControlPlaneTables } from './tables.ts';
import { transact } from './transaction.ts';

/** A data key whose environment was never accepted is harmless; it is collected when no request can still be under way. */
const UNUSED_KEY_MS = 30 * 24 * 3_600_000;
const COLLECT_EVERY_MS = 24 * 3_600_000;

/**
 * Makes the task that forgets expired idempotency keys and, once a day, old notifications, revoked credentials, old sessions and the data keys
 * that no environment ever used.
 */
export function createHousekeeping(engine: StoreEngine<ControlPlaneTables>, keyStore: KeyStore): () => Promise<void> {
  let collectAt = Date.now() + COLLECT_EVERY_MS;
  return async () => {
    await transact(engine, forgetExpiredKeys);
    if (Date.now() < collectAt) return;
    collectAt = Date.now() + COLLECT_EVERY_MS;
    await transact(engine, forgetOldEvents);
    await transact(engine, forgetOldCredentials);
    await transact(engine, forgetOldSessions);
    await collectUnusedKeys(engine, keyStore);
  };
}

/** What no environment here uses may be one of a newer store's: not under a hold. */
export async function collectUnusedKeys(engine: StoreEngine<ControlPlaneTables>, keyStore: KeyStore): Promise<void> {
  if (await isHeld(engine)) return;
  for (let after = ''; ; ) {
    const keys = await keyStore.olderThan(UNUSED_KEY_MS, after);
    const last = keys.at(-1);
    if (!last) return;
    after = last.id;
    const ids = keys.map((key) => key.environment_id);
    const used = await engine.read.selectFrom('sys_environment').select('id').where('id', 'in', ids).execute();
    const known = new Set(used.map((row) => row.id));
    for (const id of ids) if (!known.has(id)) await keyStore.destroy(id);
  }
}
