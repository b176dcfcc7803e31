import { createHash } from 'node:crypto';
import { ControlPlaneError, invalidRequest, jsonPointer, type Principal } from '@envplane/spec';
import canonicalize from 'canonicalize';
import type { z } from 'zod';
import type { Caller } from './access/caller.ts';
import type { Deps } from './deps.ts';
import { OPERATION_STEPS } from './provisioning/operation-steps.ts';
import type { AuditEntry } from './store/audit.ts';
import type { IdempotentRequest } from './store/idempotency.ts';
import type { NewOperation } from './store/operations.ts';

/** How a mutation is asked for, beside what it does. */
export interface MutationOptions {
  /** Makes a repetition of the same request safe (`Idempotency-Key`). */
  idempotencyKey?: string | undefined;
  /** The version the caller has seen (`If-Match`); another one is refused with `version_mismatch`. */
  ifVersion?: number | undefined;
}

/** Checks an input at the edge of a verb. @throws ControlPlaneError `validation_failed` with a pointer for every wrong field */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalidRequest(
    result.error.issues.map(({ path, message }) => ({ in: 'body', pointer: jsonPointer(path), detail: message })),
  );
}

/** Null without a key: the request is then carried out each time it is sent. */
export function idempotent(
  caller: Caller,
  verb: string,
  input: unknown,
  key: string | undefined,
): IdempotentRequest | null {
  if (key === undefined) return null;
  const requestHash = createHash('sha256')
    .update(canonicalize([verb, input]) ?? '')
    .digest('hex');
  return { principalId: `${caller.principal.kind}:${caller.principal.id}`, verb, key, requestHash };
}

/** A new operation of a kind that works on one environment. */
export function environmentOperation(
  deps: Deps,
  caller: Caller,
  kind: keyof typeof OPERATION_STEPS,
  target: { organizationId: string; environmentId: string; parentId?: string },
): NewOperation {
  const isOrganization = kind === 'organization.provision';
  return {
    id: deps.uuid(),
    kind,
    target_type: isOrganization ? 'organization' : 'environment',
    target_id: isOrganization ? target.organizationId : target.environmentId,
    organization_id: target.organizationId,
    environment_id: target.environmentId,
    parent_id: target.parentId ?? null,
    created_by: caller.principal.id,
    request_id: caller.requestId,
    warnings: [],
    stepNames: OPERATION_STEPS[kind],
  };
}

/** Who did it: whoever acts as a user is named, not the user. */
export function actorOf({ principal }: Pick<Caller, 'principal'>): Pick<Principal, 'kind' | 'id'> {
  const { kind, id } = principal.actor ?? principal;
  return { kind, id };
}

/** Who a library call of the platform says creates something; everybody else creates for themselves. */
export const creatorOf = ({ principal }: Pick<Caller, 'principal'>, createdBy: string): string =>
  principal.kind === 'platform' ? createdBy : principal.id;

/** An audit entry of what the caller did; the reconciler writes its own about what came of it. */
export function audited(
  caller: Caller,
  action: string,
  target: { organizationId: string | null; environmentId?: string } | { organizationId: null; placementId: string },
  detail: Record<string, unknown> = {},
): AuditEntry {
  const actor = actorOf(caller);
  const environmentId = ('environmentId' in target && target.environmentId) || null;
  const placementId = 'placementId' in target ? target.placementId : null;
  return {
    organization_id: target.organizationId,
    environment_id: environmentId,
    actor_kind: actor.kind,
    actor_id: actor.id,
    acting_for: caller.principal.actor ? caller.principal.id : null,
    action,
    target_kind: placementId ? 'placement' : environmentId ? 'environment' : 'organization',
    target_id: placementId ?? environmentId ?? target.organizationId ?? 'platform',
    outcome: 'allow',
    reason: null,
    request_id: caller.requestId,
    client_address: caller.clientAddress,
    detail,
  };
}

export function requireVersion(current: number, expected: number | undefined): void {
  if (expected !== undefined && expected !== current) {
    throw new ControlPlaneError('version_mismatch', 'The resource has changed since it was read; read it again.');
  }
}

/** One writer per environment: while an operation runs, only verbs that supersede it are accepted. */
export function requireIdle(database: { operation_id: string | null; phase: string }): void {
  const stuck = ['failed', 'conflict', 'lost'].includes(database.phase);
  if (database.operation_id !== null && !stuck) {
    throw new ControlPlaneError(
      'operation_in_progress',
      'Another operation is under way on this environment; wait for it and repeat.',
      {
        operationId: database.operation_id,
        retryAfterMs: 1_000,
      },
    );
  }
}

/** @throws ControlPlaneError `invalid_state` naming the states in which the verb is possible */
export function requireStatus(status: string, allowed: readonly string[], verb: string): void {
  if (!allowed.includes(status)) {
    throw new ControlPlaneError('invalid_state', `An environment that is ${status} cannot be ${verb}.`, {
      state: status,
      allowed: [...allowed],
    });
  }
}
