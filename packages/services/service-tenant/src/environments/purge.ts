import { ControlPlaneError, type PurgeBody, PurgeBodySchema } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { environmentNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { audited, environmentOperation, idempotent, type MutationOptions, parse, requireVersion } from '../request.ts';
import {
  type Accepted,
  changeAmongSiblings,
  type EnvironmentChange,
  type EnvironmentRecord,
} from '../store/environments.ts';
import { requireUnprotected } from './archive.ts';

/** A purge that was accepted, or the receipt of one that is already done. */
export type Purged = ({ kind: 'accepted' } & Accepted) | { kind: 'receipt'; receipt: Record<string, unknown> };

/**
 * Removes an environment for good: cut, drop, observe absent, tombstone, data key destroyed. Accepted at any time, but only
 * with the slug as confirmation. Asked for again it answers the same receipt.
 * @throws ControlPlaneError `not_found`, `confirmation_mismatch`, `deletion_protected`, `is_default`, `version_mismatch`
 */
export async function purgeEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  body: PurgeBody,
  options: MutationOptions = {},
): Promise<Purged> {
  await authorize(deps, caller, 'env:environment.purge', { environmentId });
  const { confirm } = parse(PurgeBodySchema, body);
  const request = idempotent(caller, 'environment.purge', [environmentId, confirm], options.idempotencyKey);
  const accepted = await deps.effect('cp.change', () =>
    changeAmongSiblings(deps.engine, environmentId, request, (record, hasSiblings) => {
      requireVersion(record.environment.version, options.ifVersion);
      requireConfirmation(record.environment.slug, confirm);
      if (record.environment.is_default && hasSiblings) {
        throw new ControlPlaneError(
          'is_default',
          'The default environment goes last; make another one the default first.',
        );
      }
      return purging(deps, caller, record);
    }),
  );
  if (!accepted) {
    const tombstone = await deps.reads.tombstone(environmentId);
    if (!tombstone) throw environmentNotFound();
    requireConfirmation(tombstone.slug, confirm);
    return { kind: 'receipt', receipt: tombstone.receipt };
  }
  deps.changed(environmentId);
  deps.worker.wake();
  return { kind: 'accepted', ...accepted };
}

export function requireConfirmation(slug: string, confirm: string): void {
  if (slug !== confirm)
    throw new ControlPlaneError('confirmation_mismatch', 'The confirmation must be the slug of what is removed.');
}

/** The change itself; purging an organization makes it for each environment. Null when it is under way already. */
export function purging(
  deps: Deps,
  caller: Caller,
  record: EnvironmentRecord,
  parentId?: string,
): EnvironmentChange | null {
  const { environment, database } = record;
  if (database.desired_state === 'absent' && parentId === undefined) return null;
  requireUnprotected(record);
  const target = { organizationId: environment.organization_id, environmentId: environment.id };
  return {
    wish: { desired_state: 'absent' },
    operation: environmentOperation(deps, caller, 'environment.purge', { ...target, ...(parentId && { parentId }) }),
    audit: [
      audited(caller, 'environment.purge', target, {
        before: { slug: environment.slug, status: environment.status },
        after: null,
      }),
    ],
  };
}
