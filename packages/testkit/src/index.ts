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
  shapeOf,
  withHandle,
  writeNotes,
} from './conformance/database-harness.ts';
export { describeIsolation, findLeaks } from './conformance/isolation.ts';
export { type SecretEncryptorHarness, secretEncryptorConformance } from './conformance/secret-encryptor.ts';
export { type Fault, type FaultProxy, type ProxiedRequest, startFaultProxy } from './faults/fault-proxy.ts';
export { startTcpProxy, type TcpFault, type TcpProxy } from './faults/tcp-proxy.ts';
export { testIdentity, withUser } from './identity/test-identity.ts';
export {
  type KmsCall,
  type KmsCredentials,
  type KmsEmulator,
  type KmsFault,
  startKmsEmulator,
} from './kms/emulator.ts';
export { type OidcFaults, type OidcIssuerServer, startOidcIssuer, type TokenOptions } from './oidc/issuer.ts';
export { newOidcKey, type OidcAlgorithm, type OidcKey } from './oidc/keys.ts';
export { type LoginChangedInPlace, loginChangedInPlace } from './rotation/changed-in-place.ts';
export { type ReconnectingClients, startReconnectingClients } from './rotation/reconnecting-clients.ts';
export { seeded } from './seeded.ts';
export { freePort } from './servers/free-port.ts';
export { type PostgresServer, startPostgres } from './servers/postgres.ts';
export { type SqldServer, startSqld } from './servers/sqld.ts';
export {
  type HeldSession,
  holdSession,
  isLetIn,
  type LibsqlSocket,
  openLibsqlSocket,
  runWithStockClient,
  type StockConnection,
} from './stock-client.ts';
export { type Certificates, makeCertificates } from './turso/certificate.ts';
export { startTursoEmulator, type TursoEmulator, type TursoObject } from './turso/emulator.ts';
export type { TursoFault, TursoRequest, TursoSwitches } from './turso/faults.ts';
export type { TursoScope } from './turso/routes.ts';
