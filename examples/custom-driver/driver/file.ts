import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { type AdapterCredential, AdapterError, type Secret } from '@envplane/spec';
import Database from 'better-sqlite3';

export type File = Database.Database;

/** Holds whose the file is and what opens it. */
export const OWN_TABLE = '_filebox';

/** Opens a file for `use`, which must not be asynchronous, and closes it. */
export function withFile<T>(path: string, use: (file: File) => T, create = false): T {
  const file = openFile(path, create);
  try {
    return use(file);
  } finally {
    file.close();
  }
}

/** Opens a file; the caller closes it. @throws AdapterError `unavailable` when there is none, `conflict` when it is no regular file */
export function openFile(path: string, create = false): File {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (!status && !create) throw missing();
  // SQLite would follow a link out of the directory.
  if (status && !status.isFile()) throw foreign();
  const file = new Database(path, { fileMustExist: !create, timeout: 500 });
  try {
    // FULL, the default, can lose the last commit with the power: the removal of its journal need not be on disk yet.
    file.pragma('synchronous = EXTRA');
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Whose file lies at `path`; null when there is none, or one without a table: a creation that was cut short. */
export function ownerAt(path: string): string | null {
  return lstatSync(path, { throwIfNoEntry: false }) ? withFile(path, ownerOf) : null;
}

function ownerOf(file: File): string | null {
  if (file.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0) return null;
  return String(lookUp(file, 'owner'));
}

/** Gives a file that is nobody's to `owner`, in one transaction, and returns whose it is then. */
export function claimFile(file: File, owner: string): string {
  const claim = file.transaction(() => {
    const known = ownerOf(file);
    if (known !== null) return known;
    file.exec(`CREATE TABLE ${OWN_TABLE} (key TEXT PRIMARY KEY, value TEXT NOT NULL)`);
    file.prepare(`INSERT INTO ${OWN_TABLE} VALUES ('owner', ?)`).run(owner);
    return owner;
  });
  return claim.immediate();
}

/** @throws AdapterError `conflict` when the file is somebody else's, `unavailable` when it is nobody's */
export function requireOwner(file: File, owner: string): void {
  const found = ownerOf(file);
  if (found === null) throw missing();
  if (found !== owner) throw foreign();
}

/** From now on these secrets open the file and no others, all at once. */
export function setLogins(file: File, credentials: readonly AdapterCredential[]): void {
  if (credentials.some(({ authorization }) => authorization !== 'full_access')) {
    throw new AdapterError('unsupported', 'There is no read-only login.');
  }
  const set = file.transaction(() => {
    file.prepare(`DELETE FROM ${OWN_TABLE} WHERE key LIKE 'login %'`).run();
    for (const { slot, secret } of credentials) {
      file.prepare(`INSERT INTO ${OWN_TABLE} VALUES (?, ?)`).run(`login ${slot}`, digestOf(secret));
    }
  });
  set.immediate();
}

/** Whether the secret opens the file. Digests are compared, so the time it takes tells nothing about the secret. */
export function isLogin(file: File, { slot, secret }: Pick<AdapterCredential, 'slot' | 'secret'>): boolean {
  return lookUp(file, `login ${slot}`) === digestOf(secret);
}

/** Writes, reads and takes it back. */
export function probe(file: File): void {
  file.exec(`BEGIN IMMEDIATE; INSERT INTO ${OWN_TABLE} VALUES ('probe', 'written')`);
  const read = lookUp(file, 'probe');
  file.exec('ROLLBACK');
  if (read !== 'written') throw new AdapterError('unavailable', 'The database did not return what was written.');
}

/** Only what proves that nothing happened is definitive. The text is dropped: it may name the path of a tenant. */
export function toAdapterError(error: unknown): AdapterError {
  if (error instanceof AdapterError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // No database, or one that our own statements do not fit.
  if (/^SQLITE_(NOTADB|CORRUPT|ERROR)/.test(code)) return foreign();
  if (code === 'SQLITE_BUSY') return new AdapterError('unavailable', 'The database is locked by another connection.');
  if (code === 'SQLITE_FULL') return new AdapterError('quota_exceeded', 'The file system is full.');
  return new AdapterError('outcome_unknown', 'The file system or SQLite reported an error.');
}

export const foreign = () => new AdapterError('conflict', 'Something that is not ours lies under this name.');
const missing = () => new AdapterError('unavailable', 'The database is not where it should be.');

function lookUp(file: File, key: string): unknown {
  return file.prepare(`SELECT value FROM ${OWN_TABLE} WHERE key = ?`).pluck().get(key);
}

/** One round is enough for 256 random bits; a password that somebody chose would need scrypt. */
function digestOf(secret: Secret): string {
  return createHash('sha256').update(secret.reveal()).digest('hex');
}
