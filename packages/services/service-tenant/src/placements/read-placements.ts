import type { PlacementView } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { placementNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { placementView } from '../views/views.ts';

/** Every placement, retired ones included, by name. */
export async function listPlacements(deps: Deps, caller: Caller): Promise<PlacementView[]> {
  await authorize(deps, caller, 'platform:placements.read', { platform: true });
  return (await deps.reads.placements()).map(placementView);
}

/** @throws ControlPlaneError `not_found` */
export async function getPlacement(deps: Deps, caller: Caller, idOrName: string): Promise<PlacementView> {
  await authorize(deps, caller, 'platform:placements.read', { platform: true });
  const row = await deps.reads.placement(idOrName);
  if (!row) throw placementNotFound();
  return placementView(row);
}
