import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ControlPlaneError, type DekContext, type SecretEncryptor, type WrappedDek } from '@envplane/spec';
import { z } from 'zod';

/** What callers of version 4 bring: text in, text out. It must authenticate what it encrypts. */
export interface UpstreamEncryptor {
  keyId: string;
  encrypt(plaintext: string): Promise<string> | string;
  decrypt(ciphertext: string): Promise<string> | string;
}

const ContentSchema = z.object({ dek: z.base64(), i: z.string(), s: z.string(), p: z.string() });

/**
 * Lets an encryptor of version 4 wrap data keys. It knows no context, so the context is encrypted with the key and compared when that
 * is opened; what the data key seals is bound to its row besides. Keys under another `keyId` are not opened.
 * @throws ControlPlaneError `encryptor_unavailable` for one that does not encrypt
 */
export function wrapUpstreamEncryptor(upstream: UpstreamEncryptor): SecretEncryptor {
  const { keyId } = upstream;
  if (keyId === '' || keyId === 'noop') throw unavailable('An encryptor that is called noop encrypts nothing.');

  async function wrapDek(
    plaintext: Uint8Array,
    { installationId, subjectId, purpose }: DekContext,
  ): Promise<WrappedDek> {
    const dek = Buffer.from(plaintext).toString('base64');
    const content = JSON.stringify({ dek, i: installationId, s: subjectId, p: purpose });
    const ciphertext = await call(() => upstream.encrypt(content));
    const forms = [dek, Buffer.from(plaintext).toString('hex'), Buffer.from(content).toString('base64')];
    const readable = Buffer.from(ciphertext, 'base64').toString('utf8');
    if (forms.some((form) => ciphertext.includes(form) || readable.includes(form))) {
      throw unavailable('The encryptor returns what it was given.');
    }
    return { ciphertext, kekId: keyId };
  }

  async function unwrapDek({ ciphertext, kekId }: WrappedDek, context: DekContext): Promise<Uint8Array> {
    if (kekId !== keyId) throw unavailable('A data key is wrapped under a key that is not configured.');
    const content = ContentSchema.safeParse(parse(await call(() => upstream.decrypt(ciphertext))));
    const { installationId, subjectId, purpose } = context;
    const isOwn =
      content.success &&
      content.data.i === installationId &&
      content.data.s === subjectId &&
      content.data.p === purpose;
    if (!isOwn) throw unavailable('A data key does not open, or belongs to something else.');
    return new Uint8Array(Buffer.from(content.data.dek, 'base64'));
  }

  async function generateDek(context: DekContext) {
    const plaintext = new Uint8Array(randomBytes(32));
    return { plaintext, wrapped: await wrapDek(plaintext, context) };
  }

  return {
    encryptorId: 'upstream',
    generateDek,
    wrapDek,
    unwrapDek,
    rewrapDek: async (wrapped, context) => {
      // One key is all there is; that it opens is what a caller wants to know.
      await unwrapDek(wrapped, context);
      return wrapped;
    },
    primaryKekId: async () => keyId,
    health: async () => {
      const context = { installationId: 'health', subjectId: 'health', purpose: 'installation' } as const;
      const { plaintext, wrapped } = await generateDek(context);
      const opened = await unwrapDek(wrapped, context);
      if (!timingSafeEqual(opened, plaintext)) throw unavailable('A data key came back as another one.');
    },
  };
}

/** What the caller's function throws may hold what it was given; it is dropped. */
async function call(run: () => Promise<string> | string): Promise<string> {
  try {
    return await run();
  } catch {
    throw unavailable('The encryptor failed.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const unavailable = (detail: string) => new ControlPlaneError('encryptor_unavailable', detail);
