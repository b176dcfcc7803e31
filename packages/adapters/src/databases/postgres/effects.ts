import type { AdapterContext } from '@envplane/spec';
import { aborted } from '../../lib/adapter-errors.ts';
import { toAdapterError } from './errors.ts';

/**
 * Every boundary at which this driver reaches out to the server, with the protocol step it belongs to: P provisioning,
 * R rotating, D suspending, archiving and deleting, V copying, Z sweeping. Fault tests enumerate them.
 */
export const postgresEffects = {
  'pg.fence': 'P4',
  'pg.observe': 'P3',
  'pg.roles': 'P4',
  'pg.create': 'P4',
  'pg.harden': 'P5',
  'pg.set': 'P6',
  'pg.login': 'P7',
  'pg.refused': 'R7',
  'pg.cut': 'D2',
  'pg.terminate': 'D2',
  'pg.reopen': 'D2',
  'pg.drop-db': 'D4',
  'pg.drop-roles': 'D4',
  'pg.load': 'V1',
  'pg.move-roles': 'V1',
  'pg.measure': 'P3',
  'pg.list': 'Z1',
  'pg.administrator-login': 'R3',
  'pg.administrator-set': 'R2',
  'pg.administrator-end': 'R9',
} as const;

export type PostgresEffect = keyof typeof postgresEffects;

/** Runs one effect. What goes wrong in it becomes an `AdapterError`; what the context itself throws passes. */
export function effect<T>(context: AdapterContext, name: PostgresEffect, run: () => T | Promise<T>): Promise<T> {
  return context.effect(name, async () => {
    refuseWhenAborted(context.signal);
    try {
      return await run();
    } catch (error) {
      throw toAdapterError(error);
    }
  });
}

export function refuseWhenAborted(signal: AbortSignal): void {
  if (signal.aborted) throw aborted();
}
