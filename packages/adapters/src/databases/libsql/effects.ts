import type { AdapterContext } from '@envplane/spec';
import { aborted, transportError } from './errors.ts';

/**
 * Every boundary at which this driver talks to a server, with the protocol step it belongs to: P provisioning, D suspending and
 * deleting, V copying. Fault tests enumerate them.
 */
export const libsqlEffects = {
  'ns.observe': 'P3',
  'ns.create': 'P4',
  'ns.config': 'P5',
  'ns.key': 'P6',
  'ns.login': 'P7',
  'ns.block': 'D2',
  'ns.delete': 'D4',
  'ns.fork': 'V1',
  'ns.load': 'V3',
} as const;

export type LibsqlEffect = keyof typeof libsqlEffects;

/** Runs one effect. What goes wrong in it becomes an `AdapterError`; what the context itself throws passes. */
export function effect<T>(context: AdapterContext, name: LibsqlEffect, run: () => Promise<T>): Promise<T> {
  return context.effect(name, async () => {
    if (context.signal.aborted) throw aborted();
    try {
      return await run();
    } catch (error) {
      throw context.signal.aborted ? aborted() : transportError(error);
    }
  });
}
