import type { Meter } from '@envplane/spec';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  sql,
} from 'kysely';
import { PostgresJSDialect } from 'kysely-postgres-js';
import pRetry, { AbortError } from 'p-retry';
import postgres from 'postgres';
import { noMeter } from '../metrics.ts';
import { type Recorder, recordTransaction } from '../tracing/recorder.ts';
import { createAnnouncements } from './announcements.ts';
import { type Execute, recordedStore, type StoreEngine } from './engine.ts';

const CONNECTIONS = 10;
/** Serialization failure and deadlock: PostgreSQL asks for the whole transaction to be repeated. */
const REPEATABLE = new Set(['40001', '40P01']);

const STORE = recordedStore('postgres');

/**
 * Opens a PostgreSQL database as a store. Times come from the server, so that replicas share one clock.
 *
 * @param url `postgres://…`; the schema named by `schema` must be creatable
 * @param nowMs a clock that replaces the server's, for tests
 * @param recorder what is asked of the store is recorded there; what begins and ends a transaction is not
 */
export function openPostgresEngine<Tables>(
  url: string,
  schema: string,
  nowMs: (() => number) | undefined,
  recorder: Recorder,
  meter: Meter = noMeter,
): StoreEngine<Tables> {
  const client = postgres(url, {
    max: CONNECTIONS,
    connection: { application_name: 'envplane', search_path: schema },
    onnotice: () => undefined,
    types: {
      // Integers are `bigint` columns and numbers in code; the check keeps a wrong one from being rounded silently.
      bigint: { to: 20, from: [20], serialize: String, parse: safeInteger },
      instant: { to: 1184, from: [1184], serialize: String, parse: (text: string) => new Date(text).getTime() },
    },
  });
  const serverNow = async (executor: Pick<Kysely<Tables>, 'getExecutor'>): Promise<number> => {
    const { rows } = await sql<{
      now: number;
    }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(executor);
    return rows[0]?.now ?? Number.NaN;
  };

  const announcements = createAnnouncements(client, schema);

  const engineFor = (account: Recorder): StoreEngine<Tables> => {
    let read: Kysely<Tables> | undefined;
    const db = () => (read ??= new Kysely<Tables>({ dialect: recordedDialect(client, account) }));
    return {
      dialect: 'postgres',
      meter,
      schema,
      get read() {
        return db();
      },
      select: (text, parameters) => executor(db())(text, parameters),
      dataVersion: () => null,
      now: async () => nowMs?.() ?? serverNow(db()),
      write: (body, options) =>
        recordTransaction(account, STORE.direct, () =>
          pRetry(
            () =>
              db()
                .transaction()
                .execute(async (query) => body(query, nowMs?.() ?? (await serverNow(query)), executor(query)))
                .catch((error: unknown) => {
                  if (!options?.once && error instanceof postgres.PostgresError && REPEATABLE.has(error.code)) {
                    throw error;
                  }
                  throw new AbortError(error as Error);
                }),
            { retries: 5, minTimeout: 10, randomize: true },
          ),
        ),
      // The lock is the transaction's, and nothing else happens in it: between statements it holds back no cleaning up.
      exclusively: (name, body) =>
        db()
          .transaction()
          .execute(async (query) => {
            const key = `envplane ${schema} ${name}`;
            const { rows } = await sql<{
              taken: boolean;
            }>`select pg_try_advisory_xact_lock(hashtextextended(${key}, 0)) as taken`.execute(query);
            return rows[0]?.taken ? body() : undefined;
          }),
      announcements,
      recordedBy: engineFor,
      close: () => client.end({ timeout: 5 }),
    };
  };
  return engineFor(recorder);
}

const executor =
  (db: Pick<Kysely<unknown>, 'executeQuery'>): Execute =>
  async <Row>(text: string, parameters: readonly unknown[]) => {
    const result = await db.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]));
    return { rows: result.rows, changes: Number(result.numAffectedRows ?? 0n) };
  };

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('an integer of the store is too large');
  return value;
}

/** The connections of the pool, with what they run recorded. */
function recordedDialect(client: postgres.Sql, recorder: Recorder): Dialect {
  const dialect = new PostgresJSDialect({ postgres: client });
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => recordedDriver(dialect.createDriver(), recorder),
  };
}

function recordedDriver(driver: Driver, recorder: Recorder): Driver {
  const within = (connection: DatabaseConnection) => connection as RecordedConnection;
  return {
    init: () => driver.init(),
    acquireConnection: async () => new RecordedConnection(await driver.acquireConnection(), recorder),
    releaseConnection: (connection) => driver.releaseConnection(within(connection).inner),
    beginTransaction: async (connection, settings) => {
      await driver.beginTransaction(within(connection).inner, settings);
      within(connection).store = STORE.inside;
    },
    commitTransaction: (connection) => driver.commitTransaction(within(connection).inner),
    rollbackTransaction: (connection) => driver.rollbackTransaction(within(connection).inner),
    destroy: () => driver.destroy(),
  };
}

/** A connection of the pool for as long as it is lent. */
class RecordedConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;
  store = STORE.direct;
  readonly #recorder: Recorder;

  constructor(inner: DatabaseConnection, recorder: Recorder) {
    this.inner = inner;
    this.#recorder = recorder;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const beganMs = performance.now();
    let result: QueryResult<Row> | undefined;
    try {
      result = await this.inner.executeQuery<Row>(query);
      return result;
    } finally {
      const changes = result?.numAffectedRows;
      const isChange = changes !== undefined && result?.rows.length === 0;
      const rows = isChange ? Number(changes) : (result?.rows.length ?? null);
      this.#recorder.record(this.store, isChange ? 'exec' : 'query', query.sql, query.parameters.length, rows, beganMs);
    }
  }

  streamQuery(): never {
    throw new Error('the store reads pages, never streams');
  }
}
