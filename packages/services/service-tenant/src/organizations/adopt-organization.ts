import { createHash } from 'node:crypto';
import { DisplayNameSchema, OrganizationSlugSchema } from '@envplane/spec';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { audited, creatorOf } from '../request.ts';
import { addOrganization } from '../store/organizations.ts';

/** The organizations that a host application keeps. */
export interface HostOrganizations {
  /** What it says of one of them; null when it has none of this id. */
  describe(id: string): Promise<{ slug?: unknown; displayName?: unknown } | null>;
}

/**
 * An organization by id or slug. Inside of a host application, one of the host's that is not known here yet is added: a process
 * of the host may name it, and whoever the call is made for owns it. Nobody else adds one by naming it.
 */
export async function knownOrganization(deps: Deps, caller: Caller, idOrSlug: string, createdBy: string) {
  const known = await deps.reads.organization(idOrSlug);
  if (known || !deps.hostOrganizations || caller.principal.kind !== 'platform') return known;
  const described = await deps.hostOrganizations.describe(idOrSlug);
  if (!described) return undefined;
  const owner = creatorOf(caller, createdBy);
  const slug = OrganizationSlugSchema.safeParse(described.slug);
  const displayName = DisplayNameSchema.safeParse(described.displayName);
  await addOrganization(deps.engine, {
    organization: {
      id: idOrSlug,
      slug: slug.success ? slug.data : hashedSlug(idOrSlug),
      display_name: displayName.success ? displayName.data : idOrSlug,
      plan: 'free',
      status: 'active',
      is_system: false,
      credential_rotation_days: null,
      version: 1,
      created_by: owner,
    },
    owner: {
      id: deps.uuid(),
      organization_id: idOrSlug,
      user_id: owner,
      role: 'owner',
      invited_by: owner,
      version: 1,
    },
    audit: audited(caller, 'organization.adopt', { organizationId: idOrSlug }),
  });
  return deps.reads.organization(idOrSlug);
}

/** Ids of a host may differ in what a slug cannot hold, so that the id is told apart by its hash. */
export function hashedSlug(id: string): string {
  const readable = id
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `${readable.slice(0, 54) || 'org'}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
}
