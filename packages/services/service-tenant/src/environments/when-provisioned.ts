import { ControlPlaneError, CREDENTIAL_STATUS, type ProvisionEnvironmentResponse } from '@envplane/spec';
import type { Deps } from '../deps.ts';
import { waitForOperation } from '../operations/read-operations.ts';
import type { Accepted } from '../store/environments.ts';
import { environmentView } from '../views/views.ts';

/** How long a library call waits for the reconciler before it throws `operation_pending`, in ms. */
const LIBRARY_WAIT_MS = 30_000;

/**
 * Waits for an accepted creation, at most 30 s, and tells what it made.
 * @param began `performance.now()` of the call
 * @throws ControlPlaneError `operation_pending`, `operation_failed`, `not_found` when it was removed meanwhile
 */
export async function whenProvisioned(
  deps: Deps,
  accepted: Accepted,
  began: number,
): Promise<ProvisionEnvironmentResponse> {
  const operationId = accepted.operationId ?? '';
  const operation = await waitForOperation(deps, operationId, LIBRARY_WAIT_MS);
  if (operation.status === 'running') {
    throw new ControlPlaneError('operation_pending', 'The environment is still being made; follow the operation.', {
      operationId,
    });
  }
  if (operation.status !== 'succeeded' || operation.environment_id === null) {
    throw new ControlPlaneError(
      'operation_failed',
      operation.error?.detail ?? `The operation was ${operation.status}.`,
      { operationId },
    );
  }
  const row = await deps.reads.environment(operation.environment_id);
  if (!row) throw new ControlPlaneError('not_found', 'The environment has been removed meanwhile.', { operationId });
  const { database, credential, ...environment } = environmentView(row);
  const { lastAccessedAt: _never, metadata: databaseMetadata, ...addressing } = database;
  const { region, hostname, metadata, credentialRotationDays, purgeAfter: _notArchived, ...fields } = environment;
  return {
    environment: {
      ...fields,
      ...(region && { region }),
      ...(hostname && { hostname }),
      ...(credentialRotationDays !== null && { credentialRotationDays }),
      ...(metadata && { metadata }),
    },
    database: { ...addressing, ...(databaseMetadata && { metadata: databaseMetadata }) },
    credential: {
      id: credential?.id ?? '',
      environmentDatabaseId: database.id,
      secretCiphertext: row.secret_ciphertext ?? '',
      encryptionKeyId: row.encryption_key_id,
      authorization: credential?.authorization ?? 'full_access',
      status: credential?.status ?? CREDENTIAL_STATUS.active,
      createdAt: credential?.createdAt ?? environment.createdAt,
      ...(credential?.expiresAt && { expiresAt: credential.expiresAt }),
    },
    durationMs: Math.round(performance.now() - began),
    ...(operation.warnings.length > 0 && { warnings: operation.warnings }),
    operationId,
  };
}
