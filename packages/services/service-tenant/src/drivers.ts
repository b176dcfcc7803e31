import type { DatabaseAdapter, DriverFacets, DriverView } from '@envplane/spec';
import { authorize } from './access/authorize.ts';
import type { Caller } from './access/caller.ts';
import type { Deps } from './deps.ts';
import { authorizationsOf } from './provisioning/pass-context.ts';

/** The registered drivers with what they can do, read from their adapters. */
export async function listDrivers(deps: Deps, caller: Caller): Promise<DriverView[]> {
  await authorize(deps, caller, 'platform:placements.read', { platform: true });
  const usable = await usableDrivers(deps);
  return deps.adapters.list().map((adapter) => ({
    driver: adapter.driver,
    configured: usable.has(adapter.driver),
    guarantees: adapter.guarantees,
    credentials: adapter.credentials.kind,
    facets: facetsOf(adapter),
  }));
}

/** What an adapter can do, and by that what it cannot. */
export function facetsOf(adapter: DatabaseAdapter): DriverFacets {
  const { credentials } = adapter;
  const isMinted = credentials.kind === 'provider_minted' && !credentials.comesWithDatabase;
  const isOurs = credentials.kind === 'caller_set';
  return {
    readOnly: authorizationsOf(adapter).includes('read_only'),
    copy: adapter.copy?.mode ?? null,
    suspend: adapter.suspend !== undefined,
    archive: adapter.archive !== undefined,
    inventory: adapter.inventory !== undefined,
    stats: adapter.stats !== undefined,
    drift: adapter.drift !== undefined,
    storageLimit: adapter.limits?.storage ?? null,
    rotatesCredentials: isOurs || isMinted,
    revokesOne: isOurs,
    revokedSessions: isOurs ? (credentials.endSessions ? 'ended' : 'none') : null,
    socketsOutlive: adapter.socketsOutlive === true,
    credentialsExpire: isMinted,
    limitsLifetime: adapter.limitsConnections === true,
    rotatesAdministrator: adapter.administrator !== undefined,
  };
}

/** The drivers that environments can be made with. By name alone, for whoever may make some: it is no secret. */
export async function listDriverNames(deps: Deps): Promise<string[]> {
  const usable = await usableDrivers(deps);
  return deps.adapters.list().flatMap(({ driver }) => (usable.has(driver) ? [driver] : []));
}

async function usableDrivers(deps: Deps): Promise<Set<string>> {
  const placements = await deps.reads.placementRows();
  return new Set(placements.flatMap(({ driver, status }) => (status === 'retired' ? [] : [driver])));
}
