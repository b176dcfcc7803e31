import type { OperationView } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { operationNotFound } from '../access/not-found.ts';
import { readerOf } from '../access/readers.ts';
import type { Deps } from '../deps.ts';
import type { PageRequest, PageView } from '../environments/read-environments.ts';
import type { OperationRow } from '../objects/index.ts';
import { decodeCursor, encodeCursor, isPosition } from '../store/cursor.ts';
import { isFinished } from '../store/operations.ts';
import { operationView } from '../views/views.ts';

/** How often a waiting caller looks by itself; a change in this process wakes it at once. */
const LOOK_AGAIN_MS = 250;

/** @throws ControlPlaneError `not_found` */
export async function getOperation(deps: Deps, caller: Caller, operationId: string): Promise<OperationView> {
  await authorize(deps, caller, 'env:operations.read', { operationId });
  const row = await deps.reads.operation(operationId);
  if (!row) throw operationNotFound();
  return operationView(row);
}

/** The operations that the caller may read, newest first. @throws ControlPlaneError `cursor_invalid`, `cursor_mismatch` */
export async function listOperations(
  deps: Deps,
  caller: Caller,
  filter: { organizationId?: string; environmentId?: string; status?: string },
  page: PageRequest,
): Promise<PageView<OperationView>> {
  const reader = await readerOf(deps, caller, 'env:operations.read', 'platform:operations.read');
  const position = page.cursor === undefined ? null : decodeCursor(page.cursor, filter, isPosition);
  const { rows, next } = await deps.reads.operations(filter, page.limit, position, reader);
  return { items: rows.map(operationView), nextCursor: next && encodeCursor(next, filter) };
}

/**
 * Waits until an operation is finished, at most `waitMs`, and returns it as it is then.
 * @throws ControlPlaneError `not_found`
 */
export async function waitForOperation(
  deps: Deps,
  operationId: string,
  waitMs: number,
  signal?: AbortSignal,
): Promise<OperationRow> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    // Registered before the read, so that a change between the two is not missed.
    const left = deadline - performance.now();
    const cancel = new AbortController();
    const changed = deps.changes.next(operationId, Math.max(0, Math.min(LOOK_AGAIN_MS, left)), cancel.signal);
    const row = await deps.reads.operation(operationId);
    if (!row || isFinished(row) || left <= 0 || signal?.aborted) cancel.abort();
    if (!row) throw operationNotFound();
    if (isFinished(row) || left <= 0 || signal?.aborted) return row;
    await changed;
  }
}

/**
 * The operation as it is, and again after every change until it is finished or `signal` aborts.
 * @param afterVersion versions up to this one were already seen
 * @throws ControlPlaneError `not_found`
 */
export async function* watchOperation(
  deps: Deps,
  caller: Caller,
  operationId: string,
  afterVersion: number,
  signal: AbortSignal,
): AsyncGenerator<{ version: number; operation: OperationView }> {
  await authorize(deps, caller, 'env:operations.read', { operationId });
  let seen = afterVersion;
  while (!signal.aborted) {
    const changed = deps.changes.next(operationId, LOOK_AGAIN_MS, signal);
    const row = await deps.reads.operation(operationId);
    if (!row) throw operationNotFound();
    if (row.version > seen || (isFinished(row) && seen === afterVersion)) {
      seen = row.version;
      yield { version: row.version, operation: operationView(row) };
    }
    if (isFinished(row)) return;
    await changed;
  }
}
