import { sql } from 'kysely';
import type { Kek, KeptDek } from '../secrets/encryptor-set.ts';
import type { SealContext } from '../secrets/sealing.ts';
import { storeError } from './errors.ts';
import type { Stores } from './open-stores.ts';
import type { ControlPlaneTables, KeyTables } from './tables.ts';
import { findRow, type Transaction, transact } from './transaction.ts';

/** Whose data key it is. */
export type KeyHolder = 'installation' | 'placement' | 'signing-key' | 'environment';

/** In this order they are re-wrapped: first what the next start needs. */
export const KEY_HOLDERS: readonly KeyHolder[] = ['installation', 'placement', 'signing-key', 'environment'];

/** A wrapped data key where it is kept. */
export interface KeptKey {
  holder: KeyHolder;
  /** Key of its row. */
  rowId: string;
  /** What the data key is bound to. */
  subjectId: string;
  wrapped: KeptDek;
}

/** Every column in which a data key is wrapped. One that is missing here is lost with its key-encryption key. */
const PLACES = {
  installation: { table: 'sys_installation', id: 'id', subject: 'installation_id', ciphertext: 'name_key_ciphertext' },
  placement: { table: 'sys_placement', id: 'id', subject: 'id', ciphertext: 'administrator_key_ciphertext' },
  'signing-key': { table: 'sys_signing_key', id: 'kid', subject: 'kid', ciphertext: 'private_key_ciphertext' },
  environment: { table: 'sys_environment_key', id: 'id', subject: 'environment_id', ciphertext: 'wrapped_dek' },
} as const satisfies Record<KeyHolder, { table: string; id: string; subject: string; ciphertext: string }>;

const readerOf = ({ main, keys }: Stores, holder: KeyHolder) => (holder === 'environment' ? keys : main).read;

/** How many data keys each key-encryption key wraps. */
export async function keysByKek(stores: Stores): Promise<(Kek & { count: number })[]> {
  const counts = new Map<string, Kek & { count: number }>();
  for (const holder of KEY_HOLDERS) {
    const { table } = PLACES[holder];
    const { rows } = await read(() =>
      sql<{ encryptor_id: string; kek_id: string; count: number }>`
        select encryptor_id, kek_id, count(*) as count from ${sql.table(table)}
        where kek_id is not null group by encryptor_id, kek_id`.execute(readerOf(stores, holder)),
    );
    for (const { encryptor_id: encryptorId, kek_id: kekId, count } of rows) {
      const known = counts.get(`${encryptorId} ${kekId}`)?.count ?? 0;
      counts.set(`${encryptorId} ${kekId}`, { encryptorId, kekId, count: known + count });
    }
  }
  return [...counts.values()];
}

/** Data keys that another key-encryption key wraps, in order of the row's key. */
export async function keysElsewhere(
  stores: Stores,
  holder: KeyHolder,
  { encryptorId, kekId }: Kek,
  after: string,
  limit: number,
): Promise<KeptKey[]> {
  const { table, id, subject, ciphertext } = PLACES[holder];
  const { rows } = await read(() =>
    sql<{ row_id: string; subject_id: string; ciphertext: string; kek_id: string; encryptor_id: string }>`
      select ${sql.ref(id)} as row_id, ${sql.ref(subject)} as subject_id, ${sql.ref(ciphertext)} as ciphertext,
        kek_id, encryptor_id
      from ${sql.table(table)}
      where kek_id is not null and (encryptor_id <> ${encryptorId} or kek_id <> ${kekId}) and ${sql.ref(id)} > ${after}
      order by ${sql.ref(id)} limit ${limit}`.execute(readerOf(stores, holder)),
  );
  return rows.map((row) => ({
    holder,
    rowId: row.row_id,
    subjectId: row.subject_id,
    wrapped: { ciphertext: row.ciphertext, kekId: row.kek_id, encryptorId: row.encryptor_id },
  }));
}

/**
 * K1: puts another wrap of the same data key in place of the one that was read, unless the row has changed meanwhile.
 * @returns whether it did
 */
export async function replaceWrap(stores: Stores, key: KeptKey, next: KeptDek): Promise<boolean> {
  const replaced =
    key.holder === 'environment'
      ? await transact(stores.keys, (tx) => replaceEnvironmentKey(tx, key, next))
      : await transact(stores.main, (tx) => replaceInMain(tx, key, next));
  return replaced === 1;
}

function replaceInMain(tx: Transaction<ControlPlaneTables>, key: KeptKey, next: KeptDek): Promise<number> {
  const { rowId, wrapped } = key;
  const kek = { kek_id: next.kekId, encryptor_id: next.encryptorId };
  if (key.holder === 'installation') {
    const patch = { name_key_ciphertext: next.ciphertext, ...kek };
    return tx.update('sys_installation', patch, { id: rowId, name_key_ciphertext: wrapped.ciphertext });
  }
  if (key.holder === 'placement') {
    const patch = { administrator_key_ciphertext: next.ciphertext, ...kek };
    return tx.update('sys_placement', patch, { id: rowId, administrator_key_ciphertext: wrapped.ciphertext });
  }
  const patch = { private_key_ciphertext: next.ciphertext, ...kek };
  return tx.update('sys_signing_key', patch, { kid: rowId, private_key_ciphertext: wrapped.ciphertext });
}

async function replaceEnvironmentKey(
  tx: Transaction<KeyTables>,
  { rowId, wrapped }: KeptKey,
  next: KeptDek,
): Promise<number> {
  const row = await tx.find('sys_environment_key', { id: rowId }, 'lock');
  if (row?.wrapped_dek !== wrapped.ciphertext) return 0;
  const patch = { wrapped_dek: next.ciphertext, kek_id: next.kekId, encryptor_id: next.encryptorId };
  const { version } = row;
  return tx.update(
    'sys_environment_key',
    { ...patch, version: version + 1, rewrapped_at: tx.nowMs },
    { id: rowId, version },
  );
}

/** What a data key seals, to prove that a wrap of it opens: one record will do. Undefined where it seals nothing. */
export async function findSealed(
  { main }: Stores,
  { holder, rowId, subjectId }: KeptKey,
  installationId: string,
): Promise<{ record: string; context: SealContext } | undefined> {
  if (holder === 'placement') {
    const row = await read(() => findRow(main, 'sys_placement', { id: rowId }));
    const record = row?.administrator_ciphertext ?? null;
    if (!row || !record) return undefined;
    return { record, context: { installationId, placementId: rowId, version: row.administrator_version } };
  }
  if (holder === 'signing-key') {
    const row = await read(() => findRow(main, 'sys_signing_key', { kid: rowId }));
    return row?.private_ciphertext
      ? { record: row.private_ciphertext, context: { installationId, kid: rowId } }
      : undefined;
  }
  if (holder === 'installation') return undefined;
  const row = await read(() =>
    main.read
      .selectFrom('sys_database_credential as c')
      .innerJoin('sys_environment_database as d', 'd.id', 'c.environment_database_id')
      .select(['c.id', 'c.version', 'c.secret_ciphertext'])
      .where('d.bound_environment_id', '=', subjectId)
      .where('c.encryption_key_id', '=', rowId)
      .where('c.secret_ciphertext', '<>', '')
      .limit(1)
      .executeTakeFirst(),
  );
  if (!row) return undefined;
  const context = { installationId, environmentId: subjectId, credentialId: row.id, version: row.version };
  return { record: row.secret_ciphertext, context };
}

async function read<T>(statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    throw storeError(error);
  }
}
