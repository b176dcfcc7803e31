import type { ObjectDefinition, RowOf } from './define-object.ts';
import { SysAuditEvent, SysAuditHead, SysOutboxEvent } from './sys-audit-event.object.ts';
import { SysDatabaseCredential } from './sys-database-credential.object.ts';
import { SysEnvironment, SysEnvironmentMember } from './sys-environment.object.ts';
import { SysEnvironmentDatabase } from './sys-environment-database.object.ts';
import { SysEnvironmentKey } from './sys-environment-key.object.ts';
import { SysEnvironmentPackage, SysMigrationLedger } from './sys-migration.object.ts';
import { SysIdempotencyKey, SysOperation } from './sys-operation.object.ts';
import { SysOrganization, SysOrganizationMember } from './sys-organization.object.ts';
import {
  SysExternalName,
  SysInstallation,
  SysPlacement,
  SysPlacementSweep,
  SysQuarantinedDatabase,
  SysTombstone,
} from './sys-placement.object.ts';
import {
  SysEnvironmentGrant,
  SysIdentity,
  SysPlatformGrant,
  SysServiceAccount,
  SysServiceAccountKey,
} from './sys-service-account.object.ts';
import { SysSessionEnvironment } from './sys-session-environment.object.ts';
import { SysSigningKey, SysTokenEpoch } from './sys-signing-key.object.ts';

/** Every object of the control-plane store, in an order in which tables can be created. */
export const controlPlaneObjects: readonly ObjectDefinition[] = [
  SysInstallation,
  SysPlacement,
  SysOrganization,
  SysOrganizationMember,
  SysEnvironment,
  SysEnvironmentMember,
  SysEnvironmentDatabase,
  SysDatabaseCredential,
  SysOperation,
  SysIdempotencyKey,
  SysExternalName,
  SysTombstone,
  SysAuditEvent,
  SysAuditHead,
  SysOutboxEvent,
  SysServiceAccount,
  SysServiceAccountKey,
  SysEnvironmentGrant,
  SysPlatformGrant,
  SysIdentity,
  SysSigningKey,
  SysTokenEpoch,
  SysMigrationLedger,
  SysEnvironmentPackage,
  SysSessionEnvironment,
  SysPlacementSweep,
  SysQuarantinedDatabase,
];

/** The objects of the key store, which has a shorter backup retention than everything else. */
export const keyStoreObjects: readonly ObjectDefinition[] = [SysEnvironmentKey];

export type OrganizationRow = RowOf<typeof SysOrganization.schema>;
export type OrganizationMemberRow = RowOf<typeof SysOrganizationMember.schema>;
export type EnvironmentRow = RowOf<typeof SysEnvironment.schema>;
export type EnvironmentMemberRow = RowOf<typeof SysEnvironmentMember.schema>;
export type EnvironmentDatabaseRow = RowOf<typeof SysEnvironmentDatabase.schema>;
export type DatabaseCredentialRow = RowOf<typeof SysDatabaseCredential.schema>;
export type OperationRow = RowOf<typeof SysOperation.schema>;
export type IdempotencyKeyRow = RowOf<typeof SysIdempotencyKey.schema>;
export type PlacementRow = RowOf<typeof SysPlacement.schema>;
export type InstallationRow = RowOf<typeof SysInstallation.schema>;
export type ExternalNameRow = RowOf<typeof SysExternalName.schema>;
export type TombstoneRow = RowOf<typeof SysTombstone.schema>;
export type AuditEventRow = RowOf<typeof SysAuditEvent.schema>;
export type AuditHeadRow = RowOf<typeof SysAuditHead.schema>;
export type OutboxEventRow = RowOf<typeof SysOutboxEvent.schema>;
export type ServiceAccountRow = RowOf<typeof SysServiceAccount.schema>;
export type ServiceAccountKeyRow = RowOf<typeof SysServiceAccountKey.schema>;
export type EnvironmentGrantRow = RowOf<typeof SysEnvironmentGrant.schema>;
export type PlatformGrantRow = RowOf<typeof SysPlatformGrant.schema>;
export type IdentityRow = RowOf<typeof SysIdentity.schema>;
export type SigningKeyRow = RowOf<typeof SysSigningKey.schema>;
export type SessionEnvironmentRow = RowOf<typeof SysSessionEnvironment.schema>;
export type TokenEpochRow = RowOf<typeof SysTokenEpoch.schema>;
export type MigrationLedgerRow = RowOf<typeof SysMigrationLedger.schema>;
export type EnvironmentPackageRow = RowOf<typeof SysEnvironmentPackage.schema>;
export type PlacementSweepRow = RowOf<typeof SysPlacementSweep.schema>;
export type QuarantinedDatabaseRow = RowOf<typeof SysQuarantinedDatabase.schema>;
export type EnvironmentKeyRow = RowOf<typeof SysEnvironmentKey.schema>;

export {
  SysAuditEvent,
  SysDatabaseCredential,
  SysEnvironment,
  SysEnvironmentDatabase,
  SysEnvironmentMember,
  SysOperation,
  SysOrganization,
  SysOrganizationMember,
  SysPlacement,
  SysSigningKey,
};
