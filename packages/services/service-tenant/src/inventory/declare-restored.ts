import { IN_PROCESS } from '../access/caller.ts';
import { audited } from '../request.ts';
import { findInstallation } from '../store/installation.ts';
import { openStores } from '../store/open-stores.ts';
import { beginRestore } from '../store/restores.ts';

/**
 * A0 and A1 before anything works on the store: what a control plane would delete as soon as it is opened, since the store says so,
 * may be in use by now. `inventory.checkAfterRestore` goes on from there.
 * @param store as `openControlPlane` takes it
 * @returns false for a store that no control plane was ever opened on
 * @throws Error when the store cannot be opened or is another version's
 */
export async function declareRestored(store: string): Promise<boolean> {
  const stores = await openStores(store);
  try {
    if (!(await findInstallation(stores.main))) return false;
    await beginRestore(stores.main, audited(IN_PROCESS, 'restore.begin', { organizationId: null }));
    return true;
  } finally {
    await stores.close();
  }
}
