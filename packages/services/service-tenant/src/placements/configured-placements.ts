import { AdapterError, type AdapterErrorCode, type Logger } from '@envplane/spec';
import { uuidv7 } from 'uuidv7';
import type { PlacementRow } from '../objects/index.ts';
import { NO_ADMINISTRATOR, type PlacementSecrets } from '../secrets/placement-secrets.ts';
import type { StoreEngine } from '../store/engine.ts';
import { ensurePlacement, statusAfter } from '../store/placements.ts';
import type { ControlPlaneTables } from '../store/tables.ts';
import { findRow } from '../store/transaction.ts';
import { type AdapterSet, openPlacement } from './adapter-set.ts';
import { DEFAULT_WEIGHT } from './create-placement.ts';
import { lookAtPlacement } from './look.ts';

/** A placement that the configuration of the process names. */
export interface ConfiguredPlacement {
  name: string;
  driver: string;
  /** `local` when absent. */
  region?: string;
  /** Addresses; without a secret. */
  settings?: Record<string, unknown>;
  /** Variable of the environment that holds the administrator secret. */
  administratorVariable?: string;
}

/**
 * Brings the placements of the configuration into the store. One that cannot be reached is marked so and looked at again
 * later; one that refuses us, that cannot keep its driver's guarantees or that is another place than it was ends the start.
 * What the configuration does not say (weight, capacity, whether it drains) stays as it was set.
 * @returns ids of the placements
 * @throws Error saying which placement and why
 */
export async function ensureConfiguredPlacements(
  deps: {
    engine: StoreEngine<ControlPlaneTables>;
    adapters: AdapterSet;
    placementSecrets: PlacementSecrets;
    logger: Logger;
  },
  wanted: readonly ConfiguredPlacement[],
): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const { name, driver, region, settings, administratorVariable } of wanted) {
    const adapter = deps.adapters.find(driver);
    if (!adapter) throw new Error(`placement ${name} needs the driver ${driver}, which has no adapter`);
    const known = await findRow(deps.engine, 'sys_placement', { name });
    if (known && known.driver !== driver) throw new Error(`placement ${name} is one of the driver ${known.driver}`);
    if (known?.status === 'retired') {
      deps.logger.warn({ event: 'placement.retired', placementId: known.id }, 'a configured placement is retired');
      continue;
    }
    const configured: Partial<PlacementRow> = {
      ...(region !== undefined && { region }),
      ...(settings && { settings }),
      ...(administratorVariable !== undefined && {
        ...NO_ADMINISTRATOR,
        administrator_variable: administratorVariable,
      }),
    };
    const row: PlacementRow = { ...(known ?? freshRow(name, driver)), ...configured };
    const found = await lookAt(deps, adapter, row);
    const code = 'code' in found ? found.code : null;
    if (code !== null) {
      const fields = { event: 'placement.unusable', placementId: row.id, driver, code };
      deps.logger.warn(fields, 'a placement cannot be used');
    }
    const identity = 'identity' in found ? found.identity : null;
    const looked = { identity: row.identity ?? identity, status: statusAfter(code), last_error_code: code };
    const stored = await ensurePlacement(deps.engine, { ...row, ...looked }, configured);
    if (identity !== null && stored.identity !== identity) throw anotherPlace(name);
    ids.add(stored.id);
  }
  return ids;
}

async function lookAt(
  deps: { placementSecrets: PlacementSecrets },
  adapter: Parameters<typeof lookAtPlacement>[0],
  row: PlacementRow,
): Promise<{ identity: string } | { code: AdapterErrorCode }> {
  try {
    return await lookAtPlacement(adapter, await openPlacement(row, deps.placementSecrets), row.identity);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    if (error.code === 'conflict') throw anotherPlace(row.name);
    if (error.definitive) throw new Error(`placement ${row.name} cannot be used: ${error.message}`);
    return { code: error.code };
  }
}

const anotherPlace = (name: string) =>
  new Error(`placement ${name} is another place than when it was first used; its databases are not here`);

const freshRow = (name: string, driver: string): PlacementRow => ({
  id: uuidv7(),
  name,
  driver,
  region: 'local',
  status: 'ok',
  settings: {},
  weight: DEFAULT_WEIGHT,
  capacity: null,
  identity: null,
  ...NO_ADMINISTRATOR,
  administrator_version: 0,
  last_error_code: null,
  version: 1,
  rotation_operation_id: null,
  rotation_due_at: null,
  created_at: 0,
  updated_at: 0,
});
