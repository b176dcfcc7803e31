import { EVERY_ENVIRONMENT, invalidRequest } from '@envplane/spec';
import type { EnvironmentGrantRow, PlatformGrantRow } from '../objects/index.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { storeError } from './errors.ts';
import { findFirstUse, type IdempotentRequest, type Outcome, takeIdempotencyKey } from './idempotency.ts';
import type { ControlPlaneTables } from './tables.ts';
import { raiseEpoch } from './token-epochs.ts';
import { type Transaction, transact } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;
type Tx = Transaction<ControlPlaneTables>;

export interface GrantChanged extends Outcome {
  replayed: boolean;
}

/** Most grants of one place that are shown: they are as many as there are machines. */
const SHOWN = 1_000;

/**
 * Gives a service account a role in an environment.
 * @returns null when there is no such environment
 * @throws ControlPlaneError `validation_failed` unless the account is one of the same organization, `already_member`
 */
export function addEnvironmentGrant(
  engine: Engine,
  grant: Omit<EnvironmentGrantRow, 'created_at'>,
  audit: (organizationId: string) => AuditEntry,
  request: IdempotentRequest | null,
): Promise<GrantChanged | null> {
  return transact(engine, async (tx) => {
    const environment = await tx.find('sys_environment', { id: grant.environment_id }, 'lock');
    if (!environment) return null;
    const outcome = { targetId: grant.id, operationId: null };
    const first = request && (await takeIdempotencyKey(tx, request, outcome));
    if (first) return { ...first, replayed: true };
    const { organization_id: organizationId } = environment;
    await requireAccount(tx, grant.grantee_id, organizationId, '/serviceAccountId');
    await tx.insert('sys_environment_grant', { ...grant, created_at: tx.nowMs });
    await appendAudit(tx, audit(organizationId));
    return { ...outcome, replayed: false };
  });
}

/** Takes the role away again, and withdraws the tokens that were issued by it. @returns null when there is no such environment */
export function removeEnvironmentGrant(
  engine: Engine,
  where: { environmentId: string; grantId: string },
  request: IdempotentRequest | null,
  decide: (
    grant: EnvironmentGrantRow | undefined,
    organizationId: string,
  ) => { grant: EnvironmentGrantRow; audit: AuditEntry },
): Promise<GrantChanged | null> {
  return transact(engine, async (tx) => {
    const environment = await tx.find('sys_environment', { id: where.environmentId }, 'lock');
    if (!environment) return null;
    const first = request && (await findFirstUse(tx, request));
    if (first) return { ...first, replayed: true };
    const found = await tx.find('sys_environment_grant', { id: where.grantId, environment_id: where.environmentId });
    const { grant, audit } = decide(found, environment.organization_id);
    const outcome = { targetId: grant.id, operationId: null };
    if (request) await takeIdempotencyKey(tx, request, outcome);
    await tx.query.deleteFrom('sys_environment_grant').where('id', '=', grant.id).execute();
    await raiseEpoch(tx, grant.environment_id, grant.grantee_id);
    await appendAudit(tx, audit);
    return { ...outcome, replayed: false };
  });
}

/** Gives a role on the platform. @throws ControlPlaneError `validation_failed` for an account of an organization, `already_member` */
export function addPlatformGrant(
  engine: Engine,
  grant: Omit<PlatformGrantRow, 'created_at'>,
  audit: AuditEntry,
  request: IdempotentRequest | null,
): Promise<GrantChanged> {
  return transact(engine, async (tx) => {
    const outcome = { targetId: grant.id, operationId: null };
    const first = request && (await takeIdempotencyKey(tx, request, outcome));
    if (first) return { ...first, replayed: true };
    if (grant.grantee_type === 'service') await requireAccount(tx, grant.grantee_id, null, '/granteeId');
    await tx.insert('sys_platform_grant', { ...grant, created_at: tx.nowMs });
    await appendAudit(tx, audit);
    return { ...outcome, replayed: false };
  });
}

/** Takes a role on the platform away, and withdraws the tokens of its holder: the role counted in every environment. */
export function removePlatformGrant(
  engine: Engine,
  grantId: string,
  request: IdempotentRequest | null,
  decide: (grant: PlatformGrantRow) => AuditEntry,
): Promise<GrantChanged | null> {
  return transact(engine, async (tx) => {
    const first = request && (await findFirstUse(tx, request));
    if (first) return { ...first, replayed: true };
    const grant = await tx.find('sys_platform_grant', { id: grantId }, 'lock');
    if (!grant) return null;
    const audit = decide(grant);
    const outcome = { targetId: grant.id, operationId: null };
    if (request) await takeIdempotencyKey(tx, request, outcome);
    await tx.query.deleteFrom('sys_platform_grant').where('id', '=', grant.id).execute();
    await raiseEpoch(tx, EVERY_ENVIRONMENT, grant.grantee_id);
    await appendAudit(tx, audit);
    return { ...outcome, replayed: false };
  });
}

/** One of another organization is not told from one that does not exist. */
async function requireAccount(tx: Tx, id: string, organizationId: string | null, pointer: string): Promise<void> {
  const account = await tx.find('sys_service_account', { id }, 'share');
  if (account?.organization_id === organizationId) return;
  const owner = organizationId === null ? 'the platform' : 'this organization';
  throw invalidRequest([{ in: 'body', pointer, detail: `must name a service account of ${owner}` }]);
}

export const environmentGrants = (engine: Engine, environmentId: string): Promise<EnvironmentGrantRow[]> =>
  mapped(() =>
    engine.read
      .selectFrom('sys_environment_grant')
      .selectAll()
      .where('environment_id', '=', environmentId)
      .orderBy('created_at')
      .orderBy('id')
      .limit(SHOWN)
      .execute(),
  );

export const platformGrants = (engine: Engine): Promise<PlatformGrantRow[]> =>
  mapped(() =>
    engine.read.selectFrom('sys_platform_grant').selectAll().orderBy('created_at').orderBy('id').limit(SHOWN).execute(),
  );

async function mapped<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw storeError(error);
  }
}
