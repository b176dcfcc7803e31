import {
  type DatabaseAdapter,
  definePermissions,
  type Logger,
  type PermissionCatalogue,
  type Secret,
  type SecretEncryptor,
} from '@envplane/spec';
import { uuidv7 } from 'uuidv7';
import { createExpansion } from './access/held.ts';
import type { Deps } from './deps.ts';
import { openHandle } from './environments/open-connection.ts';
import { createOutboxDispatcher, type OutboxDispatcher } from './outbox-dispatcher.ts';
import { createAdapterSet } from './placements/adapter-set.ts';
import { type ConfiguredPlacement, ensureConfiguredPlacements } from './placements/configured-placements.ts';
import { createPlacementMonitor } from './placements/monitor.ts';
import { spread } from './provisioning/backoff.ts';
import { createChanges } from './provisioning/changes.ts';
import { type EffectHook, plainEffect } from './provisioning/failpoints.ts';
import { type NameKey, newInstallationId } from './provisioning/names.ts';
import type { PassContext } from './provisioning/pass-context.ts';
import { createWorker, type Worker } from './provisioning/worker.ts';
import { createConnectionCache } from './routing/connections.ts';
import { createGate } from './routing/gate.ts';
import { createDataKeys } from './secrets/data-keys.ts';
import { createPlacementSecrets } from './secrets/placement-secrets.ts';
import { EnvironmentProvisioningService } from './service.ts';
import { createAccessReads } from './store/access.ts';
import { createHousekeeping } from './store/housekeeping.ts';
import { ensureInstallation, findInstallation } from './store/installation.ts';
import { createKeyStore, type KeyStore } from './store/key-store.ts';
import { openStores, type Stores } from './store/open-stores.ts';
import { createReads } from './store/reads.ts';
import { createTokens, type TokenOptions } from './tokens/issuing.ts';

const DAY_MS = 24 * 3_600_000;
const RESYNC_MS = 10 * 60_000;
const STOP_GRACE_MS = 10_000;

export interface ControlPlaneOptions {
  /** `file:<path>` for one machine, `postgres://…` for replicas. */
  store: string;
  /** One for each driver. */
  adapters: readonly DatabaseAdapter[];
  /**
   * Makes the key encryptor. `firstStart` is true only for a store that holds no key yet: then, and never otherwise, a
   * missing key may be made.
   */
  encryptor: (start: { firstStart: boolean }) => SecretEncryptor | Promise<SecretEncryptor>;
  /** Where databases can be put, beside what was added by `placements.create`; one placement a driver, named like it, when absent. */
  placements?: readonly ConfiguredPlacement[];
  /** Reads the administrator secret of a placement from the environment of the process; undefined when it is not set. */
  administratorVariable?: (name: string) => Secret | undefined;
  /** Driver of a request that names none; `sqlite` when absent. */
  defaultDriver?: string;
  /** MB (2^20 bytes); 1024 when absent. */
  defaultStorageLimitMb?: number;
  /** Issues environment tokens; none are, and no signing keys are made, when absent. */
  tokens?: TokenOptions;
  /** The permissions of the application in the environments, beside those of the control plane; none when absent. */
  permissions?: PermissionCatalogue;
  logger?: Logger;
  /** Replaces the store's clock, epoch ms; for tests. */
  nowMs?: () => number;
  /** Wraps every effect; for tests. */
  effect?: EffectHook;
}

export interface ControlPlane {
  service: EnvironmentProvisioningService;
  worker: Worker;
  events: Pick<OutboxDispatcher, 'on' | 'deliver'>;
  /**
   * Proves that store and encryptor work now, and tells when the reconciler last came round and how many placements could not
   * be used when they were last looked at; null when the store cannot tell.
   */
  health(): Promise<{
    store: boolean;
    encryptor: boolean;
    reconcilerAgeMs: number;
    unreachablePlacements: number | null;
  }>;
  /** Environments by status and driver, for metrics. */
  counts(): Promise<{ status: string; driver: string; count: number }[]>;
  /** Stops claiming, lets running work finish, closes everything. */
  close(): Promise<void>;
}

/**
 * Opens a control plane: store and schema, encryptor with a self-test, placements, worker.
 * Nothing starts without a key encryptor that works.
 *
 * @throws Error when the store cannot be opened or is another version's, when a placement is another place than before;
 *   ControlPlaneError `encryptor_unavailable`
 */
export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const effect = options.effect ?? plainEffect;
  const logger = options.logger ?? silentLogger;
  const stores = await openStores(options.store, options.nowMs);
  const keyStore = createKeyStore(stores.keys);
  try {
    const encryptor = await options.encryptor({ firstStart: await isFirstStart(stores, keyStore) });
    const nameKey = await openInstallation(stores, encryptor);
    const reads = createReads(stores.main);
    const placementSecrets = createPlacementSecrets({
      encryptor,
      nameKey,
      variable: options.administratorVariable ?? (() => undefined),
    });
    const adapters = createAdapterSet(options.adapters, placementSecrets);
    const configured = options.placements ?? options.adapters.map(({ driver }) => ({ name: driver, driver }));
    const placing = { engine: stores.main, reads, adapters, placementSecrets, logger };
    const looked = await ensureConfiguredPlacements(placing, configured);
    const dataKeys = createDataKeys({ encryptor, keyStore, installationId: nameKey.installationId, uuid: uuidv7 });
    const { installationId } = nameKey;
    const tokens = options.tokens
      ? createTokens(options.tokens, { engine: stores.main, encryptor, installationId, logger })
      : null;
    await tokens?.rotation.fill();
    const changes = createChanges();
    const access = createAccessReads(stores.main);
    const catalogue = options.permissions ?? definePermissions();
    const expand = createExpansion(catalogue);
    const gate = createGate({ access, expand, catalogue });
    const connections = createConnectionCache(
      (environmentId) => openHandle(deps, environmentId),
      async (environmentId) => (await reads.environment(environmentId))?.status === 'active',
    );
    const pass: PassContext = {
      engine: stores.main,
      adapters,
      dataKeys,
      installationId: nameKey.installationId,
      logger,
      effect,
      uuid: uuidv7,
      random: spread,
      resyncMs: RESYNC_MS,
      committed: (environmentId, operationId) => {
        if (operationId) changes.notify(operationId);
        gate.forget({ environmentId });
        connections.refresh(environmentId);
      },
    };
    const tidy = createHousekeeping(stores.main, keyStore);
    const worker = createWorker(pass, {
      housekeeping: async () => {
        await tidy();
        await tokens?.rotation.tend();
      },
    });
    const deps: Deps = {
      engine: stores.main,
      reads,
      access,
      catalogue,
      expand,
      dataKeys,
      nameKey,
      adapters,
      placementSecrets,
      worker,
      changes,
      connections,
      gate,
      effect,
      tokens,
      logger,
      uuid: uuidv7,
      settings: {
        defaultDriver: options.defaultDriver ?? 'sqlite',
        defaultStorageLimitMb: options.defaultStorageLimitMb ?? 1024,
        archiveGraceMs: (envType) => (envType === 'production' ? 30 : 7) * DAY_MS,
      },
    };
    const outbox = createOutboxDispatcher(stores.main, logger);
    const monitor = createPlacementMonitor(placing);
    monitor.start(looked);
    worker.start();
    outbox.start();
    return {
      service: new EnvironmentProvisioningService(deps),
      worker,
      events: outbox,
      health: async () => ({
        store: await works(stores.main.now()),
        encryptor: await works(encryptor.health()),
        reconcilerAgeMs: Date.now() - worker.heartbeatMs(),
        unreachablePlacements: await reads.unreachablePlacements().catch(() => null),
      }),
      counts: () => reads.environmentCounts(),
      close: async () => {
        await worker.stop(STOP_GRACE_MS);
        await outbox.stop();
        await monitor.stop();
        await connections.close();
        await Promise.all(options.adapters.map((adapter) => adapter.close?.()));
        await stores.close();
      },
    };
  } catch (error) {
    await stores.close();
    throw error;
  }
}

const works = (probe: Promise<unknown>): Promise<boolean> =>
  probe.then(
    () => true,
    () => false,
  );

async function isFirstStart(stores: Stores, keyStore: KeyStore): Promise<boolean> {
  return (await findInstallation(stores.main)) === undefined && (await keyStore.isEmpty());
}

/** Unwrapping the name key is the encryptor's self-test: without it nothing starts. */
async function openInstallation(stores: Stores, encryptor: SecretEncryptor): Promise<NameKey> {
  await encryptor.health();
  const known = await findInstallation(stores.main);
  const row = known ?? (await firstInstallation(stores, encryptor));
  const key = await encryptor.unwrapDek(
    { ciphertext: row.name_key_ciphertext, kekId: row.kek_id },
    { installationId: row.installation_id, subjectId: row.installation_id, purpose: 'installation' },
  );
  return { installationId: row.installation_id, key, restoreGeneration: row.restore_generation };
}

async function firstInstallation(stores: Stores, encryptor: SecretEncryptor) {
  const installationId = newInstallationId();
  const { plaintext, wrapped } = await encryptor.generateDek({
    installationId,
    subjectId: installationId,
    purpose: 'installation',
  });
  plaintext.fill(0);
  return ensureInstallation(stores.main, {
    id: 'installation',
    installation_id: installationId,
    name_key_ciphertext: wrapped.ciphertext,
    kek_id: wrapped.kekId,
    encryptor_id: encryptor.encryptorId,
    restore_generation: 0,
  });
}

const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
