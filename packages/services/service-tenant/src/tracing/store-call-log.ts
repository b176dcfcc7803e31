import type { StoreMethod, StorePlane } from '@envplane/spec';
import { LRUCache } from 'lru-cache';
import type { RecordedStore, Recorder } from './recorder.ts';
import { Ring } from './ring.ts';
import { statementText } from './statement-text.ts';

/** How many calls are kept of each plane. */
const KEPT = 1_000;
/** How many calls are kept of one environment, and of how many environments: those that were used last. */
const KEPT_OF_ENVIRONMENT = 200;
const ENVIRONMENTS = 100;
/** A longer statement of an environment is kept as it will be shown: whole, it could be of any size. */
const KEPT_CHARACTERS = 2_048;

/** One call, as it is kept. */
export interface StoreCall {
  seq: number;
  readonly store: RecordedStore;
  readonly method: StoreMethod;
  readonly statement: string;
  /** Whether literals may still be in `statement`. */
  readonly isRaw: boolean;
  readonly parameters: number;
  readonly rows: number | null;
  readonly beganMs: number;
  readonly durationMs: number;
  readonly requestId: string | null;
}

/**
 * The last calls of every store, in memory: writing one down asks nothing of a store. Diagnostic and lossy; audit is another
 * thing. As a recorder it writes for the background, which is no request.
 */
export class StoreCallLog implements Recorder {
  readonly #planes: Record<StorePlane, Ring<StoreCall>> = { directory: new Ring(KEPT), environment: new Ring(KEPT) };
  readonly #environments = new LRUCache<string, Ring<StoreCall>>({ max: ENVIRONMENTS });
  #seq = 0;

  record(...call: Parameters<Recorder['record']>): void {
    this.add(storeCall(null, ...call));
  }

  add(call: StoreCall): void {
    const { plane, environmentId } = call.store;
    call.seq = ++this.#seq;
    this.#planes[plane].push(call);
    if (environmentId === null) return;
    let ring = this.#environments.get(environmentId);
    if (!ring) {
      ring = new Ring(KEPT_OF_ENVIRONMENT);
      this.#environments.set(environmentId, ring);
    }
    ring.push(call);
  }

  /** Everything that is kept of both planes, or of one environment, newest first. */
  newestFirst(environmentId?: string): StoreCall[] {
    if (environmentId !== undefined) return this.#environments.peek(environmentId)?.newestFirst() ?? [];
    const { directory, environment } = this.#planes;
    return [...directory.newestFirst(), ...environment.newestFirst()].sort((a, b) => b.seq - a.seq);
  }
}

/** A call that has just ended. */
export function storeCall(
  requestId: string | null,
  ...[store, method, statement, parameters, rows, beganMs]: Parameters<Recorder['record']>
): StoreCall {
  const durationMs = performance.now() - beganMs;
  // Statements of the directory are few, and the same texts again and again.
  const isRaw = store.plane === 'directory' || statement.length <= KEPT_CHARACTERS;
  const kept = isRaw ? statement : statementText(statement, store.dialect);
  return { seq: 0, store, method, statement: kept, isRaw, parameters, rows, beganMs, durationMs, requestId };
}
