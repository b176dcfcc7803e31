import { AdapterError, type DatabaseHandle } from '@envplane/spec';

/** What is being done with a connection. */
export interface Usage {
  /** Calls and transactions that have not ended. */
  readonly running: number;
  /** When the last one began or ended, `performance.now()`. */
  readonly usedAt: number;
  /** Runs `then` when nothing is running: now, or after the last of what is. */
  whenIdle(then: () => void): void;
}

/** A connection that knows what is being done with it. */
export type WatchedHandle = DatabaseHandle & { readonly usage: Usage };

/** Tells when the database refuses the credential of a connection: it may have been replaced while nobody here was told (R5). */
export function watchedHandle(handle: DatabaseHandle, refused: () => void): WatchedHandle {
  let idle: (() => void)[] = [];
  const usage = {
    running: 0,
    usedAt: performance.now(),
    whenIdle: (then: () => void) => {
      if (usage.running === 0) then();
      else idle.push(then);
    },
  };
  function ended(): void {
    usage.running -= 1;
    usage.usedAt = performance.now();
    if (usage.running > 0) return;
    const waiting = idle;
    idle = [];
    for (const then of waiting) then();
  }
  const watch = <T>(call: () => Promise<T>): Promise<T> => {
    usage.running += 1;
    usage.usedAt = performance.now();
    const result = call();
    result.then(ended, (error: unknown) => {
      ended();
      if (error instanceof AdapterError && error.code === 'unauthorized') refused();
    });
    return result;
  };
  return {
    usage,
    query: (sql, params) => watch(() => handle.query(sql, params)),
    one: (sql, params) => watch(() => handle.one(sql, params)),
    exec: (sql, params) => watch(() => handle.exec(sql, params)),
    tx: (body) => watch(() => handle.tx(body)),
    close: () => handle.close(),
  };
}
