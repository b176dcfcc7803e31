import { ControlPlaneError } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { audited, idempotent, type MutationOptions, requireVersion } from '../request.ts';
import { NO_ADMINISTRATOR } from '../secrets/placement-secrets.ts';
import { statusAfter } from '../store/placements.ts';
import { change, requireInUse } from './change-placement.ts';

/** No new databases from now on; those that are there go on. @throws ControlPlaneError `not_found`, `invalid_state` when retired, `version_mismatch` */
export async function drainPlacement(
  deps: Deps,
  caller: Caller,
  idOrName: string,
  options: MutationOptions = {},
): Promise<{ targetId: string }> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  const request = idempotent(caller, 'placement.drain', [idOrName], options.idempotencyKey);
  return change(deps, idOrName, request, (placement, databases) => {
    requireVersion(placement.version, options.ifVersion);
    requireInUse(placement);
    if (placement.status === 'draining') return null;
    const target = { organizationId: null, placementId: placement.id };
    return { placement: { status: 'draining' }, audit: audited(caller, 'placement.drain', target, { databases }) };
  });
}

/** Undoes `drainPlacement`. @throws ControlPlaneError as that */
export async function activatePlacement(
  deps: Deps,
  caller: Caller,
  idOrName: string,
  options: MutationOptions = {},
): Promise<{ targetId: string }> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  const request = idempotent(caller, 'placement.activate', [idOrName], options.idempotencyKey);
  return change(deps, idOrName, request, (placement) => {
    requireVersion(placement.version, options.ifVersion);
    requireInUse(placement);
    if (placement.status !== 'draining') return null;
    const target = { organizationId: null, placementId: placement.id };
    const status = statusAfter(placement.last_error_code);
    return { placement: { status }, audit: audited(caller, 'placement.activate', target) };
  });
}

/**
 * Takes an empty placement out of use for good and forgets its administrator secret. Its name is not used again.
 * @throws ControlPlaneError `not_found`, `invalid_state` while it holds databases, `version_mismatch`
 */
export async function retirePlacement(
  deps: Deps,
  caller: Caller,
  idOrName: string,
  options: MutationOptions = {},
): Promise<{ targetId: string }> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  const request = idempotent(caller, 'placement.retire', [idOrName], options.idempotencyKey);
  return change(deps, idOrName, request, (placement, databases) => {
    requireVersion(placement.version, options.ifVersion);
    if (placement.status === 'retired') return null;
    if (databases > 0) {
      throw new ControlPlaneError(
        'invalid_state',
        `The placement holds ${databases} databases; drain it and purge their environments first.`,
        { state: placement.status },
      );
    }
    const target = { organizationId: null, placementId: placement.id };
    return {
      placement: { status: 'retired', last_error_code: null, ...NO_ADMINISTRATOR },
      audit: audited(caller, 'placement.retire', target),
    };
  });
}
