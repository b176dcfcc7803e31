import type { Logger, PermissionCatalogue } from '@envplane/spec';
import type { Denials } from './access/denials.ts';
import type { Expand } from './access/held.ts';
import type { HourlyRecords } from './audit/record-hourly.ts';
import type { Turns } from './environments/turns.ts';
import type { Sweeper } from './inventory/sweeper.ts';
import type { HostOrganizations } from './organizations/adopt-organization.ts';
import type { AdapterSet } from './placements/adapter-set.ts';
import type { Changes } from './provisioning/changes.ts';
import type { EffectHook } from './provisioning/failpoints.ts';
import type { NameKey } from './provisioning/names.ts';
import type { Worker } from './provisioning/worker.ts';
import type { ConnectionCache } from './routing/connections.ts';
import type { Gate } from './routing/gate.ts';
import type { Hostnames } from './routing/hostnames.ts';
import type { DataKeys } from './secrets/data-keys.ts';
import type { EncryptorSet } from './secrets/encryptor-set.ts';
import type { PlacementSecrets } from './secrets/placement-secrets.ts';
import type { AccessReads } from './store/access.ts';
import type { StoreEngine } from './store/engine.ts';
import type { Stores } from './store/open-stores.ts';
import type { Reads } from './store/reads.ts';
import type { ControlPlaneTables } from './store/tables.ts';
import type { Tending } from './tending.ts';
import type { Tokens } from './tokens/issuing.ts';
import type { RecordedHandle } from './tracing/recorded-handle.ts';
import type { Trace } from './tracing/trace.ts';
import type { Tracing } from './tracing/tracing.ts';

/** What verbs work with; the first parameter of each. No verb reaches for anything else. */
export interface Deps {
  engine: StoreEngine<ControlPlaneTables>;
  /** `engine` and, apart from it, the store of data keys. */
  stores: Stores;
  /** Compares placements with the rows. */
  sweeper: Pick<Sweeper, 'sweepAll'>;
  reads: Reads;
  access: AccessReads;
  /** Every permission there is. */
  catalogue: PermissionCatalogue;
  expand: Expand;
  encryptors: EncryptorSet;
  dataKeys: DataKeys;
  rewrapping: Pick<Tending, 'wake'>;
  administrators: Pick<Tending, 'wake'>;
  nameKey: NameKey;
  adapters: AdapterSet;
  placementSecrets: PlacementSecrets;
  worker: Worker;
  changes: Changes;
  connections: ConnectionCache<RecordedHandle, Deps>;
  /** Who may reach the data of an environment. */
  gate: Gate;
  /** Which environment a hostname is of. */
  hostnames: Hostnames;
  /** Who may connect to an environment, or how, has changed: what is remembered of it is forgotten, in every process. */
  changed(environmentId: string): void;
  /** When new environments are begun. */
  turns: Turns;
  effect: EffectHook;
  denials: Denials;
  /** Organizations of the application that this runs inside of; null: all there are are known here. */
  hostOrganizations: HostOrganizations | null;
  hourly: HourlyRecords;
  /** The clock of this process, epoch ms, for what need not agree with the store. */
  nowMs: () => number;
  /** Null: no environment tokens are issued. */
  tokens: Tokens | null;
  /** What this process did lately. */
  tracing: Tracing;
  /** The request that is being answered, which `engine`, `reads` and `access` record for; null in the background. */
  trace: Trace | null;
  logger: Logger;
  uuid: () => string;
  settings: {
    defaultDriver: string;
    defaultStorageLimitMb: number;
    /** Below which environments get a DNS name that were given none; null: they have none. */
    rootDomain: string | null;
    /** How long an archived environment can be restored, in ms, by environment type. */
    archiveGraceMs(envType: string): number;
  };
}

/** The same for one request: what is asked of the store of the control plane through it is recorded as that request's. */
export function depsOf(deps: Deps, trace: Trace): Deps {
  const engine = deps.engine.recordedBy(trace);
  // What is shared is inherited: copying it would cost more than the rest.
  const bound: Deps = Object.create(deps);
  bound.trace = trace;
  bound.engine = engine;
  bound.reads = deps.reads.on(engine);
  bound.access = deps.access.on(engine);
  return bound;
}
