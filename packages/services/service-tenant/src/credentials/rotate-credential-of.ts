import { ControlPlaneError, type DatabaseCredentialDetailView } from '@envplane/spec';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { waitForOperation } from '../operations/read-operations.ts';
import { isFinished } from '../store/operations.ts';
import { findRow } from '../store/transaction.ts';
import { listCredentials } from './list-credentials.ts';
import { rotateCredentials } from './rotate-credentials.ts';

const WAIT_MS = 30_000;

/**
 * Rotates by the id of a database, as hosts name it, and waits for the new credential, at most 30 s.
 * @returns the credential without its secret, and `supplied_secret_ignored` among the warnings when one was supplied
 * @throws ControlPlaneError as `rotateCredentials`; `not_found`, `operation_pending`, `operation_failed`
 */
export async function rotateCredentialOf(
  deps: Deps,
  caller: Caller,
  environmentDatabaseId: string,
  plaintext: string | undefined,
): Promise<DatabaseCredentialDetailView & { warnings: string[] }> {
  const database = await findRow(deps.engine, 'sys_environment_database', { id: environmentDatabaseId });
  const environmentId = database?.environment_id;
  if (!environmentId) throw new ControlPlaneError('not_found', 'There is no database of this id that is in use.');
  const { operationId } = await rotateCredentials(deps, caller, environmentId);
  const details = { operationId: operationId ?? '' };
  // It ends when the new credential is in use; what becomes of the old one is an operation of its own.
  const operation = await waitForOperation(deps, details.operationId, WAIT_MS);
  if (!isFinished(operation)) {
    throw new ControlPlaneError(
      'operation_pending',
      'The credential is still being replaced; follow the operation.',
      details,
    );
  }
  const { items } = await listCredentials(deps, caller, environmentId, { limit: 10 });
  const active = items.find(({ status, authorization }) => status === 'active' && authorization === 'full_access');
  if (operation.status !== 'succeeded' || !active) {
    throw new ControlPlaneError('operation_failed', operation.error?.detail ?? 'Nothing was replaced.', details);
  }
  const ignored = plaintext === undefined ? [] : ['supplied_secret_ignored'];
  return { ...active, warnings: [...operation.warnings, ...ignored] };
}
