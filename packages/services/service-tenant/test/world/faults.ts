import { AdapterError, ControlPlaneError } from '@envplane/spec';
import { InjectedCrash } from '@envplane/testkit';
import type { EffectHook } from '../../src/provisioning/failpoints.ts';
import { deferred } from './hold.ts';

/**
 * What happens at one boundary. After a crash the process is gone: every later effect and store write of it is refused. One that hangs
 * goes on when it is let go, long after its lease. A call that is doubled gets to its provider a second time after it was answered.
 */
export const ACTIONS = ['crash-before', 'crash-after', 'error-before', 'reply-lost', 'hang', 'double'] as const;
export type Action = (typeof ACTIONS)[number];

/** Doubled is what goes over a network to a provider: not a transaction of the store, and not what has one answer. */
export const isPossible = (action: Action, { name }: Boundary): boolean =>
  action !== 'double' || !/^(cp|kek)\./.test(name);

/** A boundary as it ran: its failpoint name and the how-many-th of that name. */
export interface Boundary {
  name: string;
  occurrence: number;
}

export interface Fault {
  /** Which boundary, or which in order of running, from 0. */
  at: Boundary | number;
  action: Action;
}

export interface Faults {
  effect: EffectHook;
  /** From now on boundaries are counted and the fault applies. */
  arm(): void;
  /** From now on every boundary passes, unless the process is dead. */
  disarm(): void;
  /** Every boundary that ran since then. */
  readonly seen: readonly Boundary[];
  readonly struck: boolean;
  readonly dead: boolean;
  /** Resolves when the process hangs. */
  readonly hanging: Promise<void>;
  /** Lets it go on. */
  release(): void;
}

/** An `EffectHook` that bends one boundary and lets every other one pass. */
export function createFaults(fault?: Fault): Faults {
  const seen: Boundary[] = [];
  const counts = new Map<string, number>();
  let armed = false;
  let dead = false;
  let struck = false;
  const hanging = deferred<void>();
  const released = deferred<void>();

  function die(): never {
    dead = true;
    throw new InjectedCrash('injected crash');
  }

  const effect: EffectHook = async (name, run) => {
    if (dead) die();
    if (!armed || !isHere(name) || !fault) return run();
    struck = true;
    if (fault.action === 'crash-before') die();
    if (fault.action === 'error-before') throw failureOf(name);
    if (fault.action === 'hang') {
      hanging.resolve();
      await released.promise;
    }
    const result = await run();
    if (fault.action === 'crash-after') die();
    if (fault.action === 'double') await Promise.resolve(run()).catch(() => undefined);
    if (fault.action === 'reply-lost') throw failureOf(name);
    return result;
  };

  function isHere(name: string): boolean {
    const occurrence = counts.get(name) ?? 0;
    counts.set(name, occurrence + 1);
    const index = seen.push({ name, occurrence }) - 1;
    if (fault === undefined || struck) return false;
    return typeof fault.at === 'number'
      ? fault.at === index
      : fault.at.name === name && fault.at.occurrence === occurrence;
  }

  return {
    effect,
    arm: () => {
      armed = true;
    },
    disarm: () => {
      armed = false;
    },
    seen,
    get struck() {
      return struck;
    },
    get dead() {
      return dead;
    },
    hanging: hanging.promise,
    release: () => released.resolve(),
  };
}

/** What the code above a boundary is told when the call fails: store or encryptor cannot be reached, or a provider did not answer. */
function failureOf(name: string): Error {
  if (name.startsWith('kek.')) {
    return new ControlPlaneError('encryptor_unavailable', 'The key encryptor did not answer (injected).');
  }
  return name.startsWith('cp.')
    ? new ControlPlaneError('store_unavailable', 'The control-plane store cannot be used (injected); try again.')
    : new AdapterError('outcome_unknown', 'The provider did not answer (injected).');
}
