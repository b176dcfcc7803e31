import { createCipheriv, createDecipheriv, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { DekContext, SecretEncryptor, WrappedDek } from '@envplane/spec';
import { addPrimaryKey, createKeyset, type Keyset, readKeyset, unavailable } from './keyset.ts';

const CIPHER = 'aes-256-gcm';
const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const DEK_BYTES = 32;
/** `format ‖ iv ‖ ciphertext ‖ tag`. */
const WRAPPED_BYTES = 1 + IV_BYTES + DEK_BYTES + TAG_BYTES;

/**
 * Wraps data keys with AES-256-GCM (NIST SP 800-38D) under key-encryption keys from a file that only this user may read. IVs are
 * random, which is safe for 2^32 wraps under one key. The file is read again whenever it changes, so a new primary key takes
 * effect without a restart.
 *
 * With `createIfMissing` a missing key file is created. Pass it only while the store holds no data key: a fresh file beside old
 * data keys would hide that the keys to them are lost.
 * @throws ControlPlaneError `encryptor_unavailable` when there is no key file that can be trusted.
 */
export async function localKeyEncryptor(options: {
  keyFile: string;
  createIfMissing: boolean;
}): Promise<SecretEncryptor> {
  const { keyFile } = options;
  if (options.createIfMissing && !existsSync(keyFile)) await createKeyset(keyFile);
  let keyset = readKeyset(keyFile);

  function current(): Keyset {
    keyset = readKeyset(keyFile, keyset);
    return keyset;
  }

  function unwrap(wrapped: WrappedDek, context: DekContext): Buffer {
    const key = current().keys.get(wrapped.kekId);
    if (key === undefined) throw unavailable('The key that wraps this data key is not in the key file.');
    return open(key, wrapped, context);
  }

  function wrapUnderPrimary(plaintext: Uint8Array, context: DekContext): WrappedDek {
    const { keys, primaryId } = current();
    const key = keys.get(primaryId);
    if (key === undefined) throw unavailable('The key file names a primary key that it does not hold.');
    return seal(key, primaryId, plaintext, context);
  }

  return {
    encryptorId: 'local',
    async generateDek(context) {
      const plaintext = randomBytes(DEK_BYTES);
      return { plaintext, wrapped: wrapUnderPrimary(plaintext, context) };
    },
    async wrapDek(plaintext, context) {
      if (plaintext.length !== DEK_BYTES) throw new TypeError('a data key has 32 bytes');
      return wrapUnderPrimary(plaintext, context);
    },
    async unwrapDek(wrapped, context) {
      return unwrap(wrapped, context);
    },
    async rewrapDek(wrapped, context) {
      if (wrapped.kekId === current().primaryId) return wrapped;
      const plaintext = unwrap(wrapped, context);
      try {
        return wrapUnderPrimary(plaintext, context);
      } finally {
        plaintext.fill(0);
      }
    },
    async primaryKekId() {
      return current().primaryId;
    },
    async addPrimaryKek() {
      return addPrimaryKey(keyFile);
    },
    async health() {
      const context: DekContext = { installationId: 'health', subjectId: 'health', purpose: 'installation' };
      const probe = randomBytes(DEK_BYTES);
      const opened = unwrap(wrapUnderPrimary(probe, context), context);
      if (!timingSafeEqual(opened, probe)) throw unavailable('The key file does not return what was wrapped.');
    },
  };
}

function seal(key: KeyObject, kekId: string, plaintext: Uint8Array, context: DekContext): WrappedDek {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(kekId, context));
  const ciphertext = Buffer.concat([
    Buffer.of(FORMAT),
    iv,
    cipher.update(plaintext),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return { ciphertext: ciphertext.toString('base64'), kekId };
}

function open(key: KeyObject, wrapped: WrappedDek, context: DekContext): Buffer {
  const refused = () => unavailable('The wrapped data key does not authenticate.');
  const bytes = Buffer.from(wrapped.ciphertext, 'base64');
  // Buffer.from() skips what is no base64; only the one exact encoding is accepted.
  if (bytes.toString('base64') !== wrapped.ciphertext) throw refused();
  if (bytes.length !== WRAPPED_BYTES || bytes[0] !== FORMAT) throw refused();
  const iv = bytes.subarray(1, 1 + IV_BYTES);
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(wrapped.kekId, context));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const plaintext = decipher.update(bytes.subarray(1 + IV_BYTES, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    plaintext.fill(0);
    throw refused();
  }
  return plaintext;
}

/** What is authenticated with the key: JSON with its members in the order of RFC 8785. */
function boundTo(kekId: string, { installationId, purpose, subjectId }: DekContext): Buffer {
  return Buffer.from(JSON.stringify({ app: 'envplane', installationId, kekId, purpose, subjectId }));
}
