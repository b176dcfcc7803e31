import { z } from 'zod';
import { isPattern } from '../access/patterns.ts';
import { MAX_PERMISSION_LENGTH } from '../access/permissions.ts';
import { ORGANIZATION_ROLES, PLATFORM_ROLES } from '../access/role-names.ts';
import { EnvironmentRoleSchema } from './environment-member.zod.ts';
import { OrganizationRoleSchema } from './organization-member.zod.ts';
import {
  IdSchema,
  InstantSchema,
  OrganizationIdSchema,
  PrincipalIdSchema,
  safeText,
  VersionSchema,
} from './scalars.zod.ts';

export const PlatformRoleSchema = z.enum(PLATFORM_ROLES).meta({
  id: 'PlatformRole',
  description: 'Role on the platform. Only an administrator holds access to data.',
});

export const GranteeTypeSchema = z
  .enum(['user', 'service'])
  .meta({ id: 'GranteeType', description: 'Whether a role is held by a user or by a service account.' });
export type GranteeType = z.infer<typeof GranteeTypeSchema>;

const NameSchema = safeText(1, 100).describe('Name, unique among the service accounts of its organization.');
/** Entries of each list that a key is narrowed with. */
const MAX_NARROWING = 100;

const PatternSchema = z
  .string()
  .max(MAX_PERMISSION_LENGTH)
  .refine(isPattern, 'must be a permission such as env:data.read, or a pattern: env:data.*, env:*')
  .describe('A permission, or a pattern of them: `service:resource.action`, `service:resource.*`, `service:*` or `*`.');

const KeyIdSchema = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .describe('Public part of the key; it names the key in lists and logs.');

export const ServiceAccountStatusSchema = z
  .enum(['active', 'disabled'])
  .meta({ id: 'ServiceAccountStatus', description: 'disabled: none of its keys is accepted.' });

export const ServiceAccountSchema = z
  .object({
    id: IdSchema.describe('UUID of the service account.'),
    organizationId: OrganizationIdSchema.nullable().describe('The organization that owns it; null: the platform.'),
    name: NameSchema,
    organizationRole: z.enum(ORGANIZATION_ROLES).nullable().describe('Its role in its organization; null for none.'),
    status: ServiceAccountStatusSchema,
    version: VersionSchema,
    createdBy: PrincipalIdSchema.describe('Who created it.'),
    createdAt: InstantSchema.describe('When it was created.'),
    updatedAt: InstantSchema.describe('When it last changed.'),
  })
  .describe('A machine that calls the API. One of an organization acts only there.');

export const ServiceAccountKeySchema = z
  .object({
    id: IdSchema.describe('UUID of the key.'),
    serviceAccountId: IdSchema.describe('The service account it is a key of.'),
    keyId: KeyIdSchema,
    expiresAt: InstantSchema.describe('When it is no longer accepted.'),
    lastUsedAt: InstantSchema.nullable().describe('When it was last used, to the hour; null: never.'),
    revokedAt: InstantSchema.nullable().describe('When it was revoked; null while it is not.'),
    createdBy: PrincipalIdSchema.describe('Who made it.'),
    createdAt: InstantSchema.describe('When it was made.'),
    permissions: z
      .array(PatternSchema)
      .nullable()
      .describe('What it leaves of the rights of its account; null: all of them.'),
    environmentIds: z
      .array(IdSchema)
      .nullable()
      .describe('The environments it reaches, and nothing else; null: whatever its account reaches.'),
  })
  .describe('A key of a service account. Its secret is shown once and kept as a hash.');

export const ServiceAccountKeyViewSchema = ServiceAccountKeySchema.meta({
  id: 'ServiceAccountKey',
  description: 'A key of a service account, without its secret.',
});
export type ServiceAccountKeyView = z.infer<typeof ServiceAccountKeyViewSchema>;

export const ServiceAccountViewSchema = z
  .object({
    ...ServiceAccountSchema.shape,
    organizationRole: z
      .union([OrganizationRoleSchema, z.null()])
      .describe('Its role in its organization; null for none.'),
    keys: z.array(ServiceAccountKeyViewSchema).describe('Its keys that are neither revoked nor expired.'),
  })
  .meta({ id: 'ServiceAccount', description: 'A machine that calls the API, with its live keys.' });
export type ServiceAccountView = z.infer<typeof ServiceAccountViewSchema>;

export const CreateServiceAccountBodySchema = z
  .strictObject({
    name: NameSchema,
    organizationRole: OrganizationRoleSchema.optional().describe('Its role in the organization; none when absent.'),
  })
  .meta({ id: 'CreateServiceAccount', description: 'A new service account of an organization.' });
export type CreateServiceAccountBody = z.infer<typeof CreateServiceAccountBodySchema>;

export const CreatePlatformAccountBodySchema = z
  .strictObject({ name: NameSchema })
  .meta({ id: 'CreatePlatformAccount', description: 'A new service account of the platform.' });
export type CreatePlatformAccountBody = z.infer<typeof CreatePlatformAccountBodySchema>;

export const UpdateServiceAccountBodySchema = z
  .strictObject({
    name: NameSchema.optional(),
    organizationRole: OrganizationRoleSchema.nullable()
      .optional()
      .describe('Its role in its organization; null: none.'),
    status: ServiceAccountStatusSchema.optional(),
  })
  .meta({ id: 'UpdateServiceAccount', description: 'Changes to a service account; what is absent stays.' });
export type UpdateServiceAccountBody = z.infer<typeof UpdateServiceAccountBodySchema>;

export const CreateServiceAccountKeyBodySchema = z
  .strictObject({
    expiresInDays: z.int().min(1).max(365).default(90).describe('How many days it is accepted.'),
    permissions: z
      .array(PatternSchema)
      .min(1)
      .max(MAX_NARROWING)
      .optional()
      .describe('Narrows the key to these permissions or patterns; when absent it has all rights of its account.'),
    environmentIds: z
      .array(IdSchema)
      .min(1)
      .max(MAX_NARROWING)
      .optional()
      .describe('Narrows the key to these environments and what is in them; when absent to nothing.'),
  })
  .meta({ id: 'CreateServiceAccountKey', description: 'A new key of a service account.' });
export type CreateServiceAccountKeyBody = z.input<typeof CreateServiceAccountKeyBodySchema>;

export const NewServiceAccountKeyViewSchema = z
  .object({
    ...ServiceAccountKeySchema.shape,
    key: z
      .string()
      .nullable()
      .describe('The key itself, `envp_<keyId>_<secret>`: shown this once; null when the request is repeated.'),
  })
  .meta({ id: 'NewServiceAccountKey', description: 'A key that was just made.' });

export const EnvironmentGrantSchema = z
  .object({
    id: IdSchema.describe('UUID of the grant.'),
    environmentId: IdSchema.describe('The environment.'),
    granteeType: z.literal('service').describe('A service account; users hold memberships.'),
    granteeId: PrincipalIdSchema.describe('The service account.'),
    role: EnvironmentRoleSchema,
    createdBy: PrincipalIdSchema.describe('Who gave it.'),
    createdAt: InstantSchema.describe('When it was given.'),
  })
  .describe('A role of a service account in an environment.');

export const EnvironmentGrantViewSchema = EnvironmentGrantSchema.meta({
  id: 'EnvironmentGrant',
  description: 'A role of a service account in the environment.',
});
export type EnvironmentGrantView = z.infer<typeof EnvironmentGrantViewSchema>;

export const CreateEnvironmentGrantBodySchema = z
  .strictObject({
    serviceAccountId: IdSchema.describe('A service account of the same organization.'),
    role: EnvironmentRoleSchema,
  })
  .meta({ id: 'CreateEnvironmentGrant', description: 'A role for a service account.' });
export type CreateEnvironmentGrantBody = z.infer<typeof CreateEnvironmentGrantBodySchema>;

export const PlatformGrantSchema = z
  .object({
    id: IdSchema.describe('UUID of the grant.'),
    granteeType: GranteeTypeSchema,
    granteeId: PrincipalIdSchema.describe('The user, or the service account of the platform.'),
    role: PlatformRoleSchema,
    createdBy: PrincipalIdSchema.describe('Who gave it.'),
    createdAt: InstantSchema.describe('When it was given.'),
  })
  .describe('A role on the platform.');

export const PlatformGrantViewSchema = PlatformGrantSchema.meta({
  id: 'PlatformGrant',
  description: 'Who holds which role on the platform.',
});
export type PlatformGrantView = z.infer<typeof PlatformGrantViewSchema>;

export const CreatePlatformGrantBodySchema = z
  .strictObject({
    granteeType: GranteeTypeSchema,
    granteeId: PrincipalIdSchema.describe('The user, or a service account of the platform.'),
    role: PlatformRoleSchema,
  })
  .meta({ id: 'CreatePlatformGrant', description: 'A role on the platform for a user or service account.' });
export type CreatePlatformGrantBody = z.infer<typeof CreatePlatformGrantBodySchema>;
