import { type ProvisionEnvironmentRequest, ProvisionEnvironmentRequestSchema } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { organizationNotFound } from '../access/not-found.ts';
import { requireQuotas } from '../access/quotas.ts';
import type { Deps } from '../deps.ts';
import { knownOrganization } from '../organizations/adopt-organization.ts';
import { onPlacement } from '../placements/choose-placement.ts';
import { audited, creatorOf, environmentOperation, idempotent, parse } from '../request.ts';
import type { Accepted } from '../store/environments.ts';
import { accept, orAnsweredBefore } from './accept.ts';
import { underHostname } from './hostname.ts';
import { newEnvironment, ownersOfNew } from './new-environment.ts';
import { recordedOf } from './recorded.ts';

/**
 * Accepts a new environment: its intent is committed, and a worker creates the database.
 *
 * @throws ControlPlaneError `validation_failed`, `not_found` (organization), `invalid_state` (archived organization),
 *   `driver_not_configured`, `quota_exceeded`, `provider_unavailable`, `slug_taken`, `default_taken`, `hostname_taken`, `idempotency_key_reused`,
 *   `rate_limited`
 */
export async function provisionEnvironment(
  deps: Deps,
  caller: Caller,
  input: ProvisionEnvironmentRequest,
): Promise<Accepted> {
  const access = await authorize(deps, caller, 'org:environments.create', { organizationId: input.organizationId });
  const { idempotencyKey, ...request } = parse(ProvisionEnvironmentRequestSchema, input);
  const id = access.organizationId ?? request.organizationId;
  const organization = await knownOrganization(deps, caller, id, request.createdBy);
  if (!organization) throw organizationNotFound();
  const isRaised = (request.storageLimitMb ?? 0) > deps.settings.defaultStorageLimitMb;
  if ((request.plan ?? organization.plan) !== organization.plan || isRaised) requireQuotas(deps, caller, access);
  await deps.turns.next(organization.id);
  const owners = await ownersOfNew(deps, caller, organization.id);
  const keyed = idempotent(caller, 'environment.provision', request, idempotencyKey);
  const make = (hostname: string | null) =>
    onPlacement(deps, request, async (placement) => {
      const environment = await newEnvironment(deps, {
        organizationId: organization.id,
        slug: request.slug,
        displayName: request.displayName ?? request.slug,
        envType: request.envType,
        isDefault: request.isDefault ?? false,
        plan: request.plan ?? organization.plan,
        hostname,
        visibility: request.visibility ?? 'private',
        metadata: request.metadata ?? null,
        requestedRegion: request.region ?? null,
        storageLimitMb: request.storageLimitMb ?? deps.settings.defaultStorageLimitMb,
        placement,
        createdBy: creatorOf(caller, request.createdBy),
        ownerUserIds: owners,
      });
      const target = { organizationId: organization.id, environmentId: environment.environment.id };
      return accept(deps, {
        environment,
        placement,
        operation: environmentOperation(deps, caller, 'environment.provision', target),
        audit: [
          audited(caller, 'environment.provision', target, {
            before: null,
            after: recordedOf(environment.environment, environment.database),
          }),
        ],
        events: [],
        request: keyed,
      });
    });
  return orAnsweredBefore(deps, keyed, () => underHostname(deps, request, organization.slug, make));
}
