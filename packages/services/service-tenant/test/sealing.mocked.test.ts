import { randomBytes } from 'node:crypto';
import { Secret } from '@envplane/spec';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type SealContext, seal, unseal } from '../src/secrets/sealing.ts';

/** Keys as they were handed to the library, which zeroes them itself: here it is given another copy. */
const handed = vi.hoisted((): { key: Uint8Array; bytes: Uint8Array }[] => []);
vi.mock('@aws-crypto/raw-aes-keyring-node', async (importOriginal) => {
  const library = await importOriginal<typeof import('@aws-crypto/raw-aes-keyring-node')>();
  return {
    ...library,
    RawAesKeyringNode: class extends library.RawAesKeyringNode {
      constructor(input: ConstructorParameters<typeof library.RawAesKeyringNode>[0]) {
        const { unencryptedMasterKey: key } = input;
        handed.push({ key, bytes: Uint8Array.from(key) });
        super({ ...input, unencryptedMasterKey: Uint8Array.from(key) });
      }
    },
  };
});

const dek = randomBytes(32);
const context: SealContext = { installationId: 'inst01', environmentId: 'env', credentialId: 'cred', version: 2 };

/** Whatever is sealed. */
const RECORDS: [of: string, SealContext][] = [
  ['a database credential', { installationId: 'inst01', environmentId: 'x', credentialId: 'x', version: 2 }],
  ['the administrator of a placement', { installationId: 'inst01', placementId: 'x', version: 2 }],
  ['a signing key', { installationId: 'inst01', kid: 'x' }],
];

describe('sealed records', () => {
  it('open to what was sealed, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
        const opened = await unseal(await seal(new Secret(text), dek, context), dek, context);
        expect(opened.reveal()).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  it('do not depend on a key that is zeroed while they are made or opened', async () => {
    const expiring = Uint8Array.from(dek);
    const sealing = seal(new Secret('kept'), expiring, context);
    expiring.fill(0);
    const record = await sealing;
    expiring.set(dek);
    const opening = unseal(record, expiring, context);
    expiring.fill(0);
    expect((await opening).reveal()).toBe('kept');
    expect((await unseal(record, dek, context)).reveal()).toBe('kept');
  });

  it('leave no copy of the key behind, also when one does not open', async () => {
    handed.length = 0;
    const record = await seal(new Secret('a secret'), dek, context);
    await unseal(record, dek, context);
    await unseal(record, dek, { ...context, version: 9 }).catch(() => undefined);
    await unseal('AAAA', dek, context).catch(() => undefined);
    expect(handed.map(({ bytes }) => Buffer.from(bytes).equals(dek))).toEqual([true, true, true, true]);
    for (const { key } of handed) expect([...key]).toEqual(Array(32).fill(0));
  });

  it('hold no trace of the secret and differ every time', async () => {
    const secret = new Secret('canary-of-this-test');
    const [first, second] = [await seal(secret, dek, context), await seal(secret, dek, context)];
    expect(first).not.toBe(second);
    expect(Buffer.from(first, 'base64').includes('canary')).toBe(false);
  });

  it.each(RECORDS)('rel G14 one changed byte of %s, at any place, is refused', async (_of, context) => {
    const record = Buffer.from(await seal(new Secret('a secret'), dek, context), 'base64');
    const opened: number[] = [];
    for (let index = 0; index < record.length; index += 1) {
      const changed = Buffer.from(record);
      changed[index] = (changed[index] ?? 0) ^ 1;
      await unseal(changed.toString('base64'), dek, context).then(
        () => opened.push(index),
        () => undefined,
      );
    }
    expect(record.length).toBeGreaterThan(200);
    expect(opened).toEqual([]);
  });

  it.each(['', 'AAAA', 'not base64 at all', '{}'])('rel G14 what is no record is refused: %j', async (text) => {
    await expect(unseal(text, dek, context)).rejects.toThrow('does not authenticate');
  });

  it('rel G14 a record of another installation, environment, credential or version is refused', async () => {
    const record = await seal(new Secret('a secret'), dek, context);
    const others: Partial<SealContext>[] = [
      { installationId: 'inst02' },
      { environmentId: 'other' },
      { credentialId: 'other' },
      { version: 1 },
    ];
    for (const other of others) {
      await expect(unseal(record, dek, { ...context, ...other }), JSON.stringify(other)).rejects.toThrow('another row');
    }
    await expect(unseal(record, randomBytes(32), context)).rejects.toThrow('does not authenticate');
  });

  it('rel G14 a record of one kind is refused as one of another, though it has the same key and ids', async () => {
    for (const [of, sealed] of RECORDS) {
      const record = await seal(new Secret('a secret'), dek, sealed);
      for (const [as, opened] of RECORDS) {
        if (as === of) expect((await unseal(record, dek, opened)).reveal()).toBe('a secret');
        else await expect(unseal(record, dek, opened), `${of} as ${as}`).rejects.toThrow('another row');
      }
    }
  });

  it('say nothing of the secret when they are refused', async () => {
    const record = await seal(new Secret('canary-of-this-test'), dek, context);
    const error = await unseal(record, dek, { ...context, version: 9 }).catch((reason: unknown) => reason);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('canary');
  });
});
