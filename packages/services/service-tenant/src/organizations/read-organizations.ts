import type { OrganizationView } from '@envplane/spec';
import { authorize, type Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import type { PageRequest, PageView } from '../environments/read-environments.ts';
import { organizationNotFound } from '../request.ts';
import { decodeCursor, encodeCursor, isPosition } from '../store/cursor.ts';
import { organizationView } from '../views/views.ts';

/** By id or slug. @throws ControlPlaneError `not_found` */
export async function getOrganization(deps: Deps, caller: Caller, idOrSlug: string): Promise<OrganizationView> {
  authorize(caller, 'org:organization.read');
  const row = await deps.reads.organization(idOrSlug);
  if (!row) throw organizationNotFound();
  return organizationView(row);
}

/** All organizations in order of creation. @throws ControlPlaneError `cursor_invalid`, `cursor_mismatch` */
export async function listOrganizations(
  deps: Deps,
  caller: Caller,
  page: PageRequest,
): Promise<PageView<OrganizationView>> {
  authorize(caller, 'platform:organizations.read');
  const position = page.cursor === undefined ? null : decodeCursor(page.cursor, {}, isPosition);
  const { rows, next } = await deps.reads.organizations(page.limit, position);
  return { items: rows.map(organizationView), nextCursor: next && encodeCursor(next, {}) };
}
