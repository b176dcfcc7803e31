import { EVERY_ENVIRONMENT } from '@envplane/spec';
import { sql } from 'kysely';
import { organizationNotFound } from '../access/not-found.ts';
import type { ServiceAccountKeyRow, ServiceAccountRow } from '../objects/index.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { storeError } from './errors.ts';
import { findFirstUse, type IdempotentRequest, type Outcome, takeIdempotencyKey } from './idempotency.ts';
import type { Page, Position } from './reads.ts';
import type { ControlPlaneTables } from './tables.ts';
import { raiseEpoch } from './token-epochs.ts';
import { encodeValue, findRow, type Transaction, transact } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;
type Tx = Transaction<ControlPlaneTables>;

/** What a service account may do, by where. */
export interface AccountRights {
  account: ServiceAccountRow;
  platformRole: string | null;
  /** Its roles in environments, each with the role that whoever asks has there. */
  environments: { environmentId: string; role: string; askingRole: string | null }[];
  liveKeys: number;
}

/** Adds a service account. @throws ControlPlaneError `not_found` (organization), `name_taken`, `idempotency_key_reused` */
export function addServiceAccount(
  engine: Engine,
  account: Omit<ServiceAccountRow, 'created_at' | 'updated_at' | 'version'>,
  audit: AuditEntry,
  request: IdempotentRequest | null,
): Promise<Outcome & { replayed: boolean }> {
  return transact(engine, async (tx) => {
    const outcome = { targetId: account.id, operationId: null };
    const first = request && (await takeIdempotencyKey(tx, request, outcome));
    if (first) return { ...first, replayed: true };
    await requireOrganization(tx, account.organization_id);
    await tx.insert('sys_service_account', { ...account, version: 1, created_at: tx.nowMs, updated_at: tx.nowMs });
    await appendAudit(tx, audit);
    return { ...outcome, replayed: false };
  });
}

/** One that is purged meanwhile takes its accounts with it, or is seen to be gone here. */
async function requireOrganization(tx: Tx, id: string | null): Promise<void> {
  if (id === null || (await tx.find('sys_organization', { id }, 'share'))) return;
  throw organizationNotFound();
}

/** What a verb decides about a service account. */
export interface AccountChange {
  account?: Partial<ServiceAccountRow>;
  newKey?: Omit<ServiceAccountKeyRow, 'created_at' | 'expires_at'> & { livesMs: number };
  /** Public part of the key that is revoked. */
  revokeKey?: string;
  /** Whether tokens that were issued to it are withdrawn. */
  narrows: boolean;
  audit: AuditEntry;
}

export interface AccountChanged extends Outcome {
  replayed: boolean;
  organizationId: string | null;
}

/**
 * Reads a service account with its rights under lock, lets `decide` say what changes, and commits it with its audit entry.
 *
 * @param asking whose own roles are compared with those of the account
 * @param decide pure; null means that there is nothing to do
 * @returns null when there is no such account
 */
export function changeServiceAccount(
  engine: Engine,
  accountId: string,
  asking: { user: string; service: string },
  request: IdempotentRequest | null,
  decide: (rights: AccountRights, keys: readonly ServiceAccountKeyRow[], nowMs: number) => AccountChange | null,
): Promise<AccountChanged | null> {
  return transact(engine, async (tx) => {
    const account = await tx.find('sys_service_account', { id: accountId }, 'lock');
    if (!account) return null;
    const first = request && (await findFirstUse(tx, request));
    const { organization_id: organizationId } = account;
    if (first) return { ...first, organizationId, replayed: true };
    const keys = await tx.query
      .selectFrom('sys_service_account_key')
      .selectAll()
      .where('service_account_id', '=', accountId)
      .execute();
    const rights = await rightsOf(tx, account, asking, keys);
    const change = decide(rights, keys, tx.nowMs);
    const outcome = { targetId: change?.newKey?.id ?? accountId, operationId: null };
    if (request) await takeIdempotencyKey(tx, request, outcome);
    if (!change) return { ...outcome, organizationId, replayed: false };

    const patch = { ...change.account, version: account.version + 1, updated_at: tx.nowMs };
    await tx.update('sys_service_account', patch, { id: accountId });
    if (change.newKey) {
      const { livesMs, ...key } = change.newKey;
      await tx.insert('sys_service_account_key', { ...key, created_at: tx.nowMs, expires_at: tx.nowMs + livesMs });
    }
    if (change.revokeKey !== undefined) {
      await tx.update('sys_service_account_key', { revoked_at: tx.nowMs }, { key_id: change.revokeKey });
    }
    if (change.narrows) await withdrawTokens(tx, rights);
    await appendAudit(tx, change.audit);
    return { ...outcome, organizationId, replayed: false };
  });
}

async function rightsOf(
  tx: Tx,
  account: ServiceAccountRow,
  asking: { user: string; service: string },
  keys: readonly ServiceAccountKeyRow[],
): Promise<AccountRights> {
  const platform = await tx.find('sys_platform_grant', { grantee_type: 'service', grantee_id: account.id });
  const { rows } = await sql<{ environment_id: string; role: string; asking_role: string | null }>`
    select g.environment_id, g.role, coalesce(m.role, own.role) as asking_role from sys_environment_grant g
    left join sys_environment_member m on m.environment_id = g.environment_id and m.user_id = ${asking.user}
    left join sys_environment_grant own
      on own.environment_id = g.environment_id and own.grantee_type = 'service' and own.grantee_id = ${asking.service}
    where g.grantee_type = 'service' and g.grantee_id = ${account.id}`.execute(tx.query);
  return {
    account,
    platformRole: platform?.role ?? null,
    environments: rows.map((row) => ({
      environmentId: row.environment_id,
      role: row.role,
      askingRole: row.asking_role,
    })),
    liveKeys: keys.filter((key) => isLive(key, tx.nowMs)).length,
  };
}

const isLive = (key: ServiceAccountKeyRow, nowMs: number): boolean => key.revoked_at === null && key.expires_at > nowMs;

/** Wherever a role of the account counts: one in its organization does in each environment of it, one on the platform in all. */
async function withdrawTokens(tx: Tx, { account, platformRole }: AccountRights): Promise<void> {
  const granted = tx.query
    .selectFrom('sys_environment_grant')
    .select('environment_id as id')
    .where('grantee_type', '=', 'service')
    .where('grantee_id', '=', account.id);
  const all = tx.query
    .selectFrom('sys_environment')
    .select('id')
    .where('organization_id', '=', account.organization_id ?? '');
  const environments = account.organization_role === null ? await granted.execute() : await all.execute();
  for (const { id } of environments) await raiseEpoch(tx, id, account.id);
  if (platformRole !== null) await raiseEpoch(tx, EVERY_ENVIRONMENT, account.id);
}

export interface AccountWithKeys {
  account: ServiceAccountRow;
  keys: ServiceAccountKeyRow[];
}

/** Service accounts of an organization, or of the platform, in order of creation, each with its live keys. */
export async function listServiceAccounts(
  engine: Engine,
  organizationId: string | null,
  limit: number,
  position: Position | null,
): Promise<Page<AccountWithKeys>> {
  return mapped(async () => {
    let query = engine.read.selectFrom('sys_service_account').selectAll();
    query =
      organizationId === null
        ? query.where('organization_id', 'is', null)
        : query.where('organization_id', '=', organizationId);
    if (position) {
      const createdAt = encodeValue(engine.dialect, 'created_at', position.createdAtMs);
      query = query.where(sql<boolean>`(created_at, id) > (${createdAt}, ${position.id})`);
    }
    const rows = await query
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit + 1)
      .execute();
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    const accounts = rows.slice(0, limit);
    const keys = await liveKeys(
      engine,
      accounts.map(({ id }) => id),
    );
    return {
      rows: accounts.map((account) => ({ account, keys: keys.filter((key) => key.service_account_id === account.id) })),
      next: last ? { createdAtMs: last.created_at, id: last.id } : null,
    };
  });
}

export async function findServiceAccount(engine: Engine, id: string): Promise<AccountWithKeys | undefined> {
  return mapped(async () => {
    const account = await findRow(engine, 'sys_service_account', { id });
    return account && { account, keys: await liveKeys(engine, [id]) };
  });
}

export const findServiceAccountKey = (engine: Engine, id: string): Promise<ServiceAccountKeyRow | undefined> =>
  mapped(() => findRow(engine, 'sys_service_account_key', { id }));

async function liveKeys(engine: Engine, accountIds: readonly string[]): Promise<ServiceAccountKeyRow[]> {
  if (accountIds.length === 0) return [];
  const nowMs = await engine.now();
  const keys = await engine.read
    .selectFrom('sys_service_account_key')
    .selectAll()
    .where('service_account_id', 'in', accountIds)
    .where('revoked_at', 'is', null)
    .orderBy('created_at')
    .execute();
  return keys.filter((key) => isLive(key, nowMs));
}

/** A key with the account it is of, whatever their state. */
export interface PresentedKey extends ServiceAccountKeyRow {
  organization_id: string | null;
  account_status: string;
}

export function findPresentedKey(engine: Engine, keyId: string): Promise<PresentedKey | undefined> {
  return mapped(
    async () =>
      (await engine.read
        .selectFrom('sys_service_account_key as k')
        .innerJoin('sys_service_account as a', 'a.id', 'k.service_account_id')
        .selectAll('k')
        .select(['a.organization_id', 'a.status as account_status'])
        .where('k.key_id', '=', keyId)
        .executeTakeFirst()) as PresentedKey | undefined,
  );
}

export function recordKeyUse(engine: Engine, keyId: string): Promise<void> {
  return transact(engine, async (tx) => {
    await tx.update('sys_service_account_key', { last_used_at: tx.nowMs }, { key_id: keyId });
  });
}

async function mapped<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw storeError(error);
  }
}
