import { z } from 'zod';
import { IdSchema, InstantSchema, PrincipalIdSchema, UserIdSchema } from './scalars.zod.ts';

export const EnvironmentRoleSchema = z
  .enum(['owner', 'admin', 'maker', 'reader', 'guest'])
  .meta({ id: 'EnvironmentRole', description: 'Role in one environment.' });
export type EnvironmentRole = z.infer<typeof EnvironmentRoleSchema>;

export const EnvironmentMemberSchema = z
  .object({
    id: IdSchema.describe('UUID of the membership.'),
    environmentId: IdSchema.describe('The environment.'),
    userId: UserIdSchema.describe('The user.'),
    role: EnvironmentRoleSchema,
    invitedBy: PrincipalIdSchema.describe('Who added the user.'),
    createdAt: InstantSchema.describe('When the membership was created.'),
    updatedAt: InstantSchema.describe('When the membership last changed.'),
  })
  .describe('A user who may work in an environment, with one role.');
export type EnvironmentMember = z.infer<typeof EnvironmentMemberSchema>;
