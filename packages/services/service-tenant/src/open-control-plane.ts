import {
  type DatabaseAdapter,
  definePermissions,
  type Logger,
  type Meter,
  type PermissionCatalogue,
  RootDomainSchema,
  type Secret,
  type SecretEncryptor,
} from '@envplane/spec';
import { uuidv7 } from 'uuidv7';
import { createDenials } from './access/denials.ts';
import { createExpansion } from './access/held.ts';
import { createHourlyRecords } from './audit/record-hourly.ts';
import { createScheduledRotation } from './credentials/scheduled-rotation.ts';
import type { Deps } from './deps.ts';
import { createRewrapping } from './encryption-keys/rewrapping.ts';
import { openHandle } from './environments/open-connection.ts';
import { createTurns } from './environments/turns.ts';
import { openFoundation } from './foundation.ts';
import { createSweeper } from './inventory/sweeper.ts';
import type { HostOrganizations } from './organizations/adopt-organization.ts';
import { createOutboxDispatcher, type EventHandlers, type OutboxDispatcher } from './outbox-dispatcher.ts';
import type { AdapterSet } from './placements/adapter-set.ts';
import { createAdministratorRotation } from './placements/administrator-rotation.ts';
import type { ConfiguredPlacement } from './placements/configured-placements.ts';
import { createPlacementMonitor } from './placements/monitor.ts';
import { spread } from './provisioning/backoff.ts';
import { createChanges } from './provisioning/changes.ts';
import type { EffectHook } from './provisioning/failpoints.ts';
import type { PassContext } from './provisioning/pass-context.ts';
import { createWorker, type Worker } from './provisioning/worker.ts';
import { createConnectionCache } from './routing/connections.ts';
import { createGate } from './routing/gate.ts';
import { createHostnames } from './routing/hostnames.ts';
import { EnvironmentProvisioningService } from './service.ts';
import { createAccessReads } from './store/access.ts';
import { createHousekeeping } from './store/housekeeping.ts';
import { findInstallation } from './store/installation.ts';
import { activeOperations } from './store/operations.ts';
import { createRecordReads, type RecordReads } from './store/record-reads.ts';
import type { SchemaState } from './store/schema/apply-steps.ts';
import { inventoryFigures } from './store/sweeps.ts';
import { dueRows, endLeases } from './store/work.ts';
import { createTokens, type TokenOptions } from './tokens/issuing.ts';
import type { Trace } from './tracing/trace.ts';
import { beginTrace } from './tracing/tracing.ts';

const DAY_MS = 24 * 3_600_000;
const RESYNC_MS = 10 * 60_000;
const STOP_GRACE_MS = 10_000;
/** Announced where the id of an environment is announced otherwise: something is due, and who says so has no place for it. */
const DUE = 'due';

/** What an encryptor may have to know of the store that it is opened for. */
export interface EncryptorStart {
  /** The store holds no key yet. Then a missing key-encryption key may be made. */
  firstStart: boolean;
  /** Ids of the encryptors that wrap keys of the store: a missing key of theirs must never be made anew. */
  inUse: ReadonlySet<string>;
}

export interface ControlPlaneOptions {
  /** `file:<path>` for one machine, `postgres://…` for replicas. */
  store: string;
  /** One for each driver. */
  adapters: readonly DatabaseAdapter[];
  /** Makes the key encryptor that wraps what is new. */
  encryptor: (start: EncryptorStart) => SecretEncryptor | Promise<SecretEncryptor>;
  /** Makes those that wrapped keys before, or will; none when absent. What they wrap is opened until it was moved. */
  otherEncryptors?: (start: EncryptorStart) => readonly SecretEncryptor[] | Promise<readonly SecretEncryptor[]>;
  /** Where databases can be put, beside what was added by `placements.create`; one placement a driver, named like it, when absent. */
  placements?: readonly ConfiguredPlacement[];
  /** Reads the administrator secret of a placement from the environment of the process; undefined when it is not set. */
  administratorVariable?: (name: string) => Secret | undefined;
  /** Driver of a request that names none; `sqlite` when absent. */
  defaultDriver?: string;
  /** MB (2^20 bytes); 1024 when absent. */
  defaultStorageLimitMb?: number;
  /**
   * New environments that an organization may begin a second in this process: twice as many at once, more are kept waiting for up to
   * 10 s and refused beyond that (`rate_limited`). As many as are asked for when absent.
   */
  environmentsPerSecond?: number;
  /** Below which environments get a DNS name that are given none, `<environment>-<organization>.<root domain>`; they have none when absent. */
  rootDomain?: string;
  /** Issues environment tokens; none are, and no signing keys are made, when absent. */
  tokens?: TokenOptions;
  /** The permissions of the application in the environments, beside those of the control plane; none when absent. */
  permissions?: PermissionCatalogue;
  /** Asked for an organization that is named and not known; without it, what is not known is not there. */
  hostOrganizations?: HostOrganizations;
  /** Told of what happened, at least once each and in order; more can come by `events.on`. None when absent. */
  handlers?: EventHandlers;
  /**
   * No other process works on this store, and none can begin to before this one ends: what a process that died had under way is
   * taken over at once, not when its lease ends. Not when absent.
   */
  isSoleProcess?: boolean;
  /** Where this process runs, for who reads a trace. */
  region?: string;
  logger?: Logger;
  /** Keeps the figures of `METRICS`; nothing is measured when absent. */
  meter?: Meter;
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
   * Proves that store and encryptor work now, and tells how the store's schema compares with this code's, when the reconciler
   * last came round and how many placements could not be used when they were last looked at; null when the store cannot tell.
   */
  health(): Promise<{
    store: boolean;
    schema: SchemaState | null;
    encryptor: boolean;
    reconcilerAgeMs: number;
    unreachablePlacements: number | null;
  }>;
  /** This process as its traces name it; another name with every start. */
  instance: string;
  /** Begins to follow a request; hand it to `service.within`, and end it. */
  beginTrace(requestId: string): Trace;
  /** The adapters, by driver. */
  adapters: Pick<AdapterSet, 'find' | 'list'>;
  /** Records of objects as people may see them. Nobody's rights are asked: for who decides those in another way. */
  records: RecordReads;
  /** What there is now, for metrics. @throws when the store cannot be read */
  figures(): Promise<Figures>;
  /** Stops claiming, lets running work finish, closes everything. */
  close(): Promise<void>;
}

/** What there is now. What stands in the store is the same for every process on it; the rest is this process's own. */
export interface Figures {
  /** By status and driver. From the store. */
  environments: { status: string; driver: string; count: number }[];
  /** Operations under way, by kind. From the store. */
  operations: Map<string, number>;
  /** Rows that the reconciler should have taken, and how long the oldest has been waiting. From the store. */
  due: { count: number; lagMs: number };
  /** How long the oldest event has been waiting; null while no handler of this process listens. From the store. */
  outboxLagMs: number | null;
  /** Connections to environments that this process keeps. */
  connections: { open: number; leaving: number; opening: number };
  /** What comparing placements with the rows comes to. From the store. */
  inventory: { quarantined: number; isHeld: boolean; sweeps: { driver: string; ageMs: number }[] };
  /** Since this process last looked for due rows. */
  heartbeatAgeMs: number;
}

/**
 * Opens a control plane: store and schema, encryptor with a self-test, placements, worker.
 * Nothing starts without a key encryptor that works.
 *
 * @throws Error when the store cannot be opened or is another version's, when a placement is another place than before;
 *   ControlPlaneError `encryptor_unavailable`
 */
export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const foundation = await openFoundation(options);
  const { effect, logger, meter, tracing, stores, keyStore, encryptors, nameKey, reads } = foundation;
  const { adapters, placementSecrets, placing, looked, installationId, dataKeys } = foundation;
  try {
    if (options.isSoleProcess) await endLeases(stores.main);
    const tokens = options.tokens
      ? createTokens(options.tokens, { engine: stores.main, encryptors, installationId, logger, meter })
      : null;
    await tokens?.rotation.fill();
    const changes = createChanges();
    const access = createAccessReads(stores.main);
    const catalogue = options.permissions ?? definePermissions();
    const expand = createExpansion(catalogue);
    const nowMs = options.nowMs ?? Date.now;
    const denials = createDenials({ engine: stores.main, catalogue, logger, nowMs });
    const hourly = createHourlyRecords(stores.main, logger);
    const gate = createGate({ access, expand, catalogue, meter, denials });
    const hostnames = createHostnames(reads);
    const connections = createConnectionCache(
      (environmentId, by: Deps = deps) => {
        hear();
        return openHandle(by, environmentId);
      },
      {
        current: async (environmentId, by = deps) => {
          const environment = await by.reads.environment(environmentId);
          return environment?.status === 'active' ? { credentialId: environment.credential_id } : null;
        },
        isAccepted: (credentialId) => reads.isAccepted(credentialId),
      },
      meter,
    );
    const forget = (environmentId: string) => {
      gate.forget({ environmentId });
      hostnames.forget();
      connections.refresh(environmentId);
    };
    const forgetEverything = () => {
      gate.forget('everything');
      hostnames.forget();
      connections.refreshAll();
    };
    const changed = (environmentId: string) => {
      forget(environmentId);
      stores.main.announcements?.announce(environmentId);
    };
    let hearing = false;
    const heard = (text: string) => (text === DUE ? worker.heard() : forget(text));
    /** One that cannot is told by the store: of changes when it is asked next, of what is due when it looks next. */
    const hear = () => {
      if (hearing) return;
      hearing = true;
      stores.main.announcements?.hear(heard, forgetEverything).catch((error: unknown) => {
        hearing = false;
        logger.warn({ event: 'store.not_heard', err: error }, 'changes of other processes are heard of later');
      });
    };
    const pass: PassContext = {
      engine: stores.main,
      adapters,
      dataKeys,
      installationId: nameKey.installationId,
      logger,
      meter,
      effect,
      uuid: uuidv7,
      random: spread,
      resyncMs: RESYNC_MS,
      committed: (environmentId, operationId) => {
        if (operationId) changes.notify(operationId);
        changed(environmentId);
      },
    };
    const tidy = createHousekeeping(stores.main, keyStore);
    const rewrapping = createRewrapping({
      ...{ stores, encryptors, nameKey, effect, logger },
      random: spread,
      committed: changes.notify,
    });
    const administrators = createAdministratorRotation({
      ...{ engine: stores.main, reads, adapters, placementSecrets, effect, logger },
      random: spread,
      committed: changes.notify,
    });
    const worker = createWorker(pass, {
      handOn: () => stores.main.announcements?.announce(DUE),
      housekeeping: async () => {
        // Another process may have raised it; names are made with it.
        nameKey.restoreGeneration = (await findInstallation(stores.main))?.restore_generation ?? 0;
        dataKeys.forgetExpired();
        await tidy();
        await tokens?.rotation.tend();
        await rewrapping.tend();
        await administrators.tend();
        await rotateDue();
      },
    });
    const sweeper = createSweeper({
      ...{ reads, adapters, nameKey, logger, meter, effect },
      engine: stores.main,
      random: spread,
    });
    const deps: Deps = {
      sweeper,
      engine: stores.main,
      stores,
      reads,
      access,
      catalogue,
      expand,
      encryptors,
      dataKeys,
      rewrapping,
      administrators,
      nameKey,
      adapters,
      placementSecrets,
      worker,
      changes,
      connections,
      gate,
      hostnames,
      changed,
      turns: createTurns(options.environmentsPerSecond),
      effect,
      denials,
      hourly,
      hostOrganizations: options.hostOrganizations ?? null,
      nowMs,
      tokens,
      tracing,
      trace: null,
      logger,
      uuid: uuidv7,
      settings: {
        defaultDriver: options.defaultDriver ?? 'sqlite',
        defaultStorageLimitMb: options.defaultStorageLimitMb ?? 1024,
        rootDomain: rootDomainOf(options),
        archiveGraceMs: (envType) => (envType === 'production' ? 30 : 7) * DAY_MS,
      },
    };
    const rotateDue = createScheduledRotation(deps);
    const outbox = createOutboxDispatcher(stores.main, logger, options.handlers);
    const monitor = createPlacementMonitor(placing);
    monitor.start(looked);
    sweeper.start();
    worker.start();
    hear();
    outbox.start();
    denials.start();
    return {
      service: new EnvironmentProvisioningService(deps),
      worker,
      events: outbox,
      instance: tracing.instance,
      beginTrace: (requestId) => beginTrace(tracing, requestId),
      adapters,
      records: createRecordReads(stores.main),
      health: async () => ({
        store: await works(stores.main.now()),
        schema: await stores.schema().catch(() => null),
        encryptor: await works(encryptors.health()),
        reconcilerAgeMs: worker.heartbeatAgeMs(),
        unreachablePlacements: await reads.unreachablePlacements().catch(() => null),
      }),
      figures: async () => {
        const nowMs = await stores.main.now();
        const { count, sinceMs } = await dueRows(stores.main, nowMs);
        return {
          environments: await reads.environmentCounts(),
          operations: await activeOperations(stores.main),
          due: { count, lagMs: sinceMs === null ? 0 : nowMs - sinceMs },
          outboxLagMs: await outbox.lagMs(),
          inventory: await inventoryFigures(stores.main, nowMs),
          connections: connections.counts(),
          heartbeatAgeMs: worker.heartbeatAgeMs(),
        };
      },
      close: async () => {
        await worker.stop(STOP_GRACE_MS);
        await outbox.stop();
        await hourly.settled();
        await denials.stop();
        await monitor.stop();
        await sweeper.stop();
        await rewrapping.stop();
        await administrators.stop();
        await connections.close();
        await foundation.close();
      },
    };
  } catch (error) {
    await foundation.close();
    throw error;
  }
}

const works = (probe: Promise<unknown>): Promise<boolean> =>
  probe.then(
    () => true,
    () => false,
  );

/** @throws TypeError for what is no domain, or leaves no room below it */
function rootDomainOf({ rootDomain }: Pick<ControlPlaneOptions, 'rootDomain'>): string | null {
  if (rootDomain === undefined) return null;
  const parsed = RootDomainSchema.safeParse(rootDomain);
  if (!parsed.success) throw new TypeError(`the root domain ${rootDomain} cannot have environments below it`);
  return parsed.data;
}
