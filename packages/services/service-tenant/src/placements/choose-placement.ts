import { ControlPlaneError } from '@envplane/spec';
import type { Deps } from '../deps.ts';
import type { PlacementRow } from '../objects/index.ts';
import type { Accepted } from '../store/environments.ts';
import { PlacementRefused } from '../store/placements.ts';

/** How a request says where a database goes: never by an address (S7). */
export interface PlacementRequest {
  placement?: string | undefined;
  driver?: string | undefined;
  region?: string | undefined;
}

/**
 * Chooses a placement and lets `accept` commit a database there. When the placement is drained or filled meanwhile, another
 * one is chosen.
 * @throws ControlPlaneError as `choosePlacement`, and whatever `accept` throws
 */
export async function onPlacement(
  deps: Deps,
  request: PlacementRequest,
  accept: (placement: PlacementRow) => Promise<Accepted>,
): Promise<Accepted> {
  const refused = new Set<string>();
  for (;;) {
    const placement = await choosePlacement(deps, request, refused);
    try {
      return await accept(placement);
    } catch (error) {
      if (!(error instanceof PlacementRefused)) throw error;
      refused.add(placement.id);
    }
  }
}

/**
 * Picks where a database goes: by name or id, else by driver and region the one that holds the fewest databases for its weight.
 * @param refused ids that took none although they were chosen
 * @throws ControlPlaneError `driver_not_configured`, `validation_failed`, `quota_exceeded` when all that fit are full,
 *   `provider_unavailable` when none that fits can be reached
 */
async function choosePlacement(
  deps: Deps,
  request: PlacementRequest,
  refused: ReadonlySet<string>,
): Promise<PlacementRow> {
  const all = await deps.reads.placementRows();
  const { placement: reference } = request;
  const named =
    reference === undefined
      ? undefined
      : (all.find(({ id }) => id === reference) ?? all.find(({ name }) => name === reference));
  if (reference !== undefined && !named) throw invalid('placement', 'There is no placement of this id or name.');
  const driver = request.driver ?? named?.driver ?? deps.settings.defaultDriver;
  const ofDriver = all.filter((placement) => placement.driver === driver && placement.status !== 'retired');
  if (!deps.adapters.find(driver) || ofDriver.length === 0) {
    throw new ControlPlaneError(
      'driver_not_configured',
      'This driver is not configured; see GET /v1/drivers for those that are.',
    );
  }
  const open = ofDriver.filter(({ id, status }) => status !== 'draining' && (!named || id === named.id));
  if (open.length === 0) {
    throw invalid('placement', 'The placement does not belong to this driver or takes no new databases.');
  }
  const inRegion = open.filter(({ region }) => request.region === undefined || region === request.region);
  if (inRegion.length === 0) throw invalid('region', 'No placement of this driver is in this region.');
  const reachable = inRegion.filter(({ status }) => status === 'ok');
  if (reachable.length === 0) {
    throw new ControlPlaneError('provider_unavailable', 'No placement that fits can be reached now; try again.', {
      retryAfterMs: 10_000,
    });
  }
  const chosen = await leastLoaded(
    deps,
    reachable.filter(({ id, weight }) => !refused.has(id) && (named !== undefined || weight > 0)),
  );
  if (chosen) return chosen;
  throw new ControlPlaneError(
    'quota_exceeded',
    'Every placement that fits is full; raise a capacity or add a placement.',
  );
}

/** Counting takes time that grows with the databases, so it is done only where it decides. */
async function leastLoaded(deps: Deps, candidates: readonly PlacementRow[]): Promise<PlacementRow | undefined> {
  const [only] = candidates;
  if (!only || (candidates.length === 1 && only.capacity === null)) return only;
  const counts = await deps.reads.databaseCounts(candidates.map(({ id }) => id));
  const count = ({ id }: PlacementRow) => counts.get(id) ?? 0;
  const load = (placement: PlacementRow) => count(placement) / placement.weight;
  return candidates
    .filter((placement) => placement.capacity === null || count(placement) < placement.capacity)
    .sort((a, b) => load(a) - load(b))[0];
}

function invalid(field: string, detail: string): ControlPlaneError {
  return new ControlPlaneError('validation_failed', detail, { errors: [{ in: 'body', pointer: `/${field}`, detail }] });
}
