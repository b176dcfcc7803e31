import { AdapterError, type DatabaseHandle, type SqlRow, type SqlValue } from '@envplane/spec';
import { type Client, type InStatement, LibsqlError, type ResultSet } from '@libsql/client/http';
import { transportError } from './adapter-errors.ts';

type Statements = Omit<DatabaseHandle, 'tx' | 'close'>;
type Execute = (statement: InStatement) => Promise<ResultSet>;

/**
 * The handle for application code. Outside `tx` every statement stands for itself, and they may run at the same time. Integers
 * beyond 2^53 come back as bigint. Errors of SQLite itself pass unchanged: they are about the caller's own statement.
 */
export function handleOf(client: Client): DatabaseHandle {
  return {
    ...statementsOn((statement) => client.execute(statement)),
    tx: (body) => transaction(client, body),
    async close() {
      client.close();
    },
  };
}

async function transaction<T>(client: Client, body: (tx: Statements) => Promise<T>): Promise<T> {
  const transaction = await client.transaction('write').catch(fail);
  try {
    const result = await body(
      statementsOn((statement) => {
        if (transaction.closed) throw new AdapterError('invalid_request', 'The transaction has ended.');
        return transaction.execute(statement);
      }),
    );
    await transaction.commit().catch(fail);
    return result;
  } catch (error) {
    // Whatever hinders the rollback ends the stream, and with it the transaction.
    await transaction.rollback().catch(() => undefined);
    throw error;
  } finally {
    transaction.close();
  }
}

function fail(error: unknown): never {
  throw dataError(error);
}

function statementsOn(execute: Execute): Statements {
  async function run(sql: string, params: readonly SqlValue[] = []): Promise<ResultSet> {
    try {
      return await execute({ sql, args: params.map(toArgument) });
    } catch (error) {
      throw dataError(error);
    }
  }
  return {
    async query<Row extends SqlRow>(sql: string, params?: readonly SqlValue[]) {
      return rowsOf(await run(sql, params)) as Row[];
    },
    async one<Row extends SqlRow>(sql: string, params?: readonly SqlValue[]) {
      return (rowsOf(await run(sql, params))[0] ?? null) as Row | null;
    },
    async exec(sql, params) {
      return { rowCount: (await run(sql, params)).rowsAffected };
    },
  };
}

/** The client sends every number as a float; an integer has to be a bigint to arrive as one. */
function toArgument(value: SqlValue) {
  return typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
}

function rowsOf({ columns, rows }: ResultSet): SqlRow[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, fromValue(row[at])])));
}

/** Integers as numbers where a number can hold them. */
function fromValue(value: unknown): SqlValue {
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  return value instanceof ArrayBuffer ? new Uint8Array(value) : (value as SqlValue);
}

/**
 * Errors of SQLite pass: they are about the caller's own statement. Whatever else the client reports becomes an `AdapterError`:
 * its text names addresses.
 */
export function dataError(error: unknown): unknown {
  if (error instanceof RangeError) return new AdapterError('invalid_request', 'A value cannot be bound.');
  if (!(error instanceof LibsqlError)) return transportError(error);
  if (error.code === 'BLOCKED') return new AdapterError('unavailable', 'The database is suspended.');
  if (/^(SQL|SQLITE|ARGS|TRANSACTION)_/.test(error.code)) return error;
  const status = statusOf(error);
  // For a token of another namespace the server answers 404.
  if (status === 401 || status === 404) return new AdapterError('unauthorized', 'The database refuses the credential.');
  if (status === 403) return new AdapterError('unauthorized', 'The credential does not allow this.');
  return new AdapterError('outcome_unknown', 'The server answered with an error.');
}

/** The client hides the HTTP status in the causes of its error. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'status' in error && typeof error.status === 'number' ? error.status : statusOf(error.cause);
}
