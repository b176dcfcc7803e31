import { z } from 'zod';
import { safeText } from './scalars.zod.ts';

const encryptor = safeText(1, 64).describe('Id of the key encryptor: `local`, `aws-kms`.');

export const EncryptionKeyViewSchema = z
  .object({
    encryptor,
    kekId: z.string().describe('Id of the key-encryption key, as its encryptor names it.'),
    current: z.boolean().describe('Whether new data keys are wrapped under it.'),
    dataKeys: z.int().min(0).describe('How many data keys it wraps.'),
  })
  .meta({ id: 'EncryptionKey', description: 'A key-encryption key that wraps data keys.' });
export type EncryptionKeyView = z.infer<typeof EncryptionKeyViewSchema>;

export const MoveEncryptionKeysBodySchema = z
  .strictObject({ to: encryptor })
  .meta({ id: 'MoveEncryptionKeys', description: 'Where data keys are to be wrapped.' });
export type MoveEncryptionKeysBody = z.infer<typeof MoveEncryptionKeysBodySchema>;
