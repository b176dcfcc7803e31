import {
  AdapterError,
  ConnectionBodySchema,
  type ConnectionInfo,
  ControlPlaneError,
  type DatabaseHandle,
  type DatabaseTarget,
} from '@envplane/spec';
import type { z } from 'zod';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { environmentNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { authorizationsOf, currentCredential, openCredential, targetOf } from '../provisioning/pass-context.ts';
import { audited, parse } from '../request.ts';
import { checkGate } from '../routing/check-gate.ts';
import type { OpenHandle } from '../routing/connections.ts';
import { type Admission, refuse } from '../routing/gate.ts';
import { watchedHandle } from '../routing/watched-handle.ts';
import { findConnectable, recordAccess } from '../store/connect.ts';
import { type RecordedHandle, recordedHandle } from '../tracing/recorded-handle.ts';
import { timed } from '../tracing/tracing.ts';
import { sealingContext } from './new-environment.ts';

/** What a caller needs to connect, and which credential it is. */
export interface OpenedConnection extends ConnectionInfo {
  driver: string;
  credentialId: string;
}

/**
 * The gate's verdict on the caller, for who wants to connect from within this process. Contacts no database.
 * @throws ControlPlaneError `permission_denied`, `not_found`, `environment_not_active`, `store_unavailable`
 */
export async function authorizeConnection(deps: Deps, caller: Caller, environmentId: string): Promise<Admission> {
  await authorize(deps, caller, 'env:connections.full_access', { environmentId });
  const verdict = await checkGate(deps, caller, environmentId, 'env:connections.full_access');
  if (verdict.allowed) return verdict;
  throw verdict.code === 'access_denied' ? environmentNotFound() : refuse(verdict);
}

/**
 * The live connection of who was let in. That they got one is recorded once an hour, as it
 * is asked for with every request, and behind it (ADR 48).
 * @throws TypeError for a verdict that the gate did not make; ControlPlaneError
 */
export async function connect(deps: Deps, caller: Caller, verdict: Admission): Promise<DatabaseHandle> {
  const { connections, gate, trace, access } = deps;
  const { organizationId, environmentId } = verdict;
  const principal = await gate.enter(verdict, access);
  const handle = trace
    ? (await connections.connect(environmentId, deps)).recordedBy(trace)
    : await connections.connect(environmentId);
  const detail = { authorization: 'full_access', inProcess: true };
  const entry = audited({ ...caller, principal }, 'connection.opened', { organizationId, environmentId }, detail);
  deps.hourly.note(principal, environmentId, entry, deps.nowMs());
  return handle;
}

/**
 * Hands out what a stock client of the driver's ecosystem needs; the only verb that returns a secret. Audited each time.
 * @throws ControlPlaneError `not_found`, `invalid_state` unless active, `unsupported` for an authorization or a lifetime
 *   that the driver cannot enforce, `encryptor_unavailable`
 */
export async function describeConnection(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  body: z.input<typeof ConnectionBodySchema> = {},
): Promise<OpenedConnection> {
  const { authorization, lifetimeSeconds } = parse(ConnectionBodySchema, body);
  await authorize(deps, caller, `env:connections.${authorization}`, { environmentId });
  const found = await findConnectable(deps.engine, environmentId, authorization);
  if (!found) throw environmentNotFound();
  const { database, environment } = found;
  if (environment.status !== 'active' || database.database_url === null) {
    throw new ControlPlaneError(
      'invalid_state',
      `An environment that is ${environment.status} cannot be connected to.`,
      {
        state: environment.status,
        allowed: ['active'],
      },
    );
  }
  const adapter = deps.adapters.serving(database);
  if (!authorizationsOf(adapter).includes(authorization)) {
    const detail = `The driver ${adapter.driver} cannot enforce a read-only connection.`;
    throw new ControlPlaneError('unsupported', detail);
  }
  if (lifetimeSeconds !== undefined && !adapter.limitsConnections) {
    throw new ControlPlaneError(
      'unsupported',
      `What the driver ${adapter.driver} hands out lasts as long as the credential behind it, and cannot end before that.`,
    );
  }
  const row = currentCredential(found, authorization);
  const credential = await openCredential(sealingContext(deps), environmentId, row);
  const info = adapter.describeConnection(
    targetOf(deps.nameKey, database, await deps.adapters.placement(found.placement, deps.trace)),
    database.database_url,
    credential,
    lifetimeSeconds,
  );
  await recordAccess(
    deps.engine,
    environmentId,
    audited(
      caller,
      'connection.opened',
      { organizationId: environment.organization_id, environmentId },
      { authorization, credentialId: row?.id ?? null },
    ),
  );
  return { ...info, driver: database.driver, credentialId: row?.id ?? '' };
}

/**
 * Opens the connection behind the cache of `environments.connect`, with the credential that is to be used now. R5: where the
 * database refuses one that has been replaced since it was read, it is read once more. What is asked of the connection is
 * recorded as the background's unless said otherwise.
 */
export async function openHandle(deps: Deps, environmentId: string): Promise<OpenHandle<RecordedHandle>> {
  const access = await readAccess(deps, environmentId);
  try {
    return await access.open();
  } catch (error) {
    if (!(error instanceof AdapterError) || error.code !== 'unauthorized') throw error;
    const now = await readAccess(deps, environmentId);
    if (now.credentialId === access.credentialId) throw error;
    return now.open();
  }
}

async function readAccess(
  deps: Deps,
  environmentId: string,
): Promise<{ credentialId: string | null; open(): Promise<OpenHandle<RecordedHandle>> }> {
  const found = await findConnectable(deps.engine, environmentId, 'full_access');
  if (!found) throw environmentNotFound();
  const { database, environment } = found;
  const { database_url: databaseUrl } = database;
  if (environment.status !== 'active' || databaseUrl === null) throw notActive(environment.status);
  const row = currentCredential(found, 'full_access');
  const credentialId = row?.id ?? null;
  const credential = await openCredential(sealingContext(deps), environmentId, row);
  const placement = await deps.adapters.placement(found.placement, deps.trace);
  const target: DatabaseTarget = targetOf(deps.nameKey, database, placement);
  const adapter = deps.adapters.serving(database);
  const connecting = () => adapter.connect(target, databaseUrl, credential);
  const { dialect } = adapter;
  const store = { plane: 'environment', environmentId, dialect, isInTransaction: false } as const;
  const refused = () => deps.connections.refresh(environmentId);
  return {
    credentialId,
    open: async () => {
      const handle = watchedHandle(await timed(deps.trace, 'provider', connecting, environmentId), refused);
      return { credentialId, usage: handle.usage, handle: recordedHandle(handle, store, deps.tracing.calls) };
    },
  };
}

const notActive = (status: string): ControlPlaneError =>
  new ControlPlaneError('environment_not_active', `The environment is ${status}; only an active one serves data.`, {
    state: status,
  });
