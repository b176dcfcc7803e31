import { z } from 'zod';
import { DatabaseCredentialSchema } from './database-credential.zod.ts';
import { CreateEnvironmentBodySchema, EnvironmentSchema, EnvironmentTypeSchema } from './environment.zod.ts';
import { EnvironmentDatabaseSchema } from './environment-database.zod.ts';
import { MetadataSchema } from './metadata.zod.ts';
import { TenantPlanSchema } from './organization.zod.ts';
import {
  DatabaseDriverSchema,
  DisplayNameSchema,
  DurationMsSchema,
  IdempotencyKeySchema,
  IdSchema,
  OrganizationIdSchema,
  OrganizationSlugSchema,
  PlacementRefSchema,
  PrincipalIdSchema,
  RegionSchema,
  SlugSchema,
  StorageLimitMbSchema,
  UserIdSchema,
} from './scalars.zod.ts';

const warnings = z.array(z.string()).optional().describe('What the caller should know although it worked.');

/** A library call says who creates and in which organization; over HTTP the path and the identity do. */
export const ProvisionEnvironmentRequestSchema = z
  .strictObject({
    organizationId: OrganizationIdSchema.describe('The organization that is to own it.'),
    ...CreateEnvironmentBodySchema.shape,
    createdBy: PrincipalIdSchema.describe('Who creates it.'),
    idempotencyKey: IdempotencyKeySchema.optional().describe('Makes a repetition of the same request safe.'),
  })
  .describe('A new environment with a physical database of its own.');
export type ProvisionEnvironmentRequest = z.input<typeof ProvisionEnvironmentRequestSchema>;

export const ProvisionEnvironmentResponseSchema = z
  .object({
    environment: EnvironmentSchema,
    database: EnvironmentDatabaseSchema,
    credential: DatabaseCredentialSchema,
    durationMs: DurationMsSchema.describe('Time from the call to the answer in ms.'),
    warnings,
    operationId: IdSchema.describe('The operation that made it.'),
  })
  .describe('The environment, its database and its credential, ready for use.');
export type ProvisionEnvironmentResponse = z.infer<typeof ProvisionEnvironmentResponseSchema>;

export const ProvisionOrganizationRequestSchema = z
  .strictObject({
    organizationId: OrganizationIdSchema.optional().describe(
      'The organization; may be absent when `organization` is given.',
    ),
    organization: z
      .strictObject({
        slug: OrganizationSlugSchema,
        displayName: DisplayNameSchema,
        ownerUserId: UserIdSchema.describe('The user who becomes its owner.'),
      })
      .optional()
      .describe('Creates the organization itself, too.'),
    defaultEnvType: EnvironmentTypeSchema.default('production').describe('Type of the default environment.'),
    defaultEnvSlug: SlugSchema.default('prod').describe('Slug of the default environment.'),
    defaultEnvDisplayName: DisplayNameSchema.default('Production').describe('Name of the default environment.'),
    region: RegionSchema.optional().describe('Region to place the database in; any when absent.'),
    driver: DatabaseDriverSchema.optional().describe('Driver key; the default driver when absent.'),
    placement: PlacementRefSchema.optional().describe(
      'Id or name of the placement; chosen by driver and region when absent.',
    ),
    plan: TenantPlanSchema.optional(),
    storageLimitMb: StorageLimitMbSchema.optional().describe('Storage limit in MB (2^20 bytes); 1024 when absent.'),
    metadata: MetadataSchema.optional(),
    createdBy: PrincipalIdSchema.describe('Who creates it.'),
    idempotencyKey: IdempotencyKeySchema.optional().describe('Makes a repetition of the same request safe.'),
  })
  .refine((request) => request.organizationId !== undefined || request.organization !== undefined, {
    path: ['organizationId'],
    message: 'is required unless organization is given',
  })
  .describe('The default environment of an organization, and the organization itself when it is described.');
export type ProvisionOrganizationRequest = z.input<typeof ProvisionOrganizationRequestSchema>;

export const ProvisionOrganizationResponseSchema = z
  .object({
    defaultEnvironment: ProvisionEnvironmentResponseSchema,
    durationMs: DurationMsSchema.describe('Time from the call to the answer in ms.'),
    warnings,
    operationId: IdSchema.describe('The operation that made it.'),
  })
  .describe('The default environment of the organization, ready for use.');
export type ProvisionOrganizationResponse = z.infer<typeof ProvisionOrganizationResponseSchema>;

const DefaultEnvironmentSchema = z.strictObject({
  slug: SlugSchema.default('prod').describe('Slug of the default environment.'),
  displayName: DisplayNameSchema.optional().describe('Name of the default environment; `Production` when absent.'),
  envType: EnvironmentTypeSchema.default('production').describe('Type of the default environment.'),
  driver: DatabaseDriverSchema.optional().describe('Driver key; the default driver when absent.'),
  region: RegionSchema.optional().describe('Region to place the database in; any when absent.'),
  placement: PlacementRefSchema.optional().describe(
    'Id or name of the placement; chosen by driver and region when absent.',
  ),
  storageLimitMb: StorageLimitMbSchema.optional().describe('Storage limit in MB (2^20 bytes); 1024 when absent.'),
});

/** Body of `POST /v1/organizations`. */
export const CreateOrganizationBodySchema = z
  .strictObject({
    slug: OrganizationSlugSchema,
    displayName: DisplayNameSchema,
    plan: TenantPlanSchema.optional(),
    ownerUserId: UserIdSchema.describe('The user who becomes its owner.'),
    defaultEnvironment: DefaultEnvironmentSchema.default({ slug: 'prod', envType: 'production' }).describe(
      'The environment that is created with the organization.',
    ),
  })
  .meta({ id: 'CreateOrganization', description: 'A new organization with its owner and its default environment.' });
export type CreateOrganizationBody = z.infer<typeof CreateOrganizationBodySchema>;
