import type { ColumnKind, ObjectIndex } from '../objects/define-object.ts';
import {
  type AuditEventRow,
  type AuditHeadRow,
  controlPlaneObjects,
  type DatabaseCredentialRow,
  type EnvironmentDatabaseRow,
  type EnvironmentGrantRow,
  type EnvironmentKeyRow,
  type EnvironmentMemberRow,
  type EnvironmentPackageRow,
  type EnvironmentRow,
  type ExternalNameRow,
  type IdempotencyKeyRow,
  type IdentityRow,
  type InstallationRow,
  keyStoreObjects,
  type MigrationLedgerRow,
  type OperationRow,
  type OrganizationMemberRow,
  type OrganizationRow,
  type OutboxEventRow,
  type PlacementRow,
  type PlacementSweepRow,
  type PlatformGrantRow,
  type QuarantinedDatabaseRow,
  type ServiceAccountKeyRow,
  type ServiceAccountRow,
  type SessionEnvironmentRow,
  type SigningKeyRow,
  type TokenEpochRow,
  type TombstoneRow,
} from '../objects/index.ts';

export interface SchemaStepRow {
  id: number;
  name: string;
  checksum: string;
  applied_at: number;
}

/** The tables of the control-plane store. */
export interface ControlPlaneTables {
  sys_organization: OrganizationRow;
  sys_organization_member: OrganizationMemberRow;
  sys_environment: EnvironmentRow;
  sys_environment_member: EnvironmentMemberRow;
  sys_environment_database: EnvironmentDatabaseRow;
  sys_database_credential: DatabaseCredentialRow;
  sys_operation: OperationRow;
  sys_idempotency_key: IdempotencyKeyRow;
  sys_placement: PlacementRow;
  sys_installation: InstallationRow;
  sys_external_name: ExternalNameRow;
  sys_tombstone: TombstoneRow;
  sys_audit_event: AuditEventRow;
  sys_audit_head: AuditHeadRow;
  sys_outbox_event: OutboxEventRow;
  sys_service_account: ServiceAccountRow;
  sys_service_account_key: ServiceAccountKeyRow;
  sys_environment_grant: EnvironmentGrantRow;
  sys_platform_grant: PlatformGrantRow;
  sys_identity: IdentityRow;
  sys_signing_key: SigningKeyRow;
  sys_token_epoch: TokenEpochRow;
  sys_migration_ledger: MigrationLedgerRow;
  sys_environment_package: EnvironmentPackageRow;
  sys_session_environment: SessionEnvironmentRow;
  sys_placement_sweep: PlacementSweepRow;
  sys_quarantined_database: QuarantinedDatabaseRow;
  sys_schema_step: SchemaStepRow;
}

/** The tables of the key store. */
export interface KeyTables {
  sys_environment_key: EnvironmentKeyRow;
  sys_schema_step: SchemaStepRow;
}

/**
 * What a column of a name holds, in every table. One name means one kind everywhere, so that a result can be decoded by
 * its column names alone; the loop below refuses to start otherwise.
 */
export const COLUMN_KINDS: ReadonlyMap<string, ColumnKind> = (() => {
  const kinds = new Map<string, ColumnKind>([
    ['applied_at', 'instant'],
    ['checksum', 'text'],
  ]);
  for (const object of [...controlPlaneObjects, ...keyStoreObjects]) {
    for (const field of object.fields) {
      const known = kinds.get(field.name);
      if (known !== undefined && known !== field.kind) throw new TypeError(`column ${field.name} has two kinds`);
      kinds.set(field.name, field.kind);
    }
  }
  return kinds;
})();

/** Unique indexes by table, to tell a caller which rule refused a write. */
export const UNIQUE_INDEXES: ReadonlyMap<string, readonly ObjectIndex[]> = new Map(
  [...controlPlaneObjects, ...keyStoreObjects].map((object) => [
    object.name,
    object.indexes.filter((index) => index.unique),
  ]),
);
