import { createPrivateKey, sign } from 'node:crypto';
import {
  adapterContext,
  letIn,
  newTarget,
  objectsOf,
  type Provisioned,
  provision,
  readNotes,
  startSqld,
  withHandle,
  writeNotes,
} from '@envplane/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { libsqlHarness } from './libsql-harness.ts';

const server = await startSqld();
afterAll(() => server.stop());
const harness = libsqlHarness(server);
const { adapter } = harness;
const { copy, suspend } = adapter;
if (!copy || !suspend) throw new Error('a facet is missing');

/** The status of a statement on a namespace, with a token that the source's key signs for just that namespace. */
async function statusWithKeyOf({ credential }: Provisioned, namespace: string): Promise<number> {
  const der = Buffer.from(credential?.secret.reveal() ?? '', 'base64url');
  const key = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
  const claims = { p: { rw: { ns: [namespace] } }, exp: Math.floor(Date.now() / 1000) + 60 };
  const signed = [{ alg: 'EdDSA' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const response = await fetch(`${server.url}/v2/pipeline`, {
    method: 'POST',
    headers: {
      'x-namespace-bin': Buffer.from(namespace).toString('base64').replace(/=+$/, ''),
      authorization: `Bearer ${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`,
    },
    body: JSON.stringify({ requests: [{ type: 'execute', stmt: { sql: 'SELECT 1' } }] }),
  });
  await response.text();
  return response.status;
}

async function schemaOf(database: Provisioned) {
  return withHandle(harness, database, (handle) =>
    handle.query('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name'),
  );
}

describe('copies', () => {
  it.each([true, false])(
    "the source's key never opens the copy, at no boundary (schema only: %s)",
    async (schemaOnly) => {
      const source = await provision(harness);
      await writeNotes(harness, source, 'private');
      const target = newTarget(harness);
      expect(await statusWithKeyOf(source, source.target.databaseName)).toBe(200);
      const statuses = new Set<number>();
      const context = adapterContext({
        onBoundary: async () => void statuses.add(await statusWithKeyOf(source, target.databaseName)),
      });
      await copy.copyDatabase(source.target, target, { schemaOnly }, context);
      statuses.add(await statusWithKeyOf(source, target.databaseName));
      // 404 before it exists, 401 from then on.
      expect([...statuses].sort()).toEqual([401, 404]);
      expect(await objectsOf(harness, target)).toEqual([target.databaseName]);
    },
  );

  it('a copy of a suspended database is not suspended, and has the limit of its own', async () => {
    const source = await provision(harness);
    await writeNotes(harness, source, 'copied');
    await suspend.suspendDatabase(source.target, adapterContext());
    const target = newTarget(harness, { storageLimitMb: 1 });
    const location = await copy.copyDatabase(source.target, target, { schemaOnly: false }, adapterContext());
    const copied = await letIn(harness, target, location);
    expect(await readNotes(harness, copied)).toEqual(['copied']);
    await withHandle(harness, copied, async (handle) => {
      const grow = handle.exec('INSERT INTO note (body) VALUES (randomblob(2000000))');
      await expect(grow).rejects.toMatchObject({ code: 'SQLITE_FULL' });
    });
    expect(await harness.configOf(source.target.databaseName)).toMatchObject({ block_reads: true, block_writes: true });
  });

  it('the source serves while it is copied, and each goes its own way', async () => {
    const source = await provision(harness);
    await writeNotes(harness, source, 'before');
    const target = newTarget(harness);
    await withHandle(harness, source, async (handle) => {
      const context = adapterContext({
        onBoundary: async () => void (await handle.exec("INSERT INTO note (body) VALUES ('meanwhile')")),
      });
      const location = await copy.copyDatabase(source.target, target, { schemaOnly: false }, context);
      const rows = await readNotes(harness, await letIn(harness, target, location));
      expect(rows[0]).toBe('before');
      expect((await readNotes(harness, source)).length).toBe(context.boundaries.length + 1);
      expect(rows.length).toBeLessThan(context.boundaries.length + 1);
    });
  });

  it('cap CP2 schema only: tables, indexes, triggers, views, virtual tables, defaults and user_version, and no row', async () => {
    const source = await provision(harness);
    await withHandle(harness, source, async (handle) => {
      const statements = [
        `CREATE TABLE "odd ""name""" (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT DEFAULT 'it''s; fine' CHECK (body <> ';'))`,
        'CREATE TABLE child (id INTEGER PRIMARY KEY, parent REFERENCES "odd ""name"""(id) ON DELETE CASCADE, n AS (id * 2) STORED) STRICT'
          .replace('parent REFERENCES', 'parent INTEGER REFERENCES')
          .replace('n AS', 'n INTEGER AS'),
        'CREATE TABLE log (what TEXT, at TEXT) WITHOUT ROWID'.replace('what TEXT', 'what TEXT PRIMARY KEY'),
        'CREATE UNIQUE INDEX by_body ON "odd ""name""" (lower(body)) WHERE body IS NOT NULL',
        `CREATE TRIGGER remember AFTER INSERT ON child BEGIN INSERT OR REPLACE INTO log VALUES ('child; inserted', new.id); DELETE FROM log WHERE at = ''; END`,
        'CREATE VIEW second AS SELECT * FROM first',
        'CREATE VIEW first AS SELECT id, body AS "b -- no comment" FROM "odd ""name"""',
        `CREATE TRIGGER through INSTEAD OF INSERT ON first BEGIN INSERT INTO "odd ""name""" (body) VALUES ('x'); END`,
        'CREATE VIRTUAL TABLE found USING fts5(body)',
        `INSERT INTO "odd ""name""" (body) VALUES ('private')`,
        'INSERT INTO child (id, parent) VALUES (7, 1)',
        `INSERT INTO found VALUES ('private')`,
        'PRAGMA user_version = 42',
      ];
      for (const statement of statements) await handle.exec(statement);
    });
    const target = newTarget(harness);
    const location = await copy.copyDatabase(source.target, target, { schemaOnly: true }, adapterContext());
    const copied = await letIn(harness, target, location);
    expect(await schemaOf(copied)).toEqual(await schemaOf(source));
    await withHandle(harness, copied, async (handle) => {
      expect(await handle.one('PRAGMA user_version')).toEqual({ user_version: 42 });
      for (const table of ['"odd ""name"""', 'child', 'log', 'found', 'first', 'second', 'sqlite_sequence']) {
        expect(await handle.query(`SELECT * FROM ${table}`), table).toEqual([]);
      }
      await handle.exec(`INSERT INTO first (id) VALUES (NULL)`);
      await handle.exec('INSERT INTO child (id, parent) VALUES (3, 1)');
      expect(await handle.query('SELECT * FROM child')).toEqual([{ id: 3, parent: 1, n: 6 }]);
      expect(await handle.query('SELECT * FROM log')).toEqual([{ what: 'child; inserted', at: '3' }]);
      await handle.exec(`INSERT INTO found VALUES ('a needle here')`);
      expect(await handle.query(`SELECT body FROM found WHERE found MATCH 'needle'`)).toHaveLength(1);
    });
  });

  it.each(['crash-before', 'crash-after', 'reply-lost', 'dup'] as const)(
    'I6 schema only: %s at any boundary, then a repeat, gives the schema and no row',
    async (action) => {
      const source = await provision(harness);
      await writeNotes(harness, source, 'private');
      const run = (context = adapterContext(), target = newTarget(harness)) =>
        copy.copyDatabase(source.target, target, { schemaOnly: true }, context);
      const counting = adapterContext();
      await run(counting);
      for (let at = 0; at < counting.boundaries.length; at++) {
        const target = newTarget(harness);
        await run(adapterContext({ fault: { at, action } }), target).catch(() => undefined);
        const { kind } = await adapter.findDatabase(target, adapterContext());
        expect(['absent', 'ours']).toContain(kind);
        const location = await run(adapterContext(), target);
        expect(await objectsOf(harness, target)).toEqual([target.databaseName]);
        const copied = await letIn(harness, target, location);
        expect(await schemaOf(copied), `${action} at ${counting.boundaries[at]} (${at})`).toEqual(
          await schemaOf(source),
        );
        expect(await readNotes(harness, copied)).toEqual([]);
      }
    },
  );

  it.each([true, false])(
    'I7 deleting the target of an interrupted copy leaves nothing (schema only: %s)',
    async (schemaOnly) => {
      const source = await provision(harness);
      await writeNotes(harness, source, 'kept');
      const counting = adapterContext();
      await copy.copyDatabase(source.target, newTarget(harness), { schemaOnly }, counting);
      for (let at = 0; at < counting.boundaries.length; at++) {
        const target = newTarget(harness);
        const context = adapterContext({ fault: { at, action: 'crash-after' } });
        await expect(copy.copyDatabase(source.target, target, { schemaOnly }, context)).rejects.toThrow(
          'injected crash',
        );
        await adapter.deleteDatabase(target, adapterContext());
        expect(await objectsOf(harness, target), `after ${counting.boundaries[at]} (${at})`).toEqual([]);
      }
      expect(await readNotes(harness, source)).toEqual(['kept']);
    },
  );
});
