import type { HopName } from '../cloud/trace.zod.ts';

/** The parts of a request that whoever does them measures; calls of a store are recorded by its handle. */
export type TimedHop = Exclude<HopName, 'query'>;

/** One request that is being answered, and where its time goes. */
export interface RequestTrace {
  readonly requestId: string;
  /** Runs a part of the request and writes down how long it took, also when it fails. */
  timed<T>(hop: TimedHop, run: () => Promise<T>): Promise<T>;
}
