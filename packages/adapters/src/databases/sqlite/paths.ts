import { type BigIntStats, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AdapterError, type DatabaseTarget } from '@envplane/spec';
import { foreign } from '../../lib/adapter-errors.ts';
import { hasCode } from '../../lib/private-file.ts';

/** What our generator makes, and nothing else becomes part of a path (S9, S19). */
const GENERATED_NAME = /^[a-z0-9]{20,40}$/;

/** Files that SQLite keeps beside a database. */
const SIDE_FILES = ['-wal', '-shm', '-journal'] as const;

/** Where everything of one database lies: `<root>/<organization>/<name>.db`, and `.trash/<name>.db` beside it while archived. */
export interface Layout {
  root: string;
  organization: string;
  live: string;
  trashDirectory: string;
  trash: string;
  /** Files being built, of all organizations: few at a time, so that looking for left-overs stays cheap. */
  temporaryDirectory: string;
  databaseName: string;
}

/** @throws AdapterError `invalid_request` for a name that our generator cannot have made. */
export function layoutOf(root: string, target: Pick<DatabaseTarget, 'databaseName' | 'organizationScope'>): Layout {
  const { databaseName, organizationScope } = target;
  if (!GENERATED_NAME.test(databaseName) || !GENERATED_NAME.test(organizationScope)) {
    throw new AdapterError('invalid_request', 'The name of the database or of its scope is not a generated one.');
  }
  const organization = join(root, organizationScope);
  const trashDirectory = join(organization, '.trash');
  return {
    root,
    organization,
    live: join(organization, `${databaseName}.db`),
    trashDirectory,
    trash: join(trashDirectory, `${databaseName}.db`),
    temporaryDirectory: join(root, '.tmp'),
    databaseName,
  };
}

/** The name of the database in a file name, or null when it is not one of our database files. */
export function databaseNameOf(fileName: string): string | null {
  const name = fileName.endsWith('.db') ? fileName.slice(0, -3) : '';
  return GENERATED_NAME.test(name) ? name : null;
}

export function isScope(directoryName: string): boolean {
  return GENERATED_NAME.test(directoryName);
}

export function sideFilesOf(path: string): string[] {
  return SIDE_FILES.map((suffix) => path + suffix);
}

/** `file:` and the absolute path, percent-encoded. It names the live path, also while the database is archived. */
export function databaseUrlOf(layout: Layout): string {
  return `file:${pathToFileURL(layout.live).pathname}`;
}

/** The status of what lies at `path` itself, links not followed; null when there is nothing. */
export function statusOf(path: string): BigIntStats | null {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
}

/** What the file system calls a file, whatever its name. Renaming keeps it. */
export function uidOf(status: BigIntStats): string {
  return `${status.dev}:${status.ino}`;
}

/**
 * Whether a directory is there. Below the root every directory on the way to a file passes here right before it is used, which
 * keeps each path inside the root: a link in its place is refused, not followed (S19).
 */
export function hasDirectory(path: string): boolean {
  const status = statusOf(path);
  if (status !== null && !status.isDirectory()) throw foreign();
  return status !== null;
}

/** Creates a directory (0700) unless it is there. */
export function makeDirectory(path: string): void {
  if (hasDirectory(path)) return;
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    makeDirectory(path);
  }
}
