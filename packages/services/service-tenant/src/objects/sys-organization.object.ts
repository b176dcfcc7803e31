import { OrganizationMemberSchema, OrganizationSchema } from '@envplane/spec';
import { z } from 'zod';
import { defineObject, instant } from './define-object.ts';

const organization = OrganizationSchema.shape;

export const SysOrganization = defineObject({
  name: 'sys_organization',
  label: 'Organization',
  pluralLabel: 'Organizations',
  icon: 'building',
  schema: z
    .object({
      id: organization.id,
      slug: organization.slug,
      displayName: organization.displayName,
      plan: organization.plan,
      status: organization.status,
      isSystem: organization.isSystem,
      version: organization.version,
      createdBy: organization.createdBy,
      createdAt: instant().describe('When the organization was created.'),
      updatedAt: instant().describe('When the organization last changed.'),
      credentialRotationDays: organization.credentialRotationDays,
    })
    .describe('A customer: the owner of environments and the outer boundary of who may see what.'),
  indexes: [{ fields: ['slug'], unique: true, conflict: 'slug_taken' }, { fields: ['createdAt', 'id'] }],
});

const member = OrganizationMemberSchema.shape;

export const SysOrganizationMember = defineObject({
  name: 'sys_organization_member',
  label: 'Organization member',
  pluralLabel: 'Organization members',
  icon: 'users',
  schema: z
    .object({
      id: member.id,
      organizationId: member.organizationId,
      userId: member.userId,
      role: member.role,
      invitedBy: member.invitedBy,
      createdAt: instant().describe('When the membership was created.'),
      updatedAt: instant().describe('When the membership last changed.'),
      version: member.version,
    })
    .describe('A user who belongs to an organization, with one role.'),
  references: { organizationId: 'sys_organization' },
  indexes: [{ fields: ['organizationId', 'userId'], unique: true, conflict: 'already_member' }, { fields: ['userId'] }],
});
