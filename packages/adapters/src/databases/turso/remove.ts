import { type AdapterContext, AdapterError, type DatabaseTarget } from '@envplane/spec';
import { effect } from './effects.ts';
import { callOf, lookTwice } from './observe.ts';
import {
  configureDatabase,
  type DatabaseCall,
  deleteDatabase as deleteAtProvider,
  getDatabase,
} from './platform-api.ts';

/** The contract's `deleteDatabase`. Turso may keep what was deleted restorable for a time of its own. */
export async function deleteDatabase(
  fetch: typeof globalThis.fetch,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<void> {
  const call = callOf(fetch, target, context);
  if ((await lookTwice(call, target, context)) === null) return;
  await effect(context, 'tu.config', () => configureDatabase(call, { deleteProtection: false }));
  await effect(context, 'tu.delete', () => removeUnlessProtected(call));
  if ((await effect(context, 'tu.observe', () => getDatabase(call))) !== null) {
    throw new AdapterError('outcome_unknown', 'The database is still there.');
  }
}

/** A refusal settles nothing while another claim has put the protection back. */
async function removeUnlessProtected(call: DatabaseCall): Promise<void> {
  try {
    await deleteAtProvider(call);
  } catch (error) {
    if (error instanceof AdapterError && error.definitive && (await getDatabase(call))?.deleteProtection === true) {
      throw new AdapterError('outcome_unknown', 'The database was protected again while it was being deleted.');
    }
    throw error;
  }
}
