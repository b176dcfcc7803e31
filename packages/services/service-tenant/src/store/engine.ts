import type { Meter } from '@envplane/spec';
import type { Kysely, Transaction } from 'kysely';
import type { RecordedStore, Recorder } from '../tracing/recorder.ts';
import type { Engine } from './schema/ddl.ts';

/** The query builder inside a transaction. There is no way from it back to the root handle, which on SQLite would wait for ever. */
export type Query<Tables> = Pick<
  Transaction<Tables>,
  'selectFrom' | 'insertInto' | 'updateTable' | 'deleteFrom' | 'executeQuery' | 'getExecutor' | 'with'
>;

/** Runs a finished statement past the query builder, whose share of a short statement's time is the larger one. */
export type Execute = <Row>(sql: string, parameters: readonly unknown[]) => Promise<{ rows: Row[]; changes: number }>;

/** Heard soon and at most once: who must not miss anything reads the store as well. */
export interface Announcements {
  /** Tells the other processes. @param text without a space */
  announce(text: string): void;
  /**
   * Hears what others announce, until the store is closed.
   * @param listening called each time hearing begins, again after a connection broke too: what was announced before was not heard
   * @throws the library's error when it cannot connect
   */
  hear(handler: (text: string) => void, listening: () => void): Promise<void>;
}

/** One SQL store: SQLite for one machine, PostgreSQL for many. Everything above it is one code path. */
export interface StoreEngine<Tables> {
  readonly dialect: Engine;
  /** For figures of what is committed. */
  readonly meter: Meter;
  /** The PostgreSQL schema its tables are in; null on SQLite. */
  readonly schema: string | null;
  /** For statements outside a transaction. Sees what is committed. */
  readonly read: Kysely<Tables>;
  /**
   * One durable transaction. `nowMs` is the store's clock, epoch ms. On PostgreSQL a body may run again after a
   * serialization failure, so it must not act outside the store unless `once` is set.
   */
  write<T>(
    body: (query: Query<Tables>, nowMs: number, execute: Execute) => Promise<T>,
    options?: { once: boolean },
  ): Promise<T>;
  /**
   * Runs `body` while no other process that works on this store runs one of the same name; undefined, without running it, while
   * one does. A process that dies lets go at once. On SQLite there is one process only.
   */
  exclusively<T>(name: string, body: () => Promise<T>): Promise<T | undefined>;
  /** What processes on this store tell each other; null on SQLite, where there is one. */
  readonly announcements: Announcements | null;
  /** For a finished statement outside a transaction. */
  readonly select: Execute;
  /**
   * A number that changes with every commit of anybody to the store, or null where the engine has none that is cheaper than
   * reading. While it stays, what was read is what would be read again.
   */
  dataVersion(): number | null;
  /** The store's clock, epoch ms. */
  now(): Promise<number>;
  /** The same store for another account: what is asked through it is recorded there. */
  recordedBy(recorder: Recorder): StoreEngine<Tables>;
  close(): Promise<void>;
}

/** The store of the control plane as its calls are recorded, outside and inside of a transaction. */
export function recordedStore(dialect: Engine): { direct: RecordedStore; inside: RecordedStore } {
  const direct = { plane: 'directory', environmentId: null, dialect, isInTransaction: false } as const;
  return { direct, inside: { ...direct, isInTransaction: true } };
}
