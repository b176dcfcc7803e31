import type { AdapterContext } from '@envplane/spec';
import { aborted } from '../../lib/adapter-errors.ts';
import { toAdapterError } from './errors.ts';

/**
 * Every boundary at which this driver touches the file system, with the protocol step it belongs to: P provisioning,
 * D archiving and deleting, V copying, Z sweeping. Fault tests enumerate them.
 */
export const sqliteEffects = {
  'sq.observe': 'P3',
  'sq.unlink-tmp': 'P4',
  'sq.tmp': 'P4',
  'sq.link': 'P4',
  'sq.fsync': 'P4',
  'sq.login': 'P7',
  'sq.checkpoint': 'D2',
  'sq.trash': 'D2',
  'sq.untrash': 'D2',
  'sq.unlink': 'D4',
  'sq.load': 'V1',
  'sq.list': 'Z1',
} as const;

export type SqliteEffect = keyof typeof sqliteEffects;

/** Effects that give or take a name. They run under the fence (F3). */
type FencedEffect = 'sq.link' | 'sq.trash' | 'sq.untrash' | 'sq.unlink';

/** Runs one file-system effect. What goes wrong in it becomes an `AdapterError`; what the context itself throws passes. */
export function effect<T>(
  context: AdapterContext,
  name: Exclude<SqliteEffect, FencedEffect>,
  run: () => T | Promise<T>,
): Promise<T> {
  return context.effect(name, async () => {
    refuseWhenAborted(context);
    try {
      return await run();
    } catch (error) {
      throw toAdapterError(error);
    }
  });
}

/** The same for an effect that only the holder of the claim may have. */
export function fenced<T>(context: AdapterContext, name: FencedEffect, run: () => T): Promise<T> {
  return context.fenced(name, () => {
    refuseWhenAborted(context);
    try {
      return run();
    } catch (error) {
      throw toAdapterError(error);
    }
  });
}

function refuseWhenAborted(context: AdapterContext): void {
  if (context.signal.aborted) throw aborted();
}
