import { inspect } from 'node:util';
import { KMS } from '@aws-sdk/client-kms';
import type { DekContext } from '@envplane/spec';
import { type KmsCredentials, secretEncryptorConformance, startKmsEmulator } from '@envplane/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { awsKmsEncryptor } from '../src/encryptors/aws-kms/index.ts';

const CONTEXT: DekContext = { installationId: 'abc234', subjectId: 'environment', purpose: 'env-dek' };

const emulator = await startKmsEmulator();
afterAll(() => emulator.close());
for (const [name, value] of Object.entries(emulator.variables)) vi.stubEnv(name, value);

/** The rights that the encryptor needs, and no more (docs/encryption.md). */
const RIGHTS = ['DescribeKey', 'GenerateDataKey', 'Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo'].map(
  (name) => `kms:${name}`,
);

/** Whoever looks after the keys in the account. */
const administrator = new KMS({ endpoint: emulator.endpoint });
afterAll(() => administrator.destroy());

/** Opens an encryptor that finds these credentials; the SDK looks for them once, with the first call. */
async function openAs({ accessKeyId, secretAccessKey, sessionToken = '' }: KmsCredentials, keyId = emulator.keyArn) {
  const encryptor = await awsKmsEncryptor({ keyId, endpoint: emulator.endpoint });
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', sessionToken);
  const refusal = await encryptor.health().catch((error: unknown) => error);
  for (const [name, value] of Object.entries(emulator.variables)) vi.stubEnv(name, value);
  vi.stubEnv('AWS_SESSION_TOKEN', '');
  return { encryptor, refusal };
}

const open = (keyId = emulator.keyArn) => awsKmsEncryptor({ keyId, endpoint: emulator.endpoint });
const newKey = async () => (await administrator.createKey({})).KeyMetadata?.Arn ?? '';
const operationsOf = async (run: () => Promise<unknown>) => {
  const before = emulator.calls.length;
  await run();
  return emulator.calls.slice(before).map(({ operation }) => operation);
};
const refused = (message: RegExp, retryAfterMs?: number) => ({
  name: 'ControlPlaneError',
  code: 'encryptor_unavailable',
  status: 503,
  message: expect.stringMatching(message),
  details: retryAfterMs === undefined ? {} : { retryAfterMs },
});

async function harness() {
  const { encryptor } = await openAs(emulator.issueCredentials({ actions: RIGHTS, context: { app: 'envplane' } }));
  const KeyId = emulator.keyArn;
  return {
    encryptor,
    async addPrimaryKek() {
      await administrator.rotateKeyOnDemand({ KeyId });
    },
    async takeKeysAway() {
      await administrator.disableKey({ KeyId });
      return async () => void (await administrator.enableKey({ KeyId }));
    },
    close: async () => encryptor.close?.(),
  };
}

// With the rights of RIGHTS alone: sec S36.
secretEncryptorConformance(await harness());

describe('what KMS is asked', () => {
  it('sec S23 with each call the app, the installation, the subject and the purpose, and nothing else', async () => {
    const encryptor = await open();
    const before = emulator.calls.length;
    const { plaintext, wrapped } = await encryptor.generateDek(CONTEXT);
    await encryptor.wrapDek(plaintext, CONTEXT);
    await encryptor.unwrapDek(wrapped, CONTEXT);
    await encryptor.rewrapDek(wrapped, CONTEXT);
    const asked = emulator.calls.slice(before).filter(({ operation }) => operation !== 'DescribeKey');
    expect(asked.map(({ operation }) => operation)).toEqual([
      'GenerateDataKey',
      'Encrypt',
      'Decrypt',
      'Decrypt',
      'ReEncrypt',
    ]);
    for (const { context } of asked) {
      expect(context).toEqual({ app: 'envplane', i: 'abc234', e: 'environment', purpose: 'env-dek' });
    }
  });

  it('one call for a new key, one for opening it, none for loading the encryptor', async () => {
    expect(await operationsOf(open)).toEqual([]);
    const encryptor = await open();
    await encryptor.health();
    const { wrapped } = await encryptor.generateDek(CONTEXT);
    expect(await operationsOf(() => encryptor.generateDek(CONTEXT))).toEqual(['GenerateDataKey']);
    expect(await operationsOf(() => encryptor.unwrapDek(wrapped, CONTEXT))).toEqual(['Decrypt']);
  });

  it('the health once in a while, whoever asks how often, and again as soon as a call failed', async () => {
    const encryptor = await open();
    const round = ['DescribeKey', 'GenerateDataKey', 'Decrypt'];
    expect(await operationsOf(() => Promise.all([encryptor.health(), encryptor.health()]))).toEqual(round);
    expect(await operationsOf(() => encryptor.health())).toEqual([]);
    emulator.inject({ operation: 'Encrypt', refuse: { type: 'DisabledException' } });
    await expect(encryptor.wrapDek(Buffer.alloc(32), CONTEXT)).rejects.toMatchObject(refused(/disabled/, 60_000));
    expect(await operationsOf(() => encryptor.health())).toEqual(round);
  });
});

describe('the key that wraps', () => {
  it('may be named by id, ARN, alias and the ARN of an alias; rows name the key and its material', async () => {
    const arn = await newKey();
    const id = arn.split('/')[1] ?? '';
    await administrator.createAlias({ AliasName: 'alias/envplane', TargetKeyId: id });
    const alias = arn.replace(/key\/.*/, 'alias/envplane');
    for (const keyId of [id, arn, 'alias/envplane', alias]) {
      const { wrapped } = await (await open(keyId)).generateDek(CONTEXT);
      expect(wrapped.kekId).toMatch(new RegExp(`^${arn}#[0-9a-f]{64}$`));
    }
  });

  it('cap EN4 follows its alias to another key; what the one before wrapped still opens, and moves by ReEncrypt', async () => {
    const [first, second] = [await newKey(), await newKey()];
    await administrator.createAlias({ AliasName: 'alias/current', TargetKeyId: first });
    const encryptor = await open('alias/current');
    const { plaintext, wrapped } = await encryptor.generateDek(CONTEXT);
    await administrator.updateAlias({ AliasName: 'alias/current', TargetKeyId: second });
    const rewrapped = await encryptor.rewrapDek(wrapped, CONTEXT);
    expect([wrapped, rewrapped].map(({ kekId }) => kekId.split('#')[0])).toEqual([first, second]);
    for (const form of [wrapped, rewrapped]) {
      expect(Buffer.from(await encryptor.unwrapDek(form, CONTEXT))).toEqual(Buffer.from(plaintext));
    }
    await administrator.disableKey({ KeyId: first });
    await expect(encryptor.unwrapDek(wrapped, CONTEXT)).rejects.toMatchObject(refused(/disabled/, 60_000));
    expect(await encryptor.unwrapDek(rewrapped, CONTEXT)).toHaveLength(32);
  });

  it('rel G14 must belong to the account of the configured one, though the other account would let us in', async () => {
    const outsider = emulator.issueCredentials({ account: '999988887777' });
    const outside = new KMS({ endpoint: emulator.endpoint, credentials: outsider });
    const policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' } }] });
    const { KeyMetadata } = await outside.createKey({ Policy: policy });
    const EncryptionContext = { app: 'envplane', i: 'abc234', e: 'environment', purpose: 'env-dek' };
    const planted = await outside.generateDataKey({ KeyId: KeyMetadata?.Arn, KeySpec: 'AES_256', EncryptionContext });
    const opened = await administrator.decrypt({ CiphertextBlob: planted.CiphertextBlob, EncryptionContext });
    expect(opened.Plaintext).toEqual(planted.Plaintext);
    const wrapped = {
      ciphertext: Buffer.from(planted.CiphertextBlob ?? []).toString('base64'),
      kekId: `${planted.KeyId}#${planted.KeyMaterialId}`,
    };
    const encryptor = await open();
    await encryptor.health();
    for (const use of [encryptor.unwrapDek, encryptor.rewrapDek]) {
      await expect(use(wrapped, CONTEXT)).rejects.toMatchObject(refused(/does not authenticate/));
    }
    expect(await operationsOf(() => encryptor.unwrapDek(wrapped, CONTEXT).catch(() => undefined))).toEqual([]);
    outside.destroy();
  });
});

describe('a refusal says what to do', () => {
  let keyArn: string;
  beforeEach(async () => {
    keyArn = await newKey();
  });
  const use = async (keyId = keyArn) => (await open(keyId)).generateDek(CONTEXT);

  it('a disabled key, one that is to be deleted, one that cannot wrap', async () => {
    await administrator.disableKey({ KeyId: keyArn });
    await expect(use()).rejects.toMatchObject(refused(/^The KMS key is disabled; enable it/, 60_000));
    await expect((await open(keyArn)).health()).rejects.toMatchObject(refused(/^The KMS key is disabled/, 60_000));
    await administrator.scheduleKeyDeletion({ KeyId: keyArn });
    await expect(use()).rejects.toMatchObject(refused(/pending deletion; cancel its deletion/, 60_000));
    await expect((await open(keyArn)).health()).rejects.toMatchObject(refused(/pending deletion/, 60_000));
    const made = await administrator.createKey({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
    const signing = made.KeyMetadata?.Arn ?? '';
    await expect(use(signing)).rejects.toMatchObject(refused(/must be a symmetric encryption key/, 60_000));
    await expect((await open(signing)).health()).rejects.toMatchObject(refused(/must be a symmetric/, 60_000));
  });

  it('a key that does not exist here, in this region or at all', async () => {
    for (const keyId of ['alias/none', keyArn.replace(/.{4}$/, '0000'), 'no key']) {
      await expect(use(keyId)).rejects.toMatchObject(refused(/no such key; check the key id and the region/, 60_000));
    }
  });

  it('the region of an ARN is the one that is asked, whatever AWS_REGION says', async () => {
    vi.stubEnv('AWS_REGION', 'us-east-1');
    const encryptor = await open(keyArn);
    await encryptor.health();
    await expect(use('alias/none')).rejects.toMatchObject(refused(/credentials/, 60_000));
    vi.stubEnv('AWS_REGION', emulator.region);
  });

  it('sec S36 credentials that are wrong, expired or without one of the rights that are needed, which is named', async () => {
    const valid = emulator.issueCredentials();
    const wrong = await openAs({ ...valid, secretAccessKey: 'x'.repeat(40) });
    expect(wrong.refusal).toMatchObject(refused(/does not accept the credentials/, 60_000));
    const unknown = await openAs({ ...valid, accessKeyId: 'AKIAUNKNOWN000000000' });
    expect(unknown.refusal).toMatchObject(refused(/does not accept the credentials/, 60_000));
    const session = emulator.issueCredentials({ session: true });
    expect((await openAs(session)).refusal).toBeUndefined();
    emulator.expire(session);
    expect((await openAs(session)).refusal).toMatchObject(refused(/does not accept the credentials/, 60_000));
    for (const right of ['kms:DescribeKey', 'kms:GenerateDataKey', 'kms:Decrypt']) {
      const actions = RIGHTS.filter((each) => each !== right);
      const { refusal } = await openAs(emulator.issueCredentials({ actions }));
      expect(refusal).toMatchObject(refused(new RegExp(`lack ${right} on the KMS key`), 60_000));
    }
    const { encryptor } = await openAs(
      emulator.issueCredentials({ actions: RIGHTS.filter((each) => each !== 'kms:Encrypt') }),
    );
    await expect(encryptor.wrapDek(Buffer.alloc(32), CONTEXT)).rejects.toMatchObject(
      refused(/lack kms:Encrypt/, 60_000),
    );
    const reader = await openAs(emulator.issueCredentials({ actions: RIGHTS.slice(0, 4) }));
    const { wrapped } = await reader.encryptor.generateDek(CONTEXT);
    await expect(reader.encryptor.rewrapDek(wrapped, CONTEXT)).rejects.toMatchObject(
      refused(/lack kms:ReEncryptFrom and kms:ReEncryptTo/, 60_000),
    );
  });

  it('no credentials and no region', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('HOME', '/nonexistent');
    await expect(use()).rejects.toMatchObject(refused(/has no AWS credentials; give it a role/, 60_000));
    for (const [name, value] of Object.entries(emulator.variables)) vi.stubEnv(name, value);
    vi.stubEnv('AWS_REGION', undefined);
    await expect(use('alias/none')).rejects.toMatchObject(refused(/region is not known; set AWS_REGION/, 60_000));
    vi.stubEnv('AWS_REGION', emulator.region);
  });

  it('a wrong context, once: asking again would change nothing', async () => {
    const encryptor = await open();
    const { wrapped } = await encryptor.generateDek(CONTEXT);
    await encryptor.health();
    const asked = await operationsOf(async () => {
      const other = { ...CONTEXT, subjectId: 'another' };
      await expect(encryptor.unwrapDek(wrapped, other)).rejects.toMatchObject(refused(/does not authenticate/));
    });
    expect(asked).toEqual(['Decrypt']);
  });

  it('sec S27 without ARN, account, address or words of the provider', async () => {
    const encryptor = await open(keyArn);
    await administrator.disableKey({ KeyId: keyArn });
    const error = await encryptor.generateDek(CONTEXT).catch((reason: unknown) => reason);
    const shown = inspect(error, { depth: null, showHidden: true }).replaceAll(/^ *at .*$/gm, '');
    expect(shown).not.toMatch(/arn:|111122223333|127\.0\.0\.1|AKIA/);
  });
});

describe('an unreliable KMS', () => {
  let encryptor: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    encryptor = await open();
    await encryptor.health();
  });

  it.each([
    ['throttles', { refuse: { type: 'ThrottlingException', message: 'Rate exceeded' } }],
    ['fails', { refuse: { type: 'KMSInternalException', status: 500 } }],
    ['loses its reply', { loseReply: true }],
  ])('cap EN5 %s twice: the third attempt counts', async (_name, fault) => {
    emulator.inject({ ...fault, times: 2 });
    const asked = await operationsOf(() => encryptor.generateDek(CONTEXT));
    expect(asked).toEqual(['GenerateDataKey', 'GenerateDataKey', 'GenerateDataKey']);
  });

  it('cap EN5 throttles or fails for longer: 503, and when to come back', async () => {
    emulator.inject({ refuse: { type: 'ThrottlingException' }, times: 3 });
    await expect(encryptor.generateDek(CONTEXT)).rejects.toMatchObject(refused(/throttles/, 2_000));
    emulator.inject({ refuse: { type: 'KMSInternalException', status: 500 }, times: 3 });
    await expect(encryptor.generateDek(CONTEXT)).rejects.toMatchObject(refused(/at the moment/, 2_000));
    emulator.inject({ refuse: { type: 'SomethingNew', status: 500 }, times: 3 });
    await expect(encryptor.generateDek(CONTEXT)).rejects.toMatchObject(refused(/cannot be reached/, 5_000));
    expect((await encryptor.generateDek(CONTEXT)).plaintext).toHaveLength(32);
  });

  it('cap EN5 cannot be reached, and is back', async () => {
    const { wrapped } = await encryptor.generateDek(CONTEXT);
    await emulator.down();
    await expect(encryptor.unwrapDek(wrapped, CONTEXT)).rejects.toMatchObject(
      refused(/cannot be reached; check the network, the region \(AWS_REGION\) and the endpoint/, 5_000),
    );
    await emulator.up();
    expect(await encryptor.unwrapDek(wrapped, CONTEXT)).toHaveLength(32);
  });

  it('cap EN5 hangs: an attempt ends after 3 s and is repeated, a call ends after 8 s', async () => {
    const { wrapped } = await encryptor.generateDek(CONTEXT);
    emulator.inject({ operation: 'Decrypt', delayMs: 60_000 });
    emulator.inject({ operation: 'GenerateDataKey', delayMs: 60_000, times: 3 });
    const beganAtMs = performance.now();
    const elapsedMs = <T>(call: Promise<T>) => call.then(() => performance.now() - beganAtMs);
    const [opening, making] = await Promise.allSettled([
      elapsedMs(encryptor.unwrapDek(wrapped, CONTEXT)),
      elapsedMs(encryptor.generateDek(CONTEXT)),
    ]);
    expect(opening.status === 'fulfilled' && opening.value).toBeGreaterThan(2_900);
    expect(opening.status === 'fulfilled' && opening.value).toBeLessThan(7_000);
    expect(making).toMatchObject({ status: 'rejected', reason: refused(/cannot be reached/, 5_000) });
    // Three attempts without a deadline for all of them would take 9 s.
    expect(performance.now() - beganAtMs).toBeLessThan(8_900);
  });

  it('has another time of day than we: the SDK finds out and goes on', async () => {
    emulator.clockOffsetMs = 3_600_000;
    expect((await (await open()).generateDek(CONTEXT)).plaintext).toHaveLength(32);
    emulator.clockOffsetMs = 0;
  });

  it('sec S40 is something else that answers with 200: refused, not a defect', async () => {
    const { createServer } = await import('node:http');
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end('{"KeyId":"not an arn","Plaintext":"AAAA","KeyMetadata":{"KeyState":"Enabled"}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const strange = await awsKmsEncryptor({ keyId: emulator.keyArn, endpoint: `http://127.0.0.1:${port}` });
    for (const attempt of [strange.health, () => strange.generateDek(CONTEXT)]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'encryptor_unavailable' });
    }
    server.closeAllConnections();
    server.close();
  });
});
