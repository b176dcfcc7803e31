import type { AdapterContext, DatabaseTarget } from '@envplane/spec';
import { missing } from '../../lib/adapter-errors.ts';
import { effect } from './effects.ts';
import { callOf, lookUp } from './observe.ts';
import { storedBytes } from './platform-api.ts';

/** The contract's `measureDatabase`: what the provider counts as stored, which is what it bills. */
export async function measureDatabase(
  fetch: typeof globalThis.fetch,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<{ sizeBytes: number }> {
  const call = callOf(fetch, target, context);
  await lookUp(call, target, context);
  const sizeBytes = await effect(context, 'tu.usage', () => storedBytes(call));
  if (sizeBytes === null) throw missing();
  return { sizeBytes };
}
