import type { OrganizationMemberRow, OrganizationRow } from '../objects/index.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import {
  type Accepted,
  applyEnvironmentChange,
  type EnvironmentChange,
  type EnvironmentRecord,
  lockEnvironment,
} from './environments.ts';
import { findFirstUse, type IdempotentRequest, takeIdempotencyKey } from './idempotency.ts';
import { insertOperation, type NewOperation, settleParent } from './operations.ts';
import { enqueueEvent, type OutboxEntry } from './outbox.ts';
import type { ControlPlaneTables } from './tables.ts';
import { type Transaction, transact } from './transaction.ts';

type Tx = Transaction<ControlPlaneTables>;

/** What a verb decides about an organization and, with it, about its environments. */
export interface OrganizationChange {
  organization?: Partial<OrganizationRow>;
  operation?: NewOperation;
  environments?: { record: EnvironmentRecord; change: EnvironmentChange }[];
  audit: AuditEntry[];
  events?: OutboxEntry[];
}

/**
 * Reads an organization and its environments under lock, lets `decide` say what changes, and commits all of it together.
 *
 * @param decide pure; null means that there is nothing to do
 * @returns null when the organization does not exist, and no request with the key was answered before
 */
export function changeOrganization(
  engine: StoreEngine<ControlPlaneTables>,
  organizationId: string,
  request: IdempotentRequest | null,
  decide: (
    organization: OrganizationRow,
    environments: EnvironmentRecord[],
    nowMs: number,
  ) => OrganizationChange | null,
): Promise<Accepted | null> {
  return transact(engine, async (tx) => {
    const organization = await tx.find('sys_organization', { id: organizationId }, 'lock');
    const first = request && (await findFirstUse(tx, request));
    if (first) return { ...first, replayed: true };
    if (!organization) return null;
    const change = decide(organization, await lockEnvironmentsOf(tx, organizationId), tx.nowMs);
    const outcome = { targetId: organizationId, operationId: change?.operation?.id ?? null };
    if (request) await takeIdempotencyKey(tx, request, outcome);
    if (!change) return { ...outcome, replayed: false };

    const patch = { ...change.organization, version: organization.version + 1, updated_at: tx.nowMs };
    await tx.update('sys_organization', patch, { id: organizationId });
    if (change.operation) await insertOperation(tx, change.operation);
    for (const { record, change: environmentChange } of change.environments ?? []) {
      await applyEnvironmentChange(tx, record, environmentChange);
    }
    for (const entry of change.audit) await appendAudit(tx, entry);
    for (const event of change.events ?? []) await enqueueEvent(tx, event);
    if (change.operation) await settleParent(tx, change.operation.id);
    return { ...outcome, replayed: false };
  });
}

async function lockEnvironmentsOf(tx: Tx, organizationId: string): Promise<EnvironmentRecord[]> {
  const ids = await tx.query
    .selectFrom('sys_environment')
    .select('id')
    .where('organization_id', '=', organizationId)
    .orderBy('id')
    .execute();
  const records: EnvironmentRecord[] = [];
  for (const { id } of ids) {
    const record = await lockEnvironment(tx, id);
    if (record) records.push(record);
  }
  return records;
}

/** An organization that somebody else keeps, with its first owner. */
export interface AddedOrganization {
  organization: Omit<OrganizationRow, 'created_at' | 'updated_at'>;
  owner: Omit<OrganizationMemberRow, 'created_at' | 'updated_at'>;
  audit: AuditEntry;
}

/** Adds it, unless it is there. @throws ControlPlaneError `slug_taken` */
export function addOrganization(
  engine: StoreEngine<ControlPlaneTables>,
  { organization, owner, audit }: AddedOrganization,
): Promise<void> {
  return transact(engine, async (tx) => {
    const times = { created_at: tx.nowMs, updated_at: tx.nowMs };
    const { numInsertedOrUpdatedRows } = await tx.query
      .insertInto('sys_organization')
      .values(tx.encode({ ...organization, ...times }))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows !== 1n) return;
    await tx.insert('sys_organization_member', { ...owner, ...times });
    await appendAudit(tx, audit);
  });
}
