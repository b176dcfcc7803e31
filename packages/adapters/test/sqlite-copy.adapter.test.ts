import { renameSync } from 'node:fs';
import type { DatabaseHandle, SqlRow } from '@envplane/spec';
import {
  adapterContext,
  letIn,
  newTarget,
  objectsOf,
  type Provisioned,
  provision,
  readNotes,
  withHandle,
  writeNotes,
} from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqliteHarness } from './sqlite-harness.ts';

const harness = sqliteHarness();
const { adapter } = harness;
const { archive, copy } = adapter;
if (archive === undefined || copy === undefined) throw new Error('the SQLite adapter archives and copies');

beforeAll(async () => {
  await adapter.checkPlacement(harness.placement);
});
afterAll(() => harness.close());

const SCHEMA = [
  'CREATE TABLE author (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)',
  'CREATE TABLE book (id INTEGER PRIMARY KEY, author_id REFERENCES author (id), title, length AS (length(title)) STORED)',
  'CREATE TABLE pair (a, b, PRIMARY KEY (a, b)) WITHOUT ROWID',
  'CREATE INDEX book_title ON book (lower(title)) WHERE title IS NOT NULL',
  'CREATE VIEW shelf AS SELECT author.name, book.title FROM book JOIN author ON author.id = author_id',
  'CREATE TRIGGER book_added AFTER INSERT ON book BEGIN INSERT INTO pair VALUES (new.id, new.title); END',
  'CREATE TRIGGER shelf_added INSTEAD OF INSERT ON shelf BEGIN INSERT INTO author (name) VALUES (new.name); END',
  'CREATE VIRTUAL TABLE text USING fts5 (body)',
  'CREATE VIRTUAL TABLE area USING rtree (id, minx, maxx)',
  'CREATE TABLE "odd ""name" ("a b", [c])',
  'PRAGMA user_version = 42',
];

async function fill(handle: DatabaseHandle): Promise<void> {
  for (const sql of SCHEMA) await handle.exec(sql);
  for (let i = 1; i <= 50; i++) {
    await handle.exec('INSERT INTO author (name) VALUES (?)', [`author ${i}`]);
    await handle.exec('INSERT INTO book (author_id, title) VALUES (?, ?)', [i, `it's ${'x'.repeat(i * 100)}`]);
    await handle.exec('INSERT INTO text VALUES (?)', [`words ${i}`]);
    await handle.exec('INSERT INTO area VALUES (?, ?, ?)', [i, i, i + 1]);
  }
}

/** Schema and rows of everything but the marker. */
function digest(database: Provisioned): Promise<Record<string, SqlRow[]>> {
  return withHandle(harness, database, async (handle) => {
    const tables = await handle.query<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name <> '_ep_meta' ORDER BY name",
    );
    const content: Record<string, SqlRow[]> = {
      schema: await handle.query(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE tbl_name <> '_ep_meta' ORDER BY type, name",
      ),
      version: await handle.query('PRAGMA user_version'),
      integrity: await handle.query('PRAGMA integrity_check'),
    };
    for (const { name } of tables) {
      content[name] = await handle.query(`SELECT * FROM "${name.replaceAll('"', '""')}" ORDER BY 1`);
    }
    return content;
  });
}

describe('copy', () => {
  it('cap CP1 equals its source in every object, row and version', async () => {
    const source = await provision(harness);
    await withHandle(harness, source, fill);
    const target = newTarget(harness);
    const location = await copy.copyDatabase(source.target, target, { schemaOnly: false }, adapterContext());
    const expected = await digest(source);
    expect(expected['book']).toHaveLength(50);
    expect(await digest(await letIn(harness, target, location))).toEqual(expected);
  });

  it('cap CP2 schema only: every object and the version, no row, and all of it works', async () => {
    const source = await provision(harness);
    await withHandle(harness, source, fill);
    const target = newTarget(harness);
    const location = await copy.copyDatabase(source.target, target, { schemaOnly: true }, adapterContext());
    const copied = await letIn(harness, target, location);
    const [there, here] = [await digest(source), await digest(copied)];
    expect(here['schema']).toEqual(there['schema']);
    expect(here['version']).toEqual([{ user_version: 42 }]);
    for (const table of ['author', 'book', 'pair', 'shelf', 'text', 'area', 'odd "name', 'sqlite_sequence']) {
      expect(here[table], table).toEqual([]);
    }
    await withHandle(harness, copied, async (handle) => {
      await handle.exec("INSERT INTO shelf VALUES ('new', 'new')");
      await handle.exec("INSERT INTO book (author_id, title) VALUES (1, 'new')");
      await handle.exec("INSERT INTO text VALUES ('new words')");
      expect(await handle.query('SELECT * FROM pair')).toEqual([{ a: 1, b: 'new' }]);
      expect(await handle.query("SELECT * FROM text WHERE text MATCH 'words'")).toHaveLength(1);
      await expect(handle.exec("INSERT INTO author (name) VALUES ('new')")).rejects.toThrow(/UNIQUE/);
    });
  });

  it('cap CP1 shows one moment of a source that is being written to', async () => {
    const source = await provision(harness);
    const target = newTarget(harness);
    await withHandle(harness, source, async (handle) => {
      await handle.exec('CREATE TABLE a (n)');
      await handle.exec('CREATE TABLE ballast (x)');
      await handle.exec('CREATE TABLE b (n)');
      // Large enough for many turns, so that writes land between them.
      await handle.exec(
        'WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 20) INSERT INTO ballast SELECT zeroblob(1000000) FROM i',
      );
      let copying = true;
      let rounds = 0;
      const location = copy.copyDatabase(source.target, target, { schemaOnly: false }, adapterContext()).finally(() => {
        copying = false;
      });
      while (copying) {
        await handle.tx(async (tx) => {
          await tx.exec('INSERT INTO a VALUES (?)', [++rounds]);
          await tx.exec('INSERT INTO b VALUES (?)', [rounds]);
        });
        await new Promise((resolve) => setImmediate(resolve));
      }
      const copied = await letIn(harness, target, await location);
      expect(rounds).toBeGreaterThan(3);
      await withHandle(harness, copied, async (other) => {
        const [a, b] = [await other.query('SELECT n FROM a'), await other.query('SELECT n FROM b')];
        expect(a).toEqual(b);
        expect(a.length).toBeLessThan(rounds);
        expect(await other.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      });
    });
  });

  it('I8 stops in the middle when it is aborted, and can be repeated', async () => {
    const source = await provision(harness);
    const target = newTarget(harness);
    await withHandle(harness, source, async (handle) => {
      await handle.exec('CREATE TABLE ballast (x)');
      await handle.exec('INSERT INTO ballast VALUES (zeroblob(20000000))');
    });
    const stop = new AbortController();
    const context = adapterContext({
      signal: stop.signal,
      onBoundary: (name) => {
        if (name === 'sq.load') setImmediate(() => setImmediate(() => stop.abort()));
      },
    });
    const copying = copy.copyDatabase(source.target, target, { schemaOnly: false }, context);
    await expect(copying).rejects.toMatchObject({ name: 'AdapterError', definitive: false });
    expect(context.boundaries.at(-1)).toBe('sq.load');
    expect(await adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'absent' });
    await copy.copyDatabase(source.target, target, { schemaOnly: false }, adapterContext({ fence: { epoch: 1 } }));
    expect((await objectsOf(harness, target)).filter((object) => object.startsWith('.tmp'))).toEqual([]);
  });

  it('I10 does not copy what took the place of the source in between', async () => {
    const { target: source } = await provision(harness);
    const { target: other } = await provision(harness);
    const target = newTarget(harness);
    const context = adapterContext({
      onBoundary: (name) => {
        if (name === 'sq.load') renameSync(harness.livePath(other), harness.livePath(source));
      },
    });
    const copying = copy.copyDatabase(source, target, { schemaOnly: true }, context);
    await expect(copying).rejects.toMatchObject({ name: 'AdapterError', code: 'conflict' });
    expect(await adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'absent' });
  });

  it('does not take an archived source for a live one', async () => {
    const { target: source } = await provision(harness);
    const target = newTarget(harness);
    await archive.archiveDatabase(source, adapterContext());
    const copying = copy.copyDatabase(source, target, { schemaOnly: false }, adapterContext());
    await expect(copying).rejects.toMatchObject({ name: 'AdapterError', code: 'unavailable' });
    expect(await objectsOf(harness, target)).toEqual([]);
  });
});

describe('archive', () => {
  it('is refused while a connection is open, and loses nothing of it', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'first');
    await withHandle(harness, database, async (handle) => {
      await handle.exec("INSERT INTO note VALUES (2, 'second')");
      const archiving = archive.archiveDatabase(database.target, adapterContext());
      await expect(archiving).rejects.toMatchObject({ name: 'AdapterError', code: 'unavailable' });
      await handle.exec("INSERT INTO note VALUES (3, 'third')");
    });
    await archive.archiveDatabase(database.target, adapterContext());
    await archive.restoreDatabase(database.target, adapterContext());
    expect(await readNotes(harness, database)).toEqual(['first', 'second', 'third']);
  });

  it('lets nobody in between checkpoint and move', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    const refused: unknown[] = [];
    const context = adapterContext({
      onBoundary: (name) => {
        if (name === 'sq.trash') void readNotes(harness, database).catch((error: unknown) => refused.push(error));
      },
    });
    await archive.archiveDatabase(database.target, context);
    expect(refused).toMatchObject([{ name: 'AdapterError', code: 'unavailable' }]);
  });

  it('I5 creating an archived database brings it back instead of making a second one', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    await archive.archiveDatabase(database.target, adapterContext());
    const location = await adapter.createDatabase(database.target, { mustExist: false }, adapterContext());
    expect(location).toEqual(database.location);
    expect(await readNotes(harness, database)).toEqual(['kept']);
  });
});
