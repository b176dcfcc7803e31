import type { PlacementView } from '@envplane/spec';
import { authorize, type Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { placementNotFound } from '../request.ts';
import { placementView } from '../views/views.ts';

/** Every placement, retired ones included, by name. */
export async function listPlacements(deps: Deps, caller: Caller): Promise<PlacementView[]> {
  authorize(caller, 'platform:placements.read');
  return (await deps.reads.placements()).map(placementView);
}

/** @throws ControlPlaneError `not_found` */
export async function getPlacement(deps: Deps, caller: Caller, idOrName: string): Promise<PlacementView> {
  authorize(caller, 'platform:placements.read');
  const row = await deps.reads.placement(idOrName);
  if (!row) throw placementNotFound();
  return placementView(row);
}
