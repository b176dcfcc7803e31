import { ControlPlaneError } from '@envplane/spec';
import { placementNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import type { PlacementRow } from '../objects/index.ts';
import type { Accepted } from '../store/environments.ts';
import type { IdempotentRequest } from '../store/idempotency.ts';
import { changePlacement, type PlacementChange } from '../store/placements.ts';

/** Commits what a verb decides about a placement. @throws ControlPlaneError `not_found`, and whatever `decide` throws */
export async function change(
  deps: Deps,
  idOrName: string,
  request: IdempotentRequest | null,
  decide: (placement: PlacementRow, databases: number, nowMs: number) => PlacementChange | null,
): Promise<Accepted> {
  const found = await deps.reads.placement(idOrName);
  const changed =
    found && (await deps.effect('cp.change', () => changePlacement(deps.engine, found.id, request, decide)));
  if (!changed) throw placementNotFound();
  return changed;
}

/** @throws ControlPlaneError `operation_in_progress` while the administrator is being replaced */
export function requireNoRotation({ rotation_operation_id: operationId }: PlacementRow): void {
  if (operationId === null) return;
  throw new ControlPlaneError(
    'operation_in_progress',
    'The administrator secret is being replaced; wait for that operation.',
    { operationId, retryAfterMs: 1_000 },
  );
}

/** What is retired stays so: its secret is gone. */
export function requireInUse(placement: Pick<PlacementRow, 'status'>): void {
  if (placement.status !== 'retired') return;
  throw new ControlPlaneError('invalid_state', 'A retired placement stays as it is; create another one.', {
    state: 'retired',
    allowed: ['ok', 'unreachable', 'draining'],
  });
}
