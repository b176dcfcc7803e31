import { z } from 'zod';
import { ActorKindSchema } from './audit-event.zod.ts';
import { EnvironmentStatusSchema, EnvironmentTypeSchema } from './environment.zod.ts';
import { EnvironmentRoleSchema } from './environment-member.zod.ts';
import { OrganizationRoleSchema } from './organization-member.zod.ts';
import {
  DisplayNameSchema,
  IdSchema,
  OrganizationIdSchema,
  OrganizationSlugSchema,
  PrincipalIdSchema,
  SlugSchema,
} from './scalars.zod.ts';
import { PlatformRoleSchema } from './service-account.zod.ts';

export const PermissionViewSchema = z
  .object({
    permission: z.string().describe('`service:resource.action`.'),
    scope: z.enum(['platform', 'org', 'env']).describe('Where it is held.'),
    description: z.string().describe('What its holder may do.'),
    roles: z.array(z.string()).describe('The built-in roles that hold it, such as `env:reader`.'),
  })
  .meta({ id: 'Permission', description: 'One entry of the catalogue of permissions.' });
export type PermissionView = z.infer<typeof PermissionViewSchema>;

export const MeViewSchema = z
  .object({
    kind: ActorKindSchema,
    id: PrincipalIdSchema,
    issuer: z.string().describe('Who vouches for the caller.'),
    subject: z.string().describe('The caller as the issuer knows them.'),
    email: z.string().nullable().describe('As the issuer says; null when it says none.'),
    actor: z
      .union([z.object({ kind: ActorKindSchema, id: PrincipalIdSchema }), z.null()])
      .describe('Who acts for this user; null when they act themselves.'),
    platformRole: z.union([PlatformRoleSchema, z.null()]).describe('Role on the platform; null for none.'),
    organizations: z
      .array(
        z.object({
          organizationId: OrganizationIdSchema,
          slug: OrganizationSlugSchema,
          displayName: DisplayNameSchema,
          role: OrganizationRoleSchema,
        }),
      )
      .describe('The organizations in which the caller has a role, at most 200.'),
  })
  .meta({ id: 'Me', description: 'The caller, and where they belong.' });
export type MeView = z.infer<typeof MeViewSchema>;

export const MyEnvironmentViewSchema = z
  .object({
    id: IdSchema.describe('UUID of the environment.'),
    organizationId: OrganizationIdSchema,
    organizationSlug: OrganizationSlugSchema,
    slug: SlugSchema,
    displayName: DisplayNameSchema,
    envType: EnvironmentTypeSchema,
    status: EnvironmentStatusSchema,
    role: z
      .union([EnvironmentRoleSchema, z.null()])
      .describe('The caller’s own role in it; null where another role lets them see it.'),
  })
  .meta({ id: 'MyEnvironment', description: 'An environment that the caller may see.' });
export type MyEnvironmentView = z.infer<typeof MyEnvironmentViewSchema>;
