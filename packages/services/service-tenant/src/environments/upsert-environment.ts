import { ControlPlaneError, type UpsertEnvironmentBody, UpsertEnvironmentBodySchema } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { organizationNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { idempotent, type MutationOptions, parse, requireVersion } from '../request.ts';
import type { Accepted } from '../store/environments.ts';
import { change } from './change.ts';
import { provisionEnvironment } from './provision-environment.ts';
import { updating } from './update-environment.ts';

/**
 * Makes the environment of a slug what the body says: created when there is none, else changed. The same body a second time
 * changes nothing. What cannot be changed after creation must match.
 * @throws ControlPlaneError as `provisionEnvironment` and `updateEnvironment`; `unsupported` for a change of type, driver,
 *   placement, region or default
 */
export async function upsertEnvironment(
  deps: Deps,
  caller: Caller,
  organizationIdOrSlug: string,
  slug: string,
  body: UpsertEnvironmentBody,
  options: MutationOptions = {},
): Promise<Accepted & { created: boolean }> {
  const access = await authorize(deps, caller, 'org:environments.create', { organizationId: organizationIdOrSlug });
  const request = parse(UpsertEnvironmentBodySchema, body);
  const organization = await deps.reads.organization(access.organizationId ?? organizationIdOrSlug);
  if (!organization) throw organizationNotFound();
  const existing = await deps.reads.environmentBySlug(organization.id, slug);
  if (!existing) {
    if (options.ifVersion !== undefined) {
      throw new ControlPlaneError(
        'version_mismatch',
        'There is no environment of this slug yet, so it has no version.',
      );
    }
    const accepted = await provisionEnvironment(deps, caller, {
      ...request,
      slug,
      organizationId: organization.id,
      createdBy: caller.principal.id,
      idempotencyKey: options.idempotencyKey,
    });
    return { ...accepted, created: true };
  }
  const existingAccess = await authorize(deps, caller, 'env:environment.update', { environmentId: existing.id });
  const placement = await deps.reads.placement(existing.placement_id);
  const fixed = [
    request.envType !== existing.env_type && 'envType',
    request.driver !== undefined && request.driver !== existing.driver && 'driver',
    request.region !== undefined && request.region !== existing.requested_region && 'region',
    request.placement !== undefined && ![placement?.id, placement?.name].includes(request.placement) && 'placement',
    request.isDefault === true && !existing.is_default && 'isDefault',
  ].filter((field) => field !== false);
  if (fixed.length > 0) {
    throw new ControlPlaneError('unsupported', `These fields cannot be changed this way: ${fixed.join(', ')}.`, {
      errors: fixed.map((field) => ({ in: 'body', pointer: `/${field}`, detail: 'cannot be changed after creation' })),
    });
  }
  const { displayName, plan, storageLimitMb, hostname, visibility, metadata } = request;
  const idempotentRequest = idempotent(caller, 'environment.upsert', [existing.id, request], options.idempotencyKey);
  const accepted = await change(deps, existing.id, idempotentRequest, (record, nowMs) => {
    requireVersion(record.environment.version, options.ifVersion);
    const body = { displayName, plan, storageLimitMb, hostname, visibility, metadata };
    return updating(deps, caller, existingAccess, record, body, nowMs);
  });
  return { ...accepted, created: false };
}
