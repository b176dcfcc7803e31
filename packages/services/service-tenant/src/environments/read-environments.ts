import type { EnvironmentView } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { environmentNotFound, organizationNotFound } from '../access/not-found.ts';
import { readerIn } from '../access/readers.ts';
import type { Deps } from '../deps.ts';
import { decodeCursor, encodeCursor, isPosition } from '../store/cursor.ts';
import type { EnvironmentFilter } from '../store/reads.ts';
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
  const access = await authorize(deps, caller, 'org:environments.read', { organizationId: organizationIdOrSlug });
  const organization = await deps.reads.organization(access.organizationId ?? organizationIdOrSlug);
  if (!organization) throw organizationNotFound();
  const bound = { ...filter, organizationId: organization.id };
  const position = page.cursor === undefined ? null : decodeCursor(page.cursor, bound, isPosition);
  const { rows, next } = await deps.reads.environments(
    bound,
    page.limit,
    position,
    readerIn(deps, caller, access, 'env:environment.read'),
  );
  return { items: rows.map(environmentView), nextCursor: next && encodeCursor(next, bound) };
}
