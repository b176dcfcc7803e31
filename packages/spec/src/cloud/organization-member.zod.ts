import { z } from 'zod';
import { ORGANIZATION_ROLES } from '../access/role-names.ts';
import {
  IdSchema,
  InstantSchema,
  OrganizationIdSchema,
  PrincipalIdSchema,
  UserIdSchema,
  VersionSchema,
} from './scalars.zod.ts';

export const OrganizationRoleSchema = z
  .enum(ORGANIZATION_ROLES)
  .meta({ id: 'OrganizationRole', description: 'Role in an organization. None of them gives access to data.' });
export type OrganizationRole = z.infer<typeof OrganizationRoleSchema>;

export const OrganizationMemberSchema = z
  .object({
    id: IdSchema.describe('UUID of the membership.'),
    organizationId: OrganizationIdSchema.describe('The organization.'),
    userId: UserIdSchema.describe('The user.'),
    role: OrganizationRoleSchema,
    invitedBy: PrincipalIdSchema.describe('Who added the user.'),
    version: VersionSchema.default(1).describe('Rises with every change; `If-Match` compares it.'),
    createdAt: InstantSchema.describe('When the membership was created.'),
    updatedAt: InstantSchema.describe('When the membership last changed.'),
  })
  .describe('A user who belongs to an organization, with one role.');
export type OrganizationMember = z.infer<typeof OrganizationMemberSchema>;

/** A membership as the API shows it; it is found by its user, not by an id of its own. */
export const OrganizationMemberViewSchema = OrganizationMemberSchema.omit({ id: true })
  .extend({ version: VersionSchema })
  .meta({
    id: 'OrganizationMember',
    description: 'A user with a role in the organization.',
  });
export type OrganizationMemberView = z.infer<typeof OrganizationMemberViewSchema>;

export const AddOrganizationMemberBodySchema = z
  .strictObject({ userId: UserIdSchema, role: OrganizationRoleSchema })
  .meta({ id: 'AddOrganizationMember', description: 'A user who is to become a member of the organization.' });
export type AddOrganizationMemberBody = z.infer<typeof AddOrganizationMemberBodySchema>;

export const ChangeOrganizationMemberBodySchema = z
  .strictObject({ role: OrganizationRoleSchema })
  .meta({ id: 'ChangeOrganizationMember', description: 'The role that a member of the organization is to have.' });
export type ChangeOrganizationMemberBody = z.infer<typeof ChangeOrganizationMemberBodySchema>;

export const TransferOrganizationBodySchema = z
  .strictObject({
    newOwnerUserId: UserIdSchema.describe('The member who becomes an owner.'),
    previousOwnerRole: OrganizationRoleSchema.exclude(['owner'])
      .default('admin')
      .describe('The role that the previous owner keeps.'),
  })
  .meta({ id: 'TransferOrganization', description: 'To whom the organization is handed over.' });
export type TransferOrganizationBody = z.input<typeof TransferOrganizationBodySchema>;
