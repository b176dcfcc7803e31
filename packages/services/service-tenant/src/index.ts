/** What the protocol calls it. */
export type { DatabaseAdapter as EnvironmentDatabaseAdapter } from '@envplane/spec';
export type { Scope } from './access/authorize.ts';
export { type Caller, IN_PROCESS } from './access/caller.ts';
export * from './access/not-found.ts';
export type { ChainVerdict, VerifyOptions } from './audit/verify-chain.ts';
export { generatedHostname, MOST_NAMES, numberedHostname, numberedLabel } from './environments/hostname.ts';
export type { PackageView } from './environments/list-packages.ts';
export type { OpenedConnection } from './environments/open-connection.ts';
export type { Purged } from './environments/purge.ts';
export type { PageRequest, PageView } from './environments/read-environments.ts';
export { TenantContextService, type TenantRequest } from './host/tenant-context.ts';
export { declareRestored } from './inventory/declare-restored.ts';
export { inspectStore, type StoreInspection } from './inventory/inspect-store.ts';
export { METRICS } from './metrics.ts';
export type { EntryResult } from './migration/finalize.ts';
export type { LegacyDriver } from './migration/legacy-source.ts';
export type { MigratedRow } from './migration/migrate.ts';
export {
  type MigrateV4ToV5Options,
  type MigrateV4ToV5Result,
  migrateV4ToV5Environments,
} from './migration/migrate-v4-to-v5.ts';
export {
  BATCH_SIZE,
  type FinishReport,
  type Migration,
  type MigrationOptions,
  type MigrationReport,
  openMigration,
  type VerifyReport,
} from './migration/open-migration.ts';
export { type SplitEnvironmentOptions, splitIntoEnvironment } from './migration/split/open-split.ts';
export type { SplitReport, SplitTable } from './migration/split/split.ts';
export type { DecryptLegacy } from './migration/target.ts';
export {
  type ControlPlane,
  type ControlPlaneOptions,
  /** What the protocol calls them. */
  type ControlPlaneOptions as EnvironmentProvisioningConfig,
  type Figures,
  openControlPlane,
} from './open-control-plane.ts';
export type { EnvplaneEvent, EventHandler, EventHandlers } from './outbox-dispatcher.ts';
export {
  type EffectHook,
  MIGRATION_FAILPOINTS,
  STORE_FAILPOINTS,
  SWEEP_FAILPOINTS,
} from './provisioning/failpoints.ts';
export { TRANSITIONS } from './provisioning/machine.ts';
export type { MutationOptions } from './request.ts';
export { type Admission, type Refusal, refuse, type Verdict } from './routing/gate.ts';
export type { AskedEnvironment, ResolvedEnvironment } from './routing/resolve-environment.ts';
export { type UpstreamEncryptor, wrapUpstreamEncryptor } from './secrets/upstream-encryptor.ts';
export { EnvironmentProvisioningService } from './service.ts';
export type { MadeKey } from './service-accounts/keys.ts';
export type { Accepted } from './store/environments.ts';
export { type LegacyDatabase, openLegacyDatabase } from './store/legacy-database.ts';
export type { Place as MemberPlace } from './store/members.ts';
export type { TokenOptions } from './tokens/issuing.ts';
export type { Served, Trace } from './tracing/trace.ts';
