import {
  AddEnvironmentMemberBodySchema,
  AddOrganizationMemberBodySchema,
  type BuiltInPermission,
  ChangeEnvironmentMemberBodySchema,
  ChangeOrganizationMemberBodySchema,
  type RoleName,
  TransferEnvironmentBodySchema,
  TransferOrganizationBodySchema,
} from '@envplane/spec';
import type { z } from 'zod';
import type { Access } from '../access/authorize.ts';
import { environmentNotFound, organizationNotFound } from '../access/not-found.ts';
import type { Deps } from '../deps.ts';
import type { Place } from '../store/members.ts';

/** Who becomes an owner, and what the previous one keeps: `admin` unless given. */
export type TransferRequest = Pick<Transfer, 'newOwnerUserId'> & Partial<Transfer>;

interface Level {
  scope: 'org' | 'env';
  read: BuiltInPermission;
  manage: BuiltInPermission;
  transfer: BuiltInPermission;
  notFound: () => Error;
  bodies: { add: z.ZodType<MemberRole>; change: z.ZodType<{ role: string }>; transfer: z.ZodType<Transfer> };
}

export interface MemberRole {
  userId: string;
  role: string;
}

export interface Transfer {
  newOwnerUserId: string;
  previousOwnerRole: string;
}

const ORGANIZATION: Level = {
  scope: 'org',
  read: 'org:members.read',
  manage: 'org:members.manage',
  transfer: 'org:ownership.transfer',
  notFound: organizationNotFound,
  bodies: {
    add: AddOrganizationMemberBodySchema,
    change: ChangeOrganizationMemberBodySchema,
    transfer: TransferOrganizationBodySchema,
  },
};
const ENVIRONMENT: Level = {
  scope: 'env',
  read: 'env:members.read',
  manage: 'env:members.manage',
  transfer: 'env:ownership.transfer',
  notFound: environmentNotFound,
  bodies: {
    add: AddEnvironmentMemberBodySchema,
    change: ChangeEnvironmentMemberBodySchema,
    transfer: TransferEnvironmentBodySchema,
  },
};

export const levelOf = (place: Place): Level => ('organizationId' in place ? ORGANIZATION : ENVIRONMENT);

export const roleIn = (place: Place, role: string): RoleName => `${levelOf(place).scope}:${role}` as RoleName;

/** The place by its id. @throws ControlPlaneError `not_found` */
export async function resolvePlace(deps: Deps, place: Place, access: Access): Promise<Place> {
  if ('environmentId' in place) {
    if (!(await deps.reads.environment(place.environmentId))) throw environmentNotFound();
    return place;
  }
  if (access.organizationId !== null) return { organizationId: access.organizationId };
  const organization = await deps.reads.organization(place.organizationId);
  if (!organization) throw organizationNotFound();
  return { organizationId: organization.id };
}
