import { ControlPlaneError } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import type { PlacementRow } from '../objects/index.ts';
import { audited, idempotent, type MutationOptions, requireVersion } from '../request.ts';
import { NO_ADMINISTRATOR } from '../secrets/placement-secrets.ts';
import { type PlacementChange, statusAfter } from '../store/placements.ts';
import { change, requireInUse, requireNoRotation } from './change-placement.ts';

/** No new databases from now on; those that are there go on. @throws ControlPlaneError `not_found`, `invalid_state` when retired, `version_mismatch` */
export function drainPlacement(
  deps: Deps,
  caller: Caller,
  idOrName: string,
  options?: MutationOptions,
): Promise<{ targetId: string }> {
  return turn(deps, caller, 'placement.drain', idOrName, options, (placement, databases) => {
    requireInUse(placement);
    return placement.status === 'draining' ? null : { placement: { status: 'draining' }, detail: { databases } };
  });
}

/** Undoes `drainPlacement`. @throws ControlPlaneError as that */
export function activatePlacement(
  deps: Deps,
  caller: Caller,
  idOrName: string,
  options?: MutationOptions,
): Promise<{ targetId: string }> {
  return turn(deps, caller, 'placement.activate', idOrName, options, (placement) => {
    requireInUse(placement);
    return placement.status === 'draining' ? { placement: { status: statusAfter(placement.last_error_code) } } : null;
  });
}

/**
 * Takes an empty placement out of use for good and forgets its administrator secret. Its name is not used again.
 * @throws ControlPlaneError `not_found`, `invalid_state` while it holds databases, `operation_in_progress` while its administrator
 *   is being replaced, `version_mismatch`
 */
export function retirePlacement(
  deps: Deps,
  caller: Caller,
  idOrName: string,
  options?: MutationOptions,
): Promise<{ targetId: string }> {
  return turn(deps, caller, 'placement.retire', idOrName, options, (placement, databases) => {
    if (placement.status === 'retired') return null;
    if (databases > 0) {
      throw new ControlPlaneError(
        'invalid_state',
        `The placement holds ${databases} databases; drain it and purge their environments first.`,
        { state: placement.status },
      );
    }
    requireNoRotation(placement);
    return { placement: { status: 'retired', last_error_code: null, ...NO_ADMINISTRATOR } };
  });
}

/** Commits another status; null means that it has it already. */
async function turn(
  deps: Deps,
  caller: Caller,
  verb: string,
  idOrName: string,
  options: MutationOptions = {},
  decide: (
    placement: PlacementRow,
    databases: number,
  ) => { placement: PlacementChange['placement']; detail?: Record<string, unknown> } | null,
): Promise<{ targetId: string }> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  const request = idempotent(caller, verb, [idOrName], options.idempotencyKey);
  return change(deps, idOrName, request, (row, databases) => {
    requireVersion(row.version, options.ifVersion);
    const decided = decide(row, databases);
    if (!decided) return null;
    const target = { organizationId: null, placementId: row.id };
    return { placement: decided.placement, audit: audited(caller, verb, target, decided.detail) };
  });
}
