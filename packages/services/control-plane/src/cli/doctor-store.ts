import { declareRestored, inspectStore, openControlPlane } from '@envplane/service-tenant';
import type { Inventory, InventoryCheck, RestoreCheck } from '@envplane/spec';
import type { EnvplaneClient } from '../client/index.ts';
import type { Config } from '../config.ts';
import { lockDataDirectory } from '../data-directory.ts';
import { chooseDrivers } from '../drivers.ts';
import { chooseEncryptors } from '../encryptors.ts';
import { EXIT, refusal } from '../exit.ts';
import { createLog } from '../log.ts';
import type { Check } from './doctor.ts';
import { dataOf } from './session.ts';

/** The store and its databases, looked at by this process: no service runs that would. */
export async function checkOwnStore(config: Config): Promise<Check[]> {
  const { schema, inventory, environments } = await inspectStore({
    ...chooseDrivers(config),
    ...chooseEncryptors(config),
  });
  if (schema === 'empty') return [{ name: 'store', status: 'skipped', detail: 'no service was ever started on it' }];
  if (schema === 'lacking' || !inventory) {
    return [
      { name: 'store', status: 'skipped', detail: 'is of an older version; the next start brings it up to date' },
    ];
  }
  const count = environments.reduce((sum, each) => sum + each.count, 0);
  const failed = environments.filter(({ status }) => status === 'failed').reduce((sum, each) => sum + each.count, 0);
  return [
    { name: 'store', status: 'ok', detail: `schema ${schema}, ${count} environments; no service runs on it` },
    ...(failed > 0
      ? [{ name: 'environments', status: 'drift' as const, detail: `${failed} failed; start the service and look` }]
      : []),
    ...inventoryChecks(inventory),
  ];
}

/** What comparing placements with the rows comes to: what nothing explains, and what is not there. */
export function inventoryChecks({
  hold,
  placements,
  quarantined,
  missing,
  matched,
  droppedAgain,
}: InventoryCheck): Check[] {
  const checks: Check[] = [];
  if (hold) {
    const detail = `${HOLDS[hold]}; nothing is deleted until envplane inventory release`;
    checks.push({ name: 'hold', status: 'drift', detail });
  }
  for (const { name, code } of placements.filter((placement) => placement.code !== null)) {
    checks.push({ name: `list of ${name}`, status: 'failed', detail: `${code}; nothing is concluded` });
  }
  for (const { placement, databaseName } of quarantined) {
    const detail = `no row knows it; envplane inventory adopt ${placement} ${databaseName} <org> --slug <slug>, or purge`;
    checks.push({ name: `database ${databaseName}`, status: 'drift', detail });
  }
  for (const { environmentId, phase } of missing) {
    checks.push({
      name: `environment ${environmentId}`,
      status: 'drift',
      detail: `is ${phase}, and its database is not there`,
    });
  }
  if (checks.length === 0) {
    const again =
      droppedAgain.length > 0 ? `, ${droppedAgain.length} purged ones had come back and are gone again` : '';
    checks.push({ name: 'inventory', status: 'ok', detail: `${matched} databases, each known${again}` });
  }
  return checks;
}

const HOLDS: Record<NonNullable<Inventory['hold']>, string> = {
  restored: 'the store was declared restored from a backup',
  fence_ahead: 'a database server has seen newer claims than the store, so it was restored from a backup',
};

/** The two ways to the verbs that a restored store needs. */
interface Restored {
  check(): Promise<RestoreCheck>;
  release(): Promise<unknown>;
}

/** After the store was restored from a backup, by the service that holds it. */
export const afterRestoreByService = (client: EnvplaneClient): Promise<Check[]> =>
  afterRestore({
    check: async () => dataOf(await client.POST('/v1/inventory/after-restore')),
    release: async () => dataOf(await client.POST('/v1/inventory/release', { body: {} })),
  });

/**
 * The same without a service. Held before anything works on the store: what it says is to be deleted may be in use by now.
 * @throws refusal for a store that nothing was ever started on
 */
export async function afterRestoreOfOwnStore(config: Config): Promise<Check[]> {
  const lock = config.storeUrl.startsWith('file:') ? lockDataDirectory(config.dataDirectory) : undefined;
  const log = await createLog({ level: 'error', format: config.logFormat });
  try {
    if (!(await declareRestored(config.storeUrl))) {
      throw refusal(EXIT.usage, 'No service was ever started on this store; restore the backup first.');
    }
    const controlPlane = await openControlPlane({
      ...chooseDrivers(config),
      ...chooseEncryptors(config),
      isSoleProcess: lock !== undefined,
      logger: log.logger,
    });
    try {
      const { inventory } = controlPlane.service;
      return await afterRestore({
        check: async () => {
          const found = await inventory.checkAfterRestore();
          // Credentials that were begun to be replaced are, before this process ends.
          await controlPlane.worker.settle();
          return found;
        },
        release: () => inventory.release(),
      });
    } finally {
      await controlPlane.close();
    }
  } finally {
    log.flush();
    lock?.release();
  }
}

async function afterRestore(restored: Restored): Promise<Check[]> {
  const found = await restored.check();
  const { restoreGeneration, reapplied, rotated, waiting } = found;
  const checks: Check[] = [
    { name: 'restore', status: 'ok', detail: `generation ${restoreGeneration}: every claim outranks those of before` },
    {
      name: 'logins',
      status: 'ok',
      detail: `${reapplied} databases open; ${rotated} do not and are given other credentials`,
    },
    ...waiting.map(
      (id): Check => ({
        name: `environment ${id}`,
        status: 'drift',
        detail: `could not be given other credentials; envplane env get ${id}`,
      }),
    ),
    ...inventoryChecks({ ...found, hold: null }),
  ];
  const isOpen = checks.some(({ status }) => status !== 'ok');
  if (!isOpen) await restored.release();
  const detail = isOpen
    ? 'nothing is deleted; adopt or purge what is named above, then envplane inventory release [--accept …]'
    : 'ended: nothing is open';
  return [...checks, { name: 'hold', status: isOpen ? 'drift' : 'ok', detail }];
}
