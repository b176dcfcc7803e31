import { ControlPlaneError, type UpdatePlacementBody, UpdatePlacementBodySchema } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { placementNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import type { PlacementRow } from '../objects/index.ts';
import { audited, idempotent, type MutationOptions, parse, requireVersion } from '../request.ts';
import { statusAfter } from '../store/placements.ts';
import { change, requireInUse, requireNoRotation } from './change-placement.ts';
import { administratorOf, comparable, probe } from './probe.ts';

/**
 * Changes a placement; what is absent stays. New settings or another administrator are tried first: they must lead to the
 * same place. Existing databases stay where they are and keep their region.
 * @throws ControlPlaneError `not_found`, `version_mismatch`, `validation_failed`, `invalid_state` (retired, or another
 *   place), `operation_in_progress` (its administrator is being replaced), `provider_unavailable`, `encryptor_unavailable`, `idempotency_key_reused`
 */
export async function updatePlacement(
  deps: Deps,
  caller: Caller,
  idOrName: string,
  body: UpdatePlacementBody,
  options: MutationOptions = {},
): Promise<{ targetId: string }> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  const request = parse(UpdatePlacementBodySchema, body);
  const seen = await deps.reads.placement(idOrName);
  if (!seen) throw placementNotFound();
  requireInUse(seen);
  const wanted = {
    ...(request.region !== undefined && { region: request.region }),
    ...(request.weight !== undefined && { weight: request.weight }),
    ...(request.capacity !== undefined && { capacity: request.capacity }),
    ...(request.settings !== undefined && { settings: request.settings }),
    ...(await administratorOf(deps, seen, request)),
  };
  const isOtherWay = 'settings' in wanted || 'administrator_variable' in wanted;
  const proved: Partial<PlacementRow> = isOtherWay
    ? { identity: await probe(deps, { ...seen, ...wanted }), last_error_code: null }
    : {};
  const key = idempotent(caller, 'placement.update', [seen.id, comparable(deps, request)], options.idempotencyKey);
  return change(deps, seen.id, key, (placement) => {
    requireVersion(placement.version, options.ifVersion);
    requireInUse(placement);
    if (isOtherWay && placement.version !== seen.version) {
      throw new ControlPlaneError('version_mismatch', 'The placement was changed while this was tried; repeat it.');
    }
    if (isOtherWay) requireNoRotation(placement);
    if (Object.keys(wanted).length === 0) return null;
    const status = isOtherWay && placement.status !== 'draining' ? statusAfter(null) : placement.status;
    const after = { ...placement, ...wanted };
    return {
      placement: { ...wanted, ...proved, status },
      audit: audited(
        caller,
        'placement.update',
        { organizationId: null, placementId: placement.id },
        {
          before: shown(placement),
          after: shown(after),
          settingsChanged: 'settings' in wanted,
          administratorChanged: 'administrator_variable' in wanted,
        },
      ),
    };
  });
}

const shown = ({ region, weight, capacity }: PlacementRow) => ({ region, weight, capacity });
