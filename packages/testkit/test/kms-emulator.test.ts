import { KMS, type KMSClientConfig } from '@aws-sdk/client-kms';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { startKmsEmulator } from '../src/kms/emulator.ts';

const emulator = await startKmsEmulator();
afterAll(() => emulator.close());
afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

const clients: KMS[] = [];
afterAll(() => {
  for (const each of clients) each.destroy();
});
function client(credentials = emulator.issueCredentials(), more: KMSClientConfig = {}): KMS {
  const { endpoint, region } = emulator;
  const made = new KMS({ endpoint, region, credentials, maxAttempts: 1, ...more });
  clients.push(made);
  return made;
}
const kms = client();
const KeyId = emulator.keyArn;
const secret = Buffer.from('canary of this test');

/** A client whose requests are changed after they were signed. */
function tampering({ headers, ...change }: { headers?: Record<string, string>; path?: string; body?: Buffer }): KMS {
  const bent = client();
  bent.middlewareStack.add(
    (next) => async (call) => {
      const request = call.request as { headers: Record<string, string> };
      Object.assign(request, change, { headers: { ...request.headers, ...headers } });
      return next(call);
    },
    // After the signature, which belongs to the same step.
    { step: 'finalizeRequest', priority: 'low' },
  );
  return bent;
}

it('cap K1 refuses to load in production, and to start when it was loaded before', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  await expect(startKmsEmulator()).rejects.toThrow('NODE_ENV=production');
  vi.resetModules();
  await expect(import('../src/kms/emulator.ts')).rejects.toThrow('NODE_ENV=production');
});

describe('data', () => {
  it('is encrypted for real: a blob opens to what was in it, holds none of it and differs each time', async () => {
    const blobs = await Promise.all([1, 2].map(() => kms.encrypt({ KeyId, Plaintext: secret })));
    const [first, second] = blobs.map(({ CiphertextBlob }) => Buffer.from(CiphertextBlob ?? []));
    expect(first).not.toEqual(second);
    expect(first?.includes(secret)).toBe(false);
    const opened = await kms.decrypt({ CiphertextBlob: first });
    expect(Buffer.from(opened.Plaintext ?? [])).toEqual(secret);
    expect(opened.KeyId).toBe(KeyId);
  });

  it('any flipped byte, any other context is refused without a word', async () => {
    const EncryptionContext = { a: '1', b: '2' };
    const { CiphertextBlob = new Uint8Array() } = await kms.encrypt({ KeyId, Plaintext: secret, EncryptionContext });
    const refused = { name: 'InvalidCiphertextException', message: 'UnknownError' };
    for (const other of [{ a: '1' }, { a: '1', b: '3' }, { a: '2', b: '1' }, {}, { ...EncryptionContext, c: '' }]) {
      await expect(kms.decrypt({ CiphertextBlob, EncryptionContext: other })).rejects.toMatchObject(refused);
    }
    for (let at = 0; at < CiphertextBlob.length; at += 1) {
      const changed = Uint8Array.from(CiphertextBlob);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(kms.decrypt({ CiphertextBlob: changed, EncryptionContext })).rejects.toMatchObject(refused);
    }
    const swapped = { b: '2', a: '1' };
    expect((await kms.decrypt({ CiphertextBlob, EncryptionContext: swapped })).KeyId).toBe(KeyId);
  });

  it('has its limits: 4096 bytes, lengths of data keys', async () => {
    const invalid = { name: 'ValidationException' };
    await expect(kms.encrypt({ KeyId, Plaintext: Buffer.alloc(4_097) })).rejects.toMatchObject(invalid);
    await expect(kms.generateDataKey({ KeyId })).rejects.toMatchObject(invalid);
    await expect(kms.generateDataKey({ KeyId, NumberOfBytes: 1_025 })).rejects.toMatchObject(invalid);
    expect((await kms.generateDataKey({ KeyId, KeySpec: 'AES_128' })).Plaintext).toHaveLength(16);
    const sealed = await kms.generateDataKeyWithoutPlaintext({ KeyId, NumberOfBytes: 64 });
    expect(sealed).not.toHaveProperty('Plaintext');
    expect((await kms.decrypt({ CiphertextBlob: sealed.CiphertextBlob })).Plaintext).toHaveLength(64);
    expect((await kms.generateRandom({ NumberOfBytes: 9 })).Plaintext).toHaveLength(9);
  });

  it('moves to another key and context, and names both keys with their material', async () => {
    const { KeyMetadata: other } = await kms.createKey({});
    const made = await kms.generateDataKey({ KeyId, KeySpec: 'AES_256', EncryptionContext: { from: 'x' } });
    const moved = await kms.reEncrypt({
      CiphertextBlob: made.CiphertextBlob,
      SourceEncryptionContext: { from: 'x' },
      DestinationKeyId: other?.KeyId,
      DestinationEncryptionContext: { to: 'y' },
    });
    expect(moved).toMatchObject({
      ...{ SourceKeyId: KeyId, SourceKeyMaterialId: made.KeyMaterialId },
      ...{ KeyId: other?.Arn, DestinationKeyMaterialId: other?.CurrentKeyMaterialId },
    });
    const opened = await kms.decrypt({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { to: 'y' } });
    expect(opened.Plaintext).toEqual(made.Plaintext);
    const wrongKey = { CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { to: 'y' }, KeyId };
    await expect(kms.decrypt(wrongKey)).rejects.toMatchObject({ name: 'IncorrectKeyException' });
  });
});

describe('keys', () => {
  it('rotate their material: what is older still opens, and answers name what was used', async () => {
    const { Arn = '', CurrentKeyMaterialId: first } = (await kms.createKey({})).KeyMetadata ?? {};
    const old = await kms.generateDataKey({ KeyId: Arn, KeySpec: 'AES_256' });
    await kms.rotateKeyOnDemand({ KeyId: Arn });
    const { CurrentKeyMaterialId: second } = (await kms.describeKey({ KeyId: Arn })).KeyMetadata ?? {};
    const fresh = await kms.generateDataKey({ KeyId: Arn, KeySpec: 'AES_256' });
    expect([old.KeyMaterialId, fresh.KeyMaterialId]).toEqual([first, second]);
    expect(first).not.toBe(second);
    expect((await kms.decrypt({ CiphertextBlob: old.CiphertextBlob })).KeyMaterialId).toBe(first);
    const { Rotations } = await kms.listKeyRotations({ KeyId: Arn });
    expect(Rotations).toMatchObject([{ KeyMaterialId: second, RotationType: 'ON_DEMAND' }]);
  });

  it('have states, each with the refusal of the service', async () => {
    const { Arn = '' } = (await kms.createKey({})).KeyMetadata ?? {};
    const use = () => kms.generateDataKey({ KeyId: Arn, KeySpec: 'AES_256' });
    const { CiphertextBlob } = await use();
    await kms.disableKey({ KeyId: Arn });
    await expect(use()).rejects.toMatchObject({ name: 'DisabledException', message: `${Arn} is disabled.` });
    await expect(kms.decrypt({ CiphertextBlob })).rejects.toMatchObject({ name: 'DisabledException' });
    const scheduled = await kms.scheduleKeyDeletion({ KeyId: Arn, PendingWindowInDays: 7 });
    expect(scheduled.DeletionDate?.getTime()).toBeGreaterThan(Date.now() + 6 * 24 * 3_600_000);
    const pending = { name: 'KMSInvalidStateException', message: `${Arn} is pending deletion.` };
    await expect(use()).rejects.toMatchObject(pending);
    await expect(kms.enableKey({ KeyId: Arn })).rejects.toMatchObject(pending);
    await kms.cancelKeyDeletion({ KeyId: Arn });
    await kms.enableKey({ KeyId: Arn });
    expect((await kms.decrypt({ CiphertextBlob })).KeyId).toBe(Arn);
  });

  it('are found by id, ARN and alias, in this region and account alone', async () => {
    const { Arn = '', KeyId: id } = (await kms.createKey({})).KeyMetadata ?? {};
    await kms.createAlias({ AliasName: 'alias/mine', TargetKeyId: Arn });
    const again = kms.createAlias({ AliasName: 'alias/mine', TargetKeyId: Arn });
    await expect(again).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    for (const name of [id, Arn, 'alias/mine', Arn.replace(/key\/.*/, 'alias/mine')]) {
      expect((await kms.describeKey({ KeyId: name })).KeyMetadata?.Arn).toBe(Arn);
    }
    const foreign = ['alias/none', Arn.replace('eu-central-1', 'eu-west-1'), Arn.replace(/:\d{12}:/, ':000000000000:')];
    for (const name of foreign) {
      await expect(kms.describeKey({ KeyId: name })).rejects.toMatchObject({ name: 'NotFoundException' });
    }
  });
});

describe('signatures', () => {
  it.each([
    ['a body', { body: Buffer.from(JSON.stringify({ KeyId, KeySpec: 'AES_128' })) }],
    ['a target', { headers: { 'x-amz-target': 'TrentService.Encrypt' } }],
    ['a path', { path: '/other' }],
    ['a new header of AWS', { headers: { 'x-amz-new': '1' } }],
  ])('are of the whole request: with %s that was changed they are refused', async (_name, change) => {
    const call = tampering(change).generateDataKey({ KeyId, KeySpec: 'AES_256' });
    await expect(call).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  });

  it('need the right secret, region and token', async () => {
    const credentials = emulator.issueCredentials({ session: true });
    const describe = (each: typeof credentials, more?: KMSClientConfig) => client(each, more).describeKey({ KeyId });
    expect((await describe(credentials)).KeyMetadata?.Arn).toBe(KeyId);
    const { sessionToken: _left, ...withoutToken } = credentials;
    for (const [attempt, name] of [
      [describe({ ...credentials, secretAccessKey: 'x' }), 'InvalidSignatureException'],
      [describe(credentials, { region: 'eu-west-1' }), 'InvalidSignatureException'],
      [describe({ ...credentials, accessKeyId: 'AKIANOBODY' }), 'UnrecognizedClientException'],
      [describe({ ...credentials, sessionToken: 'x' }), 'UnrecognizedClientException'],
      [describe(withoutToken), 'UnrecognizedClientException'],
    ] as const) {
      await expect(attempt).rejects.toMatchObject({ name });
    }
    emulator.expire(credentials);
    await expect(describe(credentials)).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    const unsigned = client(credentials, { signer: { sign: async (request) => request } });
    await expect(unsigned.describeKey({ KeyId })).rejects.toMatchObject({
      name: 'MissingAuthenticationTokenException',
    });
  });

  it('of another time are refused', async () => {
    emulator.clockOffsetMs = 10 * 60_000;
    await expect(client().describeKey({ KeyId })).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    emulator.clockOffsetMs = 0;
  });
});

it('rights are those of the credentials, and conditions on the context hold', async () => {
  const limited = client(emulator.issueCredentials({ actions: ['kms:Encrypt'], context: { app: 'a' } }));
  const denied = { name: 'AccessDeniedException' };
  await expect(limited.describeKey({ KeyId })).rejects.toMatchObject(denied);
  await expect(limited.encrypt({ KeyId, Plaintext: secret })).rejects.toMatchObject(denied);
  expect(await limited.encrypt({ KeyId, Plaintext: secret, EncryptionContext: { app: 'a', b: 'c' } })).toBeDefined();
  const stranger = client(emulator.issueCredentials({ account: '222222222222' }));
  await expect(stranger.encrypt({ KeyId, Plaintext: secret })).rejects.toMatchObject(denied);
});

it('the log has operations, keys and contexts, and nothing that was in them', async () => {
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: secret, EncryptionContext: { of: 'log' } });
  await kms.decrypt({ CiphertextBlob }).catch(() => undefined);
  expect(emulator.calls.slice(-2)).toMatchObject([
    { operation: 'Encrypt', keyId: KeyId, context: { of: 'log' }, outcome: 'ok' },
    { operation: 'Decrypt', outcome: 'InvalidCiphertextException' },
  ]);
  const log = JSON.stringify(emulator.calls);
  expect(log).not.toContain('canary');
  expect(log).not.toContain(secret.toString('base64'));
  expect(log).not.toContain(Buffer.from(CiphertextBlob ?? []).toString('base64'));
});

it('a fault strikes as often as was said; a lost reply was carried out', async () => {
  emulator.inject({ operation: 'CreateAlias', loseReply: true });
  const alias = { AliasName: 'alias/lost', TargetKeyId: KeyId };
  await expect(kms.createAlias(alias)).rejects.toThrow();
  await expect(kms.createAlias(alias)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  emulator.inject({ operation: 'DescribeKey', refuse: { type: 'ThrottlingException' }, times: 2 });
  const patient = client(emulator.issueCredentials(), { maxAttempts: 3 });
  expect((await patient.describeKey({ KeyId })).$metadata.attempts).toBe(3);
});
