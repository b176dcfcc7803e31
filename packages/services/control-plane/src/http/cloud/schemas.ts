import {
  DatabaseDriverSchema,
  DisplayNameSchema,
  EnvironmentRoleSchema,
  EnvironmentStatusSchema,
  EnvironmentTypeSchema,
  HostnameSchema,
  IdSchema,
  MetadataSchema,
  OrganizationIdSchema,
  RegionSchema,
  SlugSchema,
  StorageLimitMbSchema,
  safeText,
  TenantPlanSchema,
  UserIdSchema,
  VisibilitySchema,
} from '@envplane/spec';
import { z } from 'zod';

/** What goes over the wire of the official client: rows in snake_case, as it reads them. Ours is in `@envplane/spec`. */

const text = (description: string) => z.string().describe(description);
const textOrNull = (description: string) => z.string().nullable().describe(description);
const instantOrNull = (description: string) => z.iso.datetime().nullable().describe(description);

export const CloudEnvironmentSchema = z
  .object({
    id: text('Id of the environment.'),
    organization_id: text('The organization that owns it.'),
    slug: text('Short name, unique in the organization.'),
    display_name: text('Name that people read.'),
    env_type: EnvironmentTypeSchema,
    is_default: z.boolean().describe('Whether it is the default of its organization.'),
    is_system: z.boolean().describe('Always false: a host’s own environment is not kept here.'),
    region: textOrNull('Label of the region that was asked for.'),
    plan: TenantPlanSchema,
    status: EnvironmentStatusSchema,
    visibility: VisibilitySchema,
    hostname: textOrNull('DNS name; null when it has none.'),
    console_url: textOrNull('Made of the hostname; null without one.'),
    api_base_url: textOrNull('Made of the hostname; null without one.'),
    database_driver: text('Driver of its database.'),
    database_url: textOrNull('Where its database is, without user and secret; null while it is made.'),
    storage_limit_mb: z.int().describe('Storage limit in MB (2^20 bytes).'),
    provisioned_at: instantOrNull('When its database became usable.'),
    created_by: text('Who created it.'),
    created_at: z.iso.datetime().describe('When it was created.'),
    updated_at: z.iso.datetime().describe('When it last changed.'),
    metadata: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('Labels and notes of the caller; of what failed also `provisioningError` with code and sentence.'),
  })
  .meta({ id: 'CloudEnvironment', description: 'An environment as the official client reads it. Holds no secret.' });
export type CloudEnvironment = z.infer<typeof CloudEnvironmentSchema>;

/** Older clients look for the row under another name. */
export const both = {
  environment: CloudEnvironmentSchema,
  project: CloudEnvironmentSchema,
};
export const warnings = z.array(z.string()).describe('What was done otherwise than asked for, one sentence each.');

export const CloudDatabaseSchema = z
  .object({
    driver: text('Driver key.'),
    database_name: text('Its physical name.'),
    database_url: textOrNull('Where it is, without user and secret; null while it is made.'),
    storage_limit_mb: z.int().describe('Storage limit in MB (2^20 bytes).'),
    provisioned_at: instantOrNull('When it became usable.'),
    region: text('Label of where it is.'),
  })
  .meta({ id: 'CloudDatabase', description: 'The database of an environment. Holds no secret.' });

export const CloudCredentialSchema = z
  .object({
    id: text('Id of the credential.'),
    status: text('State of the credential.'),
    authorization: text('What it allows.'),
    encryption_key_id: text('The data key that seals its secret.'),
    created_at: z.iso.datetime().describe('When it was made.'),
    expires_at: instantOrNull('When it expires; null for never.'),
  })
  .meta({ id: 'CloudCredential', description: 'A credential of a database, without its secret.' });

export const CloudMemberSchema = z
  .object({
    environment_id: text('The environment.'),
    user_id: text('The user.'),
    role: EnvironmentRoleSchema,
    invited_by: text('Who added the user.'),
    created_at: z.iso.datetime().describe('When the membership was created.'),
    updated_at: z.iso.datetime().describe('When it last changed.'),
  })
  .meta({ id: 'CloudMember', description: 'A user with a role in the environment.' });

export const CloudOrganizationSchema = z
  .object({
    id: text('Id of the organization.'),
    slug: text('Short name.'),
    display_name: text('Name that people read.'),
    plan: TenantPlanSchema,
  })
  .meta({ id: 'CloudOrganization', description: 'The organization of an environment.' });

export const CloudPackageSchema = z
  .object({
    id: text('Id of the installation.'),
    environment_id: text('The environment.'),
    package_id: text('The package.'),
    version: text('Its version.'),
    status: text('As it was recorded.'),
    enabled: z.boolean().describe('False when it is disabled.'),
    settings: z.record(z.string(), z.unknown()).nullable().describe('Settings of the package.'),
    installed_at: z.iso.datetime().describe('When it was installed.'),
    installed_by: text('Who installed it.'),
  })
  .meta({ id: 'CloudPackage', description: 'A package that was recorded for an environment in version 4.' });

export const CreateCloudEnvironmentSchema = z
  .strictObject({
    organization_id: OrganizationIdSchema.describe('Id or slug of the organization.'),
    display_name: DisplayNameSchema,
    slug: SlugSchema.optional().describe('Short name; made from the display name when absent.'),
    env_type: EnvironmentTypeSchema.optional().describe('What it is for; development when absent.'),
    project_type: EnvironmentTypeSchema.optional().describe('The same under its old name.'),
    plan: TenantPlanSchema.optional(),
    region: RegionSchema.optional(),
    driver: DatabaseDriverSchema.optional(),
    is_default: z.boolean().optional().describe('Makes it the default of the organization, which must have none.'),
    storage_limit_mb: StorageLimitMbSchema.optional(),
    hostname: HostnameSchema.optional().describe('DNS name; a number is added to its first label when it is taken.'),
    visibility: VisibilitySchema.optional(),
    clone_from_environment_id: IdSchema.optional().describe('The environment that it begins as a copy of.'),
    metadata: MetadataSchema.optional(),
  })
  .refine(
    (body) => body.env_type === undefined || body.project_type === undefined || body.env_type === body.project_type,
    {
      path: ['project_type'],
      message: 'must be the same as env_type, or absent',
    },
  )
  .meta({ id: 'CreateCloudEnvironment', description: 'A new environment, as the official client asks for it.' });
export type CreateCloudEnvironment = z.infer<typeof CreateCloudEnvironmentSchema>;

export const UpdateCloudEnvironmentSchema = z
  .strictObject({
    display_name: DisplayNameSchema.optional(),
    plan: TenantPlanSchema.optional(),
    is_default: z.boolean().optional().describe('True makes it the default in place of the current one.'),
    metadata: MetadataSchema.optional(),
    visibility: VisibilitySchema.optional(),
    status: z
      .enum(['active', 'suspended', 'archived'])
      .optional()
      .describe('active resumes or restores, suspended suspends, archived archives.'),
  })
  .meta({ id: 'UpdateCloudEnvironment', description: 'Changes to an environment; what is absent stays.' });
export type UpdateCloudEnvironment = z.infer<typeof UpdateCloudEnvironmentSchema>;

export const RotateCloudCredentialSchema = z
  .strictObject({
    plaintext: safeText(0, 4_096).optional().describe('Not used: secrets are made here or by the provider.'),
  })
  .meta({ id: 'RotateCloudCredential', description: 'Asks for another credential.' });

export const CloudHostnameSchema = z
  .strictObject({ hostname: HostnameSchema })
  .meta({ id: 'CloudHostname', description: 'The DNS name that an environment is to have.' });

export const ChangeCloudHostnameSchema = z
  .strictObject({
    hostname: HostnameSchema.optional(),
    subdomain: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/)
      .optional()
      .describe('One label below the root domain that is configured.'),
  })
  .refine(({ hostname, subdomain }) => (hostname === undefined) !== (subdomain === undefined), {
    path: ['hostname'],
    message: 'is needed, or subdomain, and not both',
  })
  .meta({ id: 'ChangeCloudHostname', description: 'The DNS name that an environment is to have.' });

export const CloudPlanSchema = z
  .strictObject({ plan: TenantPlanSchema })
  .meta({ id: 'CloudPlan', description: 'The plan that an environment is to have.' });

export const AddCloudMemberSchema = z
  .strictObject({ user_id: UserIdSchema, role: EnvironmentRoleSchema })
  .meta({ id: 'AddCloudMember', description: 'A user who is to become a member of the environment.' });

export const ChangeCloudMemberSchema = z
  .strictObject({ role: EnvironmentRoleSchema })
  .meta({ id: 'ChangeCloudMember', description: 'The role that a member is to have.' });

export const RenameBranchSchema = z
  .strictObject({ newName: safeText(1, 255).describe('New name of the branch.') })
  .meta({ id: 'RenameBranch', description: 'How a branch is to be called.' });

export const InstallPackageSchema = z
  .strictObject({
    packageId: safeText(1, 255).describe('The package.'),
    version: safeText(1, 50).optional().describe('Its version; the newest when absent.'),
    settings: MetadataSchema.optional(),
    enableOnInstall: z.boolean().optional().describe('Whether it is enabled at once.'),
  })
  .meta({ id: 'InstallPackage', description: 'A package that is to be installed.' });

export const UpgradePackageSchema = z
  .strictObject({ targetVersion: safeText(1, 50).optional().describe('The version to upgrade to.') })
  .meta({ id: 'UpgradePackage', description: 'The version that a package is to have.' });
