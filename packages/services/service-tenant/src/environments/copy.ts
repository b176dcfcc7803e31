import { ControlPlaneError, type CopyEnvironmentBody, CopyEnvironmentBodySchema } from '@envplane/spec';
import { authorize, denied, holds } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { refused } from '../access/denials.ts';
import { environmentNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { onPlacement } from '../placements/choose-placement.ts';
import { audited, environmentOperation, idempotent, type MutationOptions, parse, requireStatus } from '../request.ts';
import type { Accepted } from '../store/environments.ts';
import type { IdempotentRequest } from '../store/idempotency.ts';
import { accept, orAnsweredBefore } from './accept.ts';
import { underHostname } from './hostname.ts';
import { newEnvironment, ownersOfNew } from './new-environment.ts';
import { recordedOf } from './recorded.ts';

/**
 * Makes a new environment of the same organization whose database begins as a copy of this one, with a credential, a key
 * and a marker of its own.
 * @throws ControlPlaneError `not_found`, `permission_denied` (with data also without data.read), `invalid_state`, `unsupported` (driver cannot copy, other driver or placement),
 *   `quota_exceeded`, `provider_unavailable`, `slug_taken`, `hostname_taken`, `idempotency_key_reused`, `rate_limited`
 */
export async function copyEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  body: CopyEnvironmentBody,
  options: MutationOptions = {},
): Promise<Accepted> {
  const access = await authorize(deps, caller, 'env:environment.copy', { environmentId });
  const request = parse(CopyEnvironmentBodySchema, body);
  const { schemaOnly = false } = request;
  // The copier owns the copy and all that is in it.
  if (!schemaOnly && !holds(access, 'env:data.read')) {
    if (!(await deps.reads.environment(environmentId))) throw environmentNotFound();
    throw refused(deps, caller, access, denied('env:data.read'));
  }
  const keyed = idempotent(caller, 'environment.copy', [environmentId, request], options.idempotencyKey);
  return orAnsweredBefore(deps, keyed, () => copying(deps, caller, environmentId, request, keyed));
}

async function copying(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  request: CopyEnvironmentBody,
  keyed: IdempotentRequest | null,
): Promise<Accepted> {
  const { schemaOnly = false } = request;
  const source = await deps.reads.environment(environmentId);
  if (!source) throw environmentNotFound();
  requireStatus(source.status, ['active', 'suspended'], 'copied');
  const where = { driver: request.driver ?? source.driver, placement: request.placement ?? source.placement_id };
  const organization = await deps.reads.organization(source.organization_id);
  if (!organization) throw environmentNotFound();
  await deps.turns.next(organization.id);
  const make = (hostname: string | null) =>
    onPlacement(deps, where, async (placement) => {
      if (source.adopted || placement.id !== source.placement_id || !deps.adapters.get(placement.driver).copy) {
        throw new ControlPlaneError(
          'unsupported',
          'A copy is made by the driver itself, on the placement of its source, where the driver can.',
        );
      }
      const environment = await newEnvironment(deps, {
        organizationId: source.organization_id,
        slug: request.slug,
        displayName: request.displayName ?? request.slug,
        envType: request.envType,
        isDefault: false,
        plan: source.plan,
        hostname,
        visibility: request.visibility ?? 'private',
        metadata: request.metadata ?? null,
        requestedRegion: source.requested_region,
        storageLimitMb: source.storage_limit_mb,
        placement,
        createdBy: caller.principal.id,
        ownerUserIds: await ownersOfNew(deps, caller, source.organization_id),
        source: { databaseId: source.database_id, schemaOnly },
      });
      const target = { organizationId: source.organization_id, environmentId: environment.environment.id };
      return accept(deps, {
        environment,
        placement,
        operation: environmentOperation(deps, caller, 'environment.copy', target),
        audit: [
          audited(caller, 'environment.copy', target, {
            before: null,
            after: recordedOf(environment.environment, environment.database),
            sourceEnvironmentId: environmentId,
            schemaOnly,
          }),
          // What was taken from an environment stands in its own history, too.
          audited(
            caller,
            'environment.copied',
            { organizationId: source.organization_id, environmentId },
            { copyEnvironmentId: target.environmentId, schemaOnly },
          ),
        ],
        events: [],
        request: keyed,
      });
    });
  return underHostname(deps, request, organization.slug, make);
}
