import { CredentialStateSchema, DatabaseCredentialSchema, RotationUrgencySchema } from '@envplane/spec';
import { z } from 'zod';
import { defineObject, instant } from './define-object.ts';

const credential = DatabaseCredentialSchema.shape;

export const SysDatabaseCredential = defineObject({
  name: 'sys_database_credential',
  label: 'Database credential',
  pluralLabel: 'Database credentials',
  icon: 'key',
  schema: z
    .object({
      id: credential.id,
      environmentDatabaseId: credential.environmentDatabaseId,
      version: z.int().describe('Counts up with every rotation.'),
      authorization: credential.authorization,
      kind: z
        .enum(['password', 'signing_key', 'token', 'none'])
        .describe('What the secret is; none: the driver has no credential of its own.'),
      slot: z.int().min(0).max(1).describe('Which of two alternating logins or keys it occupies.'),
      state: CredentialStateSchema.describe('Where the credential is in its life.'),
      status: credential.status,
      secretCiphertext: credential.secretCiphertext,
      encFormat: z.int().describe('Format of the sealed record; 0 when there is none.'),
      encryptionKeyId: credential.encryptionKeyId,
      activatedAt: instant().nullable().describe('When it became the one to use.'),
      retireAfter: instant().nullable().describe('Until when a replaced credential stays valid.'),
      expiresAt: instant().nullable().describe('When it dies by itself; null: never.'),
      revokedAt: instant().nullable().describe('When it was revoked.'),
      createdAt: instant().describe('When the row was created.'),
      updatedAt: instant().describe('When the row last changed.'),
      principal: z
        .string()
        .describe('Whose it is; `environment`: of whoever may connect, one at a time for each authorization.'),
      urgency: RotationUrgencySchema.nullable().describe(
        'Of an active one: it is to be replaced, and how; of a replaced one: how it was. Null: neither.',
      ),
      graceMs: z.int().nullable().describe('How long it is accepted once it is replaced; null unless that is wished.'),
      drainAt: instant()
        .nullable()
        .describe(
          'When what is left of it at the provider, sessions or a login nobody uses, is ended; null: nothing is.',
        ),
      operationId: z.string().nullable().describe('The operation that ends with it; null when there is none.'),
    })
    .describe('One version of the secret of a database, sealed under the data key of its environment.'),
  references: { environmentDatabaseId: 'sys_environment_database' },
  hidden: ['principal', 'kind', 'slot', 'encFormat', 'urgency', 'graceMs', 'drainAt', 'operationId'],
  indexes: [
    {
      name: 'database_credential_version_key',
      fields: ['environmentDatabaseId', 'principal', 'authorization', 'version'],
      unique: true,
    },
    {
      name: 'database_credential_active_key',
      fields: ['environmentDatabaseId', 'principal', 'authorization'],
      unique: true,
      where: { field: 'state', equals: 'active' },
    },
    {
      name: 'database_credential_staged_key',
      fields: ['environmentDatabaseId', 'principal', 'authorization'],
      unique: true,
      where: { field: 'state', equals: 'staged' },
    },
    { fields: ['environmentDatabaseId', 'status'] },
    { fields: ['status'] },
    { fields: ['expiresAt'] },
  ],
});
