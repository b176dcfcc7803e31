import { AdapterError, type PlacementCheck } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { placementNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import type { PlacementRow } from '../objects/index.ts';
import { recordLook } from '../store/placements.ts';
import { timed } from '../tracing/tracing.ts';
import { placementView } from '../views/views.ts';
import { requireInUse } from './change-placement.ts';
import { lookAtPlacement } from './look.ts';

/**
 * Looks at a placement now and records whether it can be used. A placement that cannot is the answer, not an error.
 * @throws ControlPlaneError `not_found`, `invalid_state` when retired
 */
export async function checkPlacement(deps: Deps, caller: Caller, idOrName: string): Promise<PlacementCheck> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  const row = await deps.reads.placement(idOrName);
  if (!row) throw placementNotFound();
  requireInUse(row);
  const began = performance.now();
  const { error, clockSkewMs } = await look(deps, row);
  const durationMs = Math.round(performance.now() - began);
  const now = (await deps.reads.placement(row.id)) ?? row;
  return {
    ok: error === null,
    code: error?.code ?? null,
    detail: error?.message ?? null,
    durationMs,
    clockSkewMs,
    placement: placementView(now),
  };
}

/** Looks at a placement and records what was found. @returns why it cannot be used, or null, and by how much its clock is ahead, in ms */
export async function look(
  deps: Pick<Deps, 'engine' | 'logger' | 'adapters'> & Partial<Pick<Deps, 'trace'>>,
  row: PlacementRow,
): Promise<{ error: AdapterError | null; clockSkewMs: number | null }> {
  let error: AdapterError | null = null;
  let clockSkewMs: number | null = null;
  let identity = row.identity;
  try {
    const placement = await deps.adapters.opened(row, deps.trace);
    const found = await timed(deps.trace, 'provider', () =>
      lookAtPlacement(deps.adapters.get(row.driver), placement, row.identity),
    );
    identity = found.identity;
    clockSkewMs = found.clockSkewMs ?? null;
  } catch (thrown) {
    if (!(thrown instanceof AdapterError)) throw thrown;
    error = thrown;
  }
  const isNews = await recordLook(deps.engine, row, error ? { code: error.code } : { identity: identity ?? '' });
  if (isNews && error) {
    const fields = { event: 'placement.unusable', placementId: row.id, driver: row.driver, code: error.code };
    deps.logger.warn(fields, 'a placement cannot be used');
  } else if (isNews) {
    deps.logger.info({ event: 'placement.usable', placementId: row.id, driver: row.driver }, 'a placement can be used');
  }
  return { error, clockSkewMs };
}
