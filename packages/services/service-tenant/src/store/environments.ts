import { ControlPlaneError } from '@envplane/spec';
import type {
  DatabaseCredentialRow,
  EnvironmentDatabaseRow,
  EnvironmentMemberRow,
  EnvironmentRow,
  OrganizationMemberRow,
  OrganizationRow,
  PlacementRow,
} from '../objects/index.ts';
import { type CredentialChange, superseded } from '../provisioning/rotation.ts';
import { projectStatus } from '../provisioning/status.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { findFirstUse, type IdempotentRequest, type Outcome, takeIdempotencyKey } from './idempotency.ts';
import {
  insertOperation,
  isFinished,
  type NewOperation,
  settleParent,
  skipPending,
  updateOperation,
} from './operations.ts';
import { enqueueEvent, type OutboxEntry } from './outbox.ts';
import { takePlace } from './placements.ts';
import { forgetQuarantined } from './sweeps.ts';
import type { ControlPlaneTables } from './tables.ts';
import { raiseEpoch } from './token-epochs.ts';
import { TRUE, type Transaction, transact } from './transaction.ts';
import { type Claim, claimLocked, credentialsOf, type Lease } from './work.ts';

type Engine = StoreEngine<ControlPlaneTables>;
type Tx = Transaction<ControlPlaneTables>;

/** An environment with its current database and the credential in use. */
export interface EnvironmentRecord {
  environment: EnvironmentRow;
  database: EnvironmentDatabaseRow;
  credentials: DatabaseCredentialRow[];
}

/** Everything a new environment consists of, committed before the first effect (I1, I2). */
export interface NewEnvironment {
  environment: Omit<EnvironmentRow, 'created_at' | 'updated_at'>;
  database: Omit<EnvironmentDatabaseRow, 'created_at' | 'updated_at' | 'wished_at' | 'due_at'>;
  credentials: Omit<DatabaseCredentialRow, 'created_at' | 'updated_at'>[];
  members: Omit<EnvironmentMemberRow, 'created_at' | 'updated_at'>[];
}

/** What is accepted in one transaction: a new environment, and with it perhaps the organization it is the first of. */
export interface Acceptance {
  organization?: Omit<OrganizationRow, 'created_at' | 'updated_at'>;
  organizationMembers?: Omit<OrganizationMemberRow, 'created_at' | 'updated_at'>[];
  environment: NewEnvironment;
  /** The one its database goes to, as it was when it was chosen. */
  placement: Pick<PlacementRow, 'id' | 'capacity'>;
  operation: NewOperation;
  audit: AuditEntry[];
  events: OutboxEntry[];
  request: IdempotentRequest | null;
  /** The database is there already and was in quarantine: these rows explain it. It takes no new place. */
  isAdoption?: true;
  /** Milliseconds the accepting process holds the lease it takes for its own worker; 0 leaves the row to anybody. */
  leaseMs: number;
}

export interface Accepted extends Outcome {
  /** True when an earlier request with the same key was answered again; nothing was written. */
  replayed: boolean;
  /** The rows, when this call wrote them. */
  record?: EnvironmentRecord;
  /** What is to be gone on with at once, when a lease was to be taken and the row was free. */
  claim?: Claim;
}

/**
 * P0: accepts an environment. Rows, operation, idempotency key, audit and events commit together or not at all.
 *
 * @throws ControlPlaneError `slug_taken`, `default_taken`, `hostname_taken`, `idempotency_key_reused`, `invalid_state` unless the
 *   organization is active; PlacementRefused
 */
export function acceptEnvironment(engine: Engine, acceptance: Acceptance): Promise<Accepted> {
  return transact(engine, async (tx) => {
    const { environment: created, operation } = acceptance;
    const outcome = { targetId: operation.target_id, operationId: operation.id };
    const first = acceptance.request && (await takeIdempotencyKey(tx, acceptance.request, outcome));
    if (first) return { ...first, replayed: true };

    const times = { created_at: tx.nowMs, updated_at: tx.nowMs };
    if (acceptance.organization) await tx.insert('sys_organization', { ...acceptance.organization, ...times });
    else await requireActive(tx, created.environment.organization_id);
    for (const member of acceptance.organizationMembers ?? []) {
      await tx.insert('sys_organization_member', { ...member, ...times });
    }
    if (acceptance.isAdoption) await explain(tx, acceptance.environment.database);
    else await takePlace(tx, acceptance.placement);
    const takesDefault = acceptance.organization === undefined && (await takeDefault(engine, tx, created.environment));
    const environment = {
      ...created.environment,
      is_default: takesDefault || created.environment.is_default,
      ...times,
    };
    await tx.insert('sys_environment', environment);
    const database = { ...created.database, ...times, wished_at: tx.nowMs, due_at: tx.nowMs + acceptance.leaseMs };
    await insertDatabase(tx, database);
    const credentials = created.credentials.map((credential) => ({ ...credential, ...times }));
    for (const credential of credentials) await tx.insert('sys_database_credential', credential);
    for (const member of created.members) await tx.insert('sys_environment_member', { ...member, ...times });
    await insertOperation(tx, operation);
    for (const entry of acceptance.audit) await appendAudit(tx, entry);
    for (const event of acceptance.events) await enqueueEvent(tx, event);
    return { ...outcome, replayed: false, record: { environment, database, credentials } };
  });
}

/** Under lock: an organization that is archived or purged now takes this environment with it or never sees it. */
async function requireActive(tx: Tx, organizationId: string): Promise<void> {
  const organization = await tx.find('sys_organization', { id: organizationId }, 'lock');
  if (organization?.status === 'active') return;
  if (!organization) throw new ControlPlaneError('not_found', 'There is no organization of this id.');
  const { status: state } = organization;
  throw new ControlPlaneError('invalid_state', `An organization that is ${state} takes no new environments.`, {
    state,
    allowed: ['active'],
  });
}

/**
 * An organization that has environments has a default one: the new one becomes it when no other is, or when the one that is will
 * be gone. Nobody else adds one or purges the default meanwhile: both wait for the lock on the organization.
 */
async function takeDefault(
  engine: Engine,
  tx: Tx,
  { organization_id: id }: { organization_id: string },
): Promise<boolean> {
  const current = await tx.query
    .selectFrom('sys_environment as e')
    .innerJoin('sys_environment_database as d', 'd.environment_id', 'e.id')
    .select(['e.id', 'e.version', 'd.desired_state'])
    .where('e.organization_id', '=', id)
    .where('e.is_default', '=', TRUE[engine.dialect])
    .executeTakeFirst();
  if (!current) return true;
  if (current.desired_state !== 'absent') return false;
  const patch = { is_default: false, version: current.version + 1, updated_at: tx.nowMs };
  await tx.update('sys_environment', patch, { id: current.id });
  return true;
}

/** @throws ControlPlaneError `invalid_state` for a database that rows or a tombstone know */
async function explain(tx: Tx, { id, placement_id, database_name }: NewEnvironment['database']): Promise<void> {
  const known =
    (await tx.find('sys_environment_database', { id })) ??
    (await tx.find('sys_environment_database', { database_name })) ??
    (await tx.find('sys_tombstone', { placement_id, database_name }));
  if (known) throw new ControlPlaneError('invalid_state', 'This database is known here; it cannot be adopted.');
  await forgetQuarantined(tx, placement_id, database_name);
}

/** The name is taken for good in the same transaction, so that it can never be issued again (I10). */
async function insertDatabase(tx: Tx, database: EnvironmentDatabaseRow): Promise<void> {
  await tx.insert('sys_external_name', {
    database_name: database.database_name,
    environment_database_id: database.id,
    created_at: tx.nowMs,
  });
  await tx.insert('sys_environment_database', database);
}

/** What a verb decides about an existing environment. Absent parts stay as they are. */
export interface EnvironmentChange {
  environment?: Partial<EnvironmentRow>;
  /** A new wish raises the generation and wakes the reconciler. */
  wish?: Partial<
    Pick<
      EnvironmentDatabaseRow,
      | 'desired_state'
      | 'deletion_policy'
      | 'purge_after'
      | 'phase'
      | 'storage_limit_mb'
      | 'attempts'
      | 'absent_count'
      | 'last_error_code'
    >
  >;
  /** A new database under the next name, when something foreign stands under the old one. The old row leaves with a tombstone. */
  replacement?: { database: NewEnvironment['database']; credentials: NewEnvironment['credentials'] };
  operation?: NewOperation;
  /** Id of a failed operation that continues. */
  resumeOperation?: string;
  /** What becomes of credentials. Absent: an operation that takes the place of a rotation ends it. */
  credentials?: readonly CredentialChange[];
  /** Id of an operation under way in which the change shows. */
  shownBy?: string | null;
  /** Comes before everything else that is due. */
  isUrgent?: boolean;
  audit?: AuditEntry[];
  events?: OutboxEntry[];
}

/**
 * Reads an environment under lock, lets `decide` say what changes, and commits it with its operation, audit and events.
 * A running operation that the decision supersedes ends `cancelled`.
 *
 * @param decide pure; null means that there is nothing to do, an exception that the verb is refused
 * @param lease taken in the same transaction by who goes on with what is due by then, unless somebody else has it
 * @returns null when the environment does not exist, and no request with the key was answered before
 */
export function changeEnvironment(
  engine: Engine,
  environmentId: string,
  request: IdempotentRequest | null,
  decide: (record: EnvironmentRecord, nowMs: number) => EnvironmentChange | null,
  lease: Lease | null = null,
): Promise<Accepted | null> {
  return transact(engine, (tx) => changeLocked(tx, environmentId, request, decide, lease));
}

/**
 * The same for a decision that depends on whether the organization has other environments: none is added before it is committed.
 *
 * @param decide pure; as for `changeEnvironment`
 */
export function changeAmongSiblings(
  engine: Engine,
  environmentId: string,
  request: IdempotentRequest | null,
  decide: (record: EnvironmentRecord, hasSiblings: boolean) => EnvironmentChange | null,
): Promise<Accepted | null> {
  return transact(engine, async (tx) => {
    const environment = await tx.find('sys_environment', { id: environmentId });
    const isAmongOthers = environment !== undefined && (await hasSiblings(tx, environment));
    return changeLocked(tx, environmentId, request, (record) => decide(record, isAmongOthers));
  });
}

/** Locks the organization first, as whoever locks both does. Whoever adds an environment locks it too. */
async function hasSiblings(tx: Tx, { id, organization_id: organizationId }: EnvironmentRow): Promise<boolean> {
  await tx.find('sys_organization', { id: organizationId }, 'lock');
  const sibling = await tx.query
    .selectFrom('sys_environment')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('id', '<>', id)
    .limit(1)
    .executeTakeFirst();
  return sibling !== undefined;
}

async function changeLocked(
  tx: Tx,
  environmentId: string,
  request: IdempotentRequest | null,
  decide: (record: EnvironmentRecord, nowMs: number) => EnvironmentChange | null,
  lease: Lease | null = null,
): Promise<Accepted | null> {
  const record = await lockEnvironment(tx, environmentId);
  // The lock held now makes a concurrent request with the same key wait until this one is committed. What the first one
  // was about may be gone by now; its answer is still the answer.
  const first = request && (await findFirstUse(tx, request));
  if (first) return { ...first, replayed: true };
  if (!record) return null;
  const change = decide(record, tx.nowMs);
  const operationId = change?.operation?.id ?? change?.resumeOperation ?? change?.shownBy ?? null;
  const outcome = { targetId: environmentId, operationId };
  if (request) await takeIdempotencyKey(tx, request, outcome);
  if (change) await applyEnvironmentChange(tx, record, change);
  const claim = change && lease ? await claimLocked(tx, record.database, lease) : null;
  return { ...outcome, replayed: false, ...(claim && { claim }) };
}

export async function applyEnvironmentChange(
  tx: Tx,
  record: EnvironmentRecord,
  change: EnvironmentChange,
): Promise<void> {
  const { environment } = record;
  const credentials = change.credentials ?? (change.operation ? superseded(record.credentials) : []);
  if (change.operation) {
    await cancelOperation(tx, record.database.operation_id);
    await insertOperation(tx, change.operation);
  }
  for (const { id, change: become } of credentials) {
    await tx.update('sys_database_credential', { ...become(tx.nowMs), updated_at: tx.nowMs }, { id });
  }
  if (change.resumeOperation) {
    const failed = await tx.find('sys_operation', { id: change.resumeOperation });
    if (failed) {
      const running = { status: 'running', error: null, finished_at: null, next_attempt_at: null } as const;
      await updateOperation(tx, failed, running);
      if (failed.parent_id) await settleParent(tx, failed.parent_id);
    }
  }
  const operationId = change.operation?.id ?? change.resumeOperation;
  if (change.replacement) await replaceDatabase(tx, record, change.replacement);
  const { database } = record;
  if (change.wish || operationId || credentials.length > 0) {
    const patch: Partial<EnvironmentDatabaseRow> = {
      ...change.wish,
      generation: database.generation + 1,
      wished_at: tx.nowMs,
      updated_at: tx.nowMs,
      ...(operationId && { operation_id: operationId }),
      // A leased row is woken by the worker that holds it: it sees the new generation when it commits.
      ...(database.lease_owner === null && { due_at: change.isUrgent ? 0 : tx.nowMs }),
    };
    await tx.update('sys_environment_database', patch, { id: database.id });
    Object.assign(database, patch);
  }
  // Whoever holds a token for it is to lose it with this commit.
  if (change.wish?.desired_state && change.wish.desired_state !== 'active') await raiseEpoch(tx, environment.id);
  const patch: Partial<EnvironmentRow> = {
    ...change.environment,
    status: projectStatus(database),
    version: environment.version + 1,
    updated_at: tx.nowMs,
  };
  await tx.update('sys_environment', patch, { id: environment.id });
  for (const entry of change.audit ?? []) await appendAudit(tx, entry);
  for (const event of change.events ?? []) await enqueueEvent(tx, event);
}

async function replaceDatabase(
  tx: Tx,
  record: EnvironmentRecord,
  next: NonNullable<EnvironmentChange['replacement']>,
): Promise<void> {
  const { database: old, environment } = record;
  await tx.insert('sys_tombstone', {
    placement_id: old.placement_id,
    database_name: old.database_name,
    kind: 'abandoned',
    organization_id: environment.organization_id,
    environment_id: environment.id,
    slug: environment.slug,
    drop_epoch: old.fence_epoch,
    key_erased_at: tx.nowMs,
    receipt: { reason: 'Something that is not ours stands under this name; it was not touched.' },
    created_at: tx.nowMs,
  });
  await tx.query.deleteFrom('sys_database_credential').where('environment_database_id', '=', old.id).execute();
  await tx.query.deleteFrom('sys_environment_database').where('id', '=', old.id).execute();
  record.database = {
    ...next.database,
    wished_at: tx.nowMs,
    due_at: tx.nowMs,
    created_at: tx.nowMs,
    updated_at: tx.nowMs,
  };
  await insertDatabase(tx, record.database);
  record.credentials = next.credentials.map((credential) => ({
    ...credential,
    created_at: tx.nowMs,
    updated_at: tx.nowMs,
  }));
  for (const credential of record.credentials) await tx.insert('sys_database_credential', credential);
}

async function cancelOperation(tx: Tx, operationId: string | null): Promise<void> {
  if (!operationId) return;
  const running = await tx.find('sys_operation', { id: operationId });
  if (running && !isFinished(running)) {
    const { parent_id: parentId } = await updateOperation(tx, running, {
      status: 'cancelled',
      steps: skipPending(running),
    });
    if (parentId) await settleParent(tx, parentId);
  }
}

/** Reads an environment with its database and credentials; other writers wait until the transaction ends. */
export async function lockEnvironment(tx: Tx, environmentId: string): Promise<EnvironmentRecord | null> {
  // The database row first: the reconciler locks it first too.
  const database = await tx.find('sys_environment_database', { environment_id: environmentId }, 'lock');
  const environment = database && (await tx.find('sys_environment', { id: environmentId }, 'lock'));
  if (!environment) return null;
  return { environment, database, credentials: await credentialsOf(tx, database.id) };
}
