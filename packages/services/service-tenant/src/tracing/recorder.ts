import type { SqlDialect, StoreMethod, StorePlane } from '@envplane/spec';

/** A store as its calls are recorded. */
export interface RecordedStore {
  readonly plane: StorePlane;
  readonly environmentId: string | null;
  /** How its statements are read; undefined when that is not known. */
  readonly dialect: SqlDialect | undefined;
  /** The statements of a transaction are part of it: they are no parts of the request. */
  readonly isInTransaction: boolean;
}

/**
 * On whose account calls of a store are written down: of one request, or of the background. Every handle of a store has one.
 * What is written down never holds a value, a row or an error.
 */
export interface Recorder {
  /**
   * One call that has ended.
   * @param statement as it was sent; its literals are taken out before anybody sees it
   * @param rows null for what failed, and for a transaction
   * @param beganMs `performance.now()`
   */
  record(
    store: RecordedStore,
    method: StoreMethod,
    statement: string,
    parameters: number,
    rows: number | null,
    beganMs: number,
  ): void;
}

/** Runs a transaction; what is recorded as its statement is how it ended. */
export async function recordTransaction<T>(
  recorder: Recorder,
  store: RecordedStore,
  run: () => Promise<T>,
): Promise<T> {
  const beganMs = performance.now();
  let end = 'rollback';
  try {
    const result = await run();
    end = 'commit';
    return result;
  } finally {
    recorder.record(store, 'tx', end, 0, null, beganMs);
  }
}

/** Writes down on the same account, as a change of the schema. */
export const asMigration = (recorder: Recorder): Recorder => ({
  record: (store, _method, ...call) => recorder.record(store, 'migrate', ...call),
});
