import type { Meter } from '@envplane/spec';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  sql,
} from 'kysely';
import pRetry, { AbortError } from 'p-retry';
import postgres from 'postgres';
import { noMeter } from '../metrics.ts';
import { type Recorder, recordTransaction } from '../tracing/recorder.ts';
import { createAnnouncements } from './announcements.ts';
import { type Execute, recordedStore, type StoreEngine } from './engine.ts';
import { openSessions, type Session, type Sessions } from './postgres-sessions.ts';

const CONNECTIONS = 10;
/**
 * Nobody waits for a process that was stopped, or cut off, inside of a transaction: the server ends its session, by which what it
 * wrote is undone and its locks are free. Whoever waits for a lock waits longer than that, and not for ever. All in ms or s as PostgreSQL
 * has them; of the last four a server on a local socket has none.
 */
const BOUNDS = {
  idle_in_transaction_session_timeout: 5_000,
  lock_timeout: 10_000,
  tcp_user_timeout: 20_000,
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 3,
};
/** For a transaction under whose locks something is done outside of the store: they last until that is over, however long it takes. */
const HOLD = 'set local idle_in_transaction_session_timeout = 0';
/** Nor does the server conclude from silence that who holds them is gone. */
const HOLD_IN_SILENCE = `${HOLD}; set local tcp_user_timeout = 0; set local tcp_keepalives_idle = 0`;
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
  const connect = (onclose?: () => void) =>
    postgres(url, {
      max: 1,
      // It would end the session of a transaction, too.
      idle_timeout: 0,
      max_lifetime: null,
      // For arrays, which the store has none of. If the session ends while the library asks for them, the process does too.
      fetch_types: false,
      connection: { application_name: 'envplane', search_path: schema, ...BOUNDS },
      onnotice: () => undefined,
      ...(onclose && { onclose }),
      types: {
        // Integers are `bigint` columns and numbers in code; the check keeps a wrong one from being rounded silently.
        bigint: { to: 20, from: [20], serialize: String, parse: safeInteger },
        instant: { to: 1184, from: [1184], serialize: String, parse: (text: string) => new Date(text).getTime() },
      },
    });
  const sessions = openSessions(connect, CONNECTIONS);
  const serverNow = async (executor: Pick<Kysely<Tables>, 'getExecutor'>): Promise<number> => {
    const { rows } = await sql<{
      now: number;
    }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(executor);
    return rows[0]?.now ?? Number.NaN;
  };

  const listener = connect();
  const announcements = createAnnouncements(
    {
      notify: async (channel, payload) => {
        const session = await sessions.lend();
        await session.run('select pg_notify($1, $2)', [channel, payload]).finally(() => sessions.giveBack(session));
      },
      listen: listener.listen,
    },
    schema,
  );

  const engineFor = (account: Recorder): StoreEngine<Tables> => {
    let read: Kysely<Tables> | undefined;
    const db = () => (read ??= new Kysely<Tables>({ dialect: recordedDialect(sessions, account) }));
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
                .execute(async (query) => {
                  if (options?.once) await sql.raw(HOLD_IN_SILENCE).execute(query);
                  return body(query, nowMs?.() ?? (await serverNow(query)), executor(query));
                })
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
            await sql.raw(HOLD).execute(query);
            const key = `envplane ${schema} ${name}`;
            const { rows } = await sql<{
              taken: boolean;
            }>`select pg_try_advisory_xact_lock(hashtextextended(${key}, 0)) as taken`.execute(query);
            return rows[0]?.taken ? body() : undefined;
          }),
      announcements,
      recordedBy: engineFor,
      close: async () => {
        await Promise.all([sessions.close(), listener.end({ timeout: 0 })]);
      },
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

/** The sessions of the process, with what they run recorded. */
function recordedDialect(sessions: Sessions, recorder: Recorder): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createDriver: () => recordedDriver(sessions, recorder),
  };
}

function recordedDriver(sessions: Sessions, recorder: Recorder): Driver {
  const within = (connection: DatabaseConnection) => connection as RecordedConnection;
  return {
    init: async () => undefined,
    acquireConnection: async () => new RecordedConnection(await sessions.lend(), recorder),
    releaseConnection: async (connection) => sessions.giveBack(within(connection).session),
    beginTransaction: async (connection) => {
      await within(connection).session.begin();
      within(connection).store = STORE.inside;
    },
    commitTransaction: (connection) => within(connection).session.commit(),
    rollbackTransaction: (connection) => within(connection).session.rollback(),
    destroy: async () => undefined,
  };
}

const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** A session for as long as it is lent. */
class RecordedConnection implements DatabaseConnection {
  readonly session: Session;
  store = STORE.direct;
  readonly #recorder: Recorder;

  constructor(session: Session, recorder: Recorder) {
    this.session = session;
    this.#recorder = recorder;
  }

  async executeQuery<Row>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const beganMs = performance.now();
    let changes: number | undefined;
    let count: number | null = null;
    try {
      const answer = await this.session.run(text, parameters);
      if (CHANGES.has(answer.command)) changes = answer.count;
      count = answer.length;
      return { rows: [...answer] as Row[], ...(changes !== undefined && { numAffectedRows: BigInt(changes) }) };
    } finally {
      const isChange = changes !== undefined && count === 0;
      const rows = isChange ? (changes ?? null) : count;
      this.#recorder.record(this.store, isChange ? 'exec' : 'query', text, parameters.length, rows, beganMs);
    }
  }

  streamQuery(): never {
    throw new Error('the store reads pages, never streams');
  }
}
