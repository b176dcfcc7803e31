import { unusableAnswer } from './errors.ts';

/**
 * How a row names the key that wraps it: the ARN of the KMS key and, where KMS tells it, the key material behind it. A key whose
 * material was rotated is another key-encryption key.
 */
export interface KmsKek {
  keyArn: string;
  /** Partition and account of the key, such as `aws:111122223333`. */
  owner: string;
}

const KEK_ID = /^(arn:([a-z-]+):kms:[a-z0-9-]+:(\d{12}):key\/[\w-]+)(#[0-9a-f]{64})?$/;

/** How KMS says which key it used. */
export interface NamedKey {
  KeyId?: string | undefined;
  KeyMaterialId?: string | undefined;
}

/** @throws ControlPlaneError `encryptor_unavailable` for what is no answer about a key */
export function kekIdOf({ KeyId: keyArn, KeyMaterialId: material }: NamedKey): string {
  const kekId = material === undefined ? `${keyArn}` : `${keyArn}#${material}`;
  if (!KEK_ID.test(kekId)) throw unusableAnswer();
  return kekId;
}

/** Undefined for what is no id of such a key. */
export function parseKekId(kekId: string): KmsKek | undefined {
  const [, keyArn, partition, account] = KEK_ID.exec(kekId) ?? [];
  return keyArn === undefined ? undefined : { keyArn, owner: `${partition}:${account}` };
}

/** The region that an ARN of a key or alias names; undefined for an id or name. */
export const regionOf = (keyId: string): string | undefined => /^arn:[a-z-]+:kms:([a-z0-9-]+):/.exec(keyId)?.[1];
