import type { EnvironmentDatabaseDetailView } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { environmentNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { currentCredential, openCredential, targetOf } from '../provisioning/pass-context.ts';
import { findConnectable } from '../store/connect.ts';
import { timed } from '../tracing/tracing.ts';
import { databaseView } from '../views/views.ts';
import { sealingContext } from './new-environment.ts';

const LOOK_MS = 5_000;
const BYTES_IN_MB = 1024 * 1024;

/**
 * Addressing, size and health of an environment's database, looked at now. A provider that does not answer is reported,
 * not thrown.
 * @throws ControlPlaneError `not_found`
 */
export async function describeDatabase(
  deps: Deps,
  caller: Caller,
  environmentId: string,
): Promise<EnvironmentDatabaseDetailView> {
  await authorize(deps, caller, 'env:environment.read', { environmentId });
  const row = await deps.reads.environment(environmentId);
  const found = await findConnectable(deps.engine, environmentId, 'full_access');
  if (!row || !found) throw environmentNotFound();
  const adapter = deps.adapters.serving(found.database);
  const context = {
    signal: AbortSignal.timeout(LOOK_MS),
    fenceEpoch: found.database.fence_epoch,
    effect: deps.effect,
    // Looking changes nothing, so there is nothing to fence.
    fenced: () => Promise.reject(new TypeError('a read does not need the fence')),
  };
  const active = row.status === 'active';
  const placement = active ? await deps.adapters.placement(found.placement, deps.trace).catch(() => null) : null;
  const target = placement && targetOf(deps.nameKey, found.database, placement);
  const asked = <T>(question: () => Promise<T>) =>
    timed(deps.trace, 'provider', question, environmentId).catch(() => null);
  const observed = target && (await asked(() => adapter.findDatabase(target, context)));
  const isOurs = observed?.kind === 'ours';
  const { drift, stats } = adapter;
  const credential = () => openCredential(sealingContext(deps), environmentId, currentCredential(found, 'full_access'));
  const [measured, drifted] = await Promise.all([
    target && stats && isOurs ? asked(async () => stats.measureDatabase(target, await credential(), context)) : null,
    // A rotation may be under way beside this: only who has the claim can judge the credentials.
    target && drift && isOurs ? asked(() => drift.findDrift(target, null, context)) : null,
  ]);
  return {
    ...databaseView(row),
    placementId: row.placement_id,
    health: !active ? 'unknown' : isOurs ? 'ok' : 'unreachable',
    sizeBytes: measured?.sizeBytes ?? null,
    overLimit: measured ? measured.sizeBytes > row.storage_limit_mb * BYTES_IN_MB : null,
    sessions: measured?.sessions ?? null,
    drift: drifted && [...drifted],
    checkedAt: new Date(await deps.engine.now()).toISOString(),
  };
}
