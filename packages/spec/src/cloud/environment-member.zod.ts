import { z } from 'zod';
import { ENVIRONMENT_ROLES } from '../access/role-names.ts';
import { IdSchema, InstantSchema, PrincipalIdSchema, UserIdSchema, VersionSchema } from './scalars.zod.ts';

export const EnvironmentRoleSchema = z
  .enum(ENVIRONMENT_ROLES)
  .meta({ id: 'EnvironmentRole', description: 'Role in one environment.' });
export type EnvironmentRole = z.infer<typeof EnvironmentRoleSchema>;

export const EnvironmentMemberSchema = z
  .object({
    id: IdSchema.describe('UUID of the membership.'),
    environmentId: IdSchema.describe('The environment.'),
    userId: UserIdSchema.describe('The user.'),
    role: EnvironmentRoleSchema,
    invitedBy: PrincipalIdSchema.describe('Who added the user.'),
    version: VersionSchema.default(1).describe('Rises with every change; `If-Match` compares it.'),
    createdAt: InstantSchema.describe('When the membership was created.'),
    updatedAt: InstantSchema.describe('When the membership last changed.'),
  })
  .describe('A user who may work in an environment, with one role.');
export type EnvironmentMember = z.infer<typeof EnvironmentMemberSchema>;

/** A membership as the API shows it; it is found by its user, not by an id of its own. */
export const EnvironmentMemberViewSchema = EnvironmentMemberSchema.omit({ id: true })
  .extend({ version: VersionSchema })
  .meta({
    id: 'EnvironmentMember',
    description: 'A user with a role in the environment.',
  });
export type EnvironmentMemberView = z.infer<typeof EnvironmentMemberViewSchema>;

export const AddEnvironmentMemberBodySchema = z
  .strictObject({ userId: UserIdSchema, role: EnvironmentRoleSchema })
  .meta({ id: 'AddEnvironmentMember', description: 'A user who is to become a member of the environment.' });
export type AddEnvironmentMemberBody = z.infer<typeof AddEnvironmentMemberBodySchema>;

export const ChangeEnvironmentMemberBodySchema = z
  .strictObject({ role: EnvironmentRoleSchema })
  .meta({ id: 'ChangeEnvironmentMember', description: 'The role that a member of the environment is to have.' });
export type ChangeEnvironmentMemberBody = z.infer<typeof ChangeEnvironmentMemberBodySchema>;

export const TransferEnvironmentBodySchema = z
  .strictObject({
    newOwnerUserId: UserIdSchema.describe('The member who becomes an owner.'),
    previousOwnerRole: EnvironmentRoleSchema.exclude(['owner'])
      .default('admin')
      .describe('The role that the previous owner keeps.'),
  })
  .meta({ id: 'TransferEnvironment', description: 'To whom the environment is handed over.' });
export type TransferEnvironmentBody = z.input<typeof TransferEnvironmentBodySchema>;
