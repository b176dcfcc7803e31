import type { Logger, Meter, SecretEncryptor } from '@envplane/spec';
import { uuidv7 } from 'uuidv7';
import { METRICS, noMeter } from './metrics.ts';
import type { ControlPlaneOptions } from './open-control-plane.ts';
import { type AdapterSet, createAdapterSet } from './placements/adapter-set.ts';
import { ensureConfiguredPlacements } from './placements/configured-placements.ts';
import { type EffectHook, plainEffect } from './provisioning/failpoints.ts';
import { type NameKey, newInstallationId } from './provisioning/names.ts';
import { createDataKeys, type DataKeys } from './secrets/data-keys.ts';
import { createEncryptorSet, type EncryptorSet } from './secrets/encryptor-set.ts';
import { measuredEncryptor } from './secrets/measured-encryptor.ts';
import { createPlacementSecrets } from './secrets/placement-secrets.ts';
import { ensureInstallation, findInstallation } from './store/installation.ts';
import { createKeyStore } from './store/key-store.ts';
import { openStores, type Stores } from './store/open-stores.ts';
import { createReads } from './store/reads.ts';
import { keysByKek } from './store/wrapped-keys.ts';
import { createTracing } from './tracing/tracing.ts';

/** What a foundation is made of. */
export type FoundationOptions = Pick<
  ControlPlaneOptions,
  | 'store'
  | 'adapters'
  | 'encryptor'
  | 'otherEncryptors'
  | 'placements'
  | 'administratorVariable'
  | 'region'
  | 'logger'
  | 'meter'
  | 'nowMs'
  | 'effect'
>;

/** What everything that works on a control plane stands on, whether it serves or only migrates. Nothing of it runs by itself. */
export type Foundation = Awaited<ReturnType<typeof openFoundation>>;

/**
 * Opens stores and schema, encryptors with a self-test, and placements.
 * @throws as `openControlPlane`
 */
export async function openFoundation(options: FoundationOptions) {
  const effect: EffectHook = options.effect ?? plainEffect;
  const logger = options.logger ?? silentLogger;
  const meter = options.meter ?? noMeter;
  const tracing = createTracing(options.region);
  const stores = await openStores(options.store, options.nowMs, tracing.calls, meter);
  const keyStore = createKeyStore(stores.keys);
  try {
    const encryptors = await openEncryptors(stores, options, { meter, logger });
    const nameKey = await openInstallation(stores, encryptors);
    const reads = createReads(stores.main);
    // From 0, so that the first one shows as an increase.
    for (const { driver, drift } of options.adapters) {
      meter.counter(METRICS.fenceRejections, { 'envplane.driver': driver });
      for (const kind of drift ? (['grants', 'settings'] as const) : []) {
        meter.counter(METRICS.drift, { 'envplane.driver': driver, 'envplane.drift': kind });
      }
    }
    const placementSecrets = createPlacementSecrets({
      encryptors,
      nameKey,
      variable: options.administratorVariable ?? (() => undefined),
    });
    const adapters: AdapterSet = createAdapterSet(options.adapters, placementSecrets);
    const configured = options.placements ?? options.adapters.map(({ driver }) => ({ name: driver, driver }));
    const placing = { engine: stores.main, reads, adapters, placementSecrets, logger };
    const looked = await ensureConfiguredPlacements(placing, configured);
    const { installationId } = nameKey;
    const dataKeys: DataKeys = createDataKeys({ encryptors, keyStore, installationId, uuid: uuidv7, meter });
    return {
      ...{ effect, logger, meter, tracing, stores, keyStore, encryptors, nameKey, reads },
      ...{ adapters, placementSecrets, placing, looked, installationId, dataKeys },
      close: async () => {
        await Promise.all(adapters.list().map((adapter) => adapter.close?.()));
        await encryptors.close();
        await stores.close();
      },
    };
  } catch (error) {
    await stores.close();
    throw error;
  }
}

/** Every encryptor that a row names must be there, or what it wraps could not be opened. */
async function openEncryptors(
  stores: Stores,
  options: FoundationOptions,
  { meter, logger }: { meter: Meter; logger: Logger },
): Promise<EncryptorSet> {
  const keks = await keysByKek(stores);
  const inUse = new Set(keks.map(({ encryptorId }) => encryptorId));
  const start = { firstStart: inUse.size === 0, inUse };
  const measured = (encryptor: SecretEncryptor) => measuredEncryptor(encryptor, meter);
  const others = (await options.otherEncryptors?.(start)) ?? [];
  const encryptors = createEncryptorSet(measured(await options.encryptor(start)), others.map(measured));
  encryptors.require(inUse);
  const elsewhere = keks.filter(({ encryptorId }) => encryptorId !== encryptors.primary.encryptorId);
  if (elsewhere.length > 0) {
    const count = elsewhere.reduce((sum, kek) => sum + kek.count, 0);
    logger.warn({ event: 'encryption_key.elsewhere', count }, 'data keys are wrapped by another encryptor; move them');
  }
  return encryptors;
}

/** Unwrapping the name key is the encryptor's self-test: without it nothing starts. */
async function openInstallation(stores: Stores, encryptors: EncryptorSet): Promise<NameKey> {
  await encryptors.health();
  const row = (await findInstallation(stores.main)) ?? (await firstInstallation(stores, encryptors));
  const key = await encryptors.unwrap(
    { ciphertext: row.name_key_ciphertext, kekId: row.kek_id, encryptorId: row.encryptor_id },
    { installationId: row.installation_id, subjectId: row.installation_id, purpose: 'installation' },
  );
  return { installationId: row.installation_id, key, restoreGeneration: row.restore_generation };
}

async function firstInstallation(stores: Stores, encryptors: EncryptorSet) {
  const installationId = newInstallationId();
  const { plaintext, wrapped } = await encryptors.generate({
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
    encryptor_id: wrapped.encryptorId,
    restore_generation: 0,
    rewrap_operation_id: null,
    rewrap_encryptor_id: null,
    rewrap_due_at: null,
    rewrap_counted_at: null,
    destructive_hold: null,
  });
}

const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
