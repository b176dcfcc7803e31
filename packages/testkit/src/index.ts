export {
  adapterContext,
  FAULT_ACTIONS,
  type FaultAction,
  InjectedCrash,
  type MemoryFence,
  type TestContext,
} from './adapter-context.ts';
export { databaseAdapterConformance, HOSTILE_NAMES } from './conformance/database-adapter.ts';
export { describeDatabaseFacets } from './conformance/database-facets.ts';
export {
  type DatabaseAdapterHarness,
  letIn,
  newTarget,
  objectsOf,
  type Provisioned,
  provision,
  readNotes,
  withHandle,
  writeNotes,
} from './conformance/database-harness.ts';
export { type SecretEncryptorHarness, secretEncryptorConformance } from './conformance/secret-encryptor.ts';
export { type PostgresServer, startPostgres } from './servers/postgres.ts';
