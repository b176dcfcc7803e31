import { closeSync, constants, fchmodSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Meter } from '@envplane/spec';
import Database from 'better-sqlite3';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { noMeter } from '../metrics.ts';
import { createCommitGroup } from './commit-group.ts';
import type { StoreEngine } from './engine.ts';
import { COLUMN_KINDS } from './tables.ts';

/** A statement that was compiled once, and how the columns of its result are read. */
interface Prepared {
  statement: Database.Statement<unknown[], unknown[]>;
  columns: { name: string; convert: ((value: unknown) => unknown) | undefined }[];
}

/**
 * Opens a SQLite file as a store: WAL, `synchronous=FULL`, one writer whose transactions begin immediately, and a second
 * connection for reading, so that a reader never waits for a commit.
 *
 * @param path file path; the file is created 0600, a directory that is missing 0700
 */
export function openSqliteEngine<Tables>(
  path: string,
  nowMs: () => number,
  meter: Meter = noMeter,
): StoreEngine<Tables> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  createPrivately(path);
  const writer = open(path);
  const reader = open(path, true);
  const writing = new Connection(writer);
  const reading = new Connection(reader);
  const write = kysely<Tables>(writing);
  const { dataVersion, forget } = dataVersionOf(reader);
  const control = transactionControl(writer);
  const commitGroup = createCommitGroup((statement) => {
    control(statement);
    forget();
  });
  return {
    dialect: 'sqlite',
    meter,
    schema: null,
    read: kysely<Tables>(reading),
    select: async (sql, parameters) => reading.run(sql, parameters),
    dataVersion,
    write: (body) => commitGroup(() => body(write, nowMs(), async (sql, parameters) => writing.run(sql, parameters))),
    exclusively: (_name, body) => body(),
    now: async () => nowMs(),
    close: async () => {
      await commitGroup.drained();
      reader.close();
      writer.close();
    },
  };
}

/** The library would create the file readable for everybody. */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_NOFOLLOW, 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const descriptor = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
    fchmodSync(descriptor, 0o600);
    closeSync(descriptor);
  }
}

function open(path: string, readonly = false): Database.Database {
  const database = new Database(path, { readonly, fileMustExist: true, timeout: 5_000 });
  const expected: Record<string, unknown> = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1, trusted_schema: 0 };
  if (!readonly) database.pragma('journal_mode = WAL');
  // 64 MB: the indexes of a large store are touched at random places.
  database.pragma('cache_size = -65536');
  // 32 MB: pages that many transactions write go back into the file once, not a thousand pages at a time.
  database.pragma('wal_autocheckpoint = 8000');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
  // Pragmas that SQLite does not accept are ignored silently, and the store's promises rest on these.
  for (const [name, value] of Object.entries(expected)) {
    const actual = database.pragma(name, { simple: true });
    if (actual !== value) throw new Error(`the store could not be opened with ${name} = ${value}`);
  }
  return database;
}

/**
 * Asks the file at most once in a turn of the event loop, for the lock and its release cost as much as reading a row. What
 * another process commits is seen by every request that arrives after it, because that request is read in a later turn.
 */
function dataVersionOf(reader: Database.Database): { dataVersion: () => number; forget: () => void } {
  const statement = reader.prepare('pragma data_version').pluck();
  let known: number | null = null;
  const forget = () => {
    known = null;
  };
  const dataVersion = () => {
    if (known === null) {
      known = statement.get() as number;
      setImmediate(forget);
    }
    return known;
  };
  return { dataVersion, forget };
}

/** Runs the few statements that begin and end transactions, each prepared once. */
function transactionControl(database: Database.Database): (statement: string) => void {
  const prepared = new Map<string, Database.Statement>();
  return (text) => {
    let statement = prepared.get(text);
    if (!statement) {
      statement = database.prepare(text);
      prepared.set(text, statement);
    }
    statement.run();
  };
}

function kysely<Tables>(connection: Connection): Kysely<Tables> {
  const driver: Driver = {
    init: async () => undefined,
    acquireConnection: async () => connection,
    releaseConnection: async () => undefined,
    beginTransaction: refuseTransaction,
    commitTransaction: refuseTransaction,
    rollbackTransaction: refuseTransaction,
    destroy: async () => undefined,
  };
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return new Kysely<Tables>({ dialect });
}

/** Transactions are the commit group's; a second way to begin one would interleave with it on the single connection. */
async function refuseTransaction(): Promise<void> {
  throw new Error('transactions on this store go through StoreEngine.write');
}

class Connection implements DatabaseConnection {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Prepared>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes } = this.run<Row>(query.sql, query.parameters);
    return { rows, numAffectedRows: BigInt(changes) };
  }

  run<Row>(sql: string, parameters: readonly unknown[]): { rows: Row[]; changes: number } {
    const { statement, columns } = this.#prepare(sql);
    if (columns.length === 0) return { rows: [], changes: statement.run(...parameters).changes };
    // The library would look every column name up again for every row.
    const rows = statement.all(...parameters).map((values) => {
      const row: Record<string, unknown> = {};
      columns.forEach(({ name, convert }, index) => {
        const value = values[index];
        row[name] = convert && value !== null ? convert(value) : value;
      });
      return row;
    });
    return { rows: rows as Row[], changes: rows.length };
  }

  streamQuery(): never {
    throw new Error('the store reads pages, never streams');
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#statements.get(sql);
    if (!prepared) {
      const statement = this.#database.prepare<unknown[], unknown[]>(sql);
      const columns = statement.reader ? statement.raw().columns() : [];
      prepared = {
        statement,
        columns: columns.map(({ name, column }) => ({
          name,
          convert: DECODERS.get(COLUMN_KINDS.get(column ?? '') ?? ''),
        })),
      };
      this.#statements.set(sql, prepared);
    }
    return prepared;
  }
}

const DECODERS = new Map<string, (value: unknown) => unknown>([
  ['boolean', (value) => value === 1],
  ['json', (value) => JSON.parse(value as string)],
]);
