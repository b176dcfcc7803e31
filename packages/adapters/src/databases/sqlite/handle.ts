import { AdapterError, type DatabaseHandle, type SqlRow, type SqlValue } from '@envplane/spec';
import type { SqliteFile } from './opener.ts';
import { checkStatement, protectMarker } from './statement-guard.ts';

type Statements = Omit<DatabaseHandle, 'tx' | 'close'>;

/**
 * The guarded handle for application code. Calls run one after the other; while a transaction is open, calls outside it wait,
 * so inside `tx` only its parameter may be awaited. Integers beyond 2^53 come back as bigint. Errors of SQLite itself pass
 * unchanged: they are about the caller's own statement.
 */
export function guardedHandle(file: SqliteFile): DatabaseHandle {
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(run: () => T | Promise<T>): Promise<T> {
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  }

  const direct = statementsOn(file);
  return {
    query: (sql, params) => inTurn(() => direct.query(sql, params)),
    one: (sql, params) => inTurn(() => direct.one(sql, params)),
    exec: (sql, params) => inTurn(() => direct.exec(sql, params)),
    tx: (body) => inTurn(() => transaction(file, direct, body)),
    close: () =>
      inTurn(() => {
        file.close();
      }),
  };
}

async function transaction<T>(file: SqliteFile, direct: Statements, body: (tx: Statements) => Promise<T>): Promise<T> {
  let open = true;
  function whileOpen(): Statements {
    if (!open) throw new AdapterError('invalid_request', 'The transaction has ended.');
    return direct;
  }
  file.exec('BEGIN IMMEDIATE');
  try {
    const result = await body({
      query: async (sql, params) => whileOpen().query(sql, params),
      one: async (sql, params) => whileOpen().one(sql, params),
      exec: async (sql, params) => whileOpen().exec(sql, params),
    });
    file.exec('COMMIT');
    return result;
  } finally {
    open = false;
    if (file.inTransaction) file.exec('ROLLBACK');
  }
}

function statementsOn(file: SqliteFile): Statements {
  function run(sql: string, params: readonly SqlValue[]) {
    if (!file.open) throw new AdapterError('unavailable', 'The connection is closed.');
    checkStatement(sql);
    const statement = file.prepare<unknown[], SqlRow>(sql);
    protectMarker(sql, statement.readonly);
    const values = params.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    if (!statement.reader) return { rows: [], rowCount: statement.run(values).changes };
    const rows = statement.safeIntegers().all(values).map(withNumbers);
    return { rows, rowCount: statement.readonly ? 0 : rows.length };
  }
  return {
    async query<Row extends SqlRow>(sql: string, params: readonly SqlValue[] = []) {
      return run(sql, params).rows as Row[];
    },
    async one<Row extends SqlRow>(sql: string, params: readonly SqlValue[] = []) {
      return (run(sql, params).rows[0] ?? null) as Row | null;
    },
    async exec(sql, params = []) {
      return { rowCount: run(sql, params).rowCount };
    },
  };
}

/** Integers as numbers where a number can hold them. */
function withNumbers(row: SqlRow): SqlRow {
  for (const [column, value] of Object.entries(row)) {
    if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) row[column] = Number(value);
  }
  return row;
}
