import { environmentNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { LEASE_MS } from '../provisioning/pass-context.ts';
import {
  type Accepted,
  changeEnvironment,
  type EnvironmentChange,
  type EnvironmentRecord,
} from '../store/environments.ts';
import type { IdempotentRequest } from '../store/idempotency.ts';

/**
 * Commits what a verb decides about an environment and lets this process act on it: whoever may no longer connect is cut
 * off here at once, and where a place is free the work goes on under a lease that was taken in the same transaction (P1). Otherwise any
 * worker finds the row due.
 *
 * @throws ControlPlaneError `not_found`, and whatever `decide` throws
 */
export async function change(
  deps: Deps,
  environmentId: string,
  request: IdempotentRequest | null,
  decide: (record: EnvironmentRecord, nowMs: number) => EnvironmentChange | null,
): Promise<Accepted> {
  const place = deps.worker.reserve();
  try {
    const lease = place && { owner: deps.worker.owner, leaseMs: LEASE_MS };
    const changed = await deps.effect('cp.change', () =>
      changeEnvironment(deps.engine, environmentId, request, decide, lease),
    );
    if (!changed) throw environmentNotFound();
    const { claim, ...accepted } = changed;
    deps.changed(environmentId);
    deps.changes.notify(environmentId);
    if (place && claim) place.run(claim);
    else deps.worker.wake();
    return accepted;
  } finally {
    place?.release();
  }
}
