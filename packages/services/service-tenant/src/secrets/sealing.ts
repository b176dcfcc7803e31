import { Secret } from '@envplane/spec';
import canonicalize from 'canonicalize';

/** The format of sealed records, stored beside each: an AWS Encryption SDK message, version 2, key-committing suite. */
export const SEALED_FORMAT = 1;

/** What a sealed credential is bound to. A record moved to another row, or an older version put back, is refused. */
export type SealContext =
  | { installationId: string; environmentId: string; credentialId: string; version: number }
  /**
   * The administrator of a placement; its data key is made anew with every secret that is handed in. Version 0: sealed before there were
   * versions, and bound to none.
   */
  | { installationId: string; placementId: string; version: number }
  /** The private part of a signing key; its data key is made with it and is used for nothing else. */
  | { installationId: string; kid: string };

/** Loaded with the first secret: it takes longer than the rest of a start, and SQLite files have no secrets. */
const library = () => (loading ??= load());
let loading: ReturnType<typeof load> | undefined;
type Library = Awaited<ReturnType<typeof load>>;
type Keyring = ReturnType<Library['keyring']>;

async function load() {
  const [{ buildEncrypt }, { buildDecrypt }, materials, keyrings] = await Promise.all([
    import('@aws-crypto/encrypt-node'),
    import('@aws-crypto/decrypt-node'),
    import('@aws-crypto/material-management-node'),
    import('@aws-crypto/raw-aes-keyring-node'),
  ]);
  const policy = materials.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT;
  return {
    encrypt: buildEncrypt(policy).encrypt,
    decrypt: buildDecrypt(policy).decrypt,
    suiteId: materials.AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
    // NOTE: raw-aes-keyring-node 5 moves the key into a KeyObject and zeroes what it was given; it does not promise that.
    keyring: (key: Uint8Array) =>
      new keyrings.RawAesKeyringNode({
        keyName: 'dek',
        keyNamespace: 'envplane',
        unencryptedMasterKey: key,
        wrappingSuite: keyrings.RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
      }),
  };
}

/**
 * Seals a secret under the data key of its environment, placement or signing key.
 *
 * @param dek 32 bytes
 * @returns base64
 */
export async function seal(secret: Secret, dek: Uint8Array, context: SealContext): Promise<string> {
  const text = Buffer.from(secret.reveal(), 'utf8');
  try {
    return await withKeyring(dek, async ({ encrypt, suiteId }, keyring) => {
      const { result } = await encrypt(keyring, text, { suiteId, encryptionContext: encryptionContext(context) });
      return result.toString('base64');
    });
  } finally {
    text.fill(0);
  }
}

/** @throws Error when the record does not authenticate or belongs to another row; the reason is not told apart. */
export async function unseal(ciphertext: string, dek: Uint8Array, context: SealContext): Promise<Secret> {
  const { plaintext, messageHeader } = await withKeyring(dek, ({ decrypt }, keyring) =>
    decrypt(keyring, Buffer.from(ciphertext, 'base64')).catch(() => {
      throw new Error('a sealed record does not authenticate');
    }),
  );
  try {
    // The library authenticates the context but compares it with nothing.
    if (canonicalize(messageHeader.encryptionContext) !== canonicalize(encryptionContext(context))) {
      throw new Error('a sealed record belongs to another row');
    }
    return new Secret(plaintext.toString('utf8'));
  } finally {
    plaintext.fill(0);
  }
}

/** Hands a copy of the key to the library, and zeroes it, whatever became of it there. */
async function withKeyring<T>(dek: Uint8Array, use: (library: Library, keyring: Keyring) => Promise<T>): Promise<T> {
  // HAZARD: copied before anything is waited for. The cache zeroes a key that expires, and a secret sealed under zeros is lost.
  const key = new Uint8Array(dek);
  try {
    const loaded = await library();
    return await use(loaded, loaded.keyring(key));
  } finally {
    key.fill(0);
  }
}

function encryptionContext(context: SealContext): Record<string, string> {
  if ('placementId' in context) {
    const { installationId, placementId, version } = context;
    const administrator = { t: 'placement-administrator', i: installationId, p: placementId };
    return version === 0 ? administrator : { ...administrator, v: String(version) };
  }
  if ('kid' in context) return { t: 'signing-key', i: context.installationId, k: context.kid };
  return {
    t: 'db-credential',
    i: context.installationId,
    e: context.environmentId,
    c: context.credentialId,
    v: String(context.version),
  };
}
