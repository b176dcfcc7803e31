import type { DatabaseCredentialDetailView } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { environmentNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import type { PageRequest, PageView } from '../environments/read-environments.ts';
import { decodeCursor, encodeCursor, isPosition } from '../store/cursor.ts';
import { credentialDetailView } from '../views/views.ts';

/**
 * The credentials of an environment's database without their secrets, the newest first. Revoked ones are shown for 30 days.
 * @throws ControlPlaneError `not_found`, `cursor_invalid`, `cursor_mismatch`
 */
export async function listCredentials(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  page: PageRequest,
): Promise<PageView<DatabaseCredentialDetailView>> {
  await authorize(deps, caller, 'env:credentials.read', { environmentId });
  const filter = { credentialsOf: environmentId };
  const position = page.cursor === undefined ? null : decodeCursor(page.cursor, filter, isPosition);
  if (!(await deps.reads.environment(environmentId))) throw environmentNotFound();
  const { rows, next } = await deps.reads.credentials(environmentId, page.limit, position);
  return { items: rows.map(credentialDetailView), nextCursor: next && encodeCursor(next, filter) };
}
