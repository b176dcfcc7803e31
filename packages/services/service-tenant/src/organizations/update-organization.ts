import { type UpdateOrganizationBody, UpdateOrganizationBodySchema } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { requireQuotas } from '../access/quotas.ts';
import type { Deps } from '../deps.ts';
import { differenceOf } from '../environments/recorded.ts';
import { audited, idempotent, type MutationOptions, parse, requireVersion } from '../request.ts';
import type { Accepted } from '../store/environments.ts';
import { change } from './change-organization.ts';

/**
 * Changes the name, plan or rotation policy of an organization; what is absent stays. A plan is the platform's to change.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `version_mismatch`, `validation_failed`
 */
export async function updateOrganization(
  deps: Deps,
  caller: Caller,
  idOrSlug: string,
  body: UpdateOrganizationBody,
  options: MutationOptions = {},
): Promise<Accepted> {
  const access = await authorize(deps, caller, 'org:organization.update', { organizationId: idOrSlug });
  const request = parse(UpdateOrganizationBodySchema, body);
  return change(
    deps,
    access.organizationId ?? idOrSlug,
    idempotent(caller, 'organization.update', [idOrSlug, request], options.idempotencyKey),
    (organization) => {
      requireVersion(organization.version, options.ifVersion);
      const displayName = request.displayName ?? organization.display_name;
      const plan = request.plan ?? organization.plan;
      const days = request.credentialRotationDays;
      const rotationDays = days === undefined ? organization.credential_rotation_days : days;
      if (plan !== organization.plan) requireQuotas(deps, caller, access);
      const changed = [
        ...(displayName === organization.display_name ? [] : ['displayName']),
        ...(plan === organization.plan ? [] : ['plan']),
        ...(rotationDays === organization.credential_rotation_days ? [] : ['credentialRotationDays']),
      ];
      if (changed.length === 0) return null;
      return {
        organization: { display_name: displayName, plan, credential_rotation_days: rotationDays },
        audit: [
          audited(
            caller,
            'organization.update',
            { organizationId: organization.id },
            {
              changed,
              ...differenceOf(
                { plan: organization.plan, credentialRotationDays: organization.credential_rotation_days },
                { plan, credentialRotationDays: rotationDays },
              ),
            },
          ),
        ],
      };
    },
  );
}
