import { ControlPlaneError, type DatabaseCredentialDetailView } from '@envplane/spec';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { waitForOperation } from '../operations/read-operations.ts';
import { isFinished } from '../store/operations.ts';
import { findRow } from '../store/transaction.ts';
import { listCredentials } from './list-credentials.ts';
import { rotateCredentials } from './rotate-credentials.ts';

const WAIT_MS = 30_000;
/** The operation goes on after the new credential is in use, until the old one is revoked: it is not what is waited for. */
const LOOK_MS = 250;

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
  const active = async () => {
    const { items } = await listCredentials(deps, caller, environmentId, { limit: 10 });
    return items.find(({ status, authorization }) => status === 'active' && authorization === 'full_access');
  };
  const before = await active();
  const { operationId } = await rotateCredentials(deps, caller, environmentId);
  const details = { operationId: operationId ?? '' };
  for (const deadline = performance.now() + WAIT_MS; ; ) {
    const operation = await waitForOperation(deps, details.operationId, LOOK_MS);
    const now = await active();
    if (now && now.id !== before?.id) {
      const ignored = plaintext === undefined ? [] : ['supplied_secret_ignored'];
      return { ...now, warnings: [...operation.warnings, ...ignored] };
    }
    if (isFinished(operation)) {
      throw new ControlPlaneError('operation_failed', operation.error?.detail ?? 'Nothing was replaced.', details);
    }
    if (performance.now() > deadline) {
      throw new ControlPlaneError(
        'operation_pending',
        'The credential is still being replaced; follow the operation.',
        details,
      );
    }
  }
}
