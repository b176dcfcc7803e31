import {
  ControlPlaneError,
  CreatePlatformAccountBodySchema,
  type CreateServiceAccountBody,
  CreateServiceAccountBodySchema,
  grantableIn,
  missingFor,
  type RoleName,
  type ServiceAccountView,
  type UpdateServiceAccountBody,
  UpdateServiceAccountBodySchema,
} from '@envplane/spec';
import { type Access, authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { refused } from '../access/denials.ts';
import { requireGrantable } from '../access/escalation.ts';
import { organizationNotFound, serviceAccountNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import type { PageRequest, PageView } from '../environments/read-environments.ts';
import { audited, idempotent, type MutationOptions, parse, requireVersion } from '../request.ts';
import { decodeCursor, encodeCursor, isPosition } from '../store/cursor.ts';
import {
  type AccountRights,
  addServiceAccount,
  changeServiceAccount,
  findServiceAccount,
  listServiceAccounts as listRows,
} from '../store/service-accounts.ts';
import { serviceAccountView } from './views.ts';

/** Whose service accounts: an organization's (by id or slug) or the platform's. */
export type AccountOwner = { organizationId: string } | { platform: true };

const PERMISSIONS = {
  read: 'org:service_accounts.read',
  manage: 'org:service_accounts.manage',
  platform: 'platform:service_accounts.manage',
} as const;

/** @throws ControlPlaneError `not_found`, `permission_denied`, `cursor_invalid`, `cursor_mismatch` */
export async function listServiceAccounts(
  deps: Deps,
  caller: Caller,
  owner: AccountOwner,
  page: PageRequest,
): Promise<PageView<ServiceAccountView>> {
  const access = await authorizeOwner(deps, caller, owner, PERMISSIONS.read);
  const organizationId = await organizationOf(deps, owner, access);
  const bound = { organizationId: organizationId ?? undefined };
  const position = page.cursor === undefined ? null : decodeCursor(page.cursor, bound, isPosition);
  const { rows, next } = await listRows(deps.engine, organizationId, page.limit, position);
  return { items: rows.map(serviceAccountView), nextCursor: next && encodeCursor(next, bound) };
}

/**
 * Adds a service account, without a key.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `escalation`, `name_taken`, `idempotency_key_reused`
 */
export async function createServiceAccount(
  deps: Deps,
  caller: Caller,
  owner: AccountOwner,
  body: CreateServiceAccountBody,
  options: MutationOptions = {},
): Promise<{ targetId: string }> {
  const access = await authorizeOwner(deps, caller, owner, PERMISSIONS.manage);
  const isPlatform = 'platform' in owner;
  const request: CreateServiceAccountBody = isPlatform
    ? parse(CreatePlatformAccountBodySchema, body)
    : parse(CreateServiceAccountBodySchema, body);
  const { name, organizationRole = null } = request;
  if (organizationRole) requireGrantable(deps, caller, access, access.held, `org:${organizationRole}`);
  const organizationId = await organizationOf(deps, owner, access);
  const id = deps.uuid();
  return deps.effect('cp.change', () =>
    addServiceAccount(
      deps.engine,
      {
        id,
        organization_id: organizationId,
        name,
        organization_role: organizationRole,
        status: 'active',
        created_by: caller.principal.id,
      },
      audited(caller, 'service_account.created', { organizationId }, { serviceAccountId: id, organizationRole }),
      idempotent(caller, 'service_account.create', [organizationId, request], options.idempotencyKey),
    ),
  );
}

/** @throws ControlPlaneError `not_found`, `permission_denied` */
export async function getServiceAccount(deps: Deps, caller: Caller, id: string): Promise<ServiceAccountView> {
  await authorize(deps, caller, [PERMISSIONS.read, PERMISSIONS.platform], { serviceAccountId: id });
  const found = await findServiceAccount(deps.engine, id);
  if (!found) throw serviceAccountNotFound();
  return serviceAccountView(found);
}

/**
 * Changes a service account; what is absent stays. None of its keys is accepted while it is disabled, and the tokens it was
 * issued are withdrawn.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `escalation`, `name_taken`, `version_mismatch`, `unsupported` (a role
 *   in no organization), `idempotency_key_reused`
 */
export async function updateServiceAccount(
  deps: Deps,
  caller: Caller,
  id: string,
  body: UpdateServiceAccountBody,
  options: MutationOptions = {},
): Promise<{ targetId: string }> {
  const access = await authorizeAccount(deps, caller, id);
  const request = parse(UpdateServiceAccountBodySchema, body);
  const idempotentRequest = idempotent(caller, 'service_account.update', [id, request], options.idempotencyKey);
  const changed = await deps.effect('cp.change', () =>
    changeServiceAccount(deps.engine, id, askingOf(caller), idempotentRequest, (rights) => {
      const { account } = rights;
      requireVersion(account.version, options.ifVersion);
      const { name = account.name, organizationRole = account.organization_role, status = account.status } = request;
      const isOtherRole = organizationRole !== account.organization_role;
      if (isOtherRole && account.organization_id === null) {
        throw new ControlPlaneError('unsupported', 'An account of the platform has no role in an organization.');
      }
      if (isOtherRole || (status === 'active' && account.status !== 'active'))
        requireRights(deps, caller, access, rights);
      if (isOtherRole && organizationRole)
        requireGrantable(deps, caller, access, access.held, `org:${organizationRole}`);
      if (name === account.name && !isOtherRole && status === account.status) return null;
      return {
        account: { name, organization_role: organizationRole, status },
        narrows: isOtherRole || (status === 'disabled' && account.status !== 'disabled'),
        audit: audited(
          caller,
          'service_account.updated',
          { organizationId: account.organization_id },
          {
            serviceAccountId: id,
            before: { organizationRole: account.organization_role, status: account.status },
            after: { organizationRole, status },
          },
        ),
      };
    }),
  );
  if (!changed) throw serviceAccountNotFound();
  const { organizationId } = changed;
  deps.gate.forget(organizationId === null ? 'everything' : { organizationId });
  return { targetId: id };
}

/** The permission depends on whose account it is; what is not there is told from neither. */
export const authorizeAccount = (deps: Deps, caller: Caller, id: string): Promise<Access> =>
  authorize(deps, caller, [PERMISSIONS.manage, PERMISSIONS.platform], { serviceAccountId: id });

export const askingOf = ({ principal: { kind, id } }: Caller): { user: string; service: string } => ({
  user: kind === 'user' ? id : '',
  service: kind === 'service' ? id : '',
});

/**
 * Whoever makes a key can act with everything its account holds, so all of it must be theirs to hand on.
 * @throws ControlPlaneError `escalation`
 */
export function requireRights(deps: Deps, caller: Caller, access: Access, rights: AccountRights): void {
  if (caller.principal.kind === 'platform') return;
  const { account, platformRole, environments } = rights;
  const { catalogue } = deps;
  const own: RoleName[] = [];
  if (account.organization_role) own.push(`org:${account.organization_role}`);
  if (platformRole) own.push(`platform:${platformRole}` as RoleName);
  requireGrantable(deps, caller, access, access.held, ...own);
  const handing = { organization: access.organizationRole, platform: access.platformRole };
  const missing = environments.flatMap(({ environmentId, role, askingRole }) => {
    const roles = {
      platform_role: access.platformRole,
      organization_role: access.organizationRole,
      environment_role: askingRole,
      environment_id: environmentId,
    };
    const held = deps.expand(roles, caller.principal);
    return missingFor(grantableIn(held, handing, catalogue), `env:${role}` as RoleName, catalogue);
  });
  if (missing.length === 0) return;
  const reason = 'The account holds more than you could hand on; see missing.';
  const error = new ControlPlaneError('escalation', reason, { missing: [...new Set(missing)] });
  throw refused(deps, caller, access, error);
}

function authorizeOwner(
  deps: Deps,
  caller: Caller,
  owner: AccountOwner,
  permission: (typeof PERMISSIONS)['read' | 'manage'],
): Promise<Access> {
  return 'platform' in owner
    ? authorize(deps, caller, PERMISSIONS.platform, owner)
    : authorize(deps, caller, permission, owner);
}

async function organizationOf(deps: Deps, owner: AccountOwner, access: Access): Promise<string | null> {
  if ('platform' in owner) return null;
  if (access.organizationId !== null) return access.organizationId;
  const organization = await deps.reads.organization(owner.organizationId);
  if (!organization) throw organizationNotFound();
  return organization.id;
}
