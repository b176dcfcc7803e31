import { setTimeout as delay } from 'node:timers/promises';
import type { EffectHook } from '@envplane/service-tenant';
import { AdapterError, ControlPlaneError } from '@envplane/spec';
import { EXIT, refusal } from './exit.ts';

/** Longer than a lease (30 s), so that another worker takes over meanwhile. */
const HANG_MS = 45_000;
const DELAY_MS = 250;

type Act = <T>(name: string, run: () => T | Promise<T>) => Promise<T>;

const ACTIONS: Record<string, Act> = {
  'crash-before': () => crash(),
  'crash-after': async (_name, run) => {
    await run();
    return crash();
  },
  'error-before': async (name) => {
    throw failure(name, 'unavailable');
  },
  'reply-lost': async (name, run) => {
    await run();
    throw failure(name, 'outcome_unknown');
  },
  hang: async (_name, run) => {
    await delay(HANG_MS);
    return run();
  },
  delay: async (_name, run) => {
    await delay(DELAY_MS);
    return run();
  },
};

/**
 * Faults for tests: `name=action[@n]`, separated by commas. `@n` hits the n-th time only, counted from 1; without it every
 * time. Actions: crash-before and crash-after (SIGKILL), error-before, reply-lost, hang (45 s), delay (250 ms).
 * @throws refusal for an unknown name or action
 */
export function failpointEffect(specification: string, names: ReadonlySet<string>): EffectHook {
  const rules = specification.split(',').map((text) => parseRule(text.trim(), names));
  const hits = new Map<string, number>();
  return async (name, run) => {
    const hit = (hits.get(name) ?? 0) + 1;
    hits.set(name, hit);
    const rule = rules.find((candidate) => candidate.name === name && (candidate.nth ?? hit) === hit);
    return rule ? rule.act(name, run) : run();
  };
}

function parseRule(text: string, names: ReadonlySet<string>): { name: string; act: Act; nth: number | undefined } {
  const [, name = '', action = '', nth] = /^([\w.-]+)=([\w-]+)(?:@([1-9]\d*))?$/.exec(text) ?? [];
  const act = ACTIONS[action];
  if (!names.has(name)) {
    throw refusal(
      EXIT.usage,
      `ENVPLANE_FAILPOINTS names no failpoint in "${text}"; there are ${[...names].join(', ')}.`,
    );
  }
  if (!act) {
    throw refusal(
      EXIT.usage,
      `ENVPLANE_FAILPOINTS names no action in "${text}"; there are ${Object.keys(ACTIONS).join(', ')}.`,
    );
  }
  return { name, act, nth: nth === undefined ? undefined : Number(nth) };
}

/** SIGKILL runs no handler and flushes nothing, as a crash does. */
function crash(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  // The signal arrives a moment later; nothing may happen until then.
  return new Promise(() => undefined);
}

/** The error that would come from there: the store's, the key encryptor's or a provider's. */
function failure(name: string, code: 'unavailable' | 'outcome_unknown'): Error {
  if (name.startsWith('kek.')) {
    return new ControlPlaneError('encryptor_unavailable', 'The key encryptor does not answer; repeat the request.');
  }
  return name.startsWith('cp.')
    ? new ControlPlaneError('store_unavailable', 'The store does not answer; repeat the request.')
    : new AdapterError(code, 'A fault was injected.');
}
