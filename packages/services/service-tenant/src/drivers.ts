import type { DriverView } from '@envplane/spec';
import { authorize } from './access/authorize.ts';
import type { Caller } from './access/caller.ts';
import type { Deps } from './deps.ts';
import { authorizationsOf } from './provisioning/pass-context.ts';

/** The registered drivers with what they can do, read from their adapters. */
export async function listDrivers(deps: Deps, caller: Caller): Promise<DriverView[]> {
  await authorize(deps, caller, 'platform:placements.read', { platform: true });
  const placements = await deps.reads.placementRows();
  return deps.adapters.list().map((adapter) => ({
    driver: adapter.driver,
    configured: placements.some(({ driver, status }) => driver === adapter.driver && status !== 'retired'),
    guarantees: adapter.guarantees,
    credentials: adapter.credentials.kind,
    facets: {
      readOnly: authorizationsOf(adapter).includes('read_only'),
      copy: adapter.copy?.mode ?? null,
      suspend: adapter.suspend !== undefined,
      archive: adapter.archive !== undefined,
      inventory: adapter.inventory !== undefined,
      stats: adapter.stats !== undefined,
      storageLimit: adapter.limits?.storage ?? null,
    },
  }));
}
