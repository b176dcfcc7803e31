import { randomBytes } from 'node:crypto';
import { currentMaterialId, type EncryptionContext, type KmsKey, newKey, open, rotate, seal } from './keys.ts';
import { KmsRefusal } from './refusal.ts';

/** Who sent a request, and what their policies allow. */
export interface KmsCaller {
  accessKeyId: string;
  account: string;
  /** @param context of a cryptographic operation, which a condition of the policy may be about */
  allows(action: string, context: EncryptionContext | null): boolean;
}

/** What the emulated service holds. */
export interface KmsState {
  readonly region: string;
  readonly keys: Map<string, KmsKey>;
  /** Id of the key by account and name of the alias. */
  readonly aliases: Map<string, string>;
  nowMs(): number;
}

type Input = Readonly<Record<string, unknown>>;
type Operation = (kms: KmsState, caller: KmsCaller, input: Input) => object;

const DAY_MS = 24 * 3_600_000;
const LONGEST_PLAINTEXT = 4_096;
const DATA_KEY_BYTES: Readonly<Record<string, number>> = { AES_256: 32, AES_128: 16 };

/** The operations there are, as the API has them. */
export const KMS_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateKey: (kms, caller, { Policy = '', KeySpec = 'SYMMETRIC_DEFAULT', KeyUsage = 'ENCRYPT_DECRYPT' }) => {
    permit(caller, 'kms:CreateKey', null);
    const options = { policy: String(Policy), spec: String(KeySpec), usage: String(KeyUsage) };
    const key = newKey(kms.region, { ...options, account: caller.account, nowMs: kms.nowMs() });
    kms.keys.set(key.id, key);
    return { KeyMetadata: metadataOf(key) };
  },

  DescribeKey: (kms, caller, { KeyId }) => ({ KeyMetadata: metadataOf(keyFor(kms, caller, 'kms:DescribeKey', KeyId)) }),

  CreateAlias: (kms, caller, { AliasName, TargetKeyId }) => {
    const name = aliasOf(caller, AliasName);
    if (kms.aliases.has(name)) throw new KmsRefusal('AlreadyExistsException', `An alias ${AliasName} already exists`);
    kms.aliases.set(name, keyFor(kms, caller, 'kms:CreateAlias', TargetKeyId).id);
    return {};
  },

  UpdateAlias: (kms, caller, { AliasName, TargetKeyId }) => {
    const name = aliasOf(caller, AliasName);
    if (!kms.aliases.has(name)) throw notFound(`Alias ${AliasName} is not found.`);
    kms.aliases.set(name, keyFor(kms, caller, 'kms:UpdateAlias', TargetKeyId).id);
    return {};
  },

  DisableKey: (kms, caller, { KeyId }) => setState(keyFor(kms, caller, 'kms:DisableKey', KeyId), 'Disabled'),
  EnableKey: (kms, caller, { KeyId }) => setState(keyFor(kms, caller, 'kms:EnableKey', KeyId), 'Enabled'),

  ScheduleKeyDeletion: (kms, caller, { KeyId, PendingWindowInDays: days = 30 }) => {
    const key = keyFor(kms, caller, 'kms:ScheduleKeyDeletion', KeyId);
    if (key.state === 'PendingDeletion') throw pendingDeletion(key);
    key.state = 'PendingDeletion';
    key.deletionAtMs = kms.nowMs() + Number(days) * DAY_MS;
    return { KeyId: key.arn, DeletionDate: key.deletionAtMs / 1_000, KeyState: key.state, PendingWindowInDays: days };
  },

  CancelKeyDeletion: (kms, caller, { KeyId }) => {
    const key = keyFor(kms, caller, 'kms:CancelKeyDeletion', KeyId);
    if (key.state !== 'PendingDeletion') {
      throw new KmsRefusal('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
    }
    key.state = 'Disabled';
    key.deletionAtMs = null;
    return { KeyId: key.arn };
  },

  RotateKeyOnDemand: (kms, caller, { KeyId }) => {
    const key = keyFor(kms, caller, 'kms:RotateKeyOnDemand', KeyId);
    requireUsable(key);
    rotate(key, kms.nowMs());
    return { KeyId: key.arn };
  },

  ListKeyRotations: (kms, caller, { KeyId }) => {
    const key = keyFor(kms, caller, 'kms:ListKeyRotations', KeyId);
    const rotations = key.material.slice(1).map(({ id, sinceMs }) => ({
      ...{ KeyId: key.arn, KeyMaterialId: id, RotationDate: sinceMs / 1_000, RotationType: 'ON_DEMAND' },
    }));
    return { Rotations: rotations, Truncated: false };
  },

  Encrypt: (kms, caller, input) => {
    const context = contextOf(input['EncryptionContext']);
    const key = cryptoKeyFor(kms, caller, 'kms:Encrypt', input['KeyId'], context);
    const plaintext = blobOf(input['Plaintext'], 'plaintext');
    if (plaintext.length === 0 || plaintext.length > LONGEST_PLAINTEXT) throw invalidLength('plaintext');
    const sealed = seal(key, plaintext, context).toString('base64');
    return { CiphertextBlob: sealed, KeyId: key.arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
  },

  GenerateDataKey: (kms, caller, input) => dataKey(kms, caller, 'kms:GenerateDataKey', input),

  GenerateDataKeyWithoutPlaintext: (kms, caller, input) => {
    const { Plaintext: _withheld, ...answer } = dataKey(kms, caller, 'kms:GenerateDataKeyWithoutPlaintext', input);
    return answer;
  },

  Decrypt: (kms, caller, input) => {
    const context = contextOf(input['EncryptionContext']);
    const opened = opens(kms, caller, 'kms:Decrypt', input['CiphertextBlob'], input['KeyId'], context);
    return {
      KeyId: opened.key.arn,
      Plaintext: opened.plaintext.toString('base64'),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      KeyMaterialId: opened.materialId,
    };
  },

  ReEncrypt: (kms, caller, input) => {
    const from = contextOf(input['SourceEncryptionContext']);
    const to = contextOf(input['DestinationEncryptionContext']);
    const source = opens(kms, caller, 'kms:ReEncryptFrom', input['CiphertextBlob'], input['SourceKeyId'], from);
    const key = cryptoKeyFor(kms, caller, 'kms:ReEncryptTo', input['DestinationKeyId'], to);
    return {
      CiphertextBlob: seal(key, source.plaintext, to).toString('base64'),
      ...{ SourceKeyId: source.key.arn, SourceKeyMaterialId: source.materialId },
      ...{ KeyId: key.arn, DestinationKeyMaterialId: currentMaterialId(key) },
      ...{ SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT', DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
    };
  },

  GenerateRandom: (_kms, caller, { NumberOfBytes = 32 }) => {
    permit(caller, 'kms:GenerateRandom', null);
    return { Plaintext: randomBytes(Number(NumberOfBytes)).toString('base64') };
  },
};

function dataKey(kms: KmsState, caller: KmsCaller, action: string, input: Input) {
  const { KeySpec: spec, NumberOfBytes: bytes } = input;
  const context = contextOf(input['EncryptionContext']);
  const key = cryptoKeyFor(kms, caller, action, input['KeyId'], context);
  const length = spec === undefined ? Number(bytes) : DATA_KEY_BYTES[String(spec)];
  if (!length || length > 1_024 || (spec !== undefined && bytes !== undefined)) throw invalidLength('numberOfBytes');
  const plaintext = randomBytes(length);
  return {
    CiphertextBlob: seal(key, plaintext, context).toString('base64'),
    Plaintext: plaintext.toString('base64'),
    ...{ KeyId: key.arn, KeyMaterialId: currentMaterialId(key) },
  };
}

function opens(
  kms: KmsState,
  caller: KmsCaller,
  action: string,
  blob: unknown,
  named: unknown,
  context: EncryptionContext,
) {
  const expected = named === undefined ? undefined : cryptoKeyFor(kms, caller, action, named, context);
  return open(blobOf(blob, 'ciphertextBlob'), context, (id) => {
    const key = kms.keys.get(id);
    if (key && expected && key !== expected) {
      throw new KmsRefusal(
        'IncorrectKeyException',
        'The key ID in the request does not identify a CMK that can perform this operation.',
      );
    }
    return key && cryptoKeyFor(kms, caller, action, key.arn, context);
  });
}

function cryptoKeyFor(kms: KmsState, caller: KmsCaller, action: string, keyId: unknown, context: EncryptionContext) {
  const key = keyFor(kms, caller, action, keyId, context);
  if (key.spec !== 'SYMMETRIC_DEFAULT' || key.usage !== 'ENCRYPT_DECRYPT') {
    throw new KmsRefusal('InvalidKeyUsageException', `${key.arn} key usage is ${key.usage}`);
  }
  requireUsable(key);
  return key;
}

function keyFor(
  kms: KmsState,
  caller: KmsCaller,
  action: string,
  keyId: unknown,
  context: EncryptionContext | null = null,
): KmsKey {
  if (typeof keyId !== 'string' || keyId === '') {
    throw new KmsRefusal(
      'ValidationException',
      "1 validation error detected: Value at 'keyId' failed to satisfy constraint",
    );
  }
  const key = resolve(kms, caller, keyId);
  permit(caller, action, context, key);
  return key;
}

/** A key by id, ARN, alias or ARN of an alias. */
function resolve(kms: KmsState, caller: KmsCaller, keyId: string): KmsKey {
  const [, region = kms.region, account = caller.account, name = keyId] =
    /^arn:aws:kms:([\w-]*):(\d*):(.+)$/.exec(keyId) ?? [];
  if (region !== kms.region) throw notFound(`Invalid arn ${region}`);
  if (name.startsWith('alias/')) {
    const key = kms.keys.get(kms.aliases.get(`${account} ${name}`) ?? '');
    if (!key) throw notFound(`Alias arn:aws:kms:${region}:${account}:${name} is not found.`);
    return key;
  }
  const key = kms.keys.get(name.replace(/^key\//, ''));
  if (key?.account !== account) throw notFound(`Key 'arn:aws:kms:${region}:${account}:${name}' does not exist`);
  return key;
}

/** The caller's own policies must allow it, and a key of another account must let them in as well. */
function permit(caller: KmsCaller, action: string, context: EncryptionContext | null, key?: KmsKey): void {
  const isForeign = key !== undefined && key.account !== caller.account && !key.policy.includes(caller.account);
  if (caller.allows(action, context) && !isForeign) return;
  const user = `arn:aws:iam::${caller.account}:user/${caller.accessKeyId}`;
  throw new KmsRefusal(
    'AccessDeniedException',
    `User: ${user} is not authorized to perform: ${action} on resource: ${key?.arn ?? '*'}`,
  );
}

function requireUsable(key: KmsKey): void {
  if (key.state === 'Disabled') throw new KmsRefusal('DisabledException', `${key.arn} is disabled.`);
  if (key.state === 'PendingDeletion') throw pendingDeletion(key);
}

function setState(key: KmsKey, state: 'Enabled' | 'Disabled'): object {
  if (key.state === 'PendingDeletion') throw pendingDeletion(key);
  key.state = state;
  return {};
}

const pendingDeletion = (key: KmsKey) => new KmsRefusal('KMSInvalidStateException', `${key.arn} is pending deletion.`);
const notFound = (message: string) => new KmsRefusal('NotFoundException', message);
const invalidLength = (field: string) =>
  new KmsRefusal(
    'ValidationException',
    `1 validation error detected: Value at '${field}' failed to satisfy constraint`,
  );

function aliasOf({ account }: KmsCaller, name: unknown): string {
  if (typeof name !== 'string' || !/^alias\/[\w/-]+$/.test(name)) throw invalidLength('aliasName');
  return `${account} ${name}`;
}

function contextOf(value: unknown = {}): EncryptionContext {
  const isContext =
    typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string');
  if (!isContext) throw new KmsRefusal('SerializationException', 'Unexpected field type');
  return value as EncryptionContext;
}

function blobOf(value: unknown, field: string): Buffer {
  if (typeof value !== 'string') throw invalidLength(field);
  return Buffer.from(value, 'base64');
}

function metadataOf(key: KmsKey): object {
  const isSymmetric = key.spec === 'SYMMETRIC_DEFAULT';
  return {
    ...{ KeyId: key.id, Arn: key.arn, AWSAccountId: key.account, CreationDate: key.createdAtMs / 1_000 },
    ...{ Description: '', Enabled: key.state === 'Enabled', KeyState: key.state, KeyManager: 'CUSTOMER' },
    ...{ KeySpec: key.spec, CustomerMasterKeySpec: key.spec, KeyUsage: key.usage, Origin: 'AWS_KMS' },
    ...(key.deletionAtMs !== null && { DeletionDate: key.deletionAtMs / 1_000 }),
    ...(isSymmetric && {
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      CurrentKeyMaterialId: currentMaterialId(key),
    }),
    MultiRegion: false,
  };
}
