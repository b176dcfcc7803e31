import { z } from 'zod';
import { JsonRecordSchema } from './metadata.zod.ts';
import { TenantPlanSchema } from './organization.zod.ts';
import { IdSchema, OrganizationIdSchema, OrganizationSlugSchema, safeText } from './scalars.zod.ts';

export const TenantIdentificationSourceSchema = z
  .enum(['subdomain', 'custom_domain', 'header', 'jwt_claim', 'session', 'default'])
  .describe('Where a request says which tenant it is for.');
export type TenantIdentificationSource = z.infer<typeof TenantIdentificationSourceSchema>;

export const TenantRoutingConfigSchema = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Whether requests are routed by tenant.'),
    identificationSources: z
      .array(TenantIdentificationSourceSchema)
      .default(['subdomain', 'header', 'jwt_claim'])
      .describe('The sources, in the order they are asked.'),
    defaultTenantId: safeText(1, 255).optional().describe('The tenant of source `default`.'),
    subdomainPattern: safeText(1, 255).optional().describe('Pattern that a subdomain is read with.'),
    customDomainMapping: z
      .record(z.string(), safeText(1, 255))
      .optional()
      .describe('Tenant id by host, for source `custom_domain`.'),
    tenantHeaderName: safeText(1, 255).default('X-Tenant-ID').describe('Header of source `header`, in any case.'),
    jwtOrganizationClaim: safeText(1, 255).default('organizationId').describe('Claim of source `jwt_claim`.'),
  })
  .describe('How a host finds the tenant of a request.');
export type TenantRoutingConfig = z.input<typeof TenantRoutingConfigSchema>;

export const TenantContextSchema = z
  .object({
    tenantId: IdSchema.describe('The environment the request is for.'),
    organizationId: OrganizationIdSchema.describe('The organization that owns it.'),
    organizationSlug: OrganizationSlugSchema.optional().describe('Short name of the organization.'),
    databaseUrl: z.url().describe('Where the database is, without user, password or token.'),
    plan: TenantPlanSchema,
    metadata: JsonRecordSchema.optional().describe('Labels and notes of the environment.'),
  })
  .describe('What a host learns about the tenant of a request.');
export type TenantContext = z.infer<typeof TenantContextSchema>;
