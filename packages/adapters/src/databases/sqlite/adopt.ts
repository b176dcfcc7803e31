import { realpathSync, statfsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type AdapterContext, AdapterError, type AdoptedDatabase, type AdoptFacet, type Secret } from '@envplane/spec';
import { foreign, missing } from '../../lib/adapter-errors.ts';
import { effect } from './effects.ts';
import { toAdapterError } from './errors.ts';
import { guardedHandle } from './handle.ts';
import { carriesAnyMarker } from './marker.ts';
import { isInUse, openFile, type SqliteFile, withFile } from './opener.ts';
import { hasDirectory, statusOf, uidOf } from './paths.ts';
import { isSharedFileSystem } from './placement.ts';

/** Tables that only the files of a control plane have. Served as a database of a tenant, such a file would give everything away. */
const CONTROL_PLANE_TABLES = ['sys_tenant_database', 'sys_installation', 'sys_environment_key'];

/**
 * Files that lie outside the placement's directory and stay there, under their own name and mode. The same process opens them
 * that opens ours, so they too must be on a file system of this host.
 */
export const adoptFiles: AdoptFacet = {
  login: 'none',
  locate(_placement, address) {
    const path = pathOf(address);
    return { databaseUrl: `file:${pathToFileURL(path).pathname}`, identity: `file:${fileOf(path) ?? path}` };
  },
  loginOf() {
    throw invalid('A SQLite file has no login.');
  },
  async find(database, context) {
    try {
      const uid = await effect(context, 'sq.observe', () => look(database));
      return uid === null ? { kind: 'absent' } : { kind: 'ours', databaseUrl: database.databaseUrl, externalUid: uid };
    } catch (error) {
      if (error instanceof AdapterError && error.code === 'conflict') return { kind: 'foreign' };
      return { kind: 'unknown', error: toAdapterError(error) };
    }
  },
  verify: (database, login, context) => effect(context, 'sq.login', () => verify(database, login, context)),
  describe(database, login) {
    refuseLogin(login);
    return { url: database.databaseUrl };
  },
  async connect(database, login) {
    refuseLogin(login);
    try {
      const file = openFile(pathOf(database.databaseUrl), 'shared');
      try {
        requireOurs(file, database);
        return guardedHandle(file);
      } catch (error) {
        file.close();
        throw error;
      }
    } catch (error) {
      throw toAdapterError(error);
    }
  },
};

/** The absolute path in the address, links in the way to it resolved; the file itself must be none. */
function pathOf(address: string): string {
  // The platform would take a relative path for one from the root.
  if (!/^file:(\/\/(localhost)?)?\//.test(address)) {
    throw invalid('The address of a SQLite database is file: and an absolute path.');
  }
  let path: string;
  try {
    const url = new URL(address);
    url.search = '';
    url.hash = '';
    path = fileURLToPath(url);
  } catch {
    throw invalid('The address of a SQLite database is no file URL.');
  }
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    // There is nothing; looking for it will say so.
    return path;
  }
}

/** The file itself, which hard links give several paths; undefined where none can be seen. */
function fileOf(path: string): string | undefined {
  try {
    const status = statusOf(path);
    return status === null ? undefined : uidOf(status);
  } catch {
    return undefined;
  }
}

/** What the file system calls the file; null when there is none. */
function look(database: AdoptedDatabase): string | null {
  const path = pathOf(database.databaseUrl);
  const status = hasDirectory(dirname(path)) ? statusOf(path) : null;
  if (status === null) return null;
  return withFile(path, isInUse(path) ? 'readonly' : 'shared', (file) => requireOurs(file, database));
}

/** @throws AdapterError `conflict` for a file that is not the one that was taken over, or is none to be taken over */
function requireOurs(file: SqliteFile, { externalUid, databaseUrl }: AdoptedDatabase): string {
  const status = statusOf(pathOf(databaseUrl));
  if (status === null) throw missing();
  const uid = uidOf(status);
  if (externalUid !== null && uid !== externalUid) throw foreign();
  const tables = file
    .prepare(`SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN (?, ?, ?)`)
    .pluck()
    .get(...CONTROL_PLANE_TABLES);
  if (tables !== 0 || carriesAnyMarker(file)) throw foreign();
  return uid;
}

function verify(database: AdoptedDatabase, login: Secret | null, { signal }: AdapterContext): void {
  refuseLogin(login);
  const path = pathOf(database.databaseUrl);
  if (isSharedFileSystem(statfsSync(dirname(path)).type)) {
    throw invalid('The file is on a network file system; move it to one of this host.');
  }
  withFile(path, 'shared', (file) => {
    if (signal.aborted) throw new AdapterError('outcome_unknown', 'The call was aborted.');
    requireOurs(file, database);
    if (file.readonly) throw new AdapterError('unsupported', 'The file may only be read.');
    // Takes the lock that writing takes, and writes nothing.
    file.exec('BEGIN IMMEDIATE');
    try {
      file.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
    } finally {
      file.exec('ROLLBACK');
    }
  });
}

function refuseLogin(login: Secret | null): void {
  if (login !== null) throw new AdapterError('unsupported', 'A SQLite file has no credentials.');
}

const invalid = (message: string) => new AdapterError('invalid_request', message);
