import { randomUUID } from 'node:crypto';
import type { TimedHop } from '@envplane/spec';
import { Ring } from './ring.ts';
import { StoreCallLog } from './store-call-log.ts';
import { Trace } from './trace.ts';

/** How many requests are kept. */
const KEPT = 500;

/** What this process remembers of what it did. */
export interface Tracing {
  readonly calls: StoreCallLog;
  readonly traces: Ring<Trace>;
  /** The process; a new name with every start. */
  readonly instance: string;
  /** Where it runs, as its operator named it. */
  readonly region: string | null;
}

export const createTracing = (region: string | undefined): Tracing => ({
  calls: new StoreCallLog(),
  traces: new Ring(KEPT),
  instance: randomUUID(),
  region: region ?? null,
});

export const beginTrace = ({ calls, traces }: Tracing, requestId: string): Trace => new Trace(requestId, calls, traces);

/** Runs a part of what a request needs; outside of a request it only runs it. */
export const timed = <T>(
  trace: Trace | null | undefined,
  name: TimedHop,
  run: () => Promise<T>,
  environmentId?: string,
): Promise<T> => (trace ? trace.timed(name, run, environmentId) : run());
