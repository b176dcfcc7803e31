import { z } from 'zod';
import { DatabaseCredentialViewSchema } from './database-credential.zod.ts';
import { EnvironmentDatabaseViewSchema } from './environment-database.zod.ts';
import { JsonRecordSchema, MetadataSchema } from './metadata.zod.ts';
import { TenantPlanSchema } from './organization.zod.ts';
import {
  CredentialRotationDaysSchema,
  DatabaseDriverSchema,
  DisplayNameSchema,
  HostnameSchema,
  IdSchema,
  InstantSchema,
  OrganizationIdSchema,
  PlacementRefSchema,
  PrincipalIdSchema,
  RegionSchema,
  SlugSchema,
  StorageLimitMbSchema,
  VersionSchema,
} from './scalars.zod.ts';

export const EnvironmentTypeSchema = z
  .enum(['production', 'sandbox', 'development', 'test', 'staging', 'preview', 'trial'])
  .meta({ id: 'EnvironmentType', description: 'What the environment is for.' });
export type EnvironmentType = z.infer<typeof EnvironmentTypeSchema>;

export const EnvironmentStatusSchema = z
  .enum(['provisioning', 'active', 'suspended', 'archived', 'failed', 'migrating'])
  .meta({
    id: 'EnvironmentStatus',
    description: 'Derived from the state of the database. Data requests pass only while it is active.',
  });
export type EnvironmentStatus = z.infer<typeof EnvironmentStatusSchema>;

export const VisibilitySchema = z.enum(['private', 'public']).meta({
  id: 'Visibility',
  description: 'public: anonymous callers may resolve the hostname to an id; private: they get 404.',
});
export type Visibility = z.infer<typeof VisibilitySchema>;

export const EnvironmentSchema = z
  .object({
    id: IdSchema.describe('UUID of the environment.'),
    organizationId: OrganizationIdSchema.describe('The organization that owns it.'),
    slug: SlugSchema.describe('Short name, unique in the organization.'),
    displayName: DisplayNameSchema,
    envType: EnvironmentTypeSchema,
    isDefault: z
      .boolean()
      .default(false)
      .describe('Whether it is the default of its organization; there is at most one.'),
    region: RegionSchema.optional().describe('Label of the region that was asked for.'),
    plan: TenantPlanSchema.default('free').describe('Plan; it decides the quotas.'),
    status: EnvironmentStatusSchema.default('provisioning').describe('Derived from the state of the database.'),
    hostname: HostnameSchema.optional().describe('DNS name, unique across all organizations.'),
    visibility: VisibilitySchema.default('private').describe('Who may resolve the hostname.'),
    deletionProtection: z.boolean().default(false).describe('While true, archive and purge are refused.'),
    credentialRotationDays: CredentialRotationDaysSchema.optional().describe(
      'Days after which its credentials are replaced by themselves; 0: never; absent: as the organization says.',
    ),
    version: VersionSchema.default(1).describe('Rises with every change; `If-Match` compares it.'),
    metadata: JsonRecordSchema.optional().describe('Labels and notes of the caller.'),
    createdBy: PrincipalIdSchema.describe('Who created the environment.'),
    createdAt: InstantSchema.describe('When the environment was created.'),
    updatedAt: InstantSchema.describe('When the environment last changed.'),
  })
  .describe(
    'One isolated place of an organization, such as production or a sandbox, with a physical database of its own.',
  );
export type Environment = z.infer<typeof EnvironmentSchema>;

export const EnvironmentViewSchema = z
  .object({
    ...EnvironmentSchema.shape,
    isDefault: z.boolean().describe('Whether it is the default of its organization.'),
    region: RegionSchema.nullable().describe('Label of the region that was asked for; null when none was.'),
    plan: TenantPlanSchema,
    status: EnvironmentStatusSchema,
    hostname: z.string().nullable().describe('DNS name; null when it has none.'),
    visibility: VisibilitySchema,
    deletionProtection: z.boolean().describe('While true, archive and purge are refused.'),
    credentialRotationDays: CredentialRotationDaysSchema.nullable().describe(
      'Days after which its credentials are replaced by themselves; 0: never; null: as the organization says.',
    ),
    version: VersionSchema,
    metadata: JsonRecordSchema.nullable().describe('Labels and notes of the caller; null when there are none.'),
    purgeAfter: InstantSchema.nullable().describe(
      'When it is purged; null unless it is archived, and while it is protected from deletion.',
    ),
    database: EnvironmentDatabaseViewSchema,
    credential: z
      .union([DatabaseCredentialViewSchema, z.null()])
      .describe('The credential in use; null while there is none.'),
  })
  .meta({ id: 'Environment', description: 'An environment with its database and credential. Holds no secret.' });
export type EnvironmentView = z.infer<typeof EnvironmentViewSchema>;

export const CreateEnvironmentBodySchema = z
  .strictObject({
    slug: SlugSchema.describe('Short name, unique in the organization.'),
    displayName: DisplayNameSchema.optional().describe('Name that people read; the slug when absent.'),
    envType: EnvironmentTypeSchema,
    driver: DatabaseDriverSchema.optional().describe('Driver key; the default driver when absent.'),
    region: RegionSchema.optional().describe('Region to place the database in; any when absent.'),
    placement: PlacementRefSchema.optional().describe(
      'Id or name of the placement; chosen by driver and region when absent.',
    ),
    plan: TenantPlanSchema.optional(),
    storageLimitMb: StorageLimitMbSchema.optional().describe('Storage limit in MB (2^20 bytes); 1024 when absent.'),
    isDefault: z
      .boolean()
      .optional()
      .describe(
        'Makes it the default of the organization, which must have none. Where there is none it becomes it anyway.',
      ),
    hostname: HostnameSchema.optional().describe('DNS name, unique across all organizations.'),
    visibility: VisibilitySchema.optional(),
    metadata: MetadataSchema.optional(),
  })
  .meta({ id: 'CreateEnvironment', description: 'A new environment. Its creator is the authenticated caller.' });
export type CreateEnvironmentBody = z.infer<typeof CreateEnvironmentBodySchema>;

export const UpsertEnvironmentBodySchema = CreateEnvironmentBodySchema.omit({ slug: true }).meta({
  id: 'UpsertEnvironment',
  description: 'How the environment of the slug in the path is to be: created when it does not exist, else changed.',
});
export type UpsertEnvironmentBody = z.infer<typeof UpsertEnvironmentBodySchema>;

export const UpdateEnvironmentBodySchema = z
  .strictObject({
    slug: SlugSchema.optional().describe('New short name, unique in the organization.'),
    displayName: DisplayNameSchema.optional().describe('New name.'),
    plan: TenantPlanSchema.optional(),
    storageLimitMb: StorageLimitMbSchema.optional().describe('New storage limit in MB (2^20 bytes).'),
    deletionProtection: z.boolean().optional().describe('While true, archive and purge are refused.'),
    credentialRotationDays: CredentialRotationDaysSchema.nullable()
      .optional()
      .describe(
        'Days after which its credentials are replaced by themselves; 0: never; null: as the organization says.',
      ),
    hostname: HostnameSchema.optional().describe('New DNS name, unique across all organizations.'),
    visibility: VisibilitySchema.optional(),
    metadata: MetadataSchema.optional(),
  })
  .meta({
    id: 'UpdateEnvironment',
    description: 'Changes to an environment; what is absent stays, metadata is replaced whole.',
  });
export type UpdateEnvironmentBody = z.infer<typeof UpdateEnvironmentBodySchema>;

export const CopyEnvironmentBodySchema = z
  .strictObject({
    slug: SlugSchema.describe('Short name of the copy, unique in the organization.'),
    displayName: DisplayNameSchema.optional().describe('Name that people read; the slug when absent.'),
    envType: EnvironmentTypeSchema,
    schemaOnly: z.boolean().optional().describe('Whether the copy carries no rows; false when absent.'),
    driver: DatabaseDriverSchema.optional().describe('Driver of the copy; that of the source when absent.'),
    placement: PlacementRefSchema.optional().describe('Id or name of the placement; that of the source when absent.'),
    hostname: HostnameSchema.optional().describe('DNS name, unique across all organizations.'),
    visibility: VisibilitySchema.optional(),
    metadata: MetadataSchema.optional(),
  })
  .meta({ id: 'CopyEnvironment', description: 'A new environment of the same organization, filled from this one.' });
export type CopyEnvironmentBody = z.infer<typeof CopyEnvironmentBodySchema>;

/** Body of `purge`, of an environment and of an organization. */
export const PurgeBodySchema = z
  .strictObject({ confirm: SlugSchema.describe('The slug of what is removed for good, as confirmation.') })
  .meta({ id: 'Purge', description: 'Confirmation of a removal that cannot be undone.' });
export type PurgeBody = z.infer<typeof PurgeBodySchema>;

/** Body of `forget`. */
export const ForgetBodySchema = z
  .strictObject({
    confirm: SlugSchema.describe('The slug of the environment that is forgotten, as confirmation.'),
    retain: z
      .literal(true)
      .optional()
      .describe('Says that the database stays at its provider, as it does; nothing here deletes it later.'),
  })
  .meta({ id: 'Forget', description: 'Confirmation that a database is left where it is.' });
export type ForgetBody = z.infer<typeof ForgetBodySchema>;
