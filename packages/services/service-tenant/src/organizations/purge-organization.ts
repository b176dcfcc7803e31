import { ControlPlaneError, type PurgeBody, PurgeBodySchema } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { organizationNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { type Purged, purging, requireConfirmation } from '../environments/purge.ts';
import { audited, idempotent, type MutationOptions, parse, requireVersion } from '../request.ts';
import { firstUse } from '../store/idempotency.ts';
import { change, organizationOperation } from './change-organization.ts';

/**
 * Purges every environment of an organization and, when the last one is gone, the organization. Asked for again by id, or
 * with the same idempotency key, it answers the same receipt.
 * @throws ControlPlaneError `not_found`, `confirmation_mismatch`, `deletion_protected`, `version_mismatch`
 */
export async function purgeOrganization(
  deps: Deps,
  caller: Caller,
  idOrSlug: string,
  body: PurgeBody,
  options: MutationOptions = {},
): Promise<Purged> {
  await authorize(deps, caller, 'platform:organizations.purge', { organizationId: idOrSlug });
  const { confirm } = parse(PurgeBodySchema, body);
  const request = idempotent(caller, 'organization.purge', [idOrSlug, confirm], options.idempotencyKey);
  if (!(await deps.reads.organization(idOrSlug))) {
    // By its slug it is not found any more; by the key of the request that purged it, it is.
    const first = request && (await firstUse(deps.engine, request));
    if (first) return { kind: 'accepted', ...first, replayed: true };
    const done = await deps.reads.lastOperation(idOrSlug, 'organization.purge');
    if (!done?.result) throw organizationNotFound();
    return { kind: 'receipt', receipt: done.result };
  }
  const accepted = await change(deps, idOrSlug, request, (organization, environments) => {
    requireVersion(organization.version, options.ifVersion);
    requireConfirmation(organization.slug, confirm);
    if (organization.is_system)
      throw new ControlPlaneError('invalid_state', 'The system organization stays.', { state: 'active' });
    if (organization.status === 'purging') return null;
    const operation = organizationOperation(deps, caller, 'organization.purge', organization.id, environments);
    return {
      organization: { status: 'purging' },
      operation,
      environments: environments.flatMap((record) => {
        const purged = purging(deps, caller, record, operation.id);
        return purged ? [{ record, change: purged }] : [];
      }),
      audit: [audited(caller, 'organization.purge', { organizationId: organization.id }, { slug: organization.slug })],
    };
  });
  return { kind: 'accepted', ...accepted };
}
