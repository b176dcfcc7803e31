import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ControlPlaneError, type DekContext, type SecretEncryptor, type WrappedDek } from '@envplane/spec';

/** An encryptor of the ObjectStack protocol: it knows a key, and no context. */
export interface UpstreamEncryptor {
  readonly keyId: string;
  encrypt(plaintext: string): string | Promise<string>;
  decrypt(ciphertext: string): string | Promise<string>;
}

const DEK_BYTES = 32;
const CODE_BYTES = 32;

/**
 * Makes a key encryptor of one that only encrypts and decrypts text. The data keys are made here; what they are bound to is
 * encrypted with them, and a code made with the key itself stands before the ciphertext, so that one that was moved to another
 * environment or changed is refused whatever the cipher.
 *
 * Reduced: moving data keys to another key decrypts and encrypts them in this process, and each passes through it as a string,
 * which cannot be wiped.
 *
 * @param otherKeys encryptors of former keys, by which what they wrapped is opened until it was re-wrapped
 * @throws ControlPlaneError `encryptor_not_configured` for the key id `noop`, which encrypts nothing
 */
export function wrapUpstreamEncryptor(
  encryptor: UpstreamEncryptor,
  otherKeys: readonly UpstreamEncryptor[] = [],
): SecretEncryptor {
  const byKey = new Map([...otherKeys, encryptor].map((each) => [each.keyId, each]));
  if ([...byKey.keys()].some((keyId) => keyId === '' || keyId.toLowerCase() === 'noop')) {
    throw new ControlPlaneError(
      'encryptor_not_configured',
      'An encryptor without a key was given; pass one that encrypts.',
    );
  }

  async function wrap(plaintext: Uint8Array, context: DekContext): Promise<WrappedDek> {
    if (plaintext.length !== DEK_BYTES) throw new TypeError('a data key has 32 bytes');
    const dek = Buffer.from(plaintext);
    const text = JSON.stringify([boundTo(encryptor.keyId, context), dek.toString('base64')]);
    const ciphertext = await answered(() => encryptor.encrypt(text));
    if (shows(ciphertext, dek)) throw unavailable('The encryptor returned the data key in clear.');
    const sealed = Buffer.from(ciphertext);
    return { ciphertext: Buffer.concat([codeOf(dek, sealed), sealed]).toString('base64'), kekId: encryptor.keyId };
  }

  async function unwrap({ ciphertext, kekId }: WrappedDek, context: DekContext): Promise<Buffer> {
    const opener = byKey.get(kekId);
    if (!opener) throw unavailable('The key that wraps this data key is not configured here.');
    const bytes = Buffer.from(ciphertext, 'base64');
    if (bytes.toString('base64') !== ciphertext) throw refused();
    const sealed = bytes.subarray(CODE_BYTES);
    const text = await answered(() => opener.decrypt(sealed.toString()));
    const [bound, dek] = parse(text);
    if (bound !== boundTo(kekId, context)) throw refused();
    const plaintext = Buffer.from(dek, 'base64');
    const code = bytes.subarray(0, CODE_BYTES);
    if (plaintext.length !== DEK_BYTES || code.length !== CODE_BYTES) throw refused();
    if (!timingSafeEqual(codeOf(plaintext, sealed), code)) throw refused();
    return plaintext;
  }

  return {
    encryptorId: 'upstream',
    generateDek: async (context) => {
      const plaintext = randomBytes(DEK_BYTES);
      return { plaintext, wrapped: await wrap(plaintext, context) };
    },
    wrapDek: wrap,
    unwrapDek: unwrap,
    rewrapDek: async (wrapped, context) => {
      const plaintext = await unwrap(wrapped, context);
      try {
        return wrapped.kekId === encryptor.keyId ? wrapped : await wrap(plaintext, context);
      } finally {
        plaintext.fill(0);
      }
    },
    primaryKekId: async () => encryptor.keyId,
    health: async () => {
      const context: DekContext = { installationId: 'health', subjectId: 'health', purpose: 'installation' };
      const probe = randomBytes(DEK_BYTES);
      const opened = await unwrap(await wrap(probe, context), context);
      if (!timingSafeEqual(opened, probe)) throw unavailable('The encryptor does not return what it encrypted.');
    },
  };
}

/** Says that the ciphertext is the one that was made with this data key. */
const codeOf = (dek: Uint8Array, sealed: Uint8Array): Buffer => createHmac('sha256', dek).update(sealed).digest();

/** JSON with its members in the order of RFC 8785. */
const boundTo = (kekId: string, { installationId, purpose, subjectId }: DekContext): string =>
  JSON.stringify({ app: 'envplane', installationId, kekId, purpose, subjectId });

/** In any encoding that somebody may take for encryption. */
function shows(ciphertext: string, dek: Buffer): boolean {
  const encodings = (['hex', 'base64', 'base64url', 'latin1'] as const).map((encoding) => dek.toString(encoding));
  const nested = Buffer.from(dek.toString('base64'));
  // What is encoded again begins at one of three offsets in base64; the middle is the same at each.
  const again = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), nested])
      .toString('base64')
      .slice(4, -4),
  );
  const plain = ciphertext.toLowerCase();
  return [...encodings, nested.toString('hex'), ...again].some((each) => plain.includes(each.toLowerCase()));
}

/** What the encryptor says when it fails is not passed on: it may hold what it was given. */
async function answered(call: () => string | Promise<string>): Promise<string> {
  let answer: unknown;
  try {
    answer = await call();
  } catch {
    throw unavailable('The encryptor refused, or cannot be used now.');
  }
  if (typeof answer !== 'string' || answer === '') throw unavailable('The encryptor returned no text.');
  return answer;
}

function parse(text: string): [bound: string, dek: string] {
  try {
    const [bound, dek] = JSON.parse(text);
    if (typeof bound === 'string' && typeof dek === 'string') return [bound, dek];
  } catch {
    // What is no JSON was encrypted for something else.
  }
  throw refused();
}

const refused = () => unavailable('The wrapped data key does not authenticate.');

const unavailable = (message: string) =>
  new ControlPlaneError('encryptor_unavailable', message, { retryAfterMs: 10_000 });
