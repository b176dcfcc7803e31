import type { AdapterContext } from '@envplane/spec';

/** What happens at one boundary. After a crash every later boundary of the same context crashes too: the process is gone. */
export type FaultAction = 'crash-before' | 'crash-after' | 'error-before' | 'reply-lost' | 'dup';

export const FAULT_ACTIONS: readonly FaultAction[] = [
  'crash-before',
  'crash-after',
  'error-before',
  'reply-lost',
  'dup',
];

/** Thrown by an injected crash. No adapter can know it. */
export class InjectedCrash extends Error {
  override readonly name = 'InjectedCrash';
}

/** The highest epoch that was claimed, as a store row would hold it. */
export interface MemoryFence {
  epoch: number;
}

export interface TestContext extends AdapterContext {
  /** Names of the boundaries that were reached, in order. */
  readonly boundaries: readonly string[];
}

/**
 * A context as a worker gets it right after its claim: it takes the next epoch of `fence`, and from then on every older context
 * of that fence is stale. `fault` bends the boundary with that number (from 0); `onBoundary` runs before each one.
 */
export function adapterContext(
  options: {
    fence?: MemoryFence;
    fault?: { at: number; action: FaultAction };
    signal?: AbortSignal;
    onBoundary?: (name: string) => void | Promise<void>;
  } = {},
): TestContext {
  const { fence = { epoch: 0 }, fault, signal = new AbortController().signal, onBoundary } = options;
  const fenceEpoch = ++fence.epoch;
  const boundaries: string[] = [];
  let crashed = false;

  function crash(): never {
    crashed = true;
    throw new InjectedCrash('injected crash');
  }

  async function cross<T>(name: string, run: () => T | Promise<T>): Promise<T> {
    if (crashed) crash();
    const action = boundaries.push(name) - 1 === fault?.at ? fault.action : undefined;
    await onBoundary?.(name);
    if (action === 'crash-before') crash();
    if (action === 'error-before') throw connectionReset();
    if (action === 'dup') await run();
    const result = await run();
    if (action === 'crash-after') crash();
    if (action === 'reply-lost') throw connectionReset();
    return result;
  }

  return {
    signal,
    fenceEpoch,
    boundaries,
    effect: cross,
    fenced: (name, run) =>
      cross(name, () => {
        if (fence.epoch !== fenceEpoch) throw new Error('The claim is lost.');
        return run();
      }),
  };
}

function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'read' });
}
