import { timingSafeEqual } from 'node:crypto';
import type { DekContext, SecretEncryptor, WrappedDek } from '@envplane/spec';
import { openKms } from './client.ts';
import { inState, unauthentic, unfitKey } from './errors.ts';
import { kekIdOf, type NamedKey, parseKekId } from './kek-id.ts';

export interface AwsKmsOptions {
  /** Id, ARN, alias name or alias ARN of a symmetric encryption key. What it names when a key is wrapped wraps it. */
  keyId: string;
  /** Of KMS, in place of the region's own: a VPC endpoint, or an emulator. */
  endpoint?: string | undefined;
}

const DEK_BYTES = 32;

/** How long a round trip that succeeded proves that the next one would, in ms; a call that fails ends it. */
const PROVEN_MS = 10_000;

const PROBE: DekContext = { installationId: 'health', subjectId: 'health', purpose: 'installation' };

/**
 * Wraps data keys with AWS KMS: `GenerateDataKey`, `Encrypt`, `Decrypt` and `ReEncrypt`, each with the context as encryption
 * context. Region and credentials are found by the AWS SDK, which is loaded here and not before. Nothing is asked of KMS until
 * something is to be wrapped or opened.
 *
 * A key is opened with the KMS key that its row names, and only with one of the account that the configured key belongs to:
 * otherwise whoever can write to the store could put a data key there that they know.
 * @throws ControlPlaneError `encryptor_unavailable` when the SDK is not installed
 */
export async function awsKmsEncryptor({ keyId, endpoint }: AwsKmsOptions): Promise<SecretEncryptor> {
  const kms = await openKms({ keyId, endpoint });
  let owner: string | undefined;
  let provenAtMs = Number.NEGATIVE_INFINITY;
  let proving: Promise<void> | undefined;

  const ask: typeof kms.ask = async (right, call) => {
    try {
      return await kms.ask(right, call);
    } catch (error) {
      provenAtMs = Number.NEGATIVE_INFINITY;
      throw error;
    }
  };

  async function describe() {
    const { KeyMetadata: key } = await ask('kms:DescribeKey', (client, options) =>
      client.describeKey({ KeyId: keyId }, options),
    );
    if (key?.KeyState !== 'Enabled') throw inState(key?.KeyState);
    if (key.KeySpec !== 'SYMMETRIC_DEFAULT' || key.KeyUsage !== 'ENCRYPT_DECRYPT') throw unfitKey();
    return kekIdOf({ KeyId: key.Arn, KeyMaterialId: key.CurrentKeyMaterialId });
  }

  /** The ARN of the key that a row names. @throws ControlPlaneError `encryptor_unavailable` for one of somebody else */
  async function sourceOf({ kekId }: WrappedDek): Promise<string> {
    const source = parseKekId(kekId);
    if (source === undefined) throw unauthentic();
    owner ??= parseKekId(await describe())?.owner;
    if (source.owner !== owner) throw unauthentic();
    return source.keyArn;
  }

  async function generate(context: DekContext) {
    const answer = await ask('kms:GenerateDataKey', (client, options) =>
      client.generateDataKey(
        { KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: encryptionContext(context) },
        options,
      ),
    );
    return { plaintext: dekOf(answer.Plaintext), wrapped: wrappedOf(answer) };
  }

  async function decrypt(KeyId: string, CiphertextBlob: Uint8Array, context: DekContext) {
    const answer = await ask('kms:Decrypt', (client, options) =>
      client.decrypt({ KeyId, CiphertextBlob, EncryptionContext: encryptionContext(context) }, options),
    );
    return { plaintext: dekOf(answer.Plaintext), kekId: kekIdOf(answer) };
  }

  async function unwrap(wrapped: WrappedDek, context: DekContext): Promise<Uint8Array> {
    const bytes = bytesOf(wrapped);
    const { plaintext, kekId } = await decrypt(await sourceOf(wrapped), bytes, context);
    if (kekId === wrapped.kekId) return plaintext;
    plaintext.fill(0);
    throw unauthentic();
  }

  async function prove(): Promise<void> {
    owner = parseKekId(await describe())?.owner;
    const { plaintext, wrapped } = await generate(PROBE);
    const opened = await unwrap(wrapped, PROBE);
    const isSame = timingSafeEqual(plaintext, opened);
    plaintext.fill(0);
    opened.fill(0);
    if (!isSame) throw unauthentic();
    provenAtMs = performance.now();
  }

  return {
    encryptorId: 'aws-kms',
    generateDek: generate,
    unwrapDek: unwrap,

    wrapDek: async (plaintext, context) => {
      if (plaintext.length !== DEK_BYTES) throw new TypeError('a data key has 32 bytes');
      const { KeyId = '', CiphertextBlob = new Uint8Array() } = await ask('kms:Encrypt', (client, options) =>
        client.encrypt({ KeyId: keyId, Plaintext: plaintext, EncryptionContext: encryptionContext(context) }, options),
      );
      // NOTE: of the key material only Decrypt tells here; Encrypt names the key alone.
      const opened = await decrypt(KeyId, CiphertextBlob, context);
      const isSame = timingSafeEqual(opened.plaintext, plaintext);
      opened.plaintext.fill(0);
      if (!isSame) throw unauthentic();
      return { ciphertext: Buffer.from(CiphertextBlob).toString('base64'), kekId: opened.kekId };
    },

    rewrapDek: async (wrapped, context) => {
      const CiphertextBlob = bytesOf(wrapped);
      const SourceKeyId = await sourceOf(wrapped);
      const SourceEncryptionContext = encryptionContext(context);
      const answer = await ask('kms:ReEncryptFrom and kms:ReEncryptTo', (client, options) =>
        client.reEncrypt(
          {
            CiphertextBlob,
            SourceKeyId,
            SourceEncryptionContext,
            DestinationKeyId: keyId,
            DestinationEncryptionContext: SourceEncryptionContext,
          },
          options,
        ),
      );
      const source = { KeyId: answer.SourceKeyId, KeyMaterialId: answer.SourceKeyMaterialId };
      if (kekIdOf(source) !== wrapped.kekId) throw unauthentic();
      const rewrapped = wrappedOf({ ...answer, KeyMaterialId: answer.DestinationKeyMaterialId });
      return rewrapped.kekId === wrapped.kekId ? wrapped : rewrapped;
    },

    primaryKekId: describe,

    // Whoever asks whether the service is ready must not be able to make it ask KMS each time.
    health: async () => {
      if (performance.now() - provenAtMs < PROVEN_MS) return;
      proving ??= prove().finally(() => {
        proving = undefined;
      });
      await proving;
    },

    close: async () => kms.close(),
  };
}

/** Shown in clear in the account's CloudTrail: ids only. */
const encryptionContext = ({ installationId, subjectId, purpose }: DekContext): Record<string, string> => ({
  app: 'envplane',
  i: installationId,
  e: subjectId,
  purpose,
});

const wrappedOf = (answer: NamedKey & { CiphertextBlob?: Uint8Array | undefined }): WrappedDek => ({
  ciphertext: Buffer.from(answer.CiphertextBlob ?? []).toString('base64'),
  kekId: kekIdOf(answer),
});

/** Buffer.from() skips what is no base64; only the one exact encoding is accepted. */
function bytesOf({ ciphertext }: WrappedDek): Buffer {
  const bytes = Buffer.from(ciphertext, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== ciphertext) throw unauthentic();
  return bytes;
}

function dekOf(plaintext: Uint8Array | undefined): Uint8Array {
  if (plaintext?.length === DEK_BYTES) return plaintext;
  plaintext?.fill(0);
  throw unauthentic();
}
