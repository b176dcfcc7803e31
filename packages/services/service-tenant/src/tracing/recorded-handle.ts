import type { DatabaseHandle, SqlRow, SqlValue } from '@envplane/spec';
import { type RecordedStore, type Recorder, recordTransaction } from './recorder.ts';

type Statements = Omit<DatabaseHandle, 'tx' | 'close'>;
type Params = readonly SqlValue[];

/** The connection to the database of one environment; what is asked of it is recorded. */
export interface RecordedHandle extends DatabaseHandle {
  /** The same connection, for another account. */
  recordedBy(recorder: Recorder): RecordedHandle;
}

export function recordedHandle(handle: DatabaseHandle, store: RecordedStore, recorder: Recorder): RecordedHandle {
  const inside = { ...store, isInTransaction: true };
  return {
    ...recordedStatements(handle, store, recorder),
    tx: (body) =>
      recordTransaction(recorder, store, () => handle.tx((tx) => body(recordedStatements(tx, inside, recorder)))),
    close: () => handle.close(),
    recordedBy: (other) => recordedHandle(handle, store, other),
  };
}

function recordedStatements(on: Statements, store: RecordedStore, recorder: Recorder): Statements {
  async function run<T>(
    method: 'query' | 'one' | 'exec',
    sql: string,
    params: Params | undefined,
    statement: () => Promise<T>,
    rowsOf: (result: T) => number,
  ): Promise<T> {
    const beganMs = performance.now();
    let rows: number | null = null;
    try {
      const result = await statement();
      rows = rowsOf(result);
      return result;
    } finally {
      recorder.record(store, method, sql, params?.length ?? 0, rows, beganMs);
    }
  }
  return {
    query: <Row extends SqlRow>(sql: string, params?: Params) =>
      run(
        'query',
        sql,
        params,
        () => on.query<Row>(sql, params),
        (rows) => rows.length,
      ),
    one: <Row extends SqlRow>(sql: string, params?: Params) =>
      run(
        'one',
        sql,
        params,
        () => on.one<Row>(sql, params),
        (row) => (row ? 1 : 0),
      ),
    exec: (sql, params) =>
      run(
        'exec',
        sql,
        params,
        () => on.exec(sql, params),
        ({ rowCount }) => rowCount,
      ),
  };
}
