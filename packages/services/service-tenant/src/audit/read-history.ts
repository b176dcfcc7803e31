import type { HistoryEntryView } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { environmentNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import type { PageRequest, PageView } from '../environments/read-environments.ts';
import { environmentEvents } from '../store/audit-reads.ts';
import { decodeCursor, encodeCursor, isSequence } from '../store/cursor.ts';
import { historyEntryView } from '../views/views.ts';

/**
 * What was done to an environment, the newest first. Once it is purged nobody holds anything in it any more, and it is read by
 * who may read the audit chain of its organization.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `cursor_invalid`, `cursor_mismatch`
 */
export async function readHistory(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  page: PageRequest,
): Promise<PageView<HistoryEntryView>> {
  await authorize(deps, caller, ['env:audit.read', 'org:audit.read', 'platform:audit.read'], { environmentId });
  await Promise.all([deps.denials.write(), deps.hourly.settled()]);
  const beforeSeq = page.cursor === undefined ? null : decodeCursor(page.cursor, { environmentId }, isSequence);
  const rows = await environmentEvents(deps.engine, environmentId, page.limit + 1, beforeSeq);
  // Whatever is or was an environment has an entry of its making.
  if (rows.length === 0 && beforeSeq === null) throw environmentNotFound();
  const items = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? items.at(-1) : undefined;
  return { items: items.map(historyEntryView), nextCursor: last ? encodeCursor(last.seq, { environmentId }) : null };
}
