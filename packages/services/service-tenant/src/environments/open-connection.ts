import {
  ConnectionBodySchema,
  type ConnectionInfo,
  ControlPlaneError,
  type DatabaseHandle,
  type DatabaseTarget,
} from '@envplane/spec';
import type { z } from 'zod';
import { authorize, type Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { authorizationsOf, currentCredential, openCredential, targetOf } from '../provisioning/pass-context.ts';
import { audited, environmentNotFound, parse } from '../request.ts';
import type { Verdict } from '../routing/connections.ts';
import { findConnectable, recordAccess } from '../store/connect.ts';
import { sealingContext } from './new-environment.ts';

/** What a caller needs to connect, and which credential it is. */
export interface OpenedConnection extends ConnectionInfo {
  driver: string;
  credentialId: string;
}

/**
 * Decides whether the caller may connect from within this process. Reads the store once and contacts no database.
 * @throws ControlPlaneError `permission_denied`, `not_found`, `environment_not_active`
 */
export async function authorizeConnection(deps: Deps, caller: Caller, environmentId: string): Promise<Verdict> {
  authorize(caller, 'env:connections.full_access');
  const environment = await deps.reads.environment(environmentId);
  if (!environment) throw environmentNotFound();
  if (environment.status !== 'active') throw notActive(environment.status);
  return deps.connections.verdict(environmentId);
}

/**
 * Hands out what a stock client of the driver's ecosystem needs; the only verb that returns a secret. Audited each time.
 * @throws ControlPlaneError `not_found`, `invalid_state` unless active, `unsupported` for an authorization that the driver
 *   cannot enforce, `encryptor_unavailable`
 */
export async function describeConnection(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  body: z.input<typeof ConnectionBodySchema> = {},
): Promise<OpenedConnection> {
  const { authorization } = parse(ConnectionBodySchema, body);
  authorize(caller, `env:connections.${authorization}`);
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
  const adapter = deps.adapters.get(database.driver);
  if (!authorizationsOf(adapter).includes(authorization)) {
    const detail = `The driver ${adapter.driver} cannot enforce a read-only connection.`;
    throw new ControlPlaneError('unsupported', detail);
  }
  const row = currentCredential(found, authorization);
  const credential = await openCredential(sealingContext(deps), environmentId, row);
  const info = adapter.describeConnection(
    targetOf(deps.nameKey, database, await deps.adapters.placement(found.placement)),
    database.database_url,
    credential,
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

/** Opens the connection behind the cache of `environments.connect`. */
export async function openHandle(deps: Deps, environmentId: string): Promise<DatabaseHandle> {
  const found = await findConnectable(deps.engine, environmentId, 'full_access');
  if (!found) throw environmentNotFound();
  const { database, environment } = found;
  if (environment.status !== 'active' || database.database_url === null) throw notActive(environment.status);
  const credential = await openCredential(sealingContext(deps), environmentId, currentCredential(found, 'full_access'));
  const target: DatabaseTarget = targetOf(deps.nameKey, database, await deps.adapters.placement(found.placement));
  return deps.adapters.get(database.driver).connect(target, database.database_url, credential);
}

const notActive = (status: string): ControlPlaneError =>
  new ControlPlaneError('environment_not_active', `The environment is ${status}; only an active one serves data.`, {
    state: status,
  });
