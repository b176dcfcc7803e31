import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { ControlPlaneError } from '@envplane/spec';
import { createFileOnce, type PrivateFileFault, readPrivateFile, replaceFile } from '../../lib/private-file.ts';

/** Key-encryption keys by id. New data keys are wrapped under the primary; the others still open older ones. */
export interface Keyset {
  primaryId: string;
  keys: ReadonlyMap<string, KeyObject>;
  /** Differs whenever the file has been replaced or changed. */
  version: string;
}

const KEY_BYTES = 32;

const FAULTS: Record<PrivateFileFault, string> = {
  missing: 'The key file is missing; restore it from its backup.',
  unreadable: 'The key file cannot be read; check its owner and mode.',
  not_regular: 'The key file is not a regular file; links are not followed.',
  foreign_owner: 'The key file belongs to another user.',
  too_open: 'The key file is open to other users; chmod it to 0600.',
};

/**
 * Reads the keyset, or returns `current` when the file is still the one it came from.
 * @throws ControlPlaneError `encryptor_unavailable` when the file is missing, malformed or not private to this user (S23).
 */
export function readKeyset(keyFile: string, current?: Keyset): Keyset {
  const file = readPrivateFile(keyFile);
  if ('fault' in file) throw unavailable(FAULTS[file.fault]);
  try {
    if (current?.version === file.version) return current;
    return { ...parseKeyset(file.bytes.toString('utf8')), version: file.version };
  } finally {
    file.bytes.fill(0);
  }
}

/** Creates a keyset with one fresh key unless the file is there. Of several processes that start at once one key wins. */
export async function createKeyset(keyFile: string): Promise<void> {
  const entry = newEntry();
  const bytes = encode({ version: 1, primary: entry.id, keys: [entry] });
  try {
    await createFileOnce(keyFile, bytes);
  } catch {
    throw unavailable('The key file cannot be created; check that its directory exists and is writable.');
  } finally {
    bytes.fill(0);
  }
}

/**
 * Adds a fresh key and makes it the primary one. Returns its id. Nothing else of this process runs meanwhile, and a crash leaves
 * a whole file: the old keyset, the old one with a key that wraps nothing yet, or the new one.
 * @throws ControlPlaneError `encryptor_unavailable` as `readKeyset`, and when the file cannot be replaced
 */
export function addPrimaryKey(keyFile: string): string {
  const old = readContent(keyFile);
  const entry = newEntry();
  const keys = [...old.keys, entry];
  // HAZARD: first the key, then that it is the primary one. Whoever reads the file between a rename and its flush would
  // otherwise wrap under a key that a power loss takes away.
  for (const keyset of [
    { ...old, keys },
    { ...old, keys, primary: entry.id },
  ]) {
    const bytes = encode(keyset);
    try {
      replaceFile(keyFile, bytes);
    } catch {
      throw unavailable('The key file cannot be replaced; check that its directory is writable and not full.');
    } finally {
      bytes.fill(0);
    }
  }
  return entry.id;
}

interface KeysetFile {
  version: 1;
  primary: string;
  keys: { id: string; createdAt: string; key: string }[];
}

/** The file as it is written, checked. */
function readContent(keyFile: string): KeysetFile {
  const file = readPrivateFile(keyFile);
  if ('fault' in file) throw unavailable(FAULTS[file.fault]);
  try {
    const text = file.bytes.toString('utf8');
    parseKeyset(text);
    return JSON.parse(text);
  } finally {
    file.bytes.fill(0);
  }
}

function newEntry(): KeysetFile['keys'][number] {
  const id = `local-${randomBytes(8).toString('hex')}`;
  const key = randomBytes(KEY_BYTES);
  try {
    return { id, createdAt: new Date().toISOString(), key: key.toString('base64') };
  } finally {
    key.fill(0);
  }
}

const encode = (keyset: KeysetFile): Buffer => Buffer.from(`${JSON.stringify(keyset, null, 2)}\n`);

export function unavailable(message: string): ControlPlaneError {
  return new ControlPlaneError('encryptor_unavailable', message);
}

function parseKeyset(text: string): Omit<Keyset, 'version'> {
  const malformed = unavailable('The key file is malformed; restore it from its backup.');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which holds the keys.
    throw malformed;
  }
  if (!isRecord(content) || content['version'] !== 1 || !Array.isArray(content['keys'])) throw malformed;
  const keys = new Map<string, KeyObject>();
  for (const entry of content['keys'] as unknown[]) {
    if (!isRecord(entry)) throw malformed;
    const { id, key: encoded } = entry;
    if (typeof id !== 'string' || id === '' || keys.has(id) || typeof encoded !== 'string') throw malformed;
    const bytes = Buffer.from(encoded, 'base64');
    try {
      if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== encoded) throw malformed;
      keys.set(id, createSecretKey(bytes));
    } finally {
      bytes.fill(0);
    }
  }
  const primaryId = content['primary'];
  if (typeof primaryId !== 'string' || !keys.has(primaryId)) throw malformed;
  return { primaryId, keys };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
