import { z } from 'zod';
import { isLoopback } from './loopback.ts';

export const ENCRYPTORS = ['local', 'aws-kms'] as const;

/** The variables of the key encryptors. Region and credentials of AWS are the SDK's own to find. */
export const encryptorVariables = {
  ENVPLANE_ENCRYPTOR: z.enum(ENCRYPTORS, `must be one of ${ENCRYPTORS.join(', ')}`).default('local'),
  ENVPLANE_KMS_KEY_ID: z
    .string()
    .regex(/^[\w:/.-]{1,2048}$/, 'must be the id, the ARN or an alias (alias/<name>) of a KMS key')
    .optional(),
  ENVPLANE_KMS_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .refine((url) => !/[?#@]/.test(url), 'must have no user, query or fragment')
    .refine((url) => {
      const { protocol, hostname } = new URL(url);
      return protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
    }, 'must be an https URL, except on loopback')
    .optional(),
};

type Values = z.output<z.ZodObject<typeof encryptorVariables>>;

/** Which encryptor wraps what is new, and the KMS key where one is configured: to wrap, or for what it wrapped or will wrap. */
export interface EncryptorConfig {
  encryptor: (typeof ENCRYPTORS)[number];
  kms: { keyId: string; endpoint: string | undefined } | undefined;
}

/** The complaint about variables that make sense together only. */
export function encryptorFault(values: Values): string | undefined {
  if (values.ENVPLANE_KMS_KEY_ID !== undefined) return undefined;
  if (values.ENVPLANE_ENCRYPTOR === 'aws-kms') return 'ENVPLANE_KMS_KEY_ID is needed with ENVPLANE_ENCRYPTOR=aws-kms.';
  return values.ENVPLANE_KMS_ENDPOINT && 'ENVPLANE_KMS_KEY_ID is needed beside ENVPLANE_KMS_ENDPOINT.';
}

export function encryptorOf(values: Values): EncryptorConfig {
  const { ENVPLANE_KMS_KEY_ID: keyId, ENVPLANE_KMS_ENDPOINT: endpoint } = values;
  return { encryptor: values.ENVPLANE_ENCRYPTOR, kms: keyId === undefined ? undefined : { keyId, endpoint } };
}
