import { AdapterError, type DatabaseHandle, type SqlRow, type SqlValue } from '@envplane/spec';
import { codeOf, toAdapterError } from './errors.ts';
import type { Session } from './session.ts';

type Statements = Omit<DatabaseHandle, 'tx' | 'close'>;

/** SQLSTATEs have five characters; class 57P is the server ending the session. */
const STATEMENT_ERROR = /^(?!57P)[0-9A-Z]{5}$/;

/**
 * The handle for application code: PostgreSQL's SQL with `$1` parameters, one statement a call, in the schema `app`. Calls run one
 * after the other; while a transaction is open, calls outside it wait, so inside `tx` only its parameter may be awaited, and
 * `BEGIN` belongs to `tx`. Errors about the caller's own statement pass unchanged. What values come back as: `codec.ts`.
 */
export function sessionHandle(session: Session): DatabaseHandle {
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  }

  const direct = statementsOn(session);
  return {
    query: (sql, params) => inTurn(() => direct.query(sql, params)),
    one: (sql, params) => inTurn(() => direct.one(sql, params)),
    exec: (sql, params) => inTurn(() => direct.exec(sql, params)),
    tx: (body) => inTurn(() => transaction(session, direct, body)),
    close: () => inTurn(() => session.close()),
  };
}

async function transaction<T>(session: Session, direct: Statements, body: (tx: Statements) => Promise<T>): Promise<T> {
  let open = true;
  function whileOpen(): Statements {
    if (!open) throw new AdapterError('invalid_request', 'The transaction has ended.');
    return direct;
  }
  return session.transaction(async () => {
    try {
      return await body({
        query: async (sql, params) => whileOpen().query(sql, params),
        one: async (sql, params) => whileOpen().one(sql, params),
        exec: async (sql, params) => whileOpen().exec(sql, params),
      });
    } finally {
      open = false;
    }
  });
}

function statementsOn(session: Session): Statements {
  async function run(sql: string, params: readonly SqlValue[]) {
    try {
      return await session.run(sql, params);
    } catch (error) {
      throw STATEMENT_ERROR.test(codeOf(error)) ? error : toAdapterError(error);
    }
  }
  return {
    async query<Row extends SqlRow>(sql: string, params: readonly SqlValue[] = []) {
      return (await run(sql, params)).rows as Row[];
    },
    async one<Row extends SqlRow>(sql: string, params: readonly SqlValue[] = []) {
      return ((await run(sql, params)).rows[0] ?? null) as Row | null;
    },
    async exec(sql, params = []) {
      const { command, count } = await run(sql, params);
      return { rowCount: command === 'SELECT' ? 0 : count };
    },
  };
}
