import type { DatabaseCredentialRow, EnvironmentDatabaseRow, OperationRow } from '../objects/index.ts';
import type { NewOperation } from '../store/operations.ts';
import type { Claim, Commit } from '../store/work.ts';
import { lifecycleAudit, lifecycleEvent, operationError } from './lifecycle.ts';
import { OPERATION_STEPS, type StepLog } from './operation-steps.ts';
import { abandoned, isRotating, nextTurn, type Turn } from './rotation.ts';
import type { Turned } from './turns.ts';

/** What a turn is called in events and audit, where somebody waits for it. */
const ACTIONS: Partial<Record<Turn['step'], 'credential.rotated' | 'credential.revoked'>> = {
  withdraw: 'credential.revoked',
  replace: 'credential.rotated',
  revoke: 'credential.revoked',
};

/** The credentials of a claim as a turn leaves them. */
export const credentialsAfter = (
  { credentials }: Pick<Claim, 'credentials'>,
  { changes, added }: Turned,
): DatabaseCredentialRow[] => [
  ...credentials.map((row) => ({ ...row, ...changes.get(row.id) })),
  ...added.map((row) => ({ ...row, created_at: 0, updated_at: 0 })),
];

/** What a turn writes: the credentials, and of each operation how far it is. */
export function turnCommit(
  claim: Claim,
  turn: Turn,
  turned: Turned,
  { log, nowMs, restingMs }: { log: StepLog; nowMs: number; restingMs: number | null },
): Commit {
  const { database } = claim;
  const after = credentialsAfter(claim, turned);
  const next = nextTurn(database.phase, after, nowMs);
  const ends = !isRotating(after) && next?.step !== 'drain';
  const action = ACTIONS[turn.step];
  const followUp = followUpOf(database, turned);
  return {
    database: () => ({
      last_error_code: null,
      ...(next === null && { attempts: 0 }),
      ...(ends && { observed_generation: database.generation, operation_id: null }),
    }),
    credentials: [...turned.changes].map(([id, change]) => ({ id, change: () => change })),
    newCredentials: turned.added,
    isShown: turn.step === 'replace',
    operation: (operation) => ({
      ...progress(operation, log, ends),
      ...(turn.step === 'replace' && { result: resultOf(after, turned, followUp?.id ?? null) }),
    }),
    besides: {
      ids: operationsOf(turn),
      change: (operation) =>
        progress(operation, log, !after.some((row) => row.operation_id === operation.id && isLeft(row))),
    },
    ...(followUp && { followUp: (operation) => ({ ...followUp, created_by: operation?.created_by ?? 'reconciler' }) }),
    ...(next === null && { release: { dueInMs: restingMs } }),
    ...(action && {
      audit: { ...lifecycleAudit(database, action, database.phase, null), detail: detailOf(database, turn) },
      event: { ...lifecycleEvent(database, action), payload: detailOf(database, turn) },
    }),
  };
}

/** What is written when a rotation cannot be: the credentials in use stay. */
export function abandonment(claim: Claim, code: string, log: StepLog): Commit {
  const { database } = claim;
  log.failLast({ code });
  return {
    database: () => ({ attempts: 0, last_error_code: null, operation_id: null }),
    credentials: abandoned(claim.credentials),
    operation: (operation) => ({
      steps: log.apply(operation.steps, true),
      attempts: operation.attempts + 1,
      next_attempt_at: null,
      status: 'failed',
      error: operationError(code),
    }),
    // What was set of the new ones is to be closed.
    release: { dueInMs: 0 },
    audit: lifecycleAudit(database, 'operation.failed', database.phase, code),
    event: lifecycleEvent(database, 'operation.failed'),
  };
}

/** Whether it is still accepted or has something left at the provider. */
const isLeft = ({ state, drain_at: drainAt }: DatabaseCredentialRow): boolean =>
  state === 'retiring' || drainAt !== null;

/** The operations that end with credentials of a turn. */
export const operationsOf = ({ credentials }: Turn): string[] => [
  ...new Set(credentials.flatMap(({ operation_id: id }) => id ?? [])),
];

const progress = (operation: OperationRow, log: StepLog, ends: boolean): Partial<OperationRow> => ({
  steps: log.apply(operation.steps, ends),
  attempts: operation.attempts + 1,
  next_attempt_at: null,
  ...(ends && { status: 'succeeded', error: null }),
});

/** R5 to R9 of what a rotation leaves behind is an operation of its own: nobody who asked for the rotation waits for it. */
function followUpOf(
  database: EnvironmentDatabaseRow,
  { changes }: Turned,
): Omit<NewOperation, 'created_by'> | undefined {
  const id = [...changes.values()].find(({ operation_id }) => operation_id)?.operation_id;
  if (!id) return undefined;
  return {
    id,
    kind: 'credential.revoke',
    target_type: 'environment',
    target_id: database.bound_environment_id,
    organization_id: database.organization_id,
    environment_id: database.bound_environment_id,
    parent_id: null,
    request_id: null,
    warnings: [],
    stepNames: OPERATION_STEPS['credential.revoke'],
  };
}

/** What a rotation brought, for those who asked for it. */
function resultOf(
  after: readonly DatabaseCredentialRow[],
  { changes }: Turned,
  revocationId: string | null,
): Record<string, unknown> {
  const changed = after.filter(({ id }) => changes.has(id));
  return {
    credentials: changed
      .filter(({ state }) => state === 'active')
      .map(({ id, authorization, version }) => ({ id, authorization, version })),
    replaced: changed
      .filter(({ state }) => state !== 'active')
      .map(({ id, authorization, version, retire_after: until }) => ({
        id,
        authorization,
        version,
        validUntil: until === null ? null : new Date(until).toISOString(),
      })),
    revocationOperationId: revocationId,
  };
}

const detailOf = (database: EnvironmentDatabaseRow, { credentials }: Turn) => ({
  databaseId: database.id,
  operationId: credentials.find(({ operation_id: id }) => id !== null)?.operation_id ?? database.operation_id,
  credentialIds: credentials.map(({ id }) => id),
});
