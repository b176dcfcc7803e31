import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { foreign, missing } from '../../lib/adapter-errors.ts';
import { hasDirectory, sideFilesOf, statusOf, uidOf } from './paths.ts';

/** An open SQLite file, unguarded: for this driver's own work only. */
export type SqliteFile = Database.Database;

/**
 * How long a statement waits for another process's lock, in ms. The wait blocks the event loop, and a lock of this very process
 * cannot be released meanwhile, so it is short.
 */
const BUSY_TIMEOUT_MS = 500;

/**
 * How a file is opened. `shared`: as tenants do. `readonly`: changes no byte, and leaves the side files that reading makes.
 * `exclusive`: fails with `SQLITE_BUSY` while anybody else has the file open, and keeps everybody out until it is closed.
 */
export type OpenMode = 'shared' | 'readonly' | 'exclusive';

/**
 * Opens an existing database file. This module is the only importer of the library: two builds of SQLite on one file in one
 * process can lose data (S21).
 *
 * HAZARD: nothing else may open and close a database file that could be in use, not even to read its header. POSIX drops all
 * locks of a process on a file as soon as the process closes any descriptor of it.
 * @throws AdapterError `conflict` for what is no regular file or no database, `unavailable` when nothing is there.
 */
export function openFile(path: string, mode: OpenMode): SqliteFile {
  const before = hasDirectory(dirname(path)) ? statusOf(path) : null;
  if (before === null) throw missing();
  if (!before.isFile()) throw foreign();
  const file = new Database(path, {
    fileMustExist: true,
    readonly: mode === 'readonly',
    timeout: mode === 'exclusive' ? 0 : BUSY_TIMEOUT_MS,
  });
  try {
    // The library follows links. The file it holds now is the one we looked at, or it is not used.
    const after = statusOf(path);
    if (after === null || uidOf(after) !== uidOf(before)) throw foreign();
    // Only a connection that is exclusive before its first read keeps all others out of a WAL database.
    if (mode === 'exclusive') file.pragma('locking_mode = EXCLUSIVE');
    // `synchronous` reads the schema: the lock is taken here, and what is no database shows.
    file.exec('PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL');
    return file;
  } catch (error) {
    file.close();
    throw isDamage(error) ? foreign() : error;
  }
}

/** Opens a file for `use`, which must not be asynchronous, and closes it. */
export function withFile<T>(path: string, mode: OpenMode, use: (file: SqliteFile) => T): T {
  const file = openFile(path, mode);
  try {
    return use(file);
  } finally {
    file.close();
  }
}

/**
 * Whether somebody may have the file open: beside an open WAL database there are side files. Where nobody has, `exclusive` is the
 * cheap way to open it for a moment, with one side file instead of two: ext4 does not reuse an inode for minutes, so that every
 * file that comes and goes makes later creates slower.
 */
export function isInUse(path: string): boolean {
  return sideFilesOf(path).some((sideFile) => statusOf(sideFile) !== null);
}

/** An empty database in memory. */
export function openMemory(): SqliteFile {
  return new Database(':memory:');
}

/** True when SQLite says that a file is no database or is damaged. */
export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code);
}

/** True when SQLite cannot make sense of a statement: a syntax error, an unknown table or column. */
export function isUnknownToSchema(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR';
}
