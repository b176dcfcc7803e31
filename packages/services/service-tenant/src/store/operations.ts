import { METRICS } from '../metrics.ts';
import type { OperationRow } from '../objects/index.ts';
import { appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
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
> & { stepNames: readonly string[]; warnings: string[]; blast_radius?: OperationRow['blast_radius'] };

export async function insertOperation(
  tx: Transaction<ControlPlaneTables>,
  operation: NewOperation,
): Promise<OperationRow> {
  const { stepNames, ...fields } = operation;
  const row: OperationRow = {
    blast_radius: null,
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

/**
 * How many operations are under way, by kind: those of databases, and those of organizations that they are parts of. There is no
 * index on the status; a database names its operation.
 */
export async function activeOperations(engine: StoreEngine<ControlPlaneTables>): Promise<Map<string, number>> {
  const rows = await engine.read
    .selectFrom('sys_environment_database as d')
    .innerJoin('sys_operation as o', 'o.id', 'd.operation_id')
    .leftJoin('sys_operation as p', 'p.id', 'o.parent_id')
    .where('d.operation_id', 'is not', null)
    .where('o.status', 'in', ['queued', 'running'])
    .select(['o.kind', 'p.kind as parent_kind'])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .groupBy(['o.kind', 'p.id', 'p.kind'])
    .execute();
  const active = new Map<string, number>();
  const add = (kind: string, count: number) => active.set(kind, (active.get(kind) ?? 0) + count);
  for (const { kind, parent_kind: parentKind, count } of rows) {
    add(kind, count);
    if (parentKind) add(parentKind, 1);
  }
  return active;
}

/** The steps of an operation that ends without those that are left. */
export const skipPending = (operation: OperationRow): OperationRow['steps'] =>
  operation.steps.map((step) => (step.status === 'pending' ? { ...step, status: 'skipped' as const } : step));

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
  const { status } = change;
  if (finishes && status) {
    const ended = { 'envplane.operation.kind': current.kind, 'envplane.outcome': status };
    tx.afterCommit((meter) => meter.durations(METRICS.operations, ended).record(tx.nowMs - current.created_at));
  }
  return { ...current, ...patch };
}

/**
 * Brings an organization's operation up to its parts: it runs while one of them does and succeeds when all did. Where one was
 * superseded it ends cancelled, and where one failed, failed: not everything it stands for was done. A part that is retried
 * takes it along. The parent is locked before its parts are read, so that the last two of them cannot each see the other
 * unfinished.
 */
export async function settleParent(tx: Transaction<ControlPlaneTables>, parentId: string): Promise<void> {
  const parent = await tx.find('sys_operation', { id: parentId }, 'lock');
  if (!parent || parent.status === 'succeeded' || parent.status === 'cancelled') return;
  const parts = await tx.query.selectFrom('sys_operation').selectAll().where('parent_id', '=', parentId).execute();
  const steps = parent.steps.map((step) => {
    const part = parts.find((candidate) => candidate.environment_id === step.name);
    return part ? stepOf(step, part) : step;
  });
  const status = statusOf(parts);
  const error = status === 'failed' ? (parts.find((part) => part.status === 'failed')?.error ?? null) : null;
  const result = status === 'succeeded' ? await resultOf(tx, parent) : null;
  await updateOperation(tx, parent, {
    steps,
    status,
    result,
    error,
    ...(status === 'running' && { finished_at: null }),
  });
}

function statusOf(parts: readonly OperationRow[]): OperationRow['status'] {
  if (!parts.every(isFinished)) return 'running';
  if (parts.some(({ status }) => status === 'failed')) return 'failed';
  return parts.some(({ status }) => status === 'cancelled') ? 'cancelled' : 'succeeded';
}

const resultOf = (tx: Transaction<ControlPlaneTables>, parent: OperationRow) =>
  parent.kind === 'organization.purge' ? removeOrganization(tx, parent) : {};

function stepOf(step: OperationRow['steps'][number], part: OperationRow): OperationRow['steps'][number] {
  if (!isFinished(part)) return { ...step, status: 'pending', error: null };
  return {
    ...step,
    status: part.status === 'cancelled' ? 'skipped' : part.status === 'failed' ? 'failed' : 'succeeded',
    error: part.error,
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
