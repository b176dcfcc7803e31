import { randomBytes } from 'node:crypto';
import { type AdapterCredential, AdapterError, type DatabaseHandle, type DatabaseTarget } from '@envplane/spec';
import { foreign } from '../../lib/adapter-errors.ts';
import { toAdapterError } from './errors.ts';
import { guardedHandle } from './handle.ts';
import { carriesMarker, MARKER_TABLE } from './marker.ts';
import { isInUse, openFile, type SqliteFile, withFile } from './opener.ts';
import { databaseUrlOf, layoutOf } from './paths.ts';
import { checkStatement } from './statement-guard.ts';

/** The contract's `connect`: opens the live file after the same checks as an observation. */
export function connect(
  root: string,
  target: DatabaseTarget,
  databaseUrl: string,
  credential: AdapterCredential | null,
): DatabaseHandle {
  refuseCredential(credential);
  const layout = layoutOf(root, target);
  if (databaseUrl !== databaseUrlOf(layout)) {
    throw new AdapterError('invalid_request', 'The address does not belong to this database.');
  }
  try {
    const file = openFile(layout.live, 'shared');
    if (carriesMarker(file, target)) return guardedHandle(file);
    file.close();
    throw foreign();
  } catch (error) {
    throw toAdapterError(error);
  }
}

/**
 * The contract's `verifyDatabase`: writes and reads in a transaction that is rolled back, and sees ATTACH refused. Synchronous,
 * so that no connection of this process meets the lock of an exclusive one.
 */
export function verifyDatabase(root: string, target: DatabaseTarget, credential: AdapterCredential | null): void {
  refuseCredential(credential);
  const path = layoutOf(root, target).live;
  withFile(path, isInUse(path) ? 'shared' : 'exclusive', (file) => {
    if (!carriesMarker(file, target)) throw foreign();
    writeAndRead(file);
    if (isAllowed("ATTACH ':memory:' AS other")) {
      throw new AdapterError('unsupported', 'A connection would reach more than its own database.');
    }
  });
}

// A file cannot enforce a credential; to accept a read-only one would give more than it promises.
function refuseCredential(credential: AdapterCredential | null): void {
  if (credential !== null) throw new AdapterError('unsupported', 'A SQLite file has no credentials.');
}

function writeAndRead(file: SqliteFile): void {
  const written = randomBytes(8).toString('hex');
  file.exec('BEGIN IMMEDIATE');
  try {
    file.prepare(`INSERT INTO ${MARKER_TABLE} VALUES ('probe', ?)`).run(written);
    const read = file.prepare(`SELECT value FROM ${MARKER_TABLE} WHERE key = 'probe'`).pluck().get();
    if (read !== written) throw new AdapterError('unavailable', 'The database did not return what was written.');
  } finally {
    file.exec('ROLLBACK');
  }
}

function isAllowed(sql: string): boolean {
  try {
    checkStatement(sql);
    return true;
  } catch {
    return false;
  }
}
