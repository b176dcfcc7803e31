import { ControlPlaneError } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { restoring } from '../environments/restore.ts';
import { audited, idempotent, type MutationOptions, requireVersion } from '../request.ts';
import type { Accepted } from '../store/environments.ts';
import { change, organizationOperation } from './change-organization.ts';

/**
 * Brings an archived organization back with every environment that can still be restored; the others are named in the
 * operation's warnings.
 * @throws ControlPlaneError `not_found`, `invalid_state`, `version_mismatch`
 */
export async function restoreOrganization(
  deps: Deps,
  caller: Caller,
  idOrSlug: string,
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'platform:organizations.archive', { organizationId: idOrSlug });
  const request = idempotent(caller, 'organization.restore', [idOrSlug], options.idempotencyKey);
  return change(deps, idOrSlug, request, (organization, environments) => {
    requireVersion(organization.version, options.ifVersion);
    if (organization.status === 'active') return null;
    if (organization.status !== 'archived') {
      throw new ControlPlaneError(
        'invalid_state',
        `An organization that is ${organization.status} cannot be restored.`,
        { state: organization.status, allowed: ['archived'] },
      );
    }
    const operation = organizationOperation(deps, caller, 'organization.restore', organization.id, []);
    const restorable = environments.filter(
      ({ database }) => database.desired_state === 'archived' && database.confirmed_at !== null,
    );
    const left = environments.filter(
      (record) => record.database.desired_state !== 'active' && !restorable.includes(record),
    );
    return {
      organization: { status: 'active' },
      operation: {
        ...operation,
        stepNames: restorable.map((record) => record.environment.id),
        warnings: left.map((record) => `${record.environment.slug} cannot be restored and stays as it is`),
      },
      environments: restorable.map((record) => ({ record, change: restoring(deps, caller, record, operation.id) })),
      audit: [audited(caller, 'organization.restore', { organizationId: organization.id })],
    };
  });
}
