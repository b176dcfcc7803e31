import { ControlPlaneError } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import type { Deps } from '../deps.ts';
import { audited, environmentOperation, idempotent, type MutationOptions, requireVersion } from '../request.ts';
import type { Accepted, EnvironmentChange, EnvironmentRecord } from '../store/environments.ts';
import { change } from './change.ts';

/**
 * Takes an environment out of use; it can be restored until its grace ends, then it is purged. Always accepted: an
 * operation under way is superseded. Connections are refused from the commit on.
 * @throws ControlPlaneError `not_found`, `deletion_protected`, `version_mismatch`
 */
export async function archiveEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'env:environment.archive', { environmentId });
  const request = idempotent(caller, 'environment.archive', [environmentId], options.idempotencyKey);
  return change(deps, environmentId, request, (record, nowMs) => {
    requireVersion(record.environment.version, options.ifVersion);
    return archiving(deps, caller, record, nowMs);
  });
}

/** The change itself; archiving an organization makes it for each environment. Null when it is archived already. */
export function archiving(
  deps: Deps,
  caller: Caller,
  record: EnvironmentRecord,
  nowMs: number,
  parentId?: string,
): EnvironmentChange | null {
  const { environment, database } = record;
  if (database.desired_state === 'archived' || database.desired_state === 'absent') return null;
  requireUnprotected(record);
  const target = { organizationId: environment.organization_id, environmentId: environment.id };
  const purgeAfterMs = nowMs + deps.settings.archiveGraceMs(environment.env_type);
  return {
    wish: { desired_state: 'archived', purge_after: purgeAfterMs },
    operation: environmentOperation(deps, caller, 'environment.archive', { ...target, ...(parentId && { parentId }) }),
    audit: [
      audited(caller, 'environment.archive', target, {
        before: { status: environment.status },
        after: { status: 'archived' },
        purgeAfter: new Date(purgeAfterMs).toISOString(),
      }),
    ],
  };
}

export function requireUnprotected({ environment }: EnvironmentRecord): void {
  if (environment.deletion_protection) {
    throw new ControlPlaneError(
      'deletion_protected',
      'This environment is protected from deletion; take the protection off first.',
    );
  }
}
