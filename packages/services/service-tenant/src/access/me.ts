import {
  covers,
  ENVIRONMENT_ROLES,
  expandRole,
  type MeView,
  type MyEnvironmentView,
  ORGANIZATION_ROLES,
  type PermissionView,
  PLATFORM_ROLES,
  type RoleName,
} from '@envplane/spec';
import type { Deps } from '../deps.ts';
import type { PageRequest, PageView } from '../environments/read-environments.ts';
import { decodeCursor, encodeCursor, isPosition } from '../store/cursor.ts';
import type { Caller } from './caller.ts';
import { readerOf } from './readers.ts';

const ROLES: readonly RoleName[] = [
  ...PLATFORM_ROLES.map((role) => `platform:${role}` as const),
  ...ORGANIZATION_ROLES.map((role) => `org:${role}` as const),
  ...ENVIRONMENT_ROLES.map((role) => `env:${role}` as const),
];

/** The catalogue, with the roles that hold each permission. It is the same for everybody. */
export function listPermissions({ catalogue }: Pick<Deps, 'catalogue'>): PermissionView[] {
  const held = ROLES.map((role) => ({ role, patterns: expandRole(role, catalogue) }));
  return catalogue.definitions.map(({ permission, scope, description }) => ({
    permission,
    scope,
    description,
    roles: held.filter(({ patterns }) => covers(patterns[scope], permission)).map(({ role }) => role),
  }));
}

/** Who is calling, and where they belong. */
export async function describeCaller(deps: Deps, { principal }: Caller): Promise<MeView> {
  const { kind, id, issuer, subject, email, actor } = principal;
  const isPlatform = kind === 'platform';
  const platformRole = isPlatform ? 'administrator' : await deps.access.platformRole(principal);
  const organizations = isPlatform ? [] : await deps.access.organizationsOf(principal);
  return {
    kind,
    id,
    issuer,
    subject,
    email: email ?? null,
    actor: actor ? { kind: actor.kind, id: actor.id } : null,
    platformRole: platformRole as MeView['platformRole'],
    organizations,
  };
}

/** The environments that the caller may see, over all organizations, in order of creation. @throws ControlPlaneError `cursor_invalid` */
export async function listMyEnvironments(
  deps: Deps,
  caller: Caller,
  page: PageRequest,
): Promise<PageView<MyEnvironmentView>> {
  const reader = await readerOf(deps, caller, 'env:environment.read', 'env:environment.read');
  const position = page.cursor === undefined ? null : decodeCursor(page.cursor, {}, isPosition);
  const { rows, next } = await deps.access.environmentsOf(caller.principal, reader, page.limit, position);
  return { items: rows, nextCursor: next && encodeCursor(next, {}) };
}
