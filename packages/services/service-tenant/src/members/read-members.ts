import type { EnvironmentMemberView, OrganizationMemberView } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { memberNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import type { PageRequest, PageView } from '../environments/read-environments.ts';
import { decodeCursor, encodeCursor, isPosition } from '../store/cursor.ts';
import { findMember, listMembers as listRows, type MemberRow, type Place } from '../store/members.ts';
import { levelOf, resolvePlace } from './place.ts';

export type MemberView = OrganizationMemberView | EnvironmentMemberView;

/** Members in order of joining. @throws ControlPlaneError `not_found`, `permission_denied`, `cursor_invalid`, `cursor_mismatch` */
export async function listMembers(
  deps: Deps,
  caller: Caller,
  asked: Place,
  { role }: { role?: string },
  page: PageRequest,
): Promise<PageView<MemberView>> {
  const access = await authorize(deps, caller, levelOf(asked).read, asked);
  const place = await resolvePlace(deps, asked, access);
  const bound = { ...place, role };
  const position = page.cursor === undefined ? null : decodeCursor(page.cursor, bound, isPosition);
  const { rows, next } = await listRows(deps.engine, place, role, page.limit, position);
  return { items: rows.map(memberView), nextCursor: next && encodeCursor(next, bound) };
}

/** @throws ControlPlaneError `not_found`, `permission_denied` */
export async function getMember(deps: Deps, caller: Caller, asked: Place, userId: string): Promise<MemberView> {
  const isOwn = caller.principal.kind === 'user' && caller.principal.id === userId;
  const access = await authorize(deps, caller, isOwn ? null : levelOf(asked).read, asked);
  const row = await findMember(deps.engine, await resolvePlace(deps, asked, access), userId);
  if (!row) throw memberNotFound();
  return memberView(row);
}

export function memberView(row: MemberRow): MemberView {
  const view = {
    userId: row.user_id,
    invitedBy: row.invited_by,
    version: row.version,
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  };
  if (row.organization_id !== undefined) return { ...view, role: row.role, organizationId: row.organization_id };
  return { ...view, role: row.role, environmentId: row.environment_id };
}
