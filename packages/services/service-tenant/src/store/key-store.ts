import type { EnvironmentKeyRow } from '../objects/index.ts';
import type { Recorder } from '../tracing/recorder.ts';
import type { StoreEngine } from './engine.ts';
import type { KeyTables } from './tables.ts';
import { encodeValue, findRow, transact } from './transaction.ts';

/**
 * Wrapped data keys, in a file or schema apart from everything else: its backups are kept for a shorter time, so that a
 * destroyed key stays destroyed.
 */
export interface KeyStore {
  /** Commits new keys together. */
  insert(keys: readonly Omit<EnvironmentKeyRow, 'created_at' | 'rewrapped_at'>[]): Promise<void>;
  find(keyId: string): Promise<EnvironmentKeyRow | undefined>;
  /** Deletes the key of an environment. Returns its id, or undefined when there was none. Idempotent. */
  destroy(environmentId: string): Promise<string | undefined>;
  /** A page of keys of at least this age in ms, in order of id. */
  olderThan(ageMs: number, afterId: string): Promise<{ id: string; environment_id: string }[]>;
  /** The same keys for another account: what is asked for them is recorded there. */
  recordedBy(recorder: Recorder): KeyStore;
}

export function createKeyStore(engine: StoreEngine<KeyTables>): KeyStore {
  return {
    insert: (keys) =>
      transact(engine, async (tx) => {
        const rows = keys.map((key) => tx.encode({ ...key, created_at: tx.nowMs, rewrapped_at: null }));
        await tx.query.insertInto('sys_environment_key').values(rows).execute();
      }),
    find: (keyId) => findRow(engine, 'sys_environment_key', { id: keyId }),
    destroy: (environmentId) =>
      transact(engine, async (tx) => {
        const deleted = await tx.query
          .deleteFrom('sys_environment_key')
          .where('environment_id', '=', environmentId)
          .returning('id')
          .executeTakeFirst();
        return deleted?.id;
      }),
    olderThan: async (ageMs, afterId) => {
      const createdBefore = encodeValue(engine.dialect, 'created_at', (await engine.now()) - ageMs) as number;
      return engine.read
        .selectFrom('sys_environment_key')
        .select(['id', 'environment_id'])
        .where('id', '>', afterId)
        .where('created_at', '<', createdBefore)
        .orderBy('id')
        .limit(500)
        .execute();
    },
    recordedBy: (recorder) => createKeyStore(engine.recordedBy(recorder)),
  };
}
