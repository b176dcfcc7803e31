import { ControlPlaneError, type RotateAdministratorBody, RotateAdministratorBodySchema } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import type { PlacementRow } from '../objects/index.ts';
import { audited, idempotent, type MutationOptions, parse, requireVersion } from '../request.ts';
import { PLATFORM_CHAIN } from '../store/audit.ts';
import type { Accepted } from '../store/environments.ts';
import { storeLogin } from '../store/store-login.ts';
import { change, requireInUse, requireNoRotation } from './change-placement.ts';

const KIND = 'placement.rotate_administrator';
const STEPS = ['stage', 'set', 'test', 'prove', 'flip'];
/** Nobody who came in with the old secret stays: `drain` ends their sessions. */
const EMERGENCY_STEPS = ['stage', 'set', 'test', 'prove', 'drain', 'flip'];

/**
 * Replaces the administrator secret of a placement by one that only this service knows: sealed and committed before the server
 * hears of it, proved by logging in, and used when the old one was refused. Databases and their credentials are not touched.
 * @throws ControlPlaneError `not_found`, `unsupported` (none is sealed here, the driver's provider cannot set one, or the store
 *   itself logs in as it),
 *   `invalid_state` when retired, `operation_in_progress`, `version_mismatch`, `validation_failed`, `idempotency_key_reused`
 */
export async function rotateAdministrator(
  deps: Deps,
  caller: Caller,
  idOrName: string,
  body: RotateAdministratorBody = {},
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  const { urgency = 'normal' } = parse(RotateAdministratorBodySchema, body);
  const request = idempotent(caller, KIND, [idOrName, body], options.idempotencyKey);
  await requireNotOfStore(deps, await deps.reads.placement(idOrName));
  const accepted = await change(deps, idOrName, request, (placement, _databases, nowMs) => {
    requireVersion(placement.version, options.ifVersion);
    requireInUse(placement);
    requireRotatable(deps, placement);
    requireNoRotation(placement);
    const id = deps.uuid();
    return {
      placement: { rotation_operation_id: id, rotation_due_at: nowMs },
      operation: {
        id,
        kind: KIND,
        target_type: 'placement',
        target_id: placement.id,
        organization_id: PLATFORM_CHAIN,
        environment_id: null,
        parent_id: null,
        created_by: caller.principal.id,
        request_id: caller.requestId,
        warnings: [],
        stepNames: urgency === 'emergency' ? EMERGENCY_STEPS : STEPS,
      },
      audit: audited(caller, KIND, { organizationId: null, placementId: placement.id }, { urgency }),
    };
  });
  deps.administrators.wake();
  return accepted;
}

/** @throws ControlPlaneError `unsupported` with what to do instead */
function requireRotatable(deps: Deps, { driver, administrator_variable: variable, ...row }: PlacementRow): void {
  if (variable !== null) {
    throw new ControlPlaneError(
      'unsupported',
      `The administrator secret is read from ${variable}, which only the operator of the process can change. Change it there and restart, or hand the secret in (PATCH with "administrator"), so that it is sealed here and can be replaced.`,
    );
  }
  if (row.administrator_ciphertext === null) {
    throw new ControlPlaneError('unsupported', `A placement of the driver ${driver} has no administrator secret.`);
  }
  if (!deps.adapters.get(driver).administrator) {
    throw new ControlPlaneError(
      'unsupported',
      `The driver ${driver} cannot set the administrator secret. Make another one at the provider and hand it in (PATCH with "administrator"): it is tried before it takes the place of the old one.`,
    );
  }
}

/**
 * HAZARD: the new secret would be sealed in a store that lets nobody in any more.
 * @throws ControlPlaneError `unsupported`
 */
async function requireNotOfStore(deps: Deps, placement: PlacementRow | undefined): Promise<void> {
  const facet = placement && deps.adapters.find(placement.driver)?.administrator;
  const login = facet && (await storeLogin(deps.engine));
  if (!login || login.server !== placement.identity) return;
  const name = facet.nameOf(placement.settings);
  if (name !== login.role) return;
  throw new ControlPlaneError(
    'unsupported',
    `The store of this control plane logs in as "${name}" on the same server and would be locked out. Give the placement an administrator of its own: another role, named in its settings and handed in (PATCH).`,
  );
}
