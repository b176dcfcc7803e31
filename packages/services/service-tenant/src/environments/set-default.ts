import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { environmentNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { audited, idempotent, type MutationOptions, requireStatus, requireVersion } from '../request.ts';
import type { Accepted } from '../store/environments.ts';
import { changeOrganization } from '../store/organizations.ts';

/**
 * Makes this environment the default of its organization. The old one loses the mark in the same transaction, so that
 * nobody ever sees none or two.
 * @throws ControlPlaneError `not_found`, `invalid_state`, `version_mismatch`
 */
export async function setDefaultEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  options: MutationOptions = {},
): Promise<Accepted> {
  await authorize(deps, caller, 'org:environments.set_default', { environmentId });
  const environment = await deps.reads.environment(environmentId);
  if (!environment) throw environmentNotFound();
  const organizationId = environment.organization_id;
  const marked = (id: string, isDefault: boolean) =>
    audited(
      caller,
      'environment.set_default',
      { organizationId, environmentId: id },
      { before: { isDefault: !isDefault }, after: { isDefault } },
    );
  const request = idempotent(caller, 'environment.set_default', [environmentId], options.idempotencyKey);
  const accepted = await deps.effect('cp.change', () =>
    changeOrganization(deps.engine, organizationId, request, (_organization, environments) => {
      const next = environments.find((record) => record.environment.id === environmentId);
      if (!next) throw environmentNotFound();
      requireVersion(next.environment.version, options.ifVersion);
      if (next.environment.is_default) return null;
      requireStatus(next.environment.status, ['active', 'provisioning', 'suspended'], 'made the default');
      const previous = environments.find((record) => record.environment.is_default);
      return {
        // The old mark goes first: the unique index allows one.
        environments: [
          ...(previous ? [{ record: previous, change: { environment: { is_default: false } } }] : []),
          { record: next, change: { environment: { is_default: true } } },
        ],
        audit: [...(previous ? [marked(previous.environment.id, false)] : []), marked(environmentId, true)],
      };
    }),
  );
  if (!accepted) throw environmentNotFound();
  return { ...accepted, targetId: environmentId };
}
