import { ControlPlaneError } from '@envplane/spec';
import type { StoreEngine } from './engine.ts';
import type { ControlPlaneTables } from './tables.ts';
import { type Transaction, transact } from './transaction.ts';

const KEPT_MS = 24 * 3_600_000;

/** A mutation that may be sent more than once. */
export interface IdempotentRequest {
  principalId: string;
  /** The verb, so that one key may serve different verbs. */
  verb: string;
  key: string;
  /** SHA-256 of the canonical request. */
  requestHash: string;
}

export interface Outcome {
  targetId: string;
  operationId: string | null;
}

/**
 * Takes the key for this request, or tells what the first request with it led to. It is taken before anything else is
 * written: on PostgreSQL a concurrent request with the same key waits here until the first has committed or rolled back.
 *
 * @returns the first request's outcome, or null when this is the first
 * @throws ControlPlaneError `idempotency_key_reused` when the first request was another one
 */
export async function takeIdempotencyKey(
  tx: Transaction<ControlPlaneTables>,
  request: IdempotentRequest,
  outcome: Outcome,
): Promise<Outcome | null> {
  const mine = await tx.insertIfAbsent('sys_idempotency_key', {
    principal_id: request.principalId,
    verb: request.verb,
    key: request.key,
    request_hash: request.requestHash,
    target_id: outcome.targetId,
    operation_id: outcome.operationId,
    created_at: tx.nowMs,
    expires_at: tx.nowMs + KEPT_MS,
  });
  return mine ? null : findFirstUse(tx, request);
}

/** As `findFirstUse`, for a request about something that is gone, where there is nothing to lock. */
export const firstUse = (
  engine: StoreEngine<ControlPlaneTables>,
  request: IdempotentRequest,
): Promise<Outcome | null> => transact(engine, (tx) => findFirstUse(tx, request));

/** What the first request with this key led to, or null. @throws ControlPlaneError `idempotency_key_reused` */
export async function findFirstUse(
  tx: Transaction<ControlPlaneTables>,
  request: IdempotentRequest,
): Promise<Outcome | null> {
  const { principalId, verb, key } = request;
  const first = await tx.find('sys_idempotency_key', { principal_id: principalId, verb, key });
  if (!first) return null;
  if (first.request_hash !== request.requestHash) {
    throw new ControlPlaneError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for another request; use a new one.',
    );
  }
  return { targetId: first.target_id, operationId: first.operation_id };
}

/** Forgets keys whose time is over. */
export async function forgetExpiredKeys(tx: Transaction<ControlPlaneTables>): Promise<void> {
  await tx.query
    .deleteFrom('sys_idempotency_key')
    .where('expires_at', '<', tx.encode({ expires_at: tx.nowMs }).expires_at)
    .execute();
}
