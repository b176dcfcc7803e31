import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { ColumnKind, ObjectDefinition, ObjectIndex } from '../src/objects/define-object.ts';
import { controlPlaneObjects, keyStoreObjects } from '../src/objects/index.ts';
import { openStores, type Stores } from '../src/store/open-stores.ts';
import { applySchemaSteps, type SchemaStep } from '../src/store/schema/apply-steps.ts';
import { controlPlaneSteps, keyStoreSteps } from '../src/store/schema/steps.ts';
import type { StoreKind } from './world/stores.ts';
import { STORES, temporaryDirectory } from './world/stores.ts';

const ALL = [...controlPlaneObjects, ...keyStoreObjects];
const APPLIED = [controlPlaneSteps, keyStoreSteps].map((steps) => steps.map(({ id }) => id));

describe.each(STORES)('the schema on %s', (store) => {
  let directory: string;
  let url: string;
  let opened: Stores[];

  beforeEach(async () => {
    directory = temporaryDirectory();
    opened = [];
    url = store === 'sqlite' ? `file:${join(directory, 'store', 'envplane.db')}` : await newDatabase();
  });
  afterEach(async () => {
    await Promise.all(opened.map((stores) => stores.close()));
    rmSync(directory, { recursive: true });
  });

  async function open(): Promise<Stores> {
    const stores = await openStores(url);
    opened.push(stores);
    return stores;
  }

  it('tables, columns, keys and indexes are those of the object definitions, no more and no less', async () => {
    const stores = await open();
    expect(await catalogOf(store, stores)).toEqual(
      Object.fromEntries(ALL.map((object) => [object.name, describeObject(object, store)])),
    );
  });

  it('opening again changes nothing, and applied steps are recorded once', async () => {
    const before = await stepsOf(await open());
    expect(before).toEqual(APPLIED);
    expect(await stepsOf(await open())).toEqual(before);
  });

  it('three processes that start together all find a complete schema', async () => {
    const starters = [1, 2, 3].map(() => startProcess(url));
    expect(await Promise.all(starters.map(exitCode))).toEqual([0, 0, 0]);
    const stores = await open();
    expect(await stepsOf(stores)).toEqual(APPLIED);
    expect(Object.keys(await catalogOf(store, stores)).sort()).toEqual(ALL.map(({ name }) => name).sort());
  });

  it('six that open an empty store at once in one process all succeed', async () => {
    await Promise.all(Array.from({ length: 6 }, open));
    for (const stores of opened) expect(await stepsOf(stores)).toEqual(APPLIED);
  });

  it('a process killed in the middle of a step leaves nothing of it, and the next one starts', async () => {
    const victim = startProcess(url, 'stall');
    await untilInTheMiddle(store, url);
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    if (store === 'postgres') await endSessions(url);
    const stores = await open();
    expect(await stepsOf(stores)).toEqual(APPLIED);
    expect(Object.keys(await catalogOf(store, stores)).sort()).toEqual(ALL.map(({ name }) => name).sort());
  });

  it('tells whether both stores have the steps of this code, later ones besides, or lack one', async () => {
    const stores = await open();
    expect(await stores.schema()).toBe('current');
    for (const { write } of [stores.main, stores.keys]) {
      const stateAfter = async (statement: string) => {
        await write((_query, _nowMs, execute) => execute(statement, []));
        return stores.schema();
      };
      const later = "select 9999, 'later', 'x', applied_at from sys_schema_step where id = 1";
      expect(await stateAfter(`insert into sys_schema_step (id, name, checksum, applied_at) ${later}`)).toBe('newer');
      expect(await stateAfter('update sys_schema_step set id = 9998 where id = 1')).toBe('lacking');
      // As many as are known, and not those.
      expect(await stateAfter('delete from sys_schema_step where id = 9999')).toBe('lacking');
      expect(await stateAfter('update sys_schema_step set id = 1 where id = 9998')).toBe('current');
      expect(await stateAfter("update sys_schema_step set checksum = checksum || 'x' where id = 1")).toBe('lacking');
      await stateAfter('update sys_schema_step set checksum = substr(checksum, 1, 64) where id = 1');
    }
    expect(await stores.schema()).toBe('current');
  });

  it('a step that was applied and has another text here is refused', async () => {
    const { main, keys } = await open();
    for (const [engine, steps] of [
      [main, controlPlaneSteps],
      [keys, keyStoreSteps],
    ] as const) {
      const edited = steps.map((step) => ({
        ...step,
        statements: { ...step.statements, [store]: [...step.statements[store], 'select 1'] },
      }));
      await expect(applySchemaSteps(engine, edited)).rejects.toThrow('differs from the one that was applied');
    }
  });

  it('later steps are applied in order, once; a step of newer code is left alone; a failing one leaves nothing', async () => {
    const { main } = await open();
    const step = (id: number, ...statements: string[]): SchemaStep => ({
      id,
      name: `step ${id}`,
      statements: { sqlite: statements, postgres: statements },
    });
    const last = controlPlaneSteps.at(-1)?.id ?? 0;
    const second = step(last + 1, 'create table later (id integer)');
    const third = step(last + 2, 'alter table later add column name text');
    await applySchemaSteps(main, [...controlPlaneSteps, second, third]);
    await applySchemaSteps(main, [...controlPlaneSteps, second, third]);
    await applySchemaSteps(main, controlPlaneSteps);
    await expect(
      applySchemaSteps(main, [
        ...controlPlaneSteps,
        second,
        third,
        step(last + 3, 'create table never (id integer)', 'nonsense'),
      ]),
    ).rejects.toThrow();
    const tables = Object.keys(await catalogOf(store, { ...(await open()), main }));
    expect(tables).toContain('later');
    expect(tables).not.toContain('never');
    const { rows } = await main.select<{ id: number }>('select id from sys_schema_step order by id', []);
    expect(rows.map(({ id }) => id)).toEqual([...(APPLIED[0] ?? []), last + 1, last + 2]);
  });
});

describe('the SQLite store file', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = temporaryDirectory();
    path = join(directory, 'new', 'envplane.db');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

  it('sec S41 is 0600 in a directory 0700, side files and key store included', async () => {
    const stores = await openStores(`file:${path}`);
    const files = [
      path,
      `${path}-wal`,
      `${path}-shm`,
      join(dirname(path), 'keys.db'),
      join(dirname(path), 'keys.db-wal'),
    ];
    expect(files.map((file) => [file, modeOf(file)])).toEqual(files.map((file) => [file, '600']));
    expect(modeOf(dirname(path))).toBe('700');
    await stores.close();
  });

  it('sec S41 one that was opened to others is closed to them again', async () => {
    await (await openStores(`file:${path}`)).close();
    chmodSync(path, 0o644);
    await (await openStores(`file:${path}`)).close();
    expect(modeOf(path)).toBe('600');
  });

  it('sec S41 a link in its place is refused, and what it points to is not touched', async () => {
    const target = join(directory, 'target');
    writeFileSync(target, 'somebody else');
    await (await openStores(`file:${path}`)).close();
    rmSync(path);
    symlinkSync(target, path);
    await expect(openStores(`file:${path}`)).rejects.toThrow();
    expect(statSync(target).size).toBe('somebody else'.length);
    expect(existsSync(`${target}-wal`)).toBe(false);
  });

  it('I1 every connection works with WAL, synchronous=FULL, foreign keys, no trusted schema and no file elsewhere', async () => {
    const stores = await openStores(`file:${path}`);
    const expected = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1, trusted_schema: 0, temp_store: 2 };
    for (const engine of [stores.main, stores.keys]) {
      for (const [pragma, value] of Object.entries(expected)) {
        const read = await engine.select<Record<string, unknown>>(`pragma ${pragma}`, []);
        const written = await engine.write(async (_query, _nowMs, execute) =>
          execute<Record<string, unknown>>(`pragma ${pragma}`, []),
        );
        expect([read.rows[0]?.[pragma], written.rows[0]?.[pragma]], pragma).toEqual([value, value]);
      }
      await expect(engine.select('create table t (id)', [])).rejects.toThrow(/readonly/);
    }
    await stores.close();
  });

  it('a URL of another kind is refused', async () => {
    await expect(openStores('mysql://127.0.0.1/x')).rejects.toThrow('must be a file: or postgres: URL');
  });
});

async function newDatabase(): Promise<string> {
  const admin = postgres(inject('postgresAdminUrl'), { max: 1 });
  const name = `schema_${process.pid}_${performance.now().toString().replace('.', '_')}`;
  await admin`create database ${admin(name)}`;
  await admin.end();
  const url = new URL(inject('postgresAdminUrl'));
  url.pathname = `/${name}`;
  return url.href;
}

/** A process of its own, on the sources. */
function startProcess(url: string, mode = 'open'): ChildProcess {
  const here = dirname(fileURLToPath(import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', join(here, 'world', 'starter.ts'), url, mode], {
    env: { TSX_TSCONFIG_PATH: join(here, 'world', 'tsconfig.starter.json') },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function exitCode(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, 'exit');
  return code;
}

const DEADLINE = { timeout: 30_000, interval: 50 };

/** Until the other process is in its transaction: it holds the only write lock, or the endless statement is seen to run. */
async function untilInTheMiddle(store: StoreKind, url: string): Promise<void> {
  if (store === 'sqlite') {
    await expect.poll(() => isLocked(url.slice('file:'.length)), DEADLINE).toBe(true);
    return;
  }
  const client = postgres(url, { max: 1 });
  const sleepers = async () =>
    (await client`select 1 from pg_stat_activity where query like 'select pg_sleep%'`).length;
  await expect.poll(sleepers, DEADLINE).toBe(1);
  await client.end();
}

function isLocked(path: string): boolean {
  if (!existsSync(path)) return false;
  const database = new Database(path, { timeout: 0 });
  try {
    database.exec('begin immediate; rollback');
    return false;
  } catch {
    return true;
  } finally {
    database.close();
  }
}

/** What the server does by itself once it notices that a client is gone. */
async function endSessions(url: string): Promise<void> {
  const client = postgres(url, { max: 1 });
  await client`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
  await client.end();
}

async function stepsOf(stores: Stores): Promise<number[][]> {
  const read = 'select id from sys_schema_step order by id';
  const all = [await stores.main.select<{ id: number }>(read, []), await stores.keys.select<{ id: number }>(read, [])];
  return all.map(({ rows }) => rows.map(({ id }) => id));
}

interface Table {
  /** `name type [not null]`, in order. */
  columns: string[];
  primaryKey: string[];
  /** `name [unique] (columns) [where …]`. */
  indexes: string[];
  /** `column -> table`. */
  references: string[];
}

const TYPES: Record<StoreKind, Record<ColumnKind, string>> = {
  sqlite: { text: 'TEXT', integer: 'INTEGER', boolean: 'INTEGER', instant: 'INTEGER', json: 'TEXT' },
  postgres: {
    text: 'text C',
    integer: 'bigint',
    boolean: 'boolean',
    instant: 'timestamp(3) with time zone',
    json: 'jsonb',
  },
};

/** What an object definition asks for, in the words of `catalogOf`. */
function describeObject(object: ObjectDefinition, store: StoreKind): Table {
  const known = new Set(ALL.map(({ name }) => name));
  return {
    columns: object.fields.map(
      ({ name, kind, required }) => `${name} ${TYPES[store][kind]}${required ? ' not null' : ''}`,
    ),
    primaryKey: object.primaryKey,
    indexes: object.indexes.map((index) => describeIndex(index, store)).sort(),
    references: object.fields
      .flatMap(({ name, reference }) => (reference && known.has(reference) ? [`${name} -> ${reference}`] : []))
      .sort(),
  };
}

function describeIndex({ name, fields, unique, where }: ObjectIndex, store: StoreKind): string {
  const condition = () => {
    if (!where) return '';
    if ('is' in where) return ` where ${where.field} is ${where.is}`;
    if (typeof where.equals === 'string') return ` where ${where.field} = '${where.equals}'`;
    return ` where ${where.field}${store === 'sqlite' ? ' = 1' : ''}`;
  };
  return `${name}${unique ? ' unique' : ''} (${fields.join(', ')})${condition()}`;
}

/** Every table as the database itself describes it, but the one that records the steps. */
async function catalogOf(
  store: StoreKind,
  { main, keys }: Pick<Stores, 'main' | 'keys'>,
): Promise<Record<string, Table>> {
  const read = store === 'sqlite' ? sqliteCatalog : postgresCatalog;
  return { ...(await read(main.select, 'envplane')), ...(await read(keys.select, 'ep_keys')) };
}

type Select = Stores['main']['select'];

async function sqliteCatalog(select: Select): Promise<Record<string, Table>> {
  const tables = await select<{ name: string; sql: string; strict: number }>(
    `select s.name, s.sql, l.strict from sqlite_schema s join pragma_table_list l on l.schema = 'main' and l.name = s.name
     where s.type = 'table' and s.name <> 'sys_schema_step' and s.name not like 'sqlite_%'`,
    [],
  );
  const catalog: Record<string, Table> = {};
  for (const { name: table, sql: text, strict } of tables.rows) {
    const columns = await select<{ name: string; type: string; notnull: number; pk: number }>(
      `select name, type, "notnull", pk from pragma_table_info('${table}') order by cid`,
      [],
    );
    const indexes = await select<{ sql: string }>(
      `select sql from sqlite_schema where type = 'index' and tbl_name = '${table}' and sql is not null`,
      [],
    );
    const references = await select<{ from: string; table: string }>(
      `select "from", "table" from pragma_foreign_key_list('${table}')`,
      [],
    );
    // `later` is a table of a test's own step.
    if (table !== 'later') expect(strict, `${table} is strict`).toBe(1);
    for (const { name } of columns.rows.filter(({ name }) => kindOf(table, name) === 'json')) {
      expect(text).toContain(`check (json_valid("${name}"))`);
    }
    for (const { name } of columns.rows.filter(({ name }) => kindOf(table, name) === 'boolean')) {
      expect(text).toContain(`check ("${name}" in (0, 1))`);
    }
    catalog[table] = {
      columns: columns.rows.map(
        ({ name, type, notnull }) => `${name} ${type.toUpperCase()}${notnull ? ' not null' : ''}`,
      ),
      primaryKey: columns.rows
        .filter(({ pk }) => pk > 0)
        .sort((a, b) => a.pk - b.pk)
        .map(({ name }) => name),
      indexes: indexes.rows.map(({ sql: index }) => normalizedIndex(index)).sort(),
      references: references.rows.map((row) => `${row.from} -> ${row.table}`).sort(),
    };
  }
  return catalog;
}

const kindOf = (table: string, column: string): ColumnKind | undefined =>
  ALL.find(({ name }) => name === table)?.fields.find(({ name }) => name === column)?.kind;

async function postgresCatalog(select: Select, schema: string): Promise<Record<string, Table>> {
  const tables = await select<{ name: string }>(
    'select tablename as name from pg_tables where schemaname = $1 and tablename <> $2',
    [schema, 'sys_schema_step'],
  );
  const catalog: Record<string, Table> = {};
  for (const { name: table } of tables.rows) {
    const id = `${schema}.${table}`;
    const columns = await select<{ name: string; type: string; required: boolean; collation: string | null }>(
      `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required, c.collname as collation
       from pg_attribute a left join pg_collation c on c.oid = a.attcollation
       where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
      [id],
    );
    const indexes = await select<{ definition: string; primary: boolean }>(
      'select pg_get_indexdef(indexrelid) as definition, indisprimary as primary from pg_index where indrelid = $1::text::regclass',
      [id],
    );
    const references = await select<{ column: string; table: string }>(
      `select a.attname as column, f.relname as table from pg_constraint k
       join pg_class f on f.oid = k.confrelid join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
       where k.contype = 'f' and k.conrelid = $1::text::regclass`,
      [id],
    );
    const primary = indexes.rows.find((index) => index.primary)?.definition ?? '';
    catalog[table] = {
      columns: columns.rows.map(
        ({ name, type, required, collation }) =>
          `${name} ${type}${collation === null ? '' : ` ${collation}`}${required ? ' not null' : ''}`,
      ),
      primaryKey: (/\(([^)]*)\)/.exec(primary)?.[1] ?? '').split(', ').map(unquote),
      indexes: indexes.rows
        .filter((index) => !index.primary)
        .map(({ definition }) => normalizedIndex(definition))
        .sort(),
      references: references.rows.map((row) => `${row.column} -> ${row.table}`).sort(),
    };
  }
  return catalog;
}

const unquote = (name: string): string => name.replaceAll('"', '');

/** `create [unique] index n on t [using btree] (columns) [where condition]`, of either engine, in one form. */
function normalizedIndex(text: string): string {
  const parsed = /^create (unique )?index (\S+) on \S+ (?:using btree )?\((.*?)\)(?: where (.*))?$/is.exec(text);
  if (!parsed) throw new Error(`an index of a form the test does not know: ${text}`);
  const [, unique, name, columns = '', condition] = parsed;
  const where = condition
    ?.replaceAll(/::text/g, '')
    .replaceAll(/[()"]/g, '')
    .replace(/ IS NOT NULL/i, ' is not null')
    .replace(/ IS NULL/i, ' is null');
  return `${name}${unique ? ' unique' : ''} (${unquote(columns)})${where ? ` where ${where}` : ''}`;
}
