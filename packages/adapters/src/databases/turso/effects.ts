import type { AdapterContext } from '@envplane/spec';
import { transportError } from '../libsql/errors.ts';
import { aborted } from './errors.ts';

/**
 * Every boundary at which this driver calls out, with the protocol step it belongs to: P provisioning, D archiving and
 * deleting, V copying, Z sweeping. Fault tests enumerate them.
 */
export const tursoEffects = {
  'tu.observe': 'P3',
  'tu.read': 'P3',
  'tu.create': 'P4',
  'tu.config': 'P5',
  'tu.mark': 'P5',
  'tu.mint': 'P6',
  'tu.login': 'P7',
  'tu.delete': 'D4',
  'tu.load': 'V1',
  'tu.usage': 'Z1',
  'tu.list': 'Z1',
} as const;

export type TursoEffect = keyof typeof tursoEffects;

/** Runs one outgoing call. What goes wrong in it becomes an `AdapterError`; what the context itself throws passes. */
export function effect<T>(context: AdapterContext, name: TursoEffect, run: () => Promise<T>): Promise<T> {
  return context.effect(name, async () => {
    if (context.signal.aborted) throw aborted();
    try {
      return await run();
    } catch (error) {
      throw context.signal.aborted ? aborted() : transportError(error);
    }
  });
}
