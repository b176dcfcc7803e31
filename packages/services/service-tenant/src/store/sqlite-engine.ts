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
import { type RecordedStore, type Recorder, recordTransaction } from '../tracing/recorder.ts';
import { type CommitGroup, createCommitGroup } from './commit-group.ts';
import { type Execute, type Query, recordedStore, type StoreEngine } from './engine.ts';
import { COLUMN_KINDS } from './tables.ts';

/** A statement that was compiled once, and how the columns of its result are read. */
interface Prepared {
  statement: Database.Statement<unknown[], unknown[]>;
  columns: { name: string; convert: ((value: unknown) => unknown) | undefined }[];
}

const STORE = recordedStore('sqlite');

/**
 * Opens a SQLite file as a store: WAL, `synchronous=FULL`, one writer whose transactions begin immediately, and a second
 * connection for reading, so that a reader never waits for a commit.
 *
 * @param path file path; the file is created 0600, a directory that is missing 0700
 * @param recorder what is asked of the store is recorded there; what begins and ends a transaction, or asks for news, is not
 */
export function openSqliteEngine<Tables>(
  path: string,
  nowMs: () => number,
  recorder: Recorder,
  meter: Meter = noMeter,
): StoreEngine<Tables> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  createPrivately(path);
  const writer = open(path);
  const reader = open(path, true);
  const writing = new RecordedConnection(new Connection(writer), STORE.inside, recorder);
  const reading = new Connection(reader);
  const write = kysely<Tables>(writing);
  const { dataVersion, forget } = dataVersionOf(reader);
  const control = transactionControl(writer);
  const commitGroup = createCommitGroup((statement) => {
    control(statement);
    forget();
  });

  const file: OpenFile<Tables> = {
    meter,
    reading,
    writing,
    commitGroup,
    transaction: (body) => body(write, nowMs(), async (sql, parameters) => writing.run(sql, parameters)),
    dataVersion,
    now: async () => nowMs(),
    recordedBy: (account) => new SqliteEngine(file, account),
    close: async () => {
      await commitGroup.drained();
      reader.close();
      writer.close();
    },
  };
  const engine = new SqliteEngine(file, recorder);
  // The first handle may be taken apart and put together otherwise.
  return { ...engine, read: engine.read };
}

type Body<Tables, T> = (query: Query<Tables>, nowMs: number, execute: Execute) => Promise<T>;

/** What every handle of a store shares. */
interface OpenFile<Tables> extends Pick<StoreEngine<Tables>, 'meter' | 'dataVersion' | 'now' | 'recordedBy' | 'close'> {
  reading: Connection;
  writing: RecordedConnection;
  commitGroup: CommitGroup;
  /** Runs the body of a transaction that was begun on `writing`. */
  transaction<T>(body: Body<Tables, T>): Promise<T>;
}

/** One handle of a store: there is one for each request, so it is made of next to nothing. */
class SqliteEngine<Tables> implements StoreEngine<Tables> {
  readonly dialect = 'sqlite';
  readonly schema = null;
  readonly announcements = null;
  readonly meter: Meter;
  readonly dataVersion: StoreEngine<Tables>['dataVersion'];
  readonly now: StoreEngine<Tables>['now'];
  readonly recordedBy: StoreEngine<Tables>['recordedBy'];
  readonly close: StoreEngine<Tables>['close'];
  readonly #file: OpenFile<Tables>;
  readonly #recorder: Recorder;
  #connection: RecordedConnection | undefined;
  #read: Kysely<Tables> | undefined;

  constructor(file: OpenFile<Tables>, recorder: Recorder) {
    this.#file = file;
    this.#recorder = recorder;
    this.meter = file.meter;
    this.dataVersion = file.dataVersion;
    this.now = file.now;
    this.recordedBy = file.recordedBy;
    this.close = file.close;
  }

  get read(): Kysely<Tables> {
    this.#read ??= kysely<Tables>(this.#reading());
    return this.#read;
  }

  readonly select: Execute = async (sql, parameters) => this.#reading().run(sql, parameters);

  readonly write: StoreEngine<Tables>['write'] = (body) =>
    recordTransaction(this.#recorder, STORE.direct, () =>
      this.#file.commitGroup(() => {
        // The group runs one body after the other.
        this.#file.writing.recorder = this.#recorder;
        return this.#file.transaction(body);
      }),
    );

  readonly exclusively: StoreEngine<Tables>['exclusively'] = (_name, body) => body();

  #reading(): RecordedConnection {
    this.#connection ??= new RecordedConnection(this.#file.reading, STORE.direct, this.#recorder);
    return this.#connection;
  }
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
  const expected = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1, trusted_schema: 0, temp_store: 2 };
  if (!readonly) database.pragma('journal_mode = WAL');
  // 64 MB: the indexes of a large store are touched at random places.
  database.pragma('cache_size = -65536');
  // 32 MB: pages that many transactions write go back into the file once, not a thousand pages at a time.
  database.pragma('wal_autocheckpoint = 8000');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
  // What a savepoint may need would be written to a file of the system's, with every commit, where rows of the store have no business.
  database.pragma('temp_store = MEMORY');
  // Pragmas that SQLite does not accept are ignored silently, and the store's promises rest on these.
  for (const [name, value] of Object.entries(expected)) {
    const actual = database.pragma(name, { simple: true });
    if (actual !== value) throw new Error(`the store could not be opened with ${name} = ${value}`);
  }
  return database;
}

/** A database that is not the store's: as it is, nothing set that would outlive the connection. */
type ForeignFile = Database.Database;

/** @throws Error when there is no such file or it is no database */
export function openForeignFile(path: string, { writable }: { writable: boolean }): ForeignFile {
  const file = new Database(path, { readonly: !writable, fileMustExist: true, timeout: 5_000 });
  file.pragma('trusted_schema = OFF');
  if (!writable) file.pragma('query_only = ON');
  return file;
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

function kysely<Tables>(connection: RecordedConnection): Kysely<Tables> {
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

class Connection {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Prepared>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  run<Row>(sql: string, parameters: readonly unknown[]): { rows: Row[]; changes: number; isQuery: boolean } {
    const { statement, columns } = this.#prepare(sql);
    if (columns.length === 0) return { rows: [], changes: statement.run(...parameters).changes, isQuery: false };
    // The library would look every column name up again for every row.
    const rows = statement.all(...parameters).map((values) => {
      const row: Record<string, unknown> = {};
      columns.forEach(({ name, convert }, index) => {
        const value = values[index];
        row[name] = convert && value !== null ? convert(value) : value;
      });
      return row;
    });
    return { rows: rows as Row[], changes: rows.length, isQuery: true };
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

/** A connection whose statements are recorded. */
class RecordedConnection implements DatabaseConnection {
  readonly #connection: Connection;
  readonly #store: RecordedStore;
  /** For whom the next statement is run. */
  recorder: Recorder;

  constructor(connection: Connection, store: RecordedStore, recorder: Recorder) {
    this.#connection = connection;
    this.#store = store;
    this.recorder = recorder;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes } = this.run<Row>(query.sql, query.parameters);
    return { rows, numAffectedRows: BigInt(changes) };
  }

  run<Row>(sql: string, parameters: readonly unknown[]): { rows: Row[]; changes: number } {
    const beganMs = performance.now();
    let changes: number | null = null;
    let isQuery = true;
    try {
      const result = this.#connection.run<Row>(sql, parameters);
      changes = result.changes;
      isQuery = result.isQuery;
      return result;
    } finally {
      this.recorder.record(this.#store, isQuery ? 'query' : 'exec', sql, parameters.length, changes, beganMs);
    }
  }

  streamQuery(): never {
    throw new Error('the store reads pages, never streams');
  }
}

const DECODERS = new Map<string, (value: unknown) => unknown>([
  ['boolean', (value) => value === 1],
  ['json', (value) => JSON.parse(value as string)],
]);
