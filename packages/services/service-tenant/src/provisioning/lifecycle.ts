import type { DatabasePhase, OperationError, OutboxEventType } from '@envplane/spec';
import type { EnvironmentDatabaseRow } from '../objects/index.ts';
import type { AuditEntry } from '../store/audit.ts';
import type { OutboxEntry } from '../store/outbox.ts';
import { projectStatus } from './status.ts';

/** Who the reconciler is in the audit trail. */
const RECONCILER = { actor_kind: 'platform', actor_id: 'reconciler' } as const;

/** What coming to rest in a phase is called in events and audit; null where nothing happened that anybody waits for. */
export function lifecycleAction(
  database: EnvironmentDatabaseRow,
  to: DatabasePhase | 'tombstone',
): OutboxEventType | null {
  switch (to) {
    case 'ready':
      if (database.provisioned_at === null) return 'environment.provisioned';
      return database.phase === 'resuming' ? 'environment.resumed' : 'environment.restored';
    case 'suspended':
      return 'environment.suspended';
    case 'archived':
      return 'environment.archived';
    case 'tombstone':
      return 'environment.purged';
    case 'failed':
    case 'conflict':
    case 'lost':
      return 'operation.failed';
    default:
      return null;
  }
}

/** @param to where it came to rest; null when nothing is left */
export function lifecycleAudit(
  database: EnvironmentDatabaseRow,
  action: string,
  to: DatabasePhase | null,
  code: string | null,
): AuditEntry {
  const before = { status: projectStatus(database) };
  const after = to && { status: projectStatus({ ...database, phase: to }) };
  return {
    ...RECONCILER,
    organization_id: database.organization_id,
    environment_id: database.bound_environment_id,
    acting_for: null,
    action,
    target_kind: 'environment',
    target_id: database.bound_environment_id,
    outcome: code === null ? 'allow' : 'error',
    reason: code,
    request_id: null,
    client_address: null,
    detail: {
      ...(before.status !== after?.status && { before, after }),
      databaseId: database.id,
      operationId: database.operation_id,
    },
  };
}

export function lifecycleEvent(database: EnvironmentDatabaseRow, type: OutboxEventType): OutboxEntry {
  return {
    organization_id: database.organization_id,
    environment_id: database.bound_environment_id,
    type,
    actor: { kind: RECONCILER.actor_kind, id: RECONCILER.actor_id },
    payload: { databaseId: database.id, operationId: database.operation_id },
  };
}

/** What each failure means to a person: what happened and the next act. */
const FAILURES: Record<string, readonly [title: string, detail: string]> = {
  conflict: [
    'Something else stands under the name',
    'An object that is not ours has this physical name; it was not touched. Retry takes another name.',
  ],
  lost: [
    'The database is missing',
    'A database that was confirmed is not there any more. Bring it back at the provider and retry, or purge the environment.',
  ],
  gave_up: ['Given up', 'The provider gave no usable answer for a day. Check the placement and retry.'],
  quota_exceeded: [
    'The provider is full',
    'The provider refuses more databases or space. Free some or raise its limit, then retry.',
  ],
  unauthorized: [
    'The provider refuses us',
    'The administrator credential of the placement lacks a right; docs/drivers.md names those that each driver needs. Mend it, then retry.',
  ],
  invalid_request: [
    'The provider refuses the request',
    'The provider refuses this database as it is wished. Check the placement, then retry or purge.',
  ],
  unsupported: [
    'The driver cannot do this',
    'The driver lacks this ability. Purge the environment and use another driver.',
  ],
  source_missing: ['The source is gone', 'The database to copy from does not exist any more. Purge this copy.'],
};

/** The problem an operation or step shows. */
export function operationError(code: string): OperationError {
  const [title, detail] = FAILURES[code] ?? [
    'Not finished',
    'The provider gave no usable answer; it is tried again by itself.',
  ];
  return { type: `urn:envplane:problem:${code}`, title, detail, code };
}
