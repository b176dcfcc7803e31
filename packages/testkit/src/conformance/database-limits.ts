import { randomBytes } from 'node:crypto';
import type { SuspendFacet } from '@envplane/spec';
import { describe, expect, it } from 'vitest';
import { adapterContext } from '../adapter-context.ts';
import {
  type DatabaseAdapterHarness,
  newReader,
  newTarget,
  provision,
  readNotes,
  withHandle,
  writeNotes,
} from './database-harness.ts';

/** What the database itself refuses: writes of a reader, whatever is open when it is suspended, growth beyond its limit. */
export function describeDatabaseLimits(harness: DatabaseAdapterHarness): void {
  const { credentials, limits, suspend } = harness.adapter;
  if (credentials.kind !== 'none' && credentials.authorizations.includes('read_only')) describeReadOnly(harness);
  if (suspend !== undefined) describeOpenHandles(harness, suspend);
  if (limits?.storage === 'enforced') describeGrowth(harness);
}

function describeReadOnly(harness: DatabaseAdapterHarness): void {
  describe('read-only credentials', () => {
    it('cap CR3 read what the other writes, and the database refuses them every change', async () => {
      const database = await provision(harness);
      await writeNotes(harness, database, 'kept');
      const reader = { ...database, credential: await newReader(harness.adapter, database) };
      await harness.adapter.verifyDatabase(database.target, reader.credential, adapterContext());
      expect(await readNotes(harness, reader)).toEqual(['kept']);
      await withHandle(harness, reader, async (handle) => {
        for (const sql of [
          "INSERT INTO note VALUES (2, 'mine')",
          "UPDATE note SET body = 'mine'",
          'DELETE FROM note',
          'DROP TABLE note',
          'ALTER TABLE note ADD COLUMN mine INTEGER',
          'CREATE TABLE mine (id INTEGER)',
        ]) {
          await expect(handle.exec(sql), sql).rejects.toThrow();
          await expect(handle.query(sql), sql).rejects.toThrow();
          await expect(
            handle.tx((tx) => tx.exec(sql)),
            `in a transaction: ${sql}`,
          ).rejects.toThrow();
        }
      });
      await withHandle(harness, database, async (handle) => {
        expect(await handle.query('SELECT * FROM note')).toEqual([{ id: 1, body: 'kept' }]);
        await expect(handle.query('SELECT * FROM mine')).rejects.toThrow();
      });
    });
  });
}

function describeOpenHandles(harness: DatabaseAdapterHarness, suspend: SuspendFacet): void {
  describe('suspend with somebody inside', () => {
    it('what is open reads and writes nothing any more, and what it had begun is not committed', async () => {
      const database = await provision(harness);
      await writeNotes(harness, database, 'kept');
      const { target, location, credential } = database;
      const open = () => harness.adapter.connect(target, location.databaseUrl, credential);
      const [idle, busy] = await Promise.all([open(), open()]);
      expect(await idle.query('SELECT body FROM note')).toEqual([{ body: 'kept' }]);
      const refused = { name: 'AdapterError' };
      const transaction = busy.tx(async (tx) => {
        await tx.exec("INSERT INTO note VALUES (2, 'begun')");
        await suspend.suspendDatabase(target, adapterContext());
        await tx.exec("UPDATE note SET body = 'late'");
      });
      await expect(transaction).rejects.toMatchObject(refused);
      await expect(idle.query('SELECT body FROM note')).rejects.toMatchObject(refused);
      await expect(idle.exec("INSERT INTO note VALUES (3, 'late')")).rejects.toMatchObject(refused);
      await Promise.all([idle.close(), busy.close()]);
      await suspend.resumeDatabase(target, adapterContext());
      expect(await readNotes(harness, database)).toEqual(['kept']);
    });
  });
}

function describeGrowth(harness: DatabaseAdapterHarness): void {
  describe('limits', () => {
    it('growth beyond the storage limit is refused by the database, which keeps what it has and is fit', async () => {
      const database = await provision(harness, newTarget(harness, { storageLimitMb: 1 }));
      await writeNotes(harness, database, 'fits');
      // Random, since a database may compress what it stores.
      const tooMuch = `INSERT INTO note VALUES (2, '${randomBytes(1 << 20).toString('hex')}')`;
      await withHandle(harness, database, async (handle) => {
        await expect(handle.exec(tooMuch)).rejects.toThrow();
        await expect(handle.tx((tx) => tx.exec(tooMuch))).rejects.toThrow();
      });
      expect(await readNotes(harness, database)).toEqual(['fits']);
      await harness.adapter.verifyDatabase(database.target, database.credential, adapterContext());
    });
  });
}
