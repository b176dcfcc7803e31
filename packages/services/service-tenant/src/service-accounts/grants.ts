import {
  type CreateEnvironmentGrantBody,
  CreateEnvironmentGrantBodySchema,
  type CreatePlatformGrantBody,
  CreatePlatformGrantBodySchema,
  type EnvironmentGrantView,
  type PlatformGrantView,
} from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { grantableOf, requireGrantable } from '../access/escalation.ts';
import { environmentNotFound, grantNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import type { EnvironmentGrantRow, PlatformGrantRow } from '../objects/index.ts';
import { audited, idempotent, type MutationOptions, parse } from '../request.ts';
import {
  addEnvironmentGrant,
  addPlatformGrant,
  environmentGrants,
  platformGrants,
  removeEnvironmentGrant,
  removePlatformGrant,
} from '../store/grants.ts';

/** Roles of service accounts in an environment, in the order they were given. @throws ControlPlaneError `not_found`, `permission_denied` */
export async function listEnvironmentGrants(
  deps: Deps,
  caller: Caller,
  environmentId: string,
): Promise<EnvironmentGrantView[]> {
  await authorize(deps, caller, 'env:members.read', { environmentId });
  const environment = await deps.reads.environment(environmentId);
  if (!environment) throw environmentNotFound();
  return (await environmentGrants(deps.engine, environmentId)).map(environmentGrantView);
}

/**
 * Gives a service account of the same organization a role in an environment.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `escalation`, `validation_failed` for another account,
 *   `already_member` when it has one, `idempotency_key_reused`
 */
export async function grantInEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  body: CreateEnvironmentGrantBody,
  options: MutationOptions = {},
): Promise<EnvironmentGrantView> {
  const access = await authorize(deps, caller, 'env:members.manage', { environmentId });
  const { serviceAccountId, role } = parse(CreateEnvironmentGrantBodySchema, body);
  requireGrantable(deps, caller, access, grantableOf(deps, access, 'env'), `env:${role}`);
  const id = deps.uuid();
  const grant = {
    id,
    environment_id: environmentId,
    grantee_type: 'service' as const,
    grantee_id: serviceAccountId,
    role,
    created_by: caller.principal.id,
  };
  const isOwn = caller.principal.kind === 'service' && caller.principal.id === serviceAccountId;
  const action = isOwn ? 'grant.self_granted' : 'grant.created';
  const detail = { grantId: id, serviceAccountId, before: null, after: { role } };
  const changed = await deps.effect('cp.change', () =>
    addEnvironmentGrant(
      deps.engine,
      grant,
      (organizationId) => audited(caller, action, { organizationId, environmentId }, detail),
      idempotent(caller, 'grant.create', [environmentId, serviceAccountId, role], options.idempotencyKey),
    ),
  );
  if (!changed) throw environmentNotFound();
  deps.gate.forget({ environmentId });
  const row = (await environmentGrants(deps.engine, environmentId)).find((each) => each.id === changed.targetId);
  if (!row) throw grantNotFound();
  return environmentGrantView(row);
}

/** @throws ControlPlaneError `not_found`, `permission_denied`, `escalation`, `idempotency_key_reused` */
export async function revokeInEnvironment(
  deps: Deps,
  caller: Caller,
  environmentId: string,
  grantId: string,
  options: MutationOptions = {},
): Promise<void> {
  const access = await authorize(deps, caller, 'env:members.manage', { environmentId });
  const request = idempotent(caller, 'grant.remove', [environmentId, grantId], options.idempotencyKey);
  const changed = await deps.effect('cp.change', () =>
    removeEnvironmentGrant(deps.engine, { environmentId, grantId }, request, (grant, organizationId) => {
      if (!grant) throw grantNotFound();
      requireGrantable(deps, caller, access, grantableOf(deps, access, 'env'), `env:${grant.role}`);
      const detail = { grantId, serviceAccountId: grant.grantee_id, before: { role: grant.role }, after: null };
      return { grant, audit: audited(caller, 'grant.removed', { organizationId, environmentId }, detail) };
    }),
  );
  if (!changed) throw environmentNotFound();
  deps.gate.forget({ environmentId });
}

/** Who holds which role on the platform. @throws ControlPlaneError `permission_denied` */
export async function listPlatformGrants(deps: Deps, caller: Caller): Promise<PlatformGrantView[]> {
  await authorize(deps, caller, 'platform:service_accounts.manage', { platform: true });
  return (await platformGrants(deps.engine)).map(platformGrantView);
}

/**
 * Gives a user, or a service account of the platform, a role on it.
 * @throws ControlPlaneError `permission_denied`, `escalation`, `validation_failed`, `already_member`, `idempotency_key_reused`
 */
export async function grantOnPlatform(
  deps: Deps,
  caller: Caller,
  body: CreatePlatformGrantBody,
  options: MutationOptions = {},
): Promise<PlatformGrantView> {
  const access = await authorize(deps, caller, 'platform:service_accounts.manage', { platform: true });
  const { granteeType, granteeId, role } = parse(CreatePlatformGrantBodySchema, body);
  requireGrantable(deps, caller, access, access.held, `platform:${role}`);
  const id = deps.uuid();
  const { targetId } = await deps.effect('cp.change', () =>
    addPlatformGrant(
      deps.engine,
      { id, grantee_type: granteeType, grantee_id: granteeId, role, created_by: caller.principal.id },
      audited(
        caller,
        'platform_grant.created',
        { organizationId: null },
        { grantId: id, granteeType, granteeId, before: null, after: { role } },
      ),
      idempotent(caller, 'platform_grant.create', [granteeType, granteeId, role], options.idempotencyKey),
    ),
  );
  const row = (await platformGrants(deps.engine)).find((each) => each.id === targetId);
  if (!row) throw grantNotFound();
  return platformGrantView(row);
}

/** @throws ControlPlaneError `not_found`, `permission_denied`, `escalation`, `idempotency_key_reused` */
export async function revokeOnPlatform(
  deps: Deps,
  caller: Caller,
  grantId: string,
  options: MutationOptions = {},
): Promise<void> {
  const access = await authorize(deps, caller, 'platform:service_accounts.manage', { platform: true });
  const request = idempotent(caller, 'platform_grant.remove', [grantId], options.idempotencyKey);
  const changed = await deps.effect('cp.change', () =>
    removePlatformGrant(deps.engine, grantId, request, (grant) => {
      requireGrantable(deps, caller, access, access.held, `platform:${grant.role}`);
      const { grantee_type: granteeType, grantee_id: granteeId, role } = grant;
      return audited(
        caller,
        'platform_grant.removed',
        { organizationId: null },
        { grantId, granteeType, granteeId, before: { role }, after: null },
      );
    }),
  );
  if (!changed) throw grantNotFound();
  deps.gate.forget('everything');
}

const environmentGrantView = (row: EnvironmentGrantRow): EnvironmentGrantView => ({
  id: row.id,
  environmentId: row.environment_id,
  granteeType: 'service',
  granteeId: row.grantee_id,
  role: row.role,
  createdBy: row.created_by,
  createdAt: new Date(row.created_at).toISOString(),
});

const platformGrantView = (row: PlatformGrantRow): PlatformGrantView => ({
  id: row.id,
  granteeType: row.grantee_type,
  granteeId: row.grantee_id,
  role: row.role,
  createdBy: row.created_by,
  createdAt: new Date(row.created_at).toISOString(),
});
