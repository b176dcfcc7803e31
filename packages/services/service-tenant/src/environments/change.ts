import { environmentNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import {
  type Accepted,
  changeEnvironment,
  type EnvironmentChange,
  type EnvironmentRecord,
} from '../store/environments.ts';
import type { IdempotentRequest } from '../store/idempotency.ts';

/**
 * Commits what a verb decides about an environment and lets this process act on it: whoever may no longer connect is cut
 * off here at once, and the worker looks.
 *
 * @throws ControlPlaneError `not_found`, and whatever `decide` throws
 */
export async function change(
  deps: Deps,
  environmentId: string,
  request: IdempotentRequest | null,
  decide: (record: EnvironmentRecord, nowMs: number) => EnvironmentChange | null,
): Promise<Accepted> {
  const accepted = await deps.effect('cp.change', () => changeEnvironment(deps.engine, environmentId, request, decide));
  if (!accepted) throw environmentNotFound();
  deps.changed(environmentId);
  deps.changes.notify(environmentId);
  deps.worker.wake();
  return accepted;
}
