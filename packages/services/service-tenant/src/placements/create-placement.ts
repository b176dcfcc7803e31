import { ControlPlaneError, type CreatePlacementBody, CreatePlacementBodySchema } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { audited, idempotent, type MutationOptions, parse } from '../request.ts';
import { NO_ADMINISTRATOR } from '../secrets/placement-secrets.ts';
import { addPlacement } from '../store/placements.ts';
import { administratorOf, comparable, probe } from './probe.ts';

/**
 * Adds a placement: looks at the place with the given credential, records who it is, and takes databases from then on.
 * @returns the id
 * @throws ControlPlaneError `validation_failed` (the place refuses the credential or cannot keep the driver's guarantees),
 *   `driver_not_configured`, `name_taken`, `invalid_state` (the place is a placement already), `provider_unavailable`,
 *   `encryptor_unavailable`, `idempotency_key_reused`
 */
export async function createPlacement(
  deps: Deps,
  caller: Caller,
  body: CreatePlacementBody,
  options: MutationOptions = {},
): Promise<{ targetId: string }> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  const request = parse(CreatePlacementBodySchema, body);
  if (!deps.adapters.find(request.driver)) {
    throw new ControlPlaneError(
      'driver_not_configured',
      'There is no such driver; see GET /v1/drivers for those that are.',
    );
  }
  const id = deps.uuid();
  const fresh = { id, administrator_version: 0 };
  const row = {
    ...fresh,
    ...NO_ADMINISTRATOR,
    name: request.name,
    driver: request.driver,
    region: request.region ?? 'local',
    status: 'ok' as const,
    settings: request.settings ?? {},
    weight: request.weight ?? DEFAULT_WEIGHT,
    capacity: request.capacity ?? null,
    identity: null,
    ...(await administratorOf(deps, fresh, request)),
    last_error_code: null,
    rotation_operation_id: null,
    rotation_due_at: null,
  };
  const identity = await probe(deps, { ...row, version: 1, created_at: 0, updated_at: 0 });
  const { name, driver, region, weight, capacity } = row;
  return deps.effect('cp.change', () =>
    addPlacement(
      deps.engine,
      { ...row, identity },
      audited(
        caller,
        'placement.create',
        { organizationId: null, placementId: id },
        { name, driver, region, weight, capacity },
      ),
      idempotent(caller, 'placement.create', comparable(deps, request), options.idempotencyKey),
    ),
  );
}

/** Of a placement that is given none: a round number that others can be more or less than. */
export const DEFAULT_WEIGHT = 100;
