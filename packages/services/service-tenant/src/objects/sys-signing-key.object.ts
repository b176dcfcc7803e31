import { SigningKeyViewSchema } from '@envplane/spec';
import { z } from 'zod';
import { defineObject, instant } from './define-object.ts';

const key = SigningKeyViewSchema.shape;

export const SysSigningKey = defineObject({
  name: 'sys_signing_key',
  label: 'Signing key',
  pluralLabel: 'Signing keys',
  icon: 'key-round',
  schema: z
    .object({
      kid: key.kid,
      alg: z.enum(['RS256', 'ES256', 'EdDSA']).describe('Algorithm of the key. It never has another one.'),
      status: z
        .enum(['standby', 'active', 'retiring', 'revoked'])
        .describe('standby and active are one key each; revoked is the end.'),
      publicJwk: z.record(z.string(), z.unknown()).describe('The public key as the key set shows it.'),
      privateCiphertext: z
        .string()
        .nullable()
        .describe('The private key, sealed under its own data key; null once the key signs no more.'),
      privateKeyCiphertext: z.string().nullable().describe('That data key, wrapped.'),
      kekId: z.string().nullable().describe('The key-encryption key that wraps it.'),
      encryptorId: z.string().nullable().describe('The encryptor that wrapped it.'),
      createdAt: instant().describe('When the key was made and published.'),
      activatedAt: instant().nullable().describe('When it began to sign.'),
      retireAfter: instant().nullable().describe('While retiring: when the last token it signed has expired.'),
      revokedAt: instant().nullable().describe('When it was revoked.'),
    })
    .describe('A key that environment tokens are signed with.'),
  primaryKey: ['kid'],
  hidden: ['publicJwk', 'privateCiphertext', 'privateKeyCiphertext', 'kekId', 'encryptorId'],
  indexes: [
    { fields: ['status'], unique: true, where: { field: 'status', equals: 'active' } },
    { fields: ['status'], unique: true, where: { field: 'status', equals: 'standby' } },
  ],
});

export const SysTokenEpoch = defineObject({
  name: 'sys_token_epoch',
  label: 'Token epoch',
  pluralLabel: 'Token epochs',
  icon: 'timer-reset',
  schema: z
    .object({
      environmentId: z.string().describe('The environment.'),
      subject: z.string().describe('The user or service account; empty: everybody in the environment.'),
      epoch: z.int().describe('Rises when rights are narrowed; tokens with a lower number are refused.'),
      seq: z.int().describe('Order in which the feed tells of it.'),
      changedAt: instant().describe('When it last rose.'),
    })
    .describe(
      'How often rights were narrowed. Rows are never removed: a number that began anew would revive old tokens.',
    ),
  primaryKey: ['environmentId', 'subject'],
  indexes: [{ fields: ['seq'] }, { fields: ['changedAt'] }],
});
