import { AdapterError, type AdapterErrorCode } from '@envplane/spec';

/** The closed list of answers that settle something. Whatever is not on it may have happened and leads to observing by name (I4). */
const KNOWN: ReadonlyMap<string, readonly [AdapterErrorCode, string]> = new Map([
  ['EACCES', ['invalid_request', 'The data directory does not permit this; check its owner and mode.']],
  ['EROFS', ['invalid_request', 'The data directory is on a read-only file system.']],
  ['ENAMETOOLONG', ['invalid_request', 'The path of the data directory is too long.']],
  ['ENOSPC', ['quota_exceeded', 'The file system of the data directory is full.']],
  ['EDQUOT', ['quota_exceeded', 'The disk quota of the data directory is used up.']],
  ['SQLITE_FULL', ['quota_exceeded', 'The file system of the data directory is full.']],
  ['SQLITE_BUSY', ['unavailable', 'The database is locked by another connection.']],
]);

/** Turns any error into an `AdapterError`. Text and cause are dropped: a system error names the path of a tenant (S27). */
export function toAdapterError(error: unknown): AdapterError {
  if (error instanceof AdapterError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [adapterCode, message] = KNOWN.get(code) ?? ['outcome_unknown', 'The file system or SQLite reported an error.'];
  return new AdapterError(adapterCode, message);
}

/** Something else lies under the name than a moment ago. Nothing of it was touched; observing tells what it is. */
export function changed(): AdapterError {
  return new AdapterError('outcome_unknown', 'Something changed under the name of the database.');
}
