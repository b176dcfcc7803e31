import {
  ControlPlaneError,
  type CredentialWithdrawal,
  DEFAULT_GRACE_SECONDS,
  type RotateCredentialsBody,
  RotateCredentialsBodySchema,
  type RotationUrgency,
} from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { change } from '../environments/change.ts';
import type { DatabaseCredentialRow, EnvironmentDatabaseRow } from '../objects/index.ts';
import { EMERGENCY_STEPS, OPERATION_STEPS, WITHDRAWAL_STEPS } from '../provisioning/operation-steps.ts';
import type { CredentialChange } from '../provisioning/rotation.ts';
import {
  audited,
  environmentOperation,
  idempotent,
  type MutationOptions,
  parse,
  requireIdle,
  requireStatus,
  requireVersion,
} from '../request.ts';
import type { Accepted, EnvironmentChange, EnvironmentRecord } from '../store/environments.ts';

/** Clients may remember a credential for a minute; connecting and clocks take the rest. In s. */
const SAFE_GRACE_SECONDS = 75;

/**
 * Replaces the credentials of an environment's database: the new ones are sealed, set and proved before they are used, and the
 * old ones stay valid for a grace. An emergency has none: the old ones are refused and their sessions ended at once, whatever
 * else was under way with them; where the provider can only end all of the database at once, or leaves open sockets alone, the
 * operation says so.
 * @throws ControlPlaneError `not_found`, `unsupported` (no credential; an emergency where none can be ended before it expires),
 *   `invalid_state` unless active, `operation_in_progress` while a rotation or its grace is under way, `version_mismatch`,
 *   `validation_failed`
 */
export async function rotateCredentials(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  body: RotateCredentialsBody = {},
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'env:credentials.rotate', { environmentId });
  const { urgency = 'normal', graceSeconds = DEFAULT_GRACE_SECONDS } = parse(RotateCredentialsBodySchema, body);
  const request = idempotent(caller, 'credential.rotate', [environmentId, body], options.idempotencyKey);
  return change(deps, environmentId, request, (record, nowMs) => {
    const { environment, database, credentials } = record;
    requireVersion(environment.version, options.ifVersion);
    requireRotatable(deps, database, urgency);
    requireStatus(environment.status, ['active'], 'given other credentials');
    if (urgency === 'emergency') return emergency(deps, caller, record, credentials);
    requireIdle(database);
    requireFreeSlots(credentials, nowMs);
    const active = credentials.filter(({ state }) => state === 'active');
    return {
      ...rotation(deps, caller, record, { urgency, warnings: warningsOf(active, graceSeconds) }),
      credentials: active.map(wish(urgency, graceSeconds * 1_000)),
    };
  });
}

/**
 * Replaces these at once. What was replaced already and is still accepted goes with them; what was staged is used. What can only be
 * ended together is replaced together, whichever of it is concerned.
 */
export function emergency(
  deps: Deps,
  caller: Caller,
  record: EnvironmentRecord,
  concerned: readonly DatabaseCredentialRow[],
): EnvironmentChange {
  const withdrawal = withdrawalOf(deps, record.database);
  const warnings = deps.adapters.get(record.database.driver).socketsOutlive ? ['open_sockets_stay'] : [];
  const rows = (withdrawal ? record.credentials : concerned).filter(({ state }) => state === 'active');
  if (withdrawal) {
    const change = rotation(deps, caller, record, { urgency: 'emergency', warnings, withdrawal });
    return { ...change, isUrgent: true, credentials: rows.map(wish('emergency', 0)) };
  }
  const slots = rows.map(({ authorization }) => authorization);
  const replaced = record.credentials.filter(
    ({ state, authorization }) => state === 'retiring' && slots.includes(authorization),
  );
  return {
    ...rotation(deps, caller, record, { urgency: 'emergency', warnings }),
    isUrgent: true,
    credentials: [
      ...replaced.map(({ id }) => ({
        id,
        change: (nowMs: number) => ({ urgency: 'emergency' as const, retire_after: nowMs }),
      })),
      ...rows.map(wish('emergency', 0)),
    ],
  };
}

const wish =
  (urgency: RotationUrgency, graceMs: number) =>
  ({ id }: DatabaseCredentialRow): CredentialChange => ({ id, change: () => ({ urgency, grace_ms: graceMs }) });

function rotation(
  deps: Deps,
  caller: Caller,
  { environment }: EnvironmentRecord,
  {
    urgency,
    warnings,
    withdrawal,
  }: { urgency: RotationUrgency; warnings: string[]; withdrawal?: CredentialWithdrawal },
): Pick<EnvironmentChange, 'operation' | 'audit'> {
  const target = { organizationId: environment.organization_id, environmentId: environment.id };
  const replacing = urgency === 'emergency' ? EMERGENCY_STEPS : OPERATION_STEPS['credential.rotate'];
  const blastRadius = withdrawal && { kind: withdrawal.reach, environments: 1 };
  return {
    operation: {
      ...environmentOperation(deps, caller, 'credential.rotate', target),
      stepNames: withdrawal ? WITHDRAWAL_STEPS : replacing,
      warnings,
      blast_radius: blastRadius ?? null,
    },
    audit: [audited(caller, 'credential.rotate', target, { urgency, ...(blastRadius && { blastRadius }) })],
  };
}

/** How a database's credentials are ended together; undefined where each can be refused alone, or none can. */
export function withdrawalOf(
  deps: Deps,
  { driver }: Pick<EnvironmentDatabaseRow, 'driver'>,
): CredentialWithdrawal | undefined {
  const { credentials } = deps.adapters.get(driver);
  return credentials.kind === 'provider_minted' ? credentials.withdrawal : undefined;
}

function warningsOf(active: readonly DatabaseCredentialRow[], graceSeconds: number): string[] {
  if (active.some(({ kind }) => kind === 'token')) return ['valid_until_expiry'];
  return graceSeconds < SAFE_GRACE_SECONDS ? ['short_grace'] : [];
}

/** @throws ControlPlaneError `unsupported` */
export function requireRotatable(
  deps: Deps,
  { driver, adopted }: Pick<EnvironmentDatabaseRow, 'driver' | 'adopted'>,
  urgency: RotationUrgency,
): void {
  if (adopted) {
    throw new ControlPlaneError(
      'unsupported',
      'A database that was taken over keeps the login it came with; copy its rows into an environment of its own to have one that can be replaced.',
    );
  }
  const { credentials } = deps.adapters.get(driver);
  const { kind } = credentials;
  if (kind === 'none') {
    throw new ControlPlaneError('unsupported', `A database of the driver ${driver} has no credential to replace.`);
  }
  if (kind === 'provider_minted' && credentials.comesWithDatabase) {
    throw new ControlPlaneError('unsupported', `The driver ${driver} gives a database one credential, and no other.`);
  }
  if (kind === 'provider_minted' && urgency === 'emergency' && !credentials.withdrawal) {
    throw new ControlPlaneError(
      'unsupported',
      `The driver ${driver} cannot end a token before it expires. Rotate, and suspend the environment to shut out the old token until then.`,
    );
  }
}

/** A slot that is still accepted cannot be given away. Tokens have none. @throws ControlPlaneError `operation_in_progress` */
function requireFreeSlots(credentials: readonly DatabaseCredentialRow[], nowMs: number): void {
  const replaced = credentials.find(({ state, kind }) => state === 'retiring' && kind !== 'token');
  if (!replaced) return;
  throw new ControlPlaneError(
    'operation_in_progress',
    'The credentials that were replaced last are still valid; wait until their grace is over, or rotate as an emergency.',
    {
      ...(replaced.operation_id && { operationId: replaced.operation_id }),
      retryAfterMs: Math.max(1_000, (replaced.retire_after ?? 0) - nowMs),
    },
  );
}
