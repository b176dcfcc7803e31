import type { Inventory, InventoryCheck } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { findInstallation } from '../store/installation.ts';
import { listQuarantined, listSweeps } from '../store/sweeps.ts';
import type { Swept } from './sweep.ts';

/** What is known of the databases that exist. @throws ControlPlaneError `permission_denied` */
export async function readInventory(deps: Deps, caller: Caller): Promise<Inventory> {
  await authorize(deps, caller, 'platform:placements.read', { platform: true });
  return inventoryOf(deps);
}

/**
 * Compares every placement with the rows now. One that could not be listed is the answer, not an error.
 * @throws ControlPlaneError `permission_denied`
 */
export async function checkInventory(deps: Deps, caller: Caller): Promise<InventoryCheck> {
  await authorize(deps, caller, 'platform:placements.manage', { platform: true });
  return checked(deps, await deps.sweeper.sweepAll());
}

type Looking = Pick<Deps, 'engine' | 'reads' | 'adapters'>;

export async function checked(deps: Looking, swept: readonly Swept[]): Promise<InventoryCheck> {
  return {
    ...(await inventoryOf(deps)),
    complete: swept.every(({ code }) => code === null),
    matched: swept.reduce((sum, { matched }) => sum + matched, 0),
    missing: swept.flatMap(({ missing }) =>
      missing.map(({ bound_environment_id: environmentId, database_name: databaseName, phase }) => ({
        ...{ environmentId, databaseName, phase },
      })),
    ),
    droppedAgain: swept.flatMap(({ droppedAgain }) => droppedAgain),
  };
}

async function inventoryOf({ engine, reads, adapters }: Looking): Promise<Inventory> {
  const placements = await reads.placementRows();
  const sweeps = new Map((await listSweeps(engine)).map((row) => [row.placement_id, row]));
  const names = new Map(placements.map(({ id, name }) => [id, name]));
  const installation = await findInstallation(engine);
  return {
    hold: installation?.destructive_hold ?? null,
    restoreGeneration: installation?.restore_generation ?? 0,
    placements: placements
      .filter(({ status }) => status !== 'retired')
      .map(({ id, name, driver }) => ({
        name,
        placementId: id,
        isListed: adapters.find(driver)?.inventory !== undefined,
        comparedAt: instantOf(sweeps.get(id)?.listed_at ?? null),
        code: sweeps.get(id)?.last_error_code ?? null,
      })),
    quarantined: (await listQuarantined(engine)).map((row) => ({
      placement: names.get(row.placement_id) ?? '',
      placementId: row.placement_id,
      databaseName: row.database_name,
      externalUid: row.external_uid,
      foundAt: new Date(row.found_at).toISOString(),
    })),
  };
}

const instantOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
