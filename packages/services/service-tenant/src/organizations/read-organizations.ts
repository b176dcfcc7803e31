import type { OrganizationView } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { organizationNotFound } from '../access/not-found.ts';
import { readerOf } from '../access/readers.ts';
import type { Deps } from '../deps.ts';
import type { PageRequest, PageView } from '../environments/read-environments.ts';
import { decodeCursor, encodeCursor, isPosition } from '../store/cursor.ts';
import { organizationView } from '../views/views.ts';

/** By id or slug. @throws ControlPlaneError `not_found` */
export async function getOrganization(deps: Deps, caller: Caller, idOrSlug: string): Promise<OrganizationView> {
  const access = await authorize(deps, caller, 'org:organization.read', { organizationId: idOrSlug });
  const row = await deps.reads.organization(access.organizationId ?? idOrSlug);
  if (!row) throw organizationNotFound();
  return organizationView(row);
}

/** The organizations that the caller may read, in order of creation. @throws ControlPlaneError `cursor_invalid`, `cursor_mismatch` */
export async function listOrganizations(
  deps: Deps,
  caller: Caller,
  page: PageRequest,
): Promise<PageView<OrganizationView>> {
  const reader = await readerOf(deps, caller, 'org:organization.read', 'platform:organizations.read');
  const position = page.cursor === undefined ? null : decodeCursor(page.cursor, {}, isPosition);
  const { rows, next } = await deps.reads.organizations(page.limit, position, reader);
  return { items: rows.map(organizationView), nextCursor: next && encodeCursor(next, {}) };
}
