import { z } from 'zod';
import { JsonRecordSchema, MetadataSchema } from './metadata.zod.ts';
import { TenantPlanSchema } from './organization.zod.ts';
import {
  DurationMsSchema,
  IdSchema,
  InstantSchema,
  OrganizationIdSchema,
  RegionSchema,
  StorageLimitMbSchema,
  safeText,
} from './scalars.zod.ts';

/** @deprecated The version 4 model, one database per organization. Read by the migration only. */
export const TenantDatabaseStatusSchema = z
  .enum(['provisioning', 'active', 'suspended', 'archived', 'failed'])
  .describe('State of a version 4 database.');
export type TenantDatabaseStatus = z.infer<typeof TenantDatabaseStatusSchema>;

/** @deprecated The version 4 model, one database per organization. Read by the migration only. */
export const TenantDatabaseSchema = z
  .object({
    id: IdSchema.describe('UUID of the tenant.'),
    organizationId: OrganizationIdSchema.describe('The organization.'),
    databaseName: safeText(1, 255).describe('Physical name at the provider.'),
    databaseUrl: z.url().describe('Where the database is.'),
    authToken: safeText(0, 2000).describe('Encrypted token.'),
    status: TenantDatabaseStatusSchema.default('provisioning').describe('State of the database.'),
    region: RegionSchema,
    plan: TenantPlanSchema.default('free').describe('Plan of the organization.'),
    storageLimitMb: StorageLimitMbSchema,
    createdAt: InstantSchema.describe('When it was created.'),
    updatedAt: InstantSchema.describe('When it last changed.'),
    lastAccessedAt: InstantSchema.optional().describe('When it was last used.'),
    metadata: JsonRecordSchema.optional().describe('Labels and notes.'),
  })
  .describe('The one database of an organization in version 4. Deprecated.');
export type TenantDatabase = z.infer<typeof TenantDatabaseSchema>;

/** @deprecated No verb accepts it; environments are provisioned with `ProvisionEnvironmentRequestSchema`. */
export const ProvisionTenantRequestSchema = z
  .strictObject({
    organizationId: OrganizationIdSchema.describe('The organization.'),
    region: RegionSchema.optional().describe('Region to place the database in.'),
    plan: TenantPlanSchema.default('free').describe('Plan of the organization.'),
    storageLimitMb: StorageLimitMbSchema.optional().describe('Storage limit in MB (2^20 bytes).'),
    metadata: MetadataSchema.optional(),
  })
  .describe('Request of version 4 for the database of an organization. Deprecated.');
export type ProvisionTenantRequest = z.input<typeof ProvisionTenantRequestSchema>;

/** @deprecated No verb returns it. */
export const ProvisionTenantResponseSchema = z
  .object({
    tenant: TenantDatabaseSchema,
    durationMs: DurationMsSchema.describe('Time from the call to the answer in ms.'),
    warnings: z.array(z.string()).optional().describe('What the caller should know although it worked.'),
  })
  .describe('Answer of version 4. Deprecated.');
export type ProvisionTenantResponse = z.infer<typeof ProvisionTenantResponseSchema>;
