import { type ProvisionOrganizationRequest, ProvisionOrganizationRequestSchema } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { organizationNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { accept, orAnsweredBefore } from '../environments/accept.ts';
import { underHostname } from '../environments/hostname.ts';
import { newEnvironment } from '../environments/new-environment.ts';
import { recordedOf } from '../environments/recorded.ts';
import { onPlacement } from '../placements/choose-placement.ts';
import { actorOf, audited, creatorOf, environmentOperation, idempotent, parse } from '../request.ts';
import type { Acceptance, Accepted } from '../store/environments.ts';
import { knownOrganization } from './adopt-organization.ts';

/**
 * Accepts an organization with its owner, its default environment and that environment's database as one operation: all of
 * it is there or none. Without `organization` the organization must exist, and only its default environment is made.
 *
 * @throws ControlPlaneError `validation_failed`, `not_found`, `driver_not_configured`, `quota_exceeded`, `provider_unavailable`, `slug_taken`, `default_taken`,
 *   `idempotency_key_reused`
 */
export async function provisionOrganization(
  deps: Deps,
  caller: Caller,
  input: ProvisionOrganizationRequest,
): Promise<Accepted> {
  await authorize(deps, caller, 'platform:organizations.create', { platform: true });
  const { idempotencyKey, ...request } = parse(ProvisionOrganizationRequestSchema, input);
  const { organization } = request;
  const createdBy = creatorOf(caller, request.createdBy);
  const organizationId = request.organizationId ?? deps.uuid();
  const existing = organization ? undefined : await knownOrganization(deps, caller, organizationId, request.createdBy);
  if (!organization && !existing) throw organizationNotFound();
  const plan = request.plan ?? existing?.plan ?? 'free';
  const owners = organization ? [organization.ownerUserId] : await deps.reads.organizationOwners(organizationId);
  const created: Partial<Acceptance> = organization
    ? {
        organization: {
          id: organizationId,
          slug: organization.slug,
          display_name: organization.displayName,
          plan,
          status: 'active',
          is_system: false,
          credential_rotation_days: null,
          version: 1,
          created_by: createdBy,
        },
        organizationMembers: owners.map((userId) => ({
          id: deps.uuid(),
          organization_id: organizationId,
          user_id: userId,
          role: 'owner' as const,
          invited_by: createdBy,
          version: 1,
        })),
        events: [
          {
            organization_id: organizationId,
            environment_id: null,
            type: 'organization.created',
            actor: actorOf(caller),
            payload: {},
          },
        ],
      }
    : {};
  const keyed = idempotent(caller, 'organization.provision', request, idempotencyKey);
  const make = (hostname: string | null) =>
    onPlacement(deps, request, async (placement) => {
      const environment = await newEnvironment(deps, {
        organizationId,
        slug: request.defaultEnvSlug,
        displayName: request.defaultEnvDisplayName,
        envType: request.defaultEnvType,
        isDefault: true,
        plan,
        hostname,
        visibility: 'private',
        metadata: request.metadata ?? null,
        requestedRegion: request.region ?? null,
        storageLimitMb: request.storageLimitMb ?? deps.settings.defaultStorageLimitMb,
        placement,
        createdBy,
        ownerUserIds: owners,
      });
      return accept(deps, {
        events: [],
        ...created,
        environment,
        placement,
        operation: environmentOperation(deps, caller, 'organization.provision', {
          organizationId,
          environmentId: environment.environment.id,
        }),
        audit: [
          audited(
            caller,
            'organization.provision',
            { organizationId },
            {
              ...(organization && { slug: organization.slug }),
              environmentId: environment.environment.id,
              driver: environment.database.driver,
            },
          ),
          audited(
            caller,
            'environment.provision',
            { organizationId, environmentId: environment.environment.id },
            { before: null, after: recordedOf(environment.environment, environment.database) },
          ),
        ],
        request: keyed,
      });
    });
  const slug = organization?.slug ?? existing?.slug ?? organizationId;
  return orAnsweredBefore(deps, keyed, () => underHostname(deps, { slug: request.defaultEnvSlug }, slug, make));
}
