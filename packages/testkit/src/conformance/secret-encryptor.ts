import { inspect } from 'node:util';
import { ControlPlaneError, type DekContext, type SecretEncryptor, type WrappedDek } from '@envplane/spec';
import { afterAll, describe, expect, it } from 'vitest';

/** What the suite needs to know about an encryptor beyond its contract. */
export interface SecretEncryptorHarness {
  encryptor: SecretEncryptor;
  /** Makes another key-encryption key the primary one, as an operator does; older ones stay readable. */
  addPrimaryKek(): Promise<void>;
  /** Makes the key-encryption keys unusable until the returned function is called. */
  takeKeysAway(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const CONTEXT: DekContext = {
  installationId: 'abc234',
  subjectId: '0199a000-0000-7000-8000-000000000001',
  purpose: 'env-dek',
};

const OTHER_CONTEXTS: readonly DekContext[] = [
  { ...CONTEXT, installationId: 'abc235' },
  { ...CONTEXT, subjectId: '0199a000-0000-7000-8000-000000000002' },
  { ...CONTEXT, purpose: 'installation' },
  // The same characters in sequence, cut elsewhere.
  { ...CONTEXT, installationId: `abc234${CONTEXT.subjectId.slice(0, 1)}`, subjectId: CONTEXT.subjectId.slice(1) },
];

const REFUSED = { name: 'ControlPlaneError', code: 'encryptor_unavailable' };

/** Declares the suite that every encryptor passes. The harness is closed at the end. */
export function secretEncryptorConformance(harness: SecretEncryptorHarness): void {
  const { encryptor } = harness;
  const unwrap = (wrapped: WrappedDek, context = CONTEXT) => encryptor.unwrapDek(wrapped, context);

  describe(`${encryptor.encryptorId}: secret encryptor conformance`, () => {
    afterAll(() => harness.close());

    it('opens what it wrapped: 32 bytes, each time other ones', async () => {
      const generated = await Promise.all(Array.from({ length: 20 }, () => encryptor.generateDek(CONTEXT)));
      for (const { plaintext, wrapped } of generated) {
        expect(plaintext).toHaveLength(32);
        expect(Buffer.from(await unwrap(wrapped))).toEqual(Buffer.from(plaintext));
      }
      expect(new Set(generated.map(({ plaintext }) => Buffer.from(plaintext).toString('hex'))).size).toBe(20);
      expect(new Set(generated.map(({ wrapped }) => wrapped.ciphertext)).size).toBe(20);
    });

    it('what is wrapped does not contain the key', async () => {
      const { plaintext, wrapped } = await encryptor.generateDek(CONTEXT);
      expect(Buffer.from(wrapped.ciphertext, 'base64').includes(Buffer.from(plaintext))).toBe(false);
    });

    it('sec S23 another context is refused', async () => {
      const { plaintext, wrapped } = await encryptor.generateDek(CONTEXT);
      for (const form of [wrapped, await encryptor.wrapDek(plaintext, CONTEXT)]) {
        for (const context of OTHER_CONTEXTS) await expect(unwrap(form, context)).rejects.toMatchObject(REFUSED);
      }
    });

    it('wraps a key that was made elsewhere: it opens to the same bytes, and the given ones stay as they are', async () => {
      const made = Buffer.alloc(32, 'made elsewhere ');
      const given = Uint8Array.from(made);
      const wrapped = await encryptor.wrapDek(given, CONTEXT);
      expect(Buffer.from(given)).toEqual(made);
      expect(Buffer.from(await unwrap(wrapped))).toEqual(made);
      expect(wrapped.kekId).toBe((await encryptor.generateDek(CONTEXT)).wrapped.kekId);
      expect(Buffer.from(wrapped.ciphertext, 'base64').includes(made)).toBe(false);
      for (const length of [0, 16, 31, 33]) {
        await expect(encryptor.wrapDek(Buffer.alloc(length), CONTEXT)).rejects.toThrow('32 bytes');
      }
    });

    it('rel G14 a change of any byte is refused, and so is any other encoding', async () => {
      const { wrapped } = await encryptor.generateDek(CONTEXT);
      const bytes = Buffer.from(wrapped.ciphertext, 'base64');
      for (let at = 0; at < bytes.length; at++) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
        const ciphertext = changed.toString('base64');
        await expect(unwrap({ ...wrapped, ciphertext }), `byte ${at}`).rejects.toMatchObject(REFUSED);
      }
      for (const ciphertext of [
        '',
        wrapped.ciphertext.slice(0, -4),
        `${wrapped.ciphertext}AAAA`,
        `${wrapped.ciphertext}\n`,
        bytes.toString('hex'),
      ]) {
        await expect(unwrap({ ...wrapped, ciphertext })).rejects.toMatchObject(REFUSED);
      }
    });

    it("rel G14 another subject's wrapped key is refused", async () => {
      const mine = await encryptor.generateDek(CONTEXT);
      const theirs = await encryptor.generateDek({ ...CONTEXT, subjectId: 'another-subject' });
      await expect(unwrap(theirs.wrapped)).rejects.toMatchObject(REFUSED);
      expect(Buffer.from(await unwrap(mine.wrapped))).toEqual(Buffer.from(mine.plaintext));
    });

    it('an unknown key-encryption key is refused', async () => {
      const { wrapped } = await encryptor.generateDek(CONTEXT);
      await expect(unwrap({ ...wrapped, kekId: `${wrapped.kekId}0` })).rejects.toMatchObject(REFUSED);
    });

    it('sec S27 a refusal shows neither key nor ciphertext', async () => {
      const { plaintext, wrapped } = await encryptor.generateDek(CONTEXT);
      const error = await unwrap(wrapped, { ...CONTEXT, subjectId: 'other' }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ControlPlaneError);
      const shown = inspect(error, { depth: null, showHidden: true });
      expect(shown).not.toContain(wrapped.ciphertext);
      expect(shown).not.toContain(Buffer.from(plaintext).toString('base64'));
      expect(shown).not.toContain(Buffer.from(plaintext).toString('hex'));
    });

    it('rewraps the same key under a new primary one, and leaves what is under it already as it is', async () => {
      const { plaintext, wrapped } = await encryptor.generateDek(CONTEXT);
      expect(await encryptor.primaryKekId()).toBe(wrapped.kekId);
      expect(await encryptor.rewrapDek(wrapped, CONTEXT)).toEqual(wrapped);
      await harness.addPrimaryKek();
      const rewrapped = await encryptor.rewrapDek(wrapped, CONTEXT);
      expect(rewrapped.kekId).not.toBe(wrapped.kekId);
      expect(await encryptor.primaryKekId()).toBe(rewrapped.kekId);
      expect(await encryptor.rewrapDek(rewrapped, CONTEXT)).toEqual(rewrapped);
      for (const form of [wrapped, rewrapped]) expect(Buffer.from(await unwrap(form))).toEqual(Buffer.from(plaintext));
      expect((await encryptor.generateDek(CONTEXT)).wrapped.kekId).toBe(rewrapped.kekId);
    });

    it('rel G14 a key moved under the id of another key-encryption key is refused', async () => {
      const older = await encryptor.generateDek(CONTEXT);
      await harness.addPrimaryKek();
      const newer = await encryptor.generateDek(CONTEXT);
      await expect(unwrap({ ...older.wrapped, kekId: newer.wrapped.kekId })).rejects.toMatchObject(REFUSED);
      await harness.addPrimaryKek();
      const moved = { ...older.wrapped, kekId: newer.wrapped.kekId };
      await expect(encryptor.rewrapDek(moved, CONTEXT)).rejects.toMatchObject(REFUSED);
      const foreignContext = { ...CONTEXT, subjectId: 'other' };
      await expect(encryptor.rewrapDek(older.wrapped, foreignContext)).rejects.toMatchObject(REFUSED);
    });

    it('sec S23 without its keys it neither wraps, opens nor reports health; afterwards it does again', async () => {
      const { wrapped } = await encryptor.generateDek(CONTEXT);
      await encryptor.health();
      const giveBack = await harness.takeKeysAway();
      await expect(encryptor.generateDek(CONTEXT)).rejects.toMatchObject(REFUSED);
      await expect(encryptor.wrapDek(Buffer.alloc(32, 1), CONTEXT)).rejects.toMatchObject(REFUSED);
      await expect(encryptor.rewrapDek(wrapped, CONTEXT)).rejects.toMatchObject(REFUSED);
      await expect(unwrap(wrapped)).rejects.toMatchObject(REFUSED);
      await expect(encryptor.health()).rejects.toMatchObject(REFUSED);
      await giveBack();
      await encryptor.health();
      expect(await unwrap(wrapped)).toHaveLength(32);
    });
  });
}
