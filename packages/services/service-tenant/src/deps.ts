import type { Logger } from '@envplane/spec';
import type { AdapterSet } from './placements/adapter-set.ts';
import type { Changes } from './provisioning/changes.ts';
import type { EffectHook } from './provisioning/failpoints.ts';
import type { NameKey } from './provisioning/names.ts';
import type { Worker } from './provisioning/worker.ts';
import type { ConnectionCache } from './routing/connections.ts';
import type { DataKeys } from './secrets/data-keys.ts';
import type { PlacementSecrets } from './secrets/placement-secrets.ts';
import type { StoreEngine } from './store/engine.ts';
import type { Reads } from './store/reads.ts';
import type { ControlPlaneTables } from './store/tables.ts';

/** What verbs work with; the first parameter of each. No verb reaches for anything else. */
export interface Deps {
  engine: StoreEngine<ControlPlaneTables>;
  reads: Reads;
  dataKeys: DataKeys;
  nameKey: NameKey;
  adapters: AdapterSet;
  placementSecrets: PlacementSecrets;
  worker: Worker;
  changes: Changes;
  connections: ConnectionCache;
  effect: EffectHook;
  logger: Logger;
  uuid: () => string;
  settings: {
    defaultDriver: string;
    defaultStorageLimitMb: number;
    /** How long an archived environment can be restored, in ms, by environment type. */
    archiveGraceMs(envType: string): number;
  };
}
