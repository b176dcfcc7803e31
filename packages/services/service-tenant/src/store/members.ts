import { ControlPlaneError } from '@envplane/spec';
import { sql } from 'kysely';
import type { EnvironmentMemberRow, OrganizationMemberRow } from '../objects/index.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { storeError } from './errors.ts';
import { findFirstUse, type IdempotentRequest, type Outcome, takeIdempotencyKey } from './idempotency.ts';
import { enqueueEvent, type OutboxEntry } from './outbox.ts';
import type { Page, Position } from './reads.ts';
import type { ControlPlaneTables } from './tables.ts';
import { raiseEpoch } from './token-epochs.ts';
import { encodeValue, type Transaction, transact } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;
type Tx = Transaction<ControlPlaneTables>;

/** What members belong to. */
export type Place = { organizationId: string } | { environmentId: string };

/** A membership of either kind. */
export type MemberRow =
  | (OrganizationMemberRow & { environment_id?: never })
  | (EnvironmentMemberRow & { organization_id?: never });

/** What is there when a verb decides, all of it under lock. */
export interface Membership {
  organizationId: string;
  environmentId: string | null;
  /** The one that was asked for, and every owner, by user id. */
  members: ReadonlyMap<string, MemberRow>;
}

/** What a verb decides. */
export interface MemberChange {
  /** Users and the roles they get; who is no member becomes one. */
  set?: { userId: string; role: string; id: string; invitedBy: string }[];
  remove?: string;
  audit: AuditEntry[];
  events: OutboxEntry[];
  /** Of an organization's member who is removed: what is recorded of each membership that goes with it. */
  cascade?: (environmentId: string, role: string, isOwned: boolean) => { audit: AuditEntry; event: OutboxEntry };
}

export interface MembersChanged extends Outcome {
  replayed: boolean;
  organizationId: string;
  /** Environments in which somebody's rights changed. */
  environments: string[];
}

/**
 * Reads members under the lock of their organization or environment, lets `decide` say what changes, and commits it with its
 * audit entries and events. Tokens of those whose role changes or ends are withdrawn with it.
 *
 * @param targetId the user whose membership `decide` looks at, beside the owners'
 * @param decide pure; null means that there is nothing to do
 * @returns null when there is no such organization or environment
 * @throws ControlPlaneError `last_owner` when nobody would be left who owns it, `already_member`
 */
export function changeMembers(
  engine: Engine,
  place: Place,
  request: IdempotentRequest | null,
  targetId: string,
  decide: (membership: Membership) => MemberChange | null,
): Promise<MembersChanged | null> {
  return transact(engine, async (tx) => {
    const where = await lockPlace(tx, place);
    if (!where) return null;
    const outcome = { targetId, operationId: null };
    const nothing = { ...outcome, organizationId: where.organizationId, environments: [] };
    const first = request && (await findFirstUse(tx, request));
    if (first) return { ...nothing, ...first, replayed: true };
    const members = await membersOf(tx, place, targetId);
    const change = decide({ ...where, members });
    if (request) await takeIdempotencyKey(tx, request, outcome);
    if (!change) return { ...nothing, replayed: false };

    const withdrawn: string[] = [];
    for (const { userId, ...member } of change.set ?? []) {
      const known = members.get(userId);
      if (known) withdrawn.push(userId);
      await setMember(tx, place, known, { userId, ...member });
    }
    const cascaded = change.remove === undefined ? [] : await removeMember(tx, place, where, change);
    if (change.remove !== undefined) withdrawn.push(change.remove);
    await requireOwner(tx, place, members, withdrawn);
    const environments = new Set(cascaded);
    for (const userId of withdrawn) {
      for (const environmentId of await reachOf(tx, where)) {
        await raiseEpoch(tx, environmentId, userId);
        environments.add(environmentId);
      }
    }
    for (const entry of change.audit) await appendAudit(tx, entry);
    for (const event of change.events) await enqueueEvent(tx, event);
    return { ...nothing, replayed: false, environments: [...environments] };
  });
}

async function lockPlace(tx: Tx, place: Place): Promise<Pick<Membership, 'organizationId' | 'environmentId'> | null> {
  if ('organizationId' in place) {
    const organization = await tx.find('sys_organization', { id: place.organizationId }, 'lock');
    return organization ? { organizationId: organization.id, environmentId: null } : null;
  }
  const environment = await tx.find('sys_environment', { id: place.environmentId }, 'lock');
  return environment ? { organizationId: environment.organization_id, environmentId: environment.id } : null;
}

const tableOf = (place: Place) =>
  'organizationId' in place
    ? ({ name: 'sys_organization_member', column: 'organization_id', id: place.organizationId } as const)
    : ({ name: 'sys_environment_member', column: 'environment_id', id: place.environmentId } as const);

async function membersOf(tx: Tx, place: Place, userId: string): Promise<Map<string, MemberRow>> {
  const { name, column, id } = tableOf(place);
  const { rows } = await sql<MemberRow>`select * from ${sql.table(name)}
    where ${sql.ref(column)} = ${id} and (role = 'owner' or user_id = ${userId})`.execute(tx.query);
  return new Map(rows.map((row) => [row.user_id, row]));
}

async function setMember(
  tx: Tx,
  place: Place,
  known: MemberRow | undefined,
  { userId, role, id, invitedBy }: NonNullable<MemberChange['set']>[number],
): Promise<void> {
  if (known) {
    const patch = { role: role as never, version: known.version + 1, updated_at: tx.nowMs };
    await tx.update(tableOf(place).name, patch, { id: known.id });
    return;
  }
  const row = {
    id,
    user_id: userId,
    role: role as never,
    invited_by: invitedBy,
    created_at: tx.nowMs,
    updated_at: tx.nowMs,
    version: 1,
  };
  if ('organizationId' in place)
    await tx.insert('sys_organization_member', { ...row, organization_id: place.organizationId });
  else await tx.insert('sys_environment_member', { ...row, environment_id: place.environmentId });
}

/** Whoever leaves an organization leaves every environment of it, in the same transaction. */
async function removeMember(
  tx: Tx,
  place: Place,
  { organizationId }: Pick<Membership, 'organizationId'>,
  { remove: userId = '', cascade, audit, events }: MemberChange,
): Promise<string[]> {
  const { name, column, id } = tableOf(place);
  await sql`delete from ${sql.table(name)} where ${sql.ref(column)} = ${id} and user_id = ${userId}`.execute(tx.query);
  if (!cascade) return [];
  const held = await tx.query
    .selectFrom('sys_environment_member as m')
    .innerJoin('sys_environment as e', 'e.id', 'm.environment_id')
    .select(['m.id', 'm.environment_id', 'm.role'])
    .where('e.organization_id', '=', organizationId)
    .where('m.user_id', '=', userId)
    .orderBy('e.id')
    .execute();
  for (const member of held) {
    await tx.find('sys_environment', { id: member.environment_id }, 'lock');
    await tx.query.deleteFrom('sys_environment_member').where('id', '=', member.id).execute();
    const isOwned = (await countOwners(tx, { environmentId: member.environment_id })) > 0;
    const recorded = cascade(member.environment_id, member.role, isOwned);
    audit.push(recorded.audit);
    events.push(recorded.event);
  }
  return held.map(({ environment_id: environmentId }) => environmentId);
}

/** Under the lock: of two who leave at once the second sees that the first is gone. */
async function requireOwner(
  tx: Tx,
  place: Place,
  before: ReadonlyMap<string, MemberRow>,
  changed: readonly string[],
): Promise<void> {
  if (!changed.some((userId) => before.get(userId)?.role === 'owner')) return;
  if ((await countOwners(tx, place)) > 0) return;
  throw new ControlPlaneError('last_owner', 'Nobody would be left who owns this; make another member an owner first.');
}

async function countOwners(tx: Tx, place: Place): Promise<number> {
  const { name, column, id } = tableOf(place);
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(name)}
    where ${sql.ref(column)} = ${id} and role = 'owner'`.execute(tx.query);
  return rows[0]?.count ?? 0;
}

/** The environments in which a role counts: a role in an organization does in each of it. */
async function reachOf(
  tx: Tx,
  { organizationId, environmentId }: Pick<Membership, 'organizationId' | 'environmentId'>,
) {
  if (environmentId !== null) return [environmentId];
  const rows = await tx.query
    .selectFrom('sys_environment')
    .select('id')
    .where('organization_id', '=', organizationId)
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Members in order of joining. */
export async function listMembers(
  engine: Engine,
  place: Place,
  role: string | undefined,
  limit: number,
  position: Position | null,
): Promise<Page<MemberRow>> {
  const { name, column, id } = tableOf(place);
  const after = position
    ? sql`and (created_at, id) > (${encodeValue(engine.dialect, 'created_at', position.createdAtMs)}, ${position.id})`
    : sql``;
  const withRole = role === undefined ? sql`` : sql`and role = ${role}`;
  const query = sql<MemberRow>`select * from ${sql.table(name)} where ${sql.ref(column)} = ${id} ${withRole} ${after}
    order by created_at, id limit ${limit + 1}`;
  try {
    const { rows } = await query.execute(engine.read);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return { rows: rows.slice(0, limit), next: last ? { createdAtMs: last.created_at, id: last.id } : null };
  } catch (error) {
    throw storeError(error);
  }
}

export async function findMember(engine: Engine, place: Place, userId: string): Promise<MemberRow | undefined> {
  const { name, column, id } = tableOf(place);
  const query = sql<MemberRow>`select * from ${sql.table(name)} where ${sql.ref(column)} = ${id} and user_id = ${userId}`;
  try {
    return (await query.execute(engine.read)).rows[0];
  } catch (error) {
    throw storeError(error);
  }
}
