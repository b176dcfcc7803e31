import type { DriverView, PlacementView } from '@envplane/spec';
import { authorize, type Caller } from './access/caller.ts';
import type { Deps } from './deps.ts';
import { placementView } from './views/views.ts';

/** The registered drivers with what they can do, read from their adapters. */
export async function listDrivers(deps: Deps, caller: Caller): Promise<DriverView[]> {
  authorize(caller, 'platform:placements.read');
  const placements = await deps.adapters.placements();
  return deps.adapters.list().map((adapter) => ({
    driver: adapter.driver,
    configured: placements.some((placement) => placement.driver === adapter.driver),
    guarantees: adapter.guarantees,
    credentials: adapter.credentials.kind,
    facets: {
      // Handing out read-only credentials is not built yet, so no driver is said to have them.
      readOnly: false,
      copy: adapter.copy?.mode ?? null,
      suspend: adapter.suspend !== undefined,
      archive: adapter.archive !== undefined,
      inventory: adapter.inventory !== undefined,
      stats: adapter.stats !== undefined,
      storageLimit: adapter.limits?.storage ?? null,
    },
  }));
}

export async function listPlacements(deps: Deps, caller: Caller): Promise<PlacementView[]> {
  authorize(caller, 'platform:placements.read');
  return (await deps.adapters.placements()).map(placementView);
}
