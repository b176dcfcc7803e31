import {
  type HopName,
  HopNameSchema,
  type Principal,
  type RequestTrace,
  type StorePlane,
  type TimedHop,
} from '@envplane/spec';
import type { Recorder } from './recorder.ts';
import type { Ring } from './ring.ts';
import { type StoreCall, type StoreCallLog, storeCall } from './store-call-log.ts';

/** How many hops of one request are kept, and how many environments. */
const KEPT = 200;

/** One part of a request. */
export interface Hop {
  readonly name: HopName;
  readonly plane: StorePlane;
  readonly environmentId: string | null;
  /** `performance.now()` */
  readonly beganMs: number;
  readonly durationMs: number;
}

/** What is known of a request once it is answered. */
export interface Served {
  method: string;
  /** Pattern of the route; never the path, which holds what the caller sent. */
  route: string;
  status: number;
  /** Code of the problem that is the answer. */
  code: string | null;
  /** Who called; null when nobody could be made out. */
  principal: Principal | null;
}

/** The side that each part works on; a query works on the side of its store. */
const PLANES: Record<TimedHop, StorePlane> = {
  authenticate: 'directory',
  verify: 'directory',
  gate: 'directory',
  encryptor: 'directory',
  operation: 'directory',
  connect: 'environment',
  provider: 'environment',
};

const NAMES = HopNameSchema.options;
const NONE: readonly never[] = [];

/**
 * One request: whatever is done for it is handed this along, for finding it by the chain of asynchronous calls would slow all of
 * them down (ADR 0034). There is one for every request and many are kept, so it holds nothing that is not needed.
 */
export class Trace implements RequestTrace, Recorder {
  readonly requestId: string;
  /** `performance.now()` on arrival. */
  readonly beganMs = performance.now();
  /** From the arrival to the head of the answer. */
  durationMs = 0;
  droppedHops = 0;
  served: Served | null = null;
  readonly #log: StoreCallLog;
  readonly #traces: Ring<Trace>;
  #hops: Hop[] | null = null;
  #environmentIds: string[] | null = null;
  #visibility: 'shown' | 'held' | 'hidden' = 'shown';
  /** Store calls that are kept back. */
  #held: StoreCall[] | null = null;

  constructor(requestId: string, log: StoreCallLog, traces: Ring<Trace>) {
    this.requestId = requestId;
    this.#log = log;
    this.#traces = traces;
  }

  /** In order of ending. */
  get hops(): readonly Hop[] {
    return this.#hops ?? NONE;
  }

  /** What it was about, as it was named: not all of it needs to exist. */
  get environmentIds(): readonly string[] {
    return this.#environmentIds ?? NONE;
  }

  /** Keeps the request out of the log and the traces: it is one that looks at them. Audit is not asked. */
  hide(): void {
    this.#visibility = 'hidden';
    this.#held = null;
  }

  /** Keeps its store calls back until it is known whether it is hidden. */
  hold(): void {
    this.#visibility = 'held';
  }

  /** It is not hidden after all. */
  show(): void {
    if (this.#visibility !== 'held') return;
    this.#visibility = 'shown';
    for (const call of this.#held ?? NONE) this.#log.add(call);
    this.#held = null;
  }

  /** The request is about an environment. */
  about(environmentId: string): void {
    if (this.#environmentIds === null) this.#environmentIds = [environmentId];
    else if (this.#environmentIds.length < KEPT && !this.#environmentIds.includes(environmentId)) {
      this.#environmentIds.push(environmentId);
    }
  }

  record(...call: Parameters<Recorder['record']>): void {
    const [store, , , , , beganMs] = call;
    if (!store.isInTransaction) this.#add('query', store.plane, store.environmentId, beganMs);
    if (this.#visibility === 'hidden') return;
    const made = storeCall(this.requestId, ...call);
    if (this.#visibility === 'shown') this.#log.add(made);
    else if (this.#held === null) this.#held = [made];
    else this.#held.push(made);
  }

  /** Writes down a part that has just ended. @param beganMs `performance.now()` */
  ended(name: TimedHop, beganMs: number, environmentId: string | null = null): void {
    this.#add(name, PLANES[name], environmentId, beganMs);
  }

  async timed<T>(name: TimedHop, run: () => Promise<T>, environmentId: string | null = null): Promise<T> {
    const beganMs = performance.now();
    try {
      return await run();
    } finally {
      this.ended(name, beganMs, environmentId);
    }
  }

  #add(name: HopName, plane: StorePlane, environmentId: string | null, beganMs: number): void {
    const hop: Hop = { name, plane, environmentId, beganMs, durationMs: performance.now() - beganMs };
    if (this.#hops === null) this.#hops = [hop];
    else if (this.#hops.length < KEPT) this.#hops.push(hop);
    else {
      this.droppedHops += 1;
      return;
    }
    if (environmentId !== null) this.about(environmentId);
  }

  /**
   * The answer has a head: the request has taken its time.
   * @returns `Server-Timing` (W3C): what each kind of part took together, and all of it, in ms, and nothing else
   */
  head(): string {
    this.durationMs = performance.now() - this.beganMs;
    let timing = '';
    for (const name of NAMES) {
      let totalMs: number | null = null;
      for (const hop of this.hops) if (hop.name === name) totalMs = (totalMs ?? 0) + hop.durationMs;
      if (totalMs !== null) timing += `${name};dur=${totalMs.toFixed(2)}, `;
    }
    return `${timing}total;dur=${this.durationMs.toFixed(2)}`;
  }

  /**
   * The request is answered. Called once, behind `head`.
   * @param served with which it is among the last requests from now on, unless it is hidden; null leaves it out
   */
  end(served: Served | null): void {
    this.show();
    this.served = served;
    if (served && this.#visibility === 'shown') this.#traces.push(this);
  }
}
