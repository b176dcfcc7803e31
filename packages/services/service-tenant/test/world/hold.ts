import type { EffectHook } from '../../src/provisioning/failpoints.ts';

export interface Hold {
  effect: EffectHook;
  /** From now on the boundary is held. */
  arm(): void;
  /** Resolves when a worker stands before the boundary. */
  reached: Promise<void>;
  /** Lets it go on, and tells what became of the call; null when nobody ever came. */
  release(): Promise<PromiseSettledResult<unknown> | null>;
}

/** An `EffectHook` that stops a worker before one boundary, the way a stalled machine does: it goes on, only late. */
export function holdAt(name: string, occurrence = 0): Hold {
  const reached = deferred<void>();
  const gate = deferred<void>();
  const outcome = deferred<PromiseSettledResult<unknown>>();
  let armed = false;
  let count = 0;
  let held = false;
  return {
    effect: async (boundary, run) => {
      if (!armed || boundary !== name || count++ !== occurrence) return run();
      held = true;
      reached.resolve();
      await gate.promise;
      const call = (async () => run())();
      const [settled] = await Promise.allSettled([call]);
      outcome.resolve(settled);
      return call;
    },
    arm: () => {
      armed = true;
    },
    reached: reached.promise,
    release: async () => {
      armed = false;
      gate.resolve();
      return held ? outcome.promise : null;
    },
  };
}

export function deferred<T>(): { promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: (value) => resolve(value) };
}
