import { join } from 'node:path';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import Database from 'better-sqlite3';
import { uuidv7 } from 'uuidv7';
import { type Figure, ms, timed, withDirectory } from './harness.ts';
import { openPlane } from './plane.ts';

const KEYS = 10_000;
const LOOK_MS = 20;
/** As many as the control plane has under way together. */
const GROUP = 32;

/** Re-wrapping the data keys of ten thousand environments under a new key-encryption key, against the same work by hand. */
export function keys(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const plane = await openPlane(directory);
    const encryptor = await localKeyEncryptor({ keyFile: join(directory, 'local-key.json'), createIfMissing: false });
    const installationId = installationOf(directory);
    const contextOf = (subjectId: string) => ({ installationId, subjectId, purpose: 'env-dek' as const });
    const store = new Database(join(directory, 'keys.db'));
    store.pragma('synchronous = FULL');
    await fill(store, async (id) => (await encryptor.generateDek(contextOf(id))).wrapped);

    const { encryptionKeys, operations } = plane.service;
    const rewrapMs = await timed(async () => {
      const { operationId } = await encryptionKeys.rotate();
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        const { steps } = await operations.get(operationId ?? '');
        if (steps[0]?.status === 'succeeded') return;
      }
    });
    const [current, ...older] = await encryptionKeys.list();
    if (older.length > 0 || (current?.dataKeys ?? 0) < KEYS) throw new Error('data keys were left');
    await plane.close();

    const raw = store.prepare(
      'update sys_environment_key set wrapped_dek = ?, kek_id = ?, version = version + 1 where id = ?',
    );
    const rows = store.prepare(
      'select id, environment_id as subjectId, wrapped_dek as ciphertext, kek_id as kekId from sys_environment_key',
    );
    await encryptor.addPrimaryKek?.();
    const rawMs = await timed(async () => {
      const all = rows.all() as { id: string; subjectId: string; ciphertext: string; kekId: string }[];
      for (let from = 0; from < all.length; from += GROUP) {
        const group = all.slice(from, from + GROUP);
        const wraps = await Promise.all(
          group.map(async ({ subjectId, ...wrapped }) => {
            const next = await encryptor.rewrapDek(wrapped, contextOf(subjectId));
            await encryptor.unwrapDek(next, contextOf(subjectId));
            return next;
          }),
        );
        store.transaction(() => {
          for (const [index, { ciphertext, kekId }] of wraps.entries()) raw.run(ciphertext, kekId, group[index]?.id);
        })();
      }
    });
    store.close();
    return [
      {
        name: '10,000 data keys re-wrapped',
        value: `${ms(rewrapMs)}, ${Math.round((KEYS / rewrapMs) * 1_000)}/s`,
        ratio: rewrapMs / rawMs,
        bound: '<=3',
      },
    ];
  });
}

function installationOf(directory: string): string {
  const store = new Database(join(directory, 'control-plane.db'), { readonly: true });
  const row = store.prepare('select installation_id as id from sys_installation').get() as { id: string };
  store.close();
  return row.id;
}

async function fill(
  store: Database.Database,
  wrap: (environmentId: string) => Promise<{ ciphertext: string; kekId: string }>,
): Promise<void> {
  const insert = store.prepare("insert into sys_environment_key values (?, ?, ?, ?, 'local', 1, ?, null)");
  const rows = await Promise.all(
    Array.from({ length: KEYS }, async () => {
      const environmentId = uuidv7();
      const { ciphertext, kekId } = await wrap(environmentId);
      return [uuidv7(), environmentId, ciphertext, kekId, Date.now()];
    }),
  );
  store.transaction(() => {
    for (const row of rows) insert.run(...row);
  })();
}
