import type { AdapterContext, DatabaseTarget } from '@envplane/spec';
import { missing } from '../../lib/adapter-errors.ts';
import { effect } from './effects.ts';
import { callOf, lookUp } from './observe.ts';
import { configureDatabase } from './platform-api.ts';

/** The contract's `suspendDatabase` (`blocked`) and `resumeDatabase`: the provider refuses reading and writing with any token. */
export async function setBlocked(
  fetch: typeof globalThis.fetch,
  target: DatabaseTarget,
  blocked: boolean,
  context: AdapterContext,
): Promise<void> {
  const call = callOf(fetch, target, context);
  await lookUp(call, target, context);
  if (!(await effect(context, 'tu.config', () => configureDatabase(call, { blocked })))) throw missing();
}
