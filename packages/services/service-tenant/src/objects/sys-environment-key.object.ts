import { z } from 'zod';
import { defineObject, instant } from './define-object.ts';

export const SysEnvironmentKey = defineObject({
  name: 'sys_environment_key',
  label: 'Environment key',
  pluralLabel: 'Environment keys',
  icon: 'lock',
  schema: z
    .object({
      id: z.string().describe('UUIDv7 of the data key; credentials name it.'),
      environmentId: z.string().describe('The environment whose secrets it seals.'),
      wrappedDek: z.string().describe('The data key, wrapped.'),
      kekId: z.string().describe('The key-encryption key that wraps it.'),
      encryptorId: z.string().describe('The encryptor that wrapped it.'),
      version: z.int().describe('Rises with every re-wrap.'),
      createdAt: instant().describe('When the key was made.'),
      rewrappedAt: instant().nullable().describe('When it was last wrapped anew.'),
    })
    .describe(
      'The data key of an environment. Kept in a store of its own: destroying the row erases every secret sealed under it.',
    ),
  indexes: [{ fields: ['environmentId'], unique: true }, { fields: ['kekId'] }],
});
