import type { Caller } from '../access/caller.ts';
import { organizationNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import type { OrganizationRow } from '../objects/index.ts';
import type { Accepted, EnvironmentRecord } from '../store/environments.ts';
import type { IdempotentRequest } from '../store/idempotency.ts';
import type { NewOperation } from '../store/operations.ts';
import { changeOrganization, type OrganizationChange } from '../store/organizations.ts';

/** Commits what a verb decides about an organization and lets this process act on it. @throws ControlPlaneError `not_found` */
export async function change(
  deps: Deps,
  idOrSlug: string,
  request: IdempotentRequest | null,
  decide: (
    organization: OrganizationRow,
    environments: EnvironmentRecord[],
    nowMs: number,
  ) => OrganizationChange | null,
): Promise<Accepted> {
  const found = await deps.reads.organization(idOrSlug);
  if (!found) throw organizationNotFound();
  const touched: string[] = [];
  const accepted = await deps.effect('cp.change', () =>
    changeOrganization(deps.engine, found.id, request, (organization, environments, nowMs) => {
      touched.push(...environments.map((record) => record.environment.id));
      return decide(organization, environments, nowMs);
    }),
  );
  if (!accepted) throw organizationNotFound();
  deps.gate.forget({ organizationId: found.id });
  for (const environmentId of touched) deps.changed(environmentId);
  deps.worker.wake();
  return accepted;
}

/** An operation on an organization whose steps are its environments; each is worked on by an operation of its own. */
export function organizationOperation(
  deps: Deps,
  caller: Caller,
  kind: 'organization.archive' | 'organization.restore' | 'organization.purge',
  organizationId: string,
  environments: readonly EnvironmentRecord[],
): NewOperation {
  return {
    id: deps.uuid(),
    kind,
    target_type: 'organization',
    target_id: organizationId,
    organization_id: organizationId,
    environment_id: null,
    parent_id: null,
    created_by: caller.principal.id,
    request_id: caller.requestId,
    warnings: [],
    stepNames: environments.map((record) => record.environment.id),
  };
}
