import { AdapterError, type Secret, type SqlRow, type SqlValue } from '@envplane/spec';
import postgres from 'postgres';
import { bind, plainRows, RESULT_TYPES } from './codec.ts';
import { connectOnce, encryption } from './connection.ts';
import type { Server } from './settings.ts';

/** How long a session that is left stays, in ms: until the next step of whoever left it is on its way. */
const LEFT_MS = 6;
/** How long logging in may take, from the first byte on. */
const LOGIN_TIMEOUT_SECONDS = 8;

export interface Login {
  user: string;
  password: Secret;
  database: string;
}

export interface Outcome {
  rows: SqlRow[];
  /** The first words of the server's command tag, such as `INSERT` or `CREATE TABLE`. */
  command: string;
  /** Rows that the command counted. */
  count: number;
}

/** One connection to one database. It is never replaced by another: locks and transactions live and die with it. */
export interface Session {
  readonly open: boolean;
  /** Runs one statement. Errors are the library's. */
  run(sql: string, params?: readonly SqlValue[]): Promise<Outcome>;
  rows<Row extends SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;
  /**
   * Runs several statements in one round trip, as one transaction unless they begin one themselves. Returns the rows of those
   * that have rows, to be counted from the last one. Never with text of a tenant.
   */
  script<Row extends SqlRow>(statements: readonly string[]): Promise<Row[][]>;
  /** Runs `body` in a transaction: committed when it resolves, rolled back when it throws. */
  transaction<T>(body: () => Promise<T>): Promise<T>;
  /** Ends the session when this signal aborts, and no longer when an earlier one does. */
  endWith(signal: AbortSignal | undefined): void;
  /** Ends the session. Idempotent. */
  close(): Promise<void>;
  /** Ends the session in a moment, which nobody waits for: it keeps both sides busy, and whoever has its answer goes on first. */
  leave(): void;
}

/**
 * A session that is opened by its first statement, and ended when `signal` aborts. `parameters` are run-time parameters for the whole session. This module is
 * the only importer of the library.
 * The first statement throws the library's error when the server cannot be reached or refuses the login.
 */
export function openSession(
  server: Server,
  { user, password, database }: Login,
  parameters: Record<string, string>,
  signal?: AbortSignal,
): Session {
  let open = true;
  const connection = connectOnce(server);
  // Everything is given, or the library takes it from the environment of the process.
  const sql = postgres({
    host: server.host,
    port: server.port,
    socket: connection.open,
    user,
    password: () => password.reveal(),
    database,
    ssl: encryption(server),
    sslnegotiation: null,
    target_session_attrs: undefined,
    max: 1,
    max_lifetime: null,
    idle_timeout: undefined,
    connect_timeout: LOGIN_TIMEOUT_SECONDS,
    keep_alive: 10,
    max_pipeline: 4,
    backoff: false,
    prepare: false,
    fetch_types: false,
    debug: false,
    types: RESULT_TYPES,
    connection: { application_name: 'envplane', ...parameters },
    onnotice: () => {},
    // HAZARD: the library connects again by itself, and the new session would hold neither lock nor transaction.
    onclose: () => {
      open = false;
    },
  } as unknown as postgres.Options<Record<string, never>>);

  async function run(text: string, params: readonly SqlValue[] = []): Promise<Outcome> {
    if (!open) throw new AdapterError('unavailable', 'The connection is closed.');
    const bound = params.map(bind).map((value) => sql.typed(value.text as never, value.type));
    // Not `simple`: that protocol would run several statements at once.
    const result = await sql.unsafe(text, bound as never[], { simple: false } as postgres.UnsafeQueryOptions);
    return { rows: plainRows(result), command: result.command ?? '', count: result.count ?? 0 };
  }
  async function script<Row extends SqlRow>(statements: readonly string[]): Promise<Row[][]> {
    if (!open) throw new AdapterError('unavailable', 'The connection is closed.');
    const result = await sql.unsafe(statements.join(';\n'));
    // The library returns a list of results only when there is more than one.
    const results = 'command' in result ? [result] : (result as unknown as (typeof result)[]);
    return results.map((one) => plainRows(one) as Row[]);
  }
  let ending: AbortSignal | undefined;
  function endWith(next: AbortSignal | undefined): void {
    ending?.removeEventListener('abort', destroy);
    ending = next;
    ending?.addEventListener('abort', destroy, { once: true });
    if (ending?.aborted) destroy();
  }
  async function close(): Promise<void> {
    endWith(undefined);
    await sql.end({ timeout: 1 });
    connection.destroy();
    open = false;
  }
  function destroy(): void {
    open = false;
    // What waits is told first. The library only says goodbye, which a peer that is gone never answers.
    void sql.end({ timeout: 0 }).then(connection.destroy);
  }

  const session: Session = {
    get open() {
      return open;
    },
    run,
    rows: async <Row extends SqlRow>(text: string, params?: readonly SqlValue[]) =>
      (await run(text, params)).rows as Row[],
    async transaction(body) {
      await run('BEGIN');
      try {
        const result = await body();
        // A statement that failed inside makes the server answer COMMIT with a rollback.
        if ((await run('COMMIT')).command !== 'COMMIT') {
          throw new AdapterError('outcome_unknown', 'The transaction was rolled back.');
        }
        return result;
      } catch (error) {
        if (open) await run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    script,
    endWith,
    close,
    leave: () => void setTimeout(() => void session.close(), LEFT_MS),
  };
  endWith(signal);
  return session;
}
