import type {
  AuditEventView,
  DatabaseCredentialDetailView,
  EnvironmentDatabaseView,
  EnvironmentView,
  HistoryEntryView,
  OperationView,
  OrganizationView,
  PlacementView,
} from '@envplane/spec';
import type { AuditEventRow, DatabaseCredentialRow, OperationRow } from '../objects/index.ts';
import type { EnvironmentJoin } from '../store/environment-join.ts';
import { isFinished } from '../store/operations.ts';
import type { OrganizationJoin, PlacementJoin } from '../store/reads.ts';

/** Rows as callers see them: camelCase, ISO 8601 times, every key present, no secret. */

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export function databaseView(row: EnvironmentJoin): EnvironmentDatabaseView {
  return {
    id: row.database_id,
    environmentId: row.id,
    databaseName: row.database_name,
    databaseUrl: row.database_url,
    driver: row.driver,
    region: row.region,
    storageLimitMb: row.storage_limit_mb,
    provisionedAt: isoOrNull(row.provisioned_at),
    lastAccessedAt: isoOrNull(row.last_accessed_at),
    metadata: row.database_metadata,
  };
}

/** Views of rows that the store remembers; frozen, because they are handed out more than once. */
const views = new WeakMap<EnvironmentJoin, EnvironmentView>();

export function environmentView(row: EnvironmentJoin): EnvironmentView {
  let view = views.get(row);
  if (!view) {
    view = Object.freeze(makeEnvironmentView(row));
    views.set(row, view);
  }
  return view;
}

function makeEnvironmentView(row: EnvironmentJoin): EnvironmentView {
  return {
    id: row.id,
    organizationId: row.organization_id,
    slug: row.slug,
    displayName: row.display_name,
    envType: row.env_type,
    isDefault: row.is_default,
    region: row.requested_region,
    plan: row.plan,
    status: row.status,
    hostname: row.hostname,
    visibility: row.visibility,
    deletionProtection: row.deletion_protection,
    credentialRotationDays: row.credential_rotation_days,
    version: row.version,
    metadata: row.metadata,
    purgeAfter: isoOrNull(row.purge_after),
    createdBy: row.created_by,
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
    database: databaseView(row),
    credential: credentialView(row),
  };
}

export function credentialDetailView(row: DatabaseCredentialRow): DatabaseCredentialDetailView {
  return {
    id: row.id,
    status: row.status,
    authorization: row.authorization,
    encryptionKeyId: row.encryption_key_id,
    createdAt: iso(row.created_at),
    expiresAt: isoOrNull(row.expires_at),
    version: row.version,
    state: row.state,
    activatedAt: isoOrNull(row.activated_at),
    retireAfter: isoOrNull(row.retire_after),
    revokedAt: isoOrNull(row.revoked_at),
  };
}

/** The left join leaves every credential column null while no credential is active. */
function credentialView(row: EnvironmentJoin): EnvironmentView['credential'] {
  const { credential_id, credential_status, credential_authorization, credential_key_id, credential_created_at } = row;
  if (
    credential_id === null ||
    credential_status === null ||
    credential_authorization === null ||
    credential_key_id === null ||
    credential_created_at === null
  ) {
    return null;
  }
  return {
    id: credential_id,
    status: credential_status,
    authorization: credential_authorization,
    encryptionKeyId: credential_key_id,
    createdAt: iso(credential_created_at),
    expiresAt: isoOrNull(row.credential_expires_at),
  };
}

export function organizationView(row: OrganizationJoin): OrganizationView {
  return {
    id: row.id,
    slug: row.slug,
    displayName: row.display_name,
    plan: row.plan,
    status: row.status,
    isSystem: row.is_system,
    defaultEnvironmentId: row.default_environment_id,
    credentialRotationDays: row.credential_rotation_days,
    version: row.version,
    createdBy: row.created_by,
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
  };
}

export function operationView(row: OperationRow): OperationView {
  const running = row.status === 'running' ? row.steps.findIndex((step) => step.status === 'pending') : -1;
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    done: isFinished(row),
    target: { type: row.target_type, id: row.target_id },
    // The step under way is not written before it is done; it is the first one that is left.
    steps: row.steps.map((step, index) => (index === running ? { ...step, status: 'running' } : step)),
    progress: row.progress,
    attempts: row.attempts,
    nextAttemptAt: isoOrNull(row.next_attempt_at),
    warnings: row.warnings,
    blastRadius: row.blast_radius,
    error: row.error,
    result: row.result,
    createdBy: row.created_by,
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
  };
}

export function placementView(row: PlacementJoin): PlacementView {
  return {
    id: row.id,
    name: row.name,
    driver: row.driver,
    region: row.region,
    status: row.status,
    settings: row.settings,
    weight: row.weight,
    capacity: row.capacity,
    databases: row.databases,
    administrator: row.administrator_variable ? 'environment' : row.administrator_ciphertext ? 'sealed' : 'none',
    administratorVariable: row.administrator_variable,
    lastErrorCode: row.last_error_code,
    version: row.version,
  };
}

export function auditEventView(row: AuditEventRow): AuditEventView {
  return {
    organizationId: row.organization_id,
    environmentId: row.environment_id,
    seq: row.seq,
    occurredAt: iso(row.occurred_at),
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    actingFor: row.acting_for,
    action: row.action,
    targetKind: row.target_kind,
    targetId: row.target_id,
    outcome: row.outcome,
    reason: row.reason,
    requestId: row.request_id,
    clientAddress: row.client_address,
    detail: row.detail,
    prevHash: row.prev_hash,
    hash: row.hash,
  };
}

export function historyEntryView(row: AuditEventRow): HistoryEntryView {
  const { organizationId, environmentId, prevHash, hash, detail, ...entry } = auditEventView(row);
  const { before, after, ...rest } = detail;
  return { ...entry, before: recordOrNull(before), after: recordOrNull(after), detail: rest };
}

const recordOrNull = (value: unknown): HistoryEntryView['before'] =>
  typeof value === 'object' ? (value as HistoryEntryView['before']) : null;
