import { AdapterError, type DatabaseHandle, type SqlRow, type SqlValue } from '@envplane/spec';
import { type File, OWN_TABLE } from './file.ts';

type Statements = Omit<DatabaseHandle, 'tx' | 'close'>;

/** What a tenant's statement may begin with. ATTACH and VACUUM would reach other files; transactions belong to `tx`. */
const ALLOWED = /^\s*(SELECT|VALUES|WITH|INSERT|REPLACE|UPDATE|DELETE|CREATE|DROP|ALTER)\b/i;

/** The tenant's handle. Calls run one after the other, so inside `tx` only its parameter may be awaited. */
export function handleOn(file: File): DatabaseHandle {
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(run: () => T | Promise<T>): Promise<T> {
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  }

  const direct: Statements = {
    query: async <Row extends SqlRow>(sql: string, params?: readonly SqlValue[]) => run(sql, params).rows as Row[],
    one: async <Row extends SqlRow>(sql: string, params?: readonly SqlValue[]) =>
      (run(sql, params).rows[0] ?? null) as Row | null,
    exec: async (sql, params) => ({ rowCount: run(sql, params).rowCount }),
  };

  function run(sql: string, params: readonly SqlValue[] = []) {
    if (!file.open) throw new AdapterError('unavailable', 'The connection is closed.');
    if (!ALLOWED.test(sql) || sql.toLowerCase().includes(OWN_TABLE)) {
      throw new AdapterError('invalid_request', 'This statement is not available on an environment database.');
    }
    const statement = file.prepare<unknown[], SqlRow>(sql);
    const values = params.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    if (!statement.reader) return { rows: [], rowCount: statement.run(values).changes };
    const rows = statement.safeIntegers().all(values).map(withNumbers);
    return { rows, rowCount: statement.readonly ? 0 : rows.length };
  }

  async function transaction<T>(body: (tx: Statements) => Promise<T>): Promise<T> {
    file.exec('BEGIN IMMEDIATE');
    try {
      const result = await body(direct);
      file.exec('COMMIT');
      return result;
    } finally {
      if (file.inTransaction) file.exec('ROLLBACK');
    }
  }

  return {
    query: (sql, params) => inTurn(() => direct.query(sql, params)),
    one: (sql, params) => inTurn(() => direct.one(sql, params)),
    exec: (sql, params) => inTurn(() => direct.exec(sql, params)),
    tx: (body) => inTurn(() => transaction(body)),
    close: () =>
      inTurn(() => {
        file.close();
      }),
  };
}

/** Integers as numbers where a number can hold them. */
function withNumbers(row: SqlRow): SqlRow {
  for (const [column, value] of Object.entries(row)) {
    if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) row[column] = Number(value);
  }
  return row;
}
