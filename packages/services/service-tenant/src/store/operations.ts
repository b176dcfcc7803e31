import type { OperationRow } from '../objects/index.ts';
import { appendAudit } from './audit.ts';
import { enqueueEvent } from './outbox.ts';
import type { ControlPlaneTables } from './tables.ts';
import type { Transaction } from './transaction.ts';

const FINISHED: readonly OperationRow['status'][] = ['succeeded', 'failed', 'cancelled'];

export const isFinished = (operation: Pick<OperationRow, 'status'>): boolean => FINISHED.includes(operation.status);

/** A new operation as a verb asks for it. */
export type NewOperation = Pick<
  OperationRow,
  | 'id'
  | 'kind'
  | 'target_type'
  | 'target_id'
  | 'organization_id'
  | 'environment_id'
  | 'parent_id'
  | 'created_by'
  | 'request_id'
> & { stepNames: readonly string[]; warnings: string[] };

export async function insertOperation(
  tx: Transaction<ControlPlaneTables>,
  operation: NewOperation,
): Promise<OperationRow> {
  const { stepNames, ...fields } = operation;
  const row: OperationRow = {
    ...fields,
    status: 'running',
    steps: stepNames.map((name) => ({
      name,
      status: 'pending',
      attempt: 0,
      startedAt: null,
      finishedAt: null,
      durationMs: null,
      error: null,
    })),
    version: 1,
    attempts: 0,
    next_attempt_at: null,
    error: null,
    result: null,
    created_at: tx.nowMs,
    updated_at: tx.nowMs,
    finished_at: null,
    progress: null,
  };
  await tx.insert('sys_operation', row);
  return row;
}

export async function updateOperation(
  tx: Transaction<ControlPlaneTables>,
  current: OperationRow,
  change: Partial<OperationRow>,
): Promise<OperationRow> {
  const finishes = change.status !== undefined && isFinished({ status: change.status });
  const patch: Partial<OperationRow> = {
    ...change,
    version: current.version + 1,
    updated_at: tx.nowMs,
    ...(finishes && { finished_at: tx.nowMs, next_attempt_at: null }),
  };
  await tx.update('sys_operation', patch, { id: current.id });
  return { ...current, ...patch };
}

/**
 * Finishes an organization's operation once no part of it is left. The parent is locked before its parts are read, so that
 * the last two of them cannot each see the other unfinished.
 */
export async function settleParent(tx: Transaction<ControlPlaneTables>, parentId: string): Promise<void> {
  const parent = await tx.find('sys_operation', { id: parentId }, 'lock');
  if (!parent || isFinished(parent)) return;
  const parts = await tx.query.selectFrom('sys_operation').selectAll().where('parent_id', '=', parentId).execute();
  const steps = parent.steps.map((step) => {
    const part = parts.find((candidate) => candidate.environment_id === step.name);
    return part && isFinished(part) ? finishedStep(step, part) : step;
  });
  if (!parts.every(isFinished)) {
    await updateOperation(tx, parent, { steps });
    return;
  }
  const result = parent.kind === 'organization.purge' ? await removeOrganization(tx, parent) : {};
  await updateOperation(tx, parent, { steps, status: 'succeeded', result });
}

function finishedStep(step: OperationRow['steps'][number], part: OperationRow): OperationRow['steps'][number] {
  return {
    ...step,
    status: part.status === 'succeeded' ? 'succeeded' : 'skipped',
    attempt: part.attempts,
    startedAt: new Date(part.created_at).toISOString(),
    finishedAt: new Date(part.finished_at ?? part.updated_at).toISOString(),
    durationMs: (part.finished_at ?? part.updated_at) - part.created_at,
  };
}

async function removeOrganization(
  tx: Transaction<ControlPlaneTables>,
  operation: OperationRow,
): Promise<Record<string, unknown>> {
  const organizationId = operation.organization_id;
  // Whoever adds something to it now waits, and finds it gone.
  await tx.find('sys_organization', { id: organizationId }, 'lock');
  const tombstones = await tx.query
    .selectFrom('sys_tombstone')
    .select(['environment_id', 'slug', 'receipt'])
    .where('organization_id', '=', organizationId)
    .execute();
  await removeServiceAccounts(tx, organizationId);
  await tx.query.deleteFrom('sys_organization_member').where('organization_id', '=', organizationId).execute();
  await tx.query.deleteFrom('sys_organization').where('id', '=', organizationId).execute();
  const about = { organization_id: organizationId, environment_id: null };
  await appendAudit(tx, {
    ...about,
    actor_kind: 'platform',
    actor_id: 'reconciler',
    acting_for: null,
    action: 'organization.purged',
    target_kind: 'organization',
    target_id: organizationId,
    outcome: 'allow',
    reason: null,
    request_id: operation.request_id,
    client_address: null,
    detail: { operationId: operation.id },
  });
  await enqueueEvent(tx, {
    ...about,
    type: 'organization.purged',
    actor: { kind: 'platform', id: 'reconciler' },
    payload: {},
  });
  return {
    organizationId,
    purgedAt: new Date(tx.nowMs).toISOString(),
    environments: tombstones.map(({ environment_id, slug, receipt }) => ({
      environmentId: environment_id,
      slug,
      receipt,
    })),
  };
}

async function removeServiceAccounts(tx: Transaction<ControlPlaneTables>, organizationId: string): Promise<void> {
  const accounts = tx.query
    .selectFrom('sys_service_account')
    .select('id')
    .where('organization_id', '=', organizationId);
  await tx.query.deleteFrom('sys_service_account_key').where('service_account_id', 'in', accounts).execute();
  await tx.query.deleteFrom('sys_service_account').where('organization_id', '=', organizationId).execute();
}
