import { z } from 'zod';
import { IdSchema, InstantSchema, safeText } from './scalars.zod.ts';

export const CredentialStateSchema = z
  .enum(['staged', 'active', 'retiring', 'revoked', 'failed'])
  .describe(
    'staged: sealed and committed, used by nobody yet; active: the one to use; retiring: replaced and valid for a while; ' +
      'revoked: refused by the database; failed: refused while staged, never usable.',
  );
export type CredentialState = z.infer<typeof CredentialStateSchema>;

export const DatabaseCredentialStatusSchema = z.enum(['active', 'rotating', 'revoked']).meta({
  id: 'DatabaseCredentialStatus',
  description: 'active: the one to use; rotating: on its way in or out; revoked: never usable again.',
});
export type DatabaseCredentialStatus = z.infer<typeof DatabaseCredentialStatusSchema>;

/** What callers see of a credential's state. */
export const CREDENTIAL_STATUS: Readonly<Record<CredentialState, DatabaseCredentialStatus>> = {
  staged: 'rotating',
  active: 'active',
  retiring: 'rotating',
  revoked: 'revoked',
  failed: 'revoked',
};

export const AuthorizationSchema = z
  .enum(['full_access', 'read_only'])
  .meta({ id: 'Authorization', description: 'What a credential lets its holder do; the database enforces it.' });

export const DatabaseCredentialSchema = z
  .object({
    id: IdSchema.describe('UUID of the credential.'),
    environmentDatabaseId: IdSchema.describe('The database it opens.'),
    secretCiphertext: z
      .string()
      .describe('The sealed secret; empty when the driver has no credentials and after revocation.'),
    encryptionKeyId: safeText(1, 255).describe('The data key of the environment that seals it.'),
    authorization: AuthorizationSchema.default('full_access').describe('What it lets its holder do.'),
    status: DatabaseCredentialStatusSchema.default('active').describe('Whether it can be used.'),
    createdAt: InstantSchema.describe('When the credential was made.'),
    expiresAt: InstantSchema.optional().describe('When it dies by itself.'),
    revokedAt: InstantSchema.optional().describe('When it was revoked.'),
  })
  .describe('One version of the secret that opens a database, sealed.');
export type DatabaseCredential = z.infer<typeof DatabaseCredentialSchema>;

/** What an environment shows of its credential. */
export const DatabaseCredentialViewSchema = z
  .object({
    id: DatabaseCredentialSchema.shape.id,
    status: DatabaseCredentialStatusSchema,
    authorization: AuthorizationSchema,
    encryptionKeyId: DatabaseCredentialSchema.shape.encryptionKeyId,
    createdAt: DatabaseCredentialSchema.shape.createdAt,
    expiresAt: InstantSchema.nullable().describe('When it dies by itself; null: never.'),
  })
  .meta({ id: 'DatabaseCredential', description: 'A credential without its secret.' });
export type DatabaseCredentialView = z.infer<typeof DatabaseCredentialViewSchema>;

/** One entry of the list of an environment's credentials. */
export const DatabaseCredentialDetailViewSchema = z
  .object({
    ...DatabaseCredentialViewSchema.shape,
    version: z.int().min(1).describe('Counts up with every rotation, for each authorization apart.'),
    state: CredentialStateSchema,
    activatedAt: InstantSchema.nullable().describe('When it became the one to use; null: it never did.'),
    retireAfter: InstantSchema.nullable().describe(
      'Until when it is accepted after it was replaced; null: it was not.',
    ),
    revokedAt: InstantSchema.nullable().describe('When the database began to refuse it; null: it does not.'),
  })
  .meta({ id: 'DatabaseCredentialDetail', description: 'A credential with its life, without its secret.' });
export type DatabaseCredentialDetailView = z.infer<typeof DatabaseCredentialDetailViewSchema>;

export const RotationUrgencySchema = z.enum(['normal', 'emergency']).meta({
  id: 'RotationUrgency',
  description:
    'normal: the old credential stays valid for a grace; emergency: it is refused at once and its sessions are ended.',
});
export type RotationUrgency = z.infer<typeof RotationUrgencySchema>;

/** How long a replaced credential stays valid unless the request says otherwise, in s. */
export const DEFAULT_GRACE_SECONDS = 120;

export const RotateCredentialsBodySchema = z
  .strictObject({
    urgency: RotationUrgencySchema.optional().describe('normal when absent.'),
    graceSeconds: z
      .int()
      .min(0)
      .max(7 * 24 * 3600)
      .optional()
      .describe(
        'How long the old credential stays valid; 120 when absent. Clients that keep a credential for a minute need 75. ' +
          'An emergency has none.',
      ),
  })
  .refine(({ urgency, graceSeconds }) => urgency !== 'emergency' || graceSeconds === undefined, {
    path: ['graceSeconds'],
    message: 'An emergency rotation has no grace.',
  })
  .meta({ id: 'RotateCredentials', description: 'How the credentials of a database are replaced.' });
export type RotateCredentialsBody = z.infer<typeof RotateCredentialsBodySchema>;
