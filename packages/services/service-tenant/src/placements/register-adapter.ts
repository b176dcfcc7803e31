import type { DatabaseAdapter } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { ensureConfiguredPlacements } from './configured-placements.ts';

/**
 * Adds a driver with a placement of its name.
 * @throws ControlPlaneError `permission_denied`; TypeError when the driver has an adapter; Error for a placement that cannot be used
 */
export async function registerAdapter(deps: Deps, caller: Caller, adapter: DatabaseAdapter): Promise<void> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  deps.adapters.add(adapter);
  const { engine, adapters, placementSecrets, logger } = deps;
  const { driver } = adapter;
  if (adapter.guarantees === 'reduced')
    logger.warn({ event: 'adapter.reduced', driver }, 'a driver has fewer guarantees');
  await ensureConfiguredPlacements({ engine, adapters, placementSecrets, logger }, [{ name: driver, driver }]);
}
