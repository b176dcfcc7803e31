import { ControlPlaneError } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { archiving } from '../environments/archive.ts';
import { audited, idempotent, type MutationOptions, requireVersion } from '../request.ts';
import type { Accepted } from '../store/environments.ts';
import { change, organizationOperation } from './change-organization.ts';

/**
 * Archives every environment of an organization, and with them the organization: it takes no new ones.
 * @throws ControlPlaneError `not_found`, `deletion_protected`, `invalid_state`, `version_mismatch`
 */
export async function archiveOrganization(
  deps: Deps,
  caller: Caller,
  idOrSlug: string,
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'platform:organizations.archive', { organizationId: idOrSlug });
  const request = idempotent(caller, 'organization.archive', [idOrSlug], options.idempotencyKey);
  return change(deps, idOrSlug, request, (organization, environments, nowMs) => {
    requireVersion(organization.version, options.ifVersion);
    if (organization.status === 'archived') return null;
    if (organization.is_system)
      throw new ControlPlaneError('invalid_state', 'The system organization stays.', { state: 'active' });
    if (organization.status !== 'active') {
      throw new ControlPlaneError(
        'invalid_state',
        `An organization that is ${organization.status} cannot be archived.`,
        { state: organization.status, allowed: ['active'] },
      );
    }
    const operation = organizationOperation(deps, caller, 'organization.archive', organization.id, []);
    const changes = environments.flatMap((record) => {
      const archived = archiving(deps, caller, record, nowMs, operation.id);
      return archived ? [{ record, change: archived }] : [];
    });
    return {
      organization: { status: 'archived' },
      operation: { ...operation, stepNames: changes.map(({ record }) => record.environment.id) },
      environments: changes,
      audit: [audited(caller, 'organization.archive', { organizationId: organization.id })],
    };
  });
}
