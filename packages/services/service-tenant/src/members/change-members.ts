import { ControlPlaneError, expandRole, missingFor } from '@envplane/spec';
import { authorize } from '../access/authorize.ts';
import type { Caller } from '../access/caller.ts';
import { grantableOf, requireGrantable } from '../access/escalation.ts';
import { memberNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import { actorOf, audited, idempotent, type MutationOptions, parse, requireVersion } from '../request.ts';
import type { IdempotentRequest } from '../store/idempotency.ts';
import {
  changeMembers,
  findMember,
  type MemberChange,
  type MembersChanged,
  type Membership,
  type Place,
} from '../store/members.ts';
import type { OutboxEntry } from '../store/outbox.ts';
import { levelOf, type MemberRole, resolvePlace, roleIn, type TransferRequest } from './place.ts';
import { type MemberView, memberView } from './read-members.ts';

type Where = Pick<Membership, 'organizationId' | 'environmentId'>;

/**
 * Makes a user a member.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `escalation`, `already_member`, `idempotency_key_reused`
 */
export async function addMember(
  deps: Deps,
  caller: Caller,
  asked: Place,
  body: MemberRole,
  options: MutationOptions = {},
): Promise<MembersChanged> {
  const access = await authorize(deps, caller, levelOf(asked).manage, asked);
  const { userId, role } = parse(levelOf(asked).bodies.add, body);
  requireGrantable(deps, caller, access, grantableOf(deps, access, levelOf(asked).scope), roleIn(asked, role));
  const place = await resolvePlace(deps, asked, access);
  const request = idempotent(caller, 'member.add', [place, userId, role], options.idempotencyKey);
  return change(deps, place, request, userId, (membership) => {
    if (membership.members.has(userId)) throw new ControlPlaneError('already_member', 'This user is already a member.');
    return {
      set: [{ userId, role, id: deps.uuid(), invitedBy: caller.principal.id }],
      ...recorded(
        caller,
        membership,
        isOwn(caller, userId) ? 'member.self_granted' : 'member.added',
        'member.added',
        userId,
        null,
        role,
      ),
    };
  });
}

/**
 * Gives a member another role.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `escalation`, `last_owner`, `version_mismatch`, `idempotency_key_reused`
 */
export async function changeMember(
  deps: Deps,
  caller: Caller,
  asked: Place,
  userId: string,
  body: { role: string },
  options: MutationOptions = {},
): Promise<MembersChanged> {
  const access = await authorize(deps, caller, levelOf(asked).manage, asked);
  const { role } = parse(levelOf(asked).bodies.change, body);
  const grantable = grantableOf(deps, access, levelOf(asked).scope);
  requireGrantable(deps, caller, access, grantable, roleIn(asked, role));
  const place = await resolvePlace(deps, asked, access);
  const request = idempotent(caller, 'member.change', [place, userId, role], options.idempotencyKey);
  return change(deps, place, request, userId, (membership) => {
    const member = membership.members.get(userId);
    if (!member) throw memberNotFound();
    requireVersion(member.version, options.ifVersion);
    requireGrantable(deps, caller, access, grantable, roleIn(place, member.role));
    if (member.role === role) return null;
    const action =
      isOwn(caller, userId) && widens(deps, place, member.role, role) ? 'member.self_granted' : 'member.changed';
    return {
      set: [{ userId, role, id: member.id, invitedBy: member.invited_by }],
      ...recorded(caller, membership, action, 'member.changed', userId, member.role, role),
    };
  });
}

/**
 * Ends a membership; anyone may end their own. Whoever leaves an organization leaves every environment of it with that, also
 * one they alone own: its organization's owners remain in charge of it, and the audit entry says so.
 * @throws ControlPlaneError `not_found`, `permission_denied`, `escalation`, `last_owner`, `version_mismatch`, `idempotency_key_reused`
 */
export async function removeMember(
  deps: Deps,
  caller: Caller,
  asked: Place,
  userId: string,
  options: MutationOptions = {},
): Promise<MembersChanged> {
  const isLeaving = isOwn(caller, userId);
  const access = await authorize(deps, caller, isLeaving ? null : levelOf(asked).manage, asked);
  const place = await resolvePlace(deps, asked, access);
  const request = idempotent(caller, 'member.remove', [place, userId], options.idempotencyKey);
  return change(deps, place, request, userId, (membership) => {
    const member = membership.members.get(userId);
    if (!member) throw memberNotFound();
    requireVersion(member.version, options.ifVersion);
    if (!isLeaving)
      requireGrantable(
        deps,
        caller,
        access,
        grantableOf(deps, access, levelOf(asked).scope),
        roleIn(place, member.role),
      );
    const removal = (where: Where, role: string, detail = {}) =>
      recorded(caller, where, 'member.removed', 'member.removed', userId, role, null, detail);
    return {
      remove: userId,
      ...removal(membership, member.role),
      ...('organizationId' in place && {
        cascade: (environmentId: string, role: string, isOwned: boolean) => {
          const where = { organizationId: membership.organizationId, environmentId };
          const { audit, events } = removal(where, role, { because: 'organization', ownersLeft: isOwned });
          return { audit: audit[0] as (typeof audit)[0], event: events[0] as OutboxEntry };
        },
      }),
    };
  });
}

/**
 * Makes another member an owner in place of one: of the caller where they are an owner, else of the only one there is.
 * @throws ControlPlaneError `not_found` (the new owner is no member), `permission_denied`, `invalid_state` when it is open whose
 *   place it is, `idempotency_key_reused`
 */
export async function transferOwnership(
  deps: Deps,
  caller: Caller,
  asked: Place,
  body: TransferRequest,
  options: MutationOptions = {},
): Promise<MembersChanged & { member: MemberView }> {
  const access = await authorize(deps, caller, levelOf(asked).transfer, asked);
  const { newOwnerUserId, previousOwnerRole } = parse(levelOf(asked).bodies.transfer, body);
  const grantable = grantableOf(deps, access, levelOf(asked).scope);
  requireGrantable(deps, caller, access, grantable, roleIn(asked, 'owner'), roleIn(asked, previousOwnerRole));
  const place = await resolvePlace(deps, asked, access);
  const input = [place, newOwnerUserId, previousOwnerRole];
  const request = idempotent(caller, 'ownership.transfer', input, options.idempotencyKey);
  const transferred = await change(deps, place, request, newOwnerUserId, (membership) => {
    const next = membership.members.get(newOwnerUserId);
    if (!next) throw memberNotFound();
    const previous = previousOwner(caller, membership);
    if (previous?.user_id === newOwnerUserId) return null;
    const detail = {
      before: { [newOwnerUserId]: next.role, ...(previous && { [previous.user_id]: 'owner' }) },
      after: { [newOwnerUserId]: 'owner', ...(previous && { [previous.user_id]: previousOwnerRole }) },
    };
    const promoted = recorded(caller, membership, '', 'member.changed', newOwnerUserId, next.role, 'owner').events;
    const demoted = previous
      ? recorded(caller, membership, '', 'member.changed', previous.user_id, 'owner', previousOwnerRole).events
      : [];
    return {
      set: [next, ...(previous ? [previous] : [])].map((member) => ({
        userId: member.user_id,
        role: member === next ? 'owner' : previousOwnerRole,
        id: member.id,
        invitedBy: member.invited_by,
      })),
      audit: [
        audited(caller, 'ownership.transferred', targetOf(membership), detail),
        ...(isOwn(caller, newOwnerUserId)
          ? recorded(caller, membership, 'member.self_granted', 'member.changed', newOwnerUserId, next.role, 'owner')
              .audit
          : []),
      ],
      events: [...promoted, ...demoted],
    };
  });
  const member = await findMember(deps.engine, place, newOwnerUserId);
  if (!member) throw memberNotFound();
  return { ...transferred, member: memberView(member) };
}

const isOwn = ({ principal }: Caller, userId: string): boolean => principal.kind === 'user' && principal.id === userId;

/** Whether a role holds something that the one before did not. */
const widens = ({ catalogue }: Deps, place: Place, before: string, after: string): boolean =>
  missingFor(expandRole(roleIn(place, before), catalogue), roleIn(place, after), catalogue).length > 0;

function previousOwner({ principal }: Caller, { members }: Membership) {
  const owners = [...members.values()].filter(({ role }) => role === 'owner');
  const own = owners.find(({ user_id: userId }) => principal.kind === 'user' && userId === principal.id);
  if (own || owners.length <= 1) return own ?? owners[0];
  throw new ControlPlaneError('invalid_state', 'There are several owners; change their roles one by one.', {
    state: 'several_owners',
  });
}

const targetOf = ({ organizationId, environmentId }: Where) => ({
  organizationId,
  ...(environmentId !== null && { environmentId }),
});

function recorded(
  caller: Caller,
  where: Where,
  action: string,
  type: 'member.added' | 'member.changed' | 'member.removed',
  userId: string,
  before: string | null,
  after: string | null,
  detail: Record<string, unknown> = {},
): Pick<MemberChange, 'audit' | 'events'> {
  const roles = { before: before && { role: before }, after: after && { role: after } };
  return {
    audit: [audited(caller, action, targetOf(where), { userId, ...roles, ...detail })],
    events: [
      {
        organization_id: where.organizationId,
        environment_id: where.environmentId,
        type,
        actor: actorOf(caller),
        payload: { userId, role: after, previousRole: before },
      },
    ],
  };
}

async function change(
  deps: Deps,
  place: Place,
  request: IdempotentRequest | null,
  userId: string,
  decide: (membership: Membership) => MemberChange | null,
): Promise<MembersChanged> {
  const changed = await deps.effect('cp.change', () => changeMembers(deps.engine, place, request, userId, decide));
  if (!changed) throw levelOf(place).notFound();
  deps.gate.forget(place);
  return changed;
}
