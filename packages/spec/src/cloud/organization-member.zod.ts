import { z } from 'zod';
import { IdSchema, InstantSchema, OrganizationIdSchema, PrincipalIdSchema, UserIdSchema } from './scalars.zod.ts';

export const OrganizationRoleSchema = z
  .enum(['owner', 'admin', 'member'])
  .meta({ id: 'OrganizationRole', description: 'Role in an organization. None of them gives access to data.' });
export type OrganizationRole = z.infer<typeof OrganizationRoleSchema>;

export const OrganizationMemberSchema = z
  .object({
    id: IdSchema.describe('UUID of the membership.'),
    organizationId: OrganizationIdSchema.describe('The organization.'),
    userId: UserIdSchema.describe('The user.'),
    role: OrganizationRoleSchema,
    invitedBy: PrincipalIdSchema.describe('Who added the user.'),
    createdAt: InstantSchema.describe('When the membership was created.'),
    updatedAt: InstantSchema.describe('When the membership last changed.'),
  })
  .describe('A user who belongs to an organization, with one role.');
export type OrganizationMember = z.infer<typeof OrganizationMemberSchema>;
