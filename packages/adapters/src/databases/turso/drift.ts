import type { AdapterContext, DatabaseTarget, Drift } from '@envplane/spec';
import { missing } from '../../lib/adapter-errors.ts';
import { sizeLimitOf } from './create.ts';
import { effect } from './effects.ts';
import { callOf, lookUp } from './observe.ts';
import { readConfiguration } from './platform-api.ts';

/** The contract's `findDrift`: what hardening would put right, and what resuming would. */
export async function findDrift(
  fetch: typeof globalThis.fetch,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<readonly Drift[]> {
  const call = callOf(fetch, target, context);
  await lookUp(call, target, context);
  const config = await effect(context, 'tu.observe', () => readConfiguration(call));
  if (config === null) throw missing();
  const drift: Drift[] = [];
  if (config.isAttachable) drift.push({ kind: 'grants', detail: 'The database may be attached to others.' });
  if (!config.isProtected) drift.push({ kind: 'settings', detail: 'The database is not protected from deletion.' });
  if (config.isBlocked) drift.push({ kind: 'settings', detail: 'Turso refuses reads or writes.' });
  // Set in bytes; whether it is told in another unit is not known, and then nothing can be said.
  if (/^\d*$/.test(config.sizeLimit) && Number(config.sizeLimit) !== sizeLimitOf(target)) {
    drift.push({ kind: 'settings', detail: 'The size limit is not that of the environment.' });
  }
  return drift;
}
