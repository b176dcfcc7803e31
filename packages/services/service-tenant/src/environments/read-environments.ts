import type { EnvironmentView, OperationError } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { environmentNotFound, organizationNotFound } from '../access/not-found.ts';
import { readerIn, readerOf } from '../access/readers.ts';
import type { Deps } from '../deps.ts';
import { decodeCursor, encodeCursor, isPosition } from '../store/cursor.ts';
import type { EnvironmentFilter } from '../store/environment-join.ts';
import { environmentView } from '../views/views.ts';

/** How a list is asked for. */
export interface PageRequest {
  /** 1 to 200. */
  limit: number;
  cursor?: string | undefined;
}

export interface PageView<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** @throws ControlPlaneError `not_found` */
export async function getEnvironment(deps: Deps, caller: Caller, environmentId: string): Promise<EnvironmentView> {
  await authorize(deps, caller, 'env:environment.read', { environmentId });
  const row = await deps.reads.environment(environmentId);
  if (!row) throw environmentNotFound();
  return environmentView(row);
}

/** The environments of an organization that the caller may read, in order of creation. @throws ControlPlaneError `not_found`, `cursor_invalid`, `cursor_mismatch` */
export async function listEnvironments(
  deps: Deps,
  caller: Caller,
  organizationIdOrSlug: string,
  filter: Omit<EnvironmentFilter, 'organizationId'>,
  page: PageRequest,
): Promise<PageView<EnvironmentView>> {
  const { organizationId, reader } = await inOrganization(deps, caller, organizationIdOrSlug);
  const bound = { ...filter, organizationId };
  const position = page.cursor === undefined ? null : decodeCursor(page.cursor, bound, isPosition);
  const { rows, next } = await deps.reads.environments(bound, page.limit, position, reader);
  return { items: rows.map(environmentView), nextCursor: next && encodeCursor(next, bound) };
}

/** An organization whose environments are listed, and whom the list is for. @throws ControlPlaneError `not_found`, `permission_denied` */
async function inOrganization(deps: Deps, caller: Caller, organizationIdOrSlug: string) {
  const access = await authorize(deps, caller, 'org:environments.read', { organizationId: organizationIdOrSlug });
  const organization = await deps.reads.organization(access.organizationId ?? organizationIdOrSlug);
  if (!organization) throw organizationNotFound();
  return { organizationId: organization.id, reader: readerIn(deps, caller, access, 'env:environment.read') };
}

/**
 * The environments that the caller may read, of one organization or of all, in order of creation, with how many there are.
 * @throws ControlPlaneError `not_found`, `permission_denied` (of a named organization), `cursor_invalid`, `cursor_mismatch`
 */
export async function listVisibleEnvironments(
  deps: Deps,
  caller: Caller,
  { organizationId: organization, ...filter }: EnvironmentFilter,
  page: PageRequest,
): Promise<PageView<EnvironmentView> & { total: number }> {
  const permission = 'env:environment.read';
  const one = organization === undefined ? null : await inOrganization(deps, caller, organization);
  const reader = one ? one.reader : await readerOf(deps, caller, permission, permission);
  const bound = { ...filter, ...(one && { organizationId: one.organizationId }) };
  const position = page.cursor === undefined ? null : decodeCursor(page.cursor, bound, isPosition);
  const [total, { rows, next }] = await Promise.all([
    deps.reads.countEnvironments(bound, reader),
    deps.reads.environments(bound, page.limit, position, reader),
  ]);
  return { items: rows.map(environmentView), nextCursor: next && encodeCursor(next, bound), total };
}

/** Why environments failed, by id: of those that did, and that the caller may read. */
export async function readFailures(
  deps: Deps,
  caller: Caller,
  environmentIds: readonly string[],
): Promise<Map<string, OperationError>> {
  if (environmentIds.length === 0) return new Map();
  const reader = await readerOf(deps, caller, 'env:environment.read', 'env:environment.read');
  const rows = await deps.reads.failures(environmentIds, reader);
  return new Map(rows.flatMap(({ id, error }) => (error ? [[id, error]] : [])));
}
