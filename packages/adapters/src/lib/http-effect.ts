import type { AdapterContext } from '@envplane/spec';
import { aborted, transportError } from './adapter-errors.ts';

/** Runs one outgoing call. What goes wrong in it becomes an `AdapterError`; what the context itself throws passes. */
export async function httpEffect<T>(context: AdapterContext, name: string, run: () => Promise<T>): Promise<T> {
  return context.effect(name, async () => {
    if (context.signal.aborted) throw aborted();
    try {
      return await run();
    } catch (error) {
      throw context.signal.aborted ? aborted() : transportError(error);
    }
  });
}
