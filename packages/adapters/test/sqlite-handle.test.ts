import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AdapterCredential, type DatabaseHandle, Secret } from '@envplane/spec';
import { adapterContext, provision } from '@envplane/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMemory } from '../src/databases/sqlite/opener.ts';
import { checkStatement } from '../src/databases/sqlite/statement-guard.ts';
import { entriesBelow, sqliteHarness } from './sqlite-harness.ts';

const harness = sqliteHarness();
let handle: DatabaseHandle;
let victim: string;

beforeAll(async () => {
  await harness.adapter.checkPlacement(harness.placement);
  const own = await provision(harness);
  victim = harness.livePath((await provision(harness)).target);
  handle = await harness.adapter.connect(own.target, own.location.databaseUrl, null);
  await handle.exec('CREATE TABLE note (id INTEGER PRIMARY KEY, body)');
});
afterAll(async () => {
  await handle.close();
  await harness.close();
});

const REFUSED = { name: 'AdapterError', code: 'invalid_request' };

describe('sec S20 statements that leave the database', () => {
  const target = () => join(harness.root, 'stolen.db');
  const corpus: readonly ((quoted: string) => string)[] = [
    (path) => `ATTACH ${path} AS other`,
    (path) => `attach database ${path} as other`,
    (path) => ` \t\r\n\fAtTaCh ${path} AS other`,
    (path) => `/* a */ATTACH ${path} AS other`,
    (path) => `/**/ATTACH ${path} AS other`,
    (path) => `/*/ SELECT 1 */ATTACH ${path} AS other`,
    (path) => `/* SELECT 1 */ -- SELECT 2\nATTACH ${path} AS other`,
    (path) => `--\rSELECT 1\nATTACH ${path} AS other`,
    (path) => `-- SELECT 1\u2028\nATTACH ${path} AS other`,
    (path) => `\uFEFFATTACH ${path} AS other`,
    (path) => `;ATTACH ${path} AS other`,
    (path) => `/* a */;ATTACH ${path} AS other /* */ SELECT 1`,
    (path) => `SELECT 1; ATTACH ${path} AS other`,
    (path) => `SELECT 1;;\n--\nATTACH ${path} AS other`,
    (path) => `EXPLAIN ATTACH ${path} AS other`,
    (path) => `EXPLAIN QUERY PLAN ATTACH ${path} AS other`,
    (path) => `EXPLAIN/**/QUERY/**/PLAN/**/ATTACH ${path} AS other`,
    (path) => `WITH x AS (SELECT 1) ATTACH ${path} AS other`,
    (path) => `CREATE TRIGGER t AFTER INSERT ON note BEGIN ATTACH ${path} AS other; END`,
    () => 'DETACH main',
    () => 'detach database temp',
    (path) => `VACUUM INTO ${path}`,
    (path) => `VACUUM main INTO ${path}`,
    (path) => `/* x */ vacuum/**/into ${path}`,
    () => 'VACUUM',
    () => 'PRAGMA writable_schema = ON',
    () => 'PRAGMA main.writable_schema(1)',
    () => 'PRAGMA /* table_info */ journal_mode = DELETE',
    () => 'pragma\tapplication_id = 0',
    () => 'PRAGMA trusted_schema = ON',
    () => 'PRAGMA "writable_schema" = ON',
    () => 'PRAGMA [main].writable_schema = ON',
    () => 'PRAGMA locking_mode = EXCLUSIVE',
    () => 'PRAGMA database_list',
    () => "PRAGMA temp_store_directory = '/'",
    () => 'EXPLAIN PRAGMA journal_mode = DELETE',
    () => 'BEGIN',
    () => 'begin exclusive',
    () => 'COMMIT',
    () => 'END',
    () => 'ROLLBACK',
    () => 'SAVEPOINT s',
    () => 'RELEASE s',
    () => '',
    () => '-- nothing',
    () => '/* never closed SELECT 1',
    () => 'SELECT 1; SELECT 2',
    () => 'INSERT INTO note (body) VALUES (1); DELETE FROM note',
  ];

  it.each(corpus.map((statement) => [statement("'x.db'"), statement] as const))(
    'refuses %j',
    async (_title, statement) => {
      const before = [entriesBelow(harness.root), readFileSync(victim)];
      const paths = [victim, target(), ':memory:'];
      for (const path of paths) {
        const sql = statement(`'${path}'`);
        await expect(handle.query(sql)).rejects.toThrow();
        await expect(handle.exec(sql)).rejects.toThrow();
        await expect(handle.tx((tx) => tx.exec(sql))).rejects.toThrow();
      }
      expect([entriesBelow(harness.root), readFileSync(victim)]).toEqual(before);
      expect(existsSync(target())).toBe(false);
      expect(await handle.query('SELECT name FROM pragma_database_list')).toEqual([{ name: 'main' }]);
      expect(await handle.query('SELECT * FROM note')).toEqual([]);
    },
  );

  it('refuses to load code', async () => {
    await expect(handle.query("SELECT load_extension('x')")).rejects.toThrow(/not authorized|no such function/);
    await expect(handle.query("SELECT fts3_tokenizer('x', x'00')")).rejects.toThrow();
  });

  it.each([
    "UPDATE _ep_meta SET value = 'x'",
    'DELETE FROM main . "_EP_meta"',
    'DROP TABLE [_ep_meta]',
    'ALTER TABLE `_ep_meta` RENAME TO gone',
    'CREATE TRIGGER t AFTER INSERT ON note BEGIN DELETE FROM _ep_meta; END',
    'WITH x AS (SELECT 1) INSERT OR REPLACE INTO _ep_meta SELECT * FROM _ep_meta',
  ])('I10 refuses to change the marker: %s', async (sql) => {
    const marker = () => handle.query('SELECT * FROM _ep_meta ORDER BY key');
    const before = await marker();
    expect(before).toHaveLength(2);
    await expect(handle.exec(sql)).rejects.toMatchObject(REFUSED);
    expect(await marker()).toEqual(before);
  });

  it('whatever is let through attaches nothing, begins nothing and writes no other file', () => {
    const fragment = fc.constantFrom(
      ...[
        ' ',
        '\n',
        '\r',
        '\t',
        '\f',
        '\v',
        '\0',
        '\u00a0',
        '\uFEFF',
        '--',
        '-- x\n',
        '/*',
        '*/',
        '/**/',
        '/*/',
        ';',
        '.',
      ],
      ...['(', ')', '"', "'", '[', ']', '`', '1', 'x', 'AS', ',', '=', 'main', 'INTO', "':memory:'", "'stolen.db'"],
      ...['SELECT', 'select 1', 'WITH', 'EXPLAIN', 'QUERY', 'PLAN', 'ATTACH', "ATTACH ':memory:' AS a", 'DETACH'],
      ...[
        'VACUUM',
        "VACUUM INTO ':memory:'",
        'BEGIN',
        'SAVEPOINT s',
        'PRAGMA',
        'journal_mode',
        'table_info',
        'user_version',
      ],
      ...['PRAGMA writable_schema=ON', 'CREATE TABLE t(a)', 'END'],
    );
    let letThrough = 0;
    fc.assert(
      fc.property(fc.array(fragment, { minLength: 1, maxLength: 8 }), (fragments) => {
        const sql = fragments.join('');
        try {
          checkStatement(sql);
        } catch {
          return;
        }
        letThrough++;
        const file = openMemory();
        try {
          try {
            const statement = file.prepare(sql);
            if (statement.reader) statement.all();
            else statement.run();
          } catch {
            // SQLite refused it itself.
          }
          expect(file.pragma('database_list')).toHaveLength(1);
          expect(file.inTransaction).toBe(false);
          expect(file.pragma('writable_schema', { simple: true })).toBe(0);
          expect(existsSync('stolen.db')).toBe(false);
        } finally {
          file.close();
        }
      }),
      { numRuns: 5_000 },
    );
    expect(letThrough).toBeGreaterThan(100);
  });
});

describe('statements of an application', () => {
  it.each([
    'SELECT 1',
    '  -- first\n /* then */ select 1',
    'VALUES (1)',
    'WITH x AS (SELECT 1 AS a) SELECT a FROM x',
    'EXPLAIN SELECT 1',
    'EXPLAIN QUERY PLAN SELECT 1',
    'PRAGMA table_info(note)',
    'PRAGMA main.table_info(note)',
    "PRAGMA foreign_key_check('note')",
    'PRAGMA user_version',
    "SELECT 'ATTACH; VACUUM' AS text",
    'SELECT 1;',
    'SELECT 1; -- the end',
    'CREATE TEMP TABLE scratch (a)',
    'REINDEX note',
    'ANALYZE',
  ])('lets %s through', async (sql) => {
    await expect(handle.query(sql)).resolves.toBeInstanceOf(Array);
  });

  it('binds and returns every kind of value', async () => {
    const values = ["it's", 1.5, 7, 2n ** 62n, null, new Uint8Array([1, 0, 255]), true];
    const row = await handle.one('SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e, ? AS f, ? AS g', values);
    expect(row).toEqual({ a: "it's", b: 1.5, c: 7, d: 2n ** 62n, e: null, f: Buffer.from([1, 0, 255]), g: 1 });
  });

  it('counts the rows that a statement changed, also when it returns them', async () => {
    expect(await handle.exec("INSERT INTO note (body) VALUES ('a'), ('b')")).toEqual({ rowCount: 2 });
    expect(await handle.exec("UPDATE note SET body = 'c' RETURNING id")).toEqual({ rowCount: 2 });
    expect(await handle.exec('SELECT * FROM note')).toEqual({ rowCount: 0 });
    expect(await handle.exec('DELETE FROM note')).toEqual({ rowCount: 2 });
  });

  it('keeps calls from outside out of an open transaction', async () => {
    const order: string[] = [];
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const transaction = handle.tx(async (tx) => {
      await tx.exec("INSERT INTO note (body) VALUES ('inside')");
      await gate;
      order.push('committing');
    });
    const outside = handle.exec("INSERT INTO note (body) VALUES ('outside')").then(() => order.push('outside'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual([]);
    finish();
    await Promise.all([transaction, outside]);
    expect(order).toEqual(['committing', 'outside']);
    await handle.exec('DELETE FROM note');
  });

  it('ends a transaction with its body: its handle refuses what comes later', async () => {
    let leaked: Omit<DatabaseHandle, 'tx' | 'close'> | undefined;
    await handle.tx(async (tx) => {
      leaked = tx;
    });
    await expect(leaked?.exec("INSERT INTO note (body) VALUES ('late')")).rejects.toMatchObject(REFUSED);
    expect(await handle.query('SELECT * FROM note')).toEqual([]);
  });

  it('is safe and durable on every connection', async () => {
    const settings = await handle.query(
      `SELECT foreign_keys, synchronous, trusted_schema
       FROM pragma_foreign_keys, pragma_synchronous, pragma_trusted_schema`,
    );
    expect(settings).toEqual([{ foreign_keys: 1, synchronous: 2, trusted_schema: 0 }]);
  });

  it('opens no file but the one of its target', async () => {
    const one = await provision(harness);
    const other = await provision(harness);
    for (const url of [other.location.databaseUrl, `file:${victim}`, 'file::memory:', ':memory:', '']) {
      await expect(harness.adapter.connect(one.target, url, null)).rejects.toMatchObject(REFUSED);
    }
  });

  it('cap CR3 takes no credential, since a file could not enforce it', async () => {
    const { target, location } = await provision(harness);
    const credential: AdapterCredential = {
      credentialId: 'c',
      version: 1,
      authorization: 'read_only',
      slot: 0,
      secret: new Secret('unused'),
    };
    const unsupported = { name: 'AdapterError', code: 'unsupported' };
    await expect(harness.adapter.connect(target, location.databaseUrl, credential)).rejects.toMatchObject(unsupported);
    const verifying = harness.adapter.verifyDatabase(target, credential, adapterContext());
    await expect(verifying).rejects.toMatchObject(unsupported);
  });

  it('refuses statements after it was closed', async () => {
    const own = await provision(harness);
    const closed = await harness.adapter.connect(own.target, own.location.databaseUrl, null);
    await closed.close();
    await expect(closed.query('SELECT 1')).rejects.toMatchObject({ name: 'AdapterError', code: 'unavailable' });
  });
});
