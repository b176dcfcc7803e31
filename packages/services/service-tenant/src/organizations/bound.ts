import type { ProvisionOrganizationRequest, PurgeBody, UpdateOrganizationBody } from '@envplane/spec';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import type { PageRequest } from '../environments/read-environments.ts';
import type { MutationOptions } from '../request.ts';
import { archiveOrganization } from './archive-organization.ts';
import { provisionOrganization } from './provision-organization.ts';
import { purgeOrganization } from './purge-organization.ts';
import { getOrganization, listOrganizations } from './read-organizations.ts';
import { restoreOrganization } from './restore-organization.ts';
import { updateOrganization } from './update-organization.ts';

/** The verbs of organizations, for one caller. */
export function bindOrganizations(deps: Deps, caller: Caller) {
  return {
    provision: (request: ProvisionOrganizationRequest) => provisionOrganization(deps, caller, request),
    get: (idOrSlug: string) => getOrganization(deps, caller, idOrSlug),
    list: (page: PageRequest) => listOrganizations(deps, caller, page),
    update: (idOrSlug: string, body: UpdateOrganizationBody, options?: MutationOptions) =>
      updateOrganization(deps, caller, idOrSlug, body, options),
    archive: (idOrSlug: string, options?: MutationOptions) => archiveOrganization(deps, caller, idOrSlug, options),
    restore: (idOrSlug: string, options?: MutationOptions) => restoreOrganization(deps, caller, idOrSlug, options),
    purge: (idOrSlug: string, body: PurgeBody, options?: MutationOptions) =>
      purgeOrganization(deps, caller, idOrSlug, body, options),
  };
}
