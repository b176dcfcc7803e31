import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { secretEncryptorConformance } from '@envplane/testkit';
import { describe, expect, it } from 'vitest';
import { type UpstreamEncryptor, wrapUpstreamEncryptor } from '../src/secrets/upstream-encryptor.ts';

/** What callers of the protocol bring: a key, and text under it. */
function aes(keyId: string): UpstreamEncryptor & { isAway: boolean } {
  const key = randomBytes(32);
  return {
    keyId,
    isAway: false,
    encrypt(plaintext) {
      if (this.isAway) throw new Error(`no key for ${plaintext}`);
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const sealed = Buffer.concat([iv, cipher.update(plaintext, 'utf8'), cipher.final()]);
      return Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64');
    },
    async decrypt(ciphertext) {
      if (this.isAway) throw new Error('no key');
      const bytes = Buffer.from(ciphertext, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
    },
  };
}

/** As one whose key is replaced while it runs: the wrapper is made anew with the former key beside the new one. */
function rotating() {
  let current = aes('key-1');
  let former: (typeof current)[] = [];
  let wrapped = wrapUpstreamEncryptor(current);
  return {
    encryptor: new Proxy(wrapped, { get: (_target, name) => Reflect.get(wrapped, name) }),
    addPrimaryKek: async () => {
      former = [current, ...former];
      current = aes(`key-${former.length + 1}`);
      wrapped = wrapUpstreamEncryptor(current, former);
    },
    takeKeysAway: async () => {
      const all = [current, ...former];
      for (const each of all) each.isAway = true;
      return async () => {
        for (const each of all) each.isAway = false;
      };
    },
    close: async () => undefined,
  };
}

secretEncryptorConformance(rotating());

describe('what only looks like an encryptor', () => {
  const context = { installationId: 'abc234', subjectId: 'x', purpose: 'env-dek' } as const;

  it('is refused without a key', () => {
    expect(() => wrapUpstreamEncryptor({ ...aes('noop') })).toThrow(
      expect.objectContaining({ code: 'encryptor_not_configured' }),
    );
    expect(() => wrapUpstreamEncryptor({ ...aes('') })).toThrow('without a key');
  });

  it.each([
    ['text as it is', (text: string) => text],
    ['base64', (text: string) => Buffer.from(text).toString('base64')],
    ['base64 with something before it', (text: string) => Buffer.from(`v1 ${text}`).toString('base64')],
    ['hexadecimal', (text: string) => Buffer.from(text).toString('hex').toUpperCase()],
    ['the key within', (text: string) => `sealed(${Buffer.from(JSON.parse(text)[1], 'base64').toString('hex')})`],
  ])('is refused when it shows the data key: %s', async (_name, encrypt) => {
    const wrapped = wrapUpstreamEncryptor({ keyId: 'k', encrypt, decrypt: (text) => text });
    await expect(wrapped.health()).rejects.toMatchObject({ code: 'encryptor_unavailable' });
    await expect(wrapped.generateDek(context)).rejects.toThrow('in clear');
  });

  it('is refused when it does not return what it encrypted, and what it says is not passed on', async () => {
    const forgetful = wrapUpstreamEncryptor({ ...aes('k'), decrypt: () => '["x","y"]' });
    await expect(forgetful.health()).rejects.toMatchObject({ code: 'encryptor_unavailable' });
    const away = aes('k');
    const wrapped = wrapUpstreamEncryptor(away);
    away.isAway = true;
    await expect(wrapped.generateDek(context)).rejects.toThrow(/^The encryptor refused, or cannot be used now\.$/);
  });
});
