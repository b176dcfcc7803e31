import {
  EnvironmentGrantSchema,
  GranteeTypeSchema,
  PlatformGrantSchema,
  ServiceAccountKeySchema,
  ServiceAccountSchema,
} from '@envplane/spec';
import { z } from 'zod';
import { defineObject, instant } from './define-object.ts';

const account = ServiceAccountSchema.shape;

export const SysServiceAccount = defineObject({
  name: 'sys_service_account',
  label: 'Service account',
  pluralLabel: 'Service accounts',
  icon: 'bot',
  schema: z
    .object({
      ...account,
      createdAt: instant().describe('When it was created.'),
      updatedAt: instant().describe('When it last changed.'),
    })
    .describe('A machine that calls the API. One of an organization acts only there.'),
  references: { organizationId: 'sys_organization' },
  indexes: [
    { fields: ['organizationId', 'name'], unique: true, conflict: 'name_taken' },
    // Null is not equal to null.
    { fields: ['name'], unique: true, where: { field: 'organizationId', is: 'null' }, conflict: 'name_taken' },
  ],
});

const key = ServiceAccountKeySchema.shape;

export const SysServiceAccountKey = defineObject({
  name: 'sys_service_account_key',
  label: 'Service account key',
  pluralLabel: 'Service account keys',
  icon: 'key',
  schema: z
    .object({
      id: key.id,
      serviceAccountId: key.serviceAccountId,
      keyId: key.keyId,
      hash: z.string().describe('SHA-256 of the secret, hexadecimal.'),
      expiresAt: instant().describe('When it is no longer accepted.'),
      lastUsedAt: instant().nullable().describe('When it was last used, to the hour.'),
      revokedAt: instant().nullable().describe('When it was revoked.'),
      createdBy: key.createdBy,
      createdAt: instant().describe('When it was made.'),
      permissions: key.permissions,
      environmentIds: key.environmentIds,
    })
    .describe('A key of a service account. Its secret is shown once and kept as a hash.'),
  references: { serviceAccountId: 'sys_service_account' },
  hidden: ['hash'],
  indexes: [{ fields: ['keyId'], unique: true }, { fields: ['serviceAccountId', 'createdAt'] }],
});

const environmentGrant = EnvironmentGrantSchema.shape;

export const SysEnvironmentGrant = defineObject({
  name: 'sys_environment_grant',
  label: 'Environment grant',
  pluralLabel: 'Environment grants',
  icon: 'shield-plus',
  schema: z
    .object({
      ...environmentGrant,
      granteeType: GranteeTypeSchema,
      createdAt: instant().describe('When it was given.'),
    })
    .describe('A role in an environment that is not a membership: that of a service account.'),
  references: { environmentId: 'sys_environment' },
  indexes: [
    { fields: ['environmentId', 'granteeType', 'granteeId'], unique: true, conflict: 'already_member' },
    { fields: ['granteeType', 'granteeId'] },
  ],
});

const platformGrant = PlatformGrantSchema.shape;

export const SysPlatformGrant = defineObject({
  name: 'sys_platform_grant',
  label: 'Platform grant',
  pluralLabel: 'Platform grants',
  icon: 'crown',
  schema: z
    .object({ ...platformGrant, createdAt: instant().describe('When it was given.') })
    .describe('A role on the platform, of a user or of a service account of the platform.'),
  indexes: [{ fields: ['granteeType', 'granteeId'], unique: true, conflict: 'already_member' }],
});

export const SysIdentity = defineObject({
  name: 'sys_identity',
  label: 'Identity',
  pluralLabel: 'Identities',
  icon: 'fingerprint',
  schema: z
    .object({
      issuer: z.string().describe('Who vouches for the user.'),
      subject: z.string().describe('The user as the issuer knows it.'),
      userId: z.string().describe('The user here; made with the identity.'),
      createdAt: instant().describe('When the user was first seen.'),
    })
    .describe('A user of an issuer that is not the primary one. Two issuers never meet in one user.'),
  primaryKey: ['issuer', 'subject'],
  indexes: [{ fields: ['userId'], unique: true }],
});
