import { type UpdateOrganizationBody, UpdateOrganizationBodySchema } from '@envplane/spec';
import { authorize, type Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { audited, idempotent, type MutationOptions, parse, requireVersion } from '../request.ts';
import type { Accepted } from '../store/environments.ts';
import { change } from './change-organization.ts';

/** Changes the name or plan of an organization; what is absent stays. @throws ControlPlaneError `not_found`, `version_mismatch`, `validation_failed` */
export function updateOrganization(
  deps: Deps,
  caller: Caller,
  idOrSlug: string,
  body: UpdateOrganizationBody,
  options: MutationOptions = {},
): Promise<Accepted> {
  authorize(caller, 'org:organization.update');
  const request = parse(UpdateOrganizationBodySchema, body);
  return change(
    deps,
    idOrSlug,
    idempotent(caller, 'organization.update', [idOrSlug, request], options.idempotencyKey),
    (organization) => {
      requireVersion(organization.version, options.ifVersion);
      const displayName = request.displayName ?? organization.display_name;
      const plan = request.plan ?? organization.plan;
      if (displayName === organization.display_name && plan === organization.plan) return null;
      return {
        organization: { display_name: displayName, plan },
        audit: [
          audited(
            caller,
            'organization.update',
            { organizationId: organization.id },
            { before: { plan: organization.plan }, after: { plan } },
          ),
        ],
      };
    },
  );
}
