import type { Meter } from '@envplane/spec';
import { sql } from 'kysely';
import type { Execute, Query, StoreEngine } from './engine.ts';
import { storeError } from './errors.ts';
import type { Engine } from './schema/ddl.ts';
import { COLUMN_KINDS } from './tables.ts';

/** Equality on these columns. */
type Match<Row> = { [Column in keyof Row]?: Row[Column] };

/** What a store method works with inside one transaction. */
export interface Transaction<Tables> {
  /** For statements that the methods below cannot say. */
  readonly query: Query<Tables>;
  /** The store's clock when the transaction began, epoch ms. */
  readonly nowMs: number;
  insert<Table extends keyof Tables & string>(table: Table, row: Tables[Table]): Promise<void>;
  /** Inserts unless a row with its key is there. Returns whether it did. */
  insertIfAbsent<Table extends keyof Tables & string>(table: Table, row: Tables[Table]): Promise<boolean>;
  /** Sets columns of the rows that match. Returns how many. */
  update<Table extends keyof Tables & string>(
    table: Table,
    patch: Partial<Tables[Table]>,
    where: Match<Tables[Table]>,
  ): Promise<number>;
  /**
   * The one row that matches. `lock`: other writers of it wait until the transaction ends (on SQLite all writers do anyway).
   * `share`: only those who lock it do.
   */
  find<Table extends keyof Tables & string>(
    table: Table,
    where: Match<Tables[Table]>,
    lock?: 'lock' | 'share',
  ): Promise<Tables[Table] | undefined>;
  /** Turns the values of a row into what the engine binds, for `set` and `where` of a built query. */
  encode<Row extends object>(values: Row): Row;
  /** Whether a built `select` must lock its rows. On SQLite the transaction already does. */
  readonly forUpdate: boolean;
  /** Counts something once this transaction is committed, and never for one that is not. */
  afterCommit(count: (meter: Meter) => void): void;
}

/**
 * True as a literal.
 * HAZARD: what the condition of a partial index is compared with must be one. SQLite compiles a statement anew each time a bound
 * value could decide whether such an index fits, which takes five times as long as running it.
 */
export const TRUE = { sqlite: sql.lit<boolean>(1 as never), postgres: sql.lit(true) };

const LOCKS = { lock: ' for update', share: ' for key share' };

/** Runs `body` as one durable transaction. @throws ControlPlaneError as `storeError` maps it. */
export async function transact<Tables, T>(
  engine: StoreEngine<Tables>,
  body: (tx: Transaction<Tables>) => Promise<T>,
  options?: { once: boolean },
): Promise<T> {
  let counts: ((meter: Meter) => void)[] = [];
  try {
    const result = await engine.write((query, nowMs, execute) => {
      // Whatever an attempt before this one meant to count was rolled back with it.
      counts = [];
      return body(bind(engine.dialect, query, nowMs, execute, counts));
    }, options);
    for (const count of counts) count(engine.meter);
    return result;
  } catch (error) {
    throw storeError(error);
  }
}

/** Reads one row by key outside a transaction. */
export async function findRow<Tables, Table extends keyof Tables & string>(
  engine: StoreEngine<Tables>,
  table: Table,
  where: Match<Tables[Table]>,
): Promise<Tables[Table] | undefined> {
  const keys = Object.keys(where);
  const key = `${engine.dialect} find ${table} ${keys}`;
  const text = statement(key, () => `select * from ${table} where ${matching(engine.dialect, keys, 0)}`);
  const values = Object.entries(where).map(([column, value]) => encodeValue(engine.dialect, column, value));
  const { rows } = await engine.select<Tables[Table]>(text, values);
  return rows[0];
}

function bind<Tables>(
  dialect: Engine,
  query: Query<Tables>,
  nowMs: number,
  execute: Execute,
  counts: ((meter: Meter) => void)[],
): Transaction<Tables> {
  const values = (row: object) => Object.entries(row).map(([column, value]) => encodeValue(dialect, column, value));
  const run = <Row>(key: string, text: () => string, parameters: unknown[]) =>
    execute<Row>(statement(`${dialect} ${key}`, text), parameters);
  return {
    query,
    nowMs,
    forUpdate: dialect === 'postgres',
    afterCommit: (count) => void counts.push(count),
    encode: (row) => encodeValues(dialect, row),
    insert: async (table, row) => {
      const columns = Object.keys(row as object);
      await run(`insert ${table} ${columns}`, () => insertion(dialect, table, columns), values(row as object));
    },
    insertIfAbsent: async (table, row) => {
      const columns = Object.keys(row as object);
      const text = () => `${insertion(dialect, table, columns)} on conflict do nothing`;
      const { changes } = await run(`insert absent ${table} ${columns}`, text, values(row as object));
      return changes === 1;
    },
    update: async (table, patch, where) => {
      const columns = Object.keys(patch);
      const keys = Object.keys(where);
      const text = () => {
        const set = columns.map((column, index) => `${quote(column)} = ${placeholder(dialect, column, index)}`);
        return `update ${table} set ${set.join(', ')} where ${matching(dialect, keys, columns.length)}`;
      };
      const { changes } = await run(`update ${table} ${columns} ${keys}`, text, [...values(patch), ...values(where)]);
      return changes;
    },
    find: async (table, where, lock) => {
      const keys = Object.keys(where);
      const suffix = lock && dialect === 'postgres' ? LOCKS[lock] : '';
      const text = () => `select * from ${table} where ${matching(dialect, keys, 0)}${suffix}`;
      const { rows } = await run<Tables[typeof table]>(`find ${table} ${keys}${suffix}`, text, values(where));
      return rows[0];
    },
  };
}

/** A statement text is the same every time it is needed; building it anew would cost more than running it. */
const statements = new Map<string, string>();

function statement(key: string, build: () => string): string {
  let text = statements.get(key);
  if (text === undefined) {
    text = build();
    statements.set(key, text);
  }
  return text;
}

function insertion(dialect: Engine, table: string, columns: readonly string[]): string {
  const bound = columns.map((column, index) => placeholder(dialect, column, index));
  return `insert into ${table} (${columns.map(quote).join(', ')}) values (${bound.join(', ')})`;
}

/** Some columns carry names that are words of SQL. */
const quote = (column: string): string => `"${column}"`;

function placeholder(dialect: Engine, column: string, index: number): string {
  if (dialect === 'sqlite') return '?';
  return COLUMN_KINDS.get(column) === 'json' ? `$${index + 1}::text::jsonb` : `$${index + 1}`;
}

const matching = (dialect: Engine, keys: readonly string[], offset: number): string =>
  keys.map((key, index) => `${quote(key)} = ${placeholder(dialect, key, offset + index)}`).join(' and ');

/** Values as `where` and `set` of the query builder take them. */
export function encodeValues<Row extends object>(dialect: Engine, values: Row): Row {
  return Object.fromEntries(
    Object.entries(values).map(([column, value]) => {
      const bound = encodeValue(dialect, column, value);
      const isJson = dialect === 'postgres' && COLUMN_KINDS.get(column) === 'json';
      return [column, isJson ? sql`${bound}::text::jsonb` : bound];
    }),
  ) as Row;
}

/** One value as it is bound. A JSON column takes JSON text: a bound string would otherwise become a JSON string on one engine. */
export function encodeValue(dialect: Engine, column: string, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (COLUMN_KINDS.get(column)) {
    case 'json':
      return JSON.stringify(value);
    case 'boolean':
      return dialect === 'sqlite' ? Number(value) : value;
    case 'integer':
      return exact(value);
    case 'instant':
      return dialect === 'postgres' ? new Date(exact(value)).toISOString() : exact(value);
    default:
      return value;
  }
}

/** One store would round what the other refuses. @throws RangeError */
function exact(value: unknown): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw new RangeError('an integer of the store must be a safe one');
}
