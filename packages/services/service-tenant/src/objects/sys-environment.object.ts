import { EnvironmentMemberSchema, EnvironmentSchema } from '@envplane/spec';
import { z } from 'zod';
import { defineObject, instant } from './define-object.ts';

const environment = EnvironmentSchema.shape;

export const SysEnvironment = defineObject({
  name: 'sys_environment',
  label: 'Environment',
  pluralLabel: 'Environments',
  icon: 'layers',
  schema: z
    .object({
      id: environment.id,
      organizationId: environment.organizationId,
      slug: environment.slug,
      displayName: environment.displayName,
      envType: environment.envType,
      isDefault: environment.isDefault,
      region: environment.region,
      plan: environment.plan,
      status: environment.status,
      hostname: environment.hostname,
      visibility: environment.visibility,
      deletionProtection: environment.deletionProtection,
      version: environment.version,
      nextPlacementOrdinal: z
        .int()
        .describe('The ordinal the next physical database of this environment takes. Never goes back.'),
      metadata: environment.metadata,
      createdBy: environment.createdBy,
      createdAt: instant().describe('When the environment was created.'),
      updatedAt: instant().describe('When the environment last changed.'),
      credentialRotationDays: environment.credentialRotationDays,
    })
    .describe(
      'One isolated place of an organization, such as production or a sandbox, with a physical database of its own.',
    ),
  references: { organizationId: 'sys_organization' },
  hidden: ['nextPlacementOrdinal'],
  indexes: [
    { fields: ['organizationId', 'slug'], unique: true, conflict: 'slug_taken' },
    {
      fields: ['organizationId'],
      unique: true,
      where: { field: 'isDefault', equals: true },
      conflict: 'default_taken',
    },
    { fields: ['hostname'], unique: true, where: { field: 'hostname', is: 'not null' }, conflict: 'hostname_taken' },
    { fields: ['organizationId', 'createdAt', 'id'] },
    { fields: ['status'] },
    { fields: ['envType'] },
  ],
});

const member = EnvironmentMemberSchema.shape;

export const SysEnvironmentMember = defineObject({
  name: 'sys_environment_member',
  label: 'Environment member',
  pluralLabel: 'Environment members',
  icon: 'user-check',
  schema: z
    .object({
      id: member.id,
      environmentId: member.environmentId,
      userId: member.userId,
      role: member.role,
      invitedBy: member.invitedBy,
      createdAt: instant().describe('When the membership was created.'),
      updatedAt: instant().describe('When the membership last changed.'),
      version: member.version,
    })
    .describe('A user who may work in an environment, with one role.'),
  references: { environmentId: 'sys_environment' },
  indexes: [
    { fields: ['environmentId', 'userId'], unique: true, conflict: 'already_member' },
    { fields: ['userId'] },
    { fields: ['role'] },
  ],
});
