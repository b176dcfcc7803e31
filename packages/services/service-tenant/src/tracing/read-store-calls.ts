import type { StoreCallView, StorePlane } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import type { PageRequest, PageView } from '../environments/read-environments.ts';
import { decodeCursor, encodeCursor, isSequence } from '../store/cursor.ts';
import { statementText } from './statement-text.ts';
import type { StoreCall } from './store-call-log.ts';

export interface StoreCallFilter {
  /** Only those of its database. */
  environmentId?: string;
  plane?: StorePlane;
  requestId?: string;
}

/**
 * What this process asked of its stores lately, newest first: everything, or what concerns one environment's database. Asks
 * no store but for the permission.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `cursor_invalid`, `cursor_mismatch`
 */
export async function listStoreCalls(
  deps: Deps,
  caller: Caller,
  filter: StoreCallFilter,
  page: PageRequest,
): Promise<PageView<StoreCallView>> {
  const { environmentId, plane, requestId } = filter;
  if (environmentId === undefined) await authorize(deps, caller, 'platform:traces.read', { platform: true });
  else await authorize(deps, caller, ['env:traces.read', 'platform:traces.read'], { environmentId });
  const before = page.cursor === undefined ? Number.POSITIVE_INFINITY : decodeCursor(page.cursor, filter, isSequence);
  const found = deps.tracing.calls
    .newestFirst(environmentId)
    .filter(
      (call) =>
        call.seq < before &&
        (plane === undefined || call.store.plane === plane) &&
        (requestId === undefined || call.requestId === requestId),
    );
  const items = found.slice(0, page.limit);
  const last = found.length > page.limit ? items.at(-1) : undefined;
  return { items: items.map(storeCallView), nextCursor: last ? encodeCursor(last.seq, filter) : null };
}

const storeCallView = (call: StoreCall): StoreCallView => ({
  seq: call.seq,
  occurredAt: instantOf(call.beganMs),
  plane: call.store.plane,
  environmentId: call.store.environmentId,
  method: call.method,
  statement: call.isRaw ? statementText(call.statement, call.store.dialect) : call.statement,
  parameterCount: call.parameters,
  rowCount: call.rows,
  durationMs: micros(call.durationMs),
  requestId: call.requestId,
});

/** @param ms `performance.now()` */
export const instantOf = (ms: number): string => new Date(performance.timeOrigin + ms).toISOString();

/** To the microsecond: what is behind it is noise. */
export const micros = (ms: number): number => Math.max(0, Math.round(ms * 1_000) / 1_000);
