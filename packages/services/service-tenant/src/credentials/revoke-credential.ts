import { ControlPlaneError } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { change } from '../environments/change.ts';
import type { DatabaseCredentialRow } from '../objects/index.ts';
import { abandoned, isDoomed } from '../provisioning/rotation.ts';
import { audited, environmentOperation, idempotent, type MutationOptions, requireStatus } from '../request.ts';
import type { Accepted, EnvironmentChange, EnvironmentRecord } from '../store/environments.ts';
import { findRow } from '../store/transaction.ts';
import { emergency, requireRotatable, withdrawalOf } from './rotate-credentials.ts';

/**
 * Takes one credential out of use at once. There is always one to use: the active one is replaced as in an emergency. One that
 * was replaced is refused before its grace is over; one that is about to be used ends the rotation it is of. Revoked ones stay.
 * Where the provider can only end all of the database at once, all are replaced.
 * @throws ControlPlaneError `not_found`, `invalid_state`, `unsupported` where the provider cannot end one
 */
export async function revokeCredential(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  credentialId: string,
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'env:credentials.revoke', { environmentId });
  const request = idempotent(caller, 'credential.revoke', [environmentId, credentialId], options.idempotencyKey);
  const known = await findRow(deps.engine, 'sys_database_credential', { id: credentialId });
  return change(deps, environmentId, request, (record) => {
    const credential = record.credentials.find(({ id }) => id === credentialId);
    if (credential) return REVOKING[credential.state](deps, caller, record, credential);
    // One that is over, and nothing to be done with.
    if (known?.environment_database_id === record.database.id) return null;
    throw new ControlPlaneError('not_found', 'There is no credential of this id in the environment.');
  });
}

type Decide = (
  deps: Deps,
  caller: Caller,
  record: EnvironmentRecord,
  credential: DatabaseCredentialRow,
) => EnvironmentChange | null;

function replaceNow(
  deps: Deps,
  caller: Caller,
  record: EnvironmentRecord,
  credential: DatabaseCredentialRow,
): EnvironmentChange {
  requireRotatable(deps, record.database, 'emergency');
  requireStatus(record.environment.status, ['active'], 'given other credentials');
  const { audit = [], ...change } = emergency(deps, caller, record, [credential]);
  return { ...change, audit: [revocation(caller, record, credential), ...audit] };
}

const REVOKING: Record<DatabaseCredentialRow['state'], Decide> = {
  revoked: () => null,
  failed: () => null,

  active: replaceNow,

  retiring: (deps, caller, record, credential) => {
    requireRotatable(deps, record.database, 'emergency');
    if (withdrawalOf(deps, record.database)) return replaceNow(deps, caller, record, credential);
    requireStatus(record.environment.status, ['active', 'suspended'], 'rid of a credential');
    return {
      credentials: [{ id: credential.id, change: (nowMs) => ({ retire_after: nowMs }) }],
      shownBy: credential.operation_id ?? record.database.operation_id,
      isUrgent: true,
      audit: [revocation(caller, record, credential)],
    };
  },

  staged: (deps, caller, record, credential) => {
    requireStatus(record.environment.status, ['active'], 'rid of a credential');
    if (record.credentials.some(isDoomed)) {
      const reason = 'It takes the place of one that an emergency has ended; without it there is none.';
      throw new ControlPlaneError('invalid_state', reason, { state: credential.state });
    }
    return {
      ...ending(deps, caller, record),
      audit: [revocation(caller, record, credential)],
    };
  },
};

/** Ends a rotation before its credentials are used, and closes what was set of them. */
export function ending(
  deps: Deps,
  caller: Caller,
  { environment, credentials }: EnvironmentRecord,
): Pick<EnvironmentChange, 'operation' | 'credentials'> {
  const target = { organizationId: environment.organization_id, environmentId: environment.id };
  return {
    operation: { ...environmentOperation(deps, caller, 'credential.revoke', target), stepNames: ['drain'] },
    credentials: abandoned(credentials),
  };
}

const revocation = (caller: Caller, { environment }: EnvironmentRecord, { id, state }: DatabaseCredentialRow) =>
  audited(
    caller,
    'credential.revoke',
    { organizationId: environment.organization_id, environmentId: environment.id },
    { credentialId: id, state },
  );
