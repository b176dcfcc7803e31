import { z } from 'zod';
import {
  CredentialRotationDaysSchema,
  DisplayNameSchema,
  IdSchema,
  InstantSchema,
  OrganizationIdSchema,
  OrganizationSlugSchema,
  PrincipalIdSchema,
  VersionSchema,
} from './scalars.zod.ts';

export const TenantPlanSchema = z
  .enum(['free', 'starter', 'pro', 'enterprise', 'custom'])
  .meta({ id: 'TenantPlan', description: 'Plan; it decides the quotas.' });
export type TenantPlan = z.infer<typeof TenantPlanSchema>;

export const OrganizationStatusSchema = z.enum(['active', 'archived', 'purging']).meta({
  id: 'OrganizationStatus',
  description: 'active: in use; archived: out of use and restorable; purging: being removed for good.',
});
export type OrganizationStatus = z.infer<typeof OrganizationStatusSchema>;

export const OrganizationSchema = z
  .object({
    id: OrganizationIdSchema,
    slug: OrganizationSlugSchema,
    displayName: DisplayNameSchema,
    plan: TenantPlanSchema.default('free').describe('Plan; it decides the quotas.'),
    status: OrganizationStatusSchema.default('active').describe('Whether the organization is in use.'),
    isSystem: z.boolean().default(false).describe('Whether it belongs to the platform itself.'),
    defaultEnvironmentId: IdSchema.optional().describe('The default environment.'),
    credentialRotationDays: CredentialRotationDaysSchema.optional().describe(
      'Days after which credentials are replaced by themselves, where an environment says nothing else; 0 or absent: never.',
    ),
    version: VersionSchema.default(1).describe('Rises with every change; `If-Match` compares it.'),
    createdBy: PrincipalIdSchema.describe('Who created the organization.'),
    createdAt: InstantSchema.describe('When the organization was created.'),
    updatedAt: InstantSchema.describe('When the organization last changed.'),
  })
  .describe('A customer: the owner of environments and the outer boundary of who may see what.');
export type Organization = z.infer<typeof OrganizationSchema>;

export const OrganizationViewSchema = z
  .object({
    ...OrganizationSchema.shape,
    plan: TenantPlanSchema,
    status: OrganizationStatusSchema,
    isSystem: z.boolean().describe('Whether it belongs to the platform itself.'),
    defaultEnvironmentId: IdSchema.nullable().describe('The default environment; null when there is none.'),
    credentialRotationDays: CredentialRotationDaysSchema.nullable().describe(
      'Days after which credentials are replaced by themselves, where an environment says nothing else; 0 or null: never.',
    ),
    version: VersionSchema,
  })
  .meta({ id: 'Organization', description: 'A customer: the owner of environments.' });
export type OrganizationView = z.infer<typeof OrganizationViewSchema>;

export const UpdateOrganizationBodySchema = z
  .strictObject({
    displayName: DisplayNameSchema.optional().describe('New name.'),
    plan: TenantPlanSchema.optional(),
    credentialRotationDays: CredentialRotationDaysSchema.nullable()
      .optional()
      .describe(
        'Days after which credentials are replaced by themselves, where an environment says nothing else; 0 or null: never.',
      ),
  })
  .meta({ id: 'UpdateOrganization', description: 'Changes to an organization; what is absent stays.' });
export type UpdateOrganizationBody = z.infer<typeof UpdateOrganizationBodySchema>;
