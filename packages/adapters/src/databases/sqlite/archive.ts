import { linkSync } from 'node:fs';
import type { AdapterContext, DatabaseTarget } from '@envplane/spec';
import { missing } from '../../lib/adapter-errors.ts';
import { syncDirectories } from '../../lib/private-file.ts';
import { effect, fenced } from './effects.ts';
import { changed } from './errors.ts';
import { lookUp } from './observe.ts';
import { openFile, type SqliteFile } from './opener.ts';
import { hasDirectory, type Layout, layoutOf, makeDirectory, sideFilesOf, statusOf, uidOf } from './paths.ts';
import { removeFile } from './temporary.ts';

/** The contract's `archiveDatabase`: the whole database in one file, moved to `.trash/`. Refused as `unavailable` while anybody has it open. */
export async function archiveDatabase(root: string, target: DatabaseTarget, context: AdapterContext): Promise<void> {
  const layout = layoutOf(root, target);
  const { live, uid } = await lookUp(layout, target, context);
  let locked: SqliteFile | undefined;
  try {
    if (live) {
      await effect(context, 'sq.checkpoint', () => {
        locked ??= lockAndCheckpoint(layout.live);
      });
    }
    await fenced(context, 'sq.trash', () => {
      if (hasDirectory(layout.organization)) makeDirectory(layout.trashDirectory);
      move(layout.live, layout.trash, uid);
      // SQLite leaves its side files where they are when the database under them has moved. The WAL is empty by now.
      for (const sideFile of sideFilesOf(layout.live)) removeFile(sideFile);
    });
  } finally {
    locked?.close();
  }
  await syncBoth(layout, context);
}

/** The contract's `restoreDatabase`. */
export async function restoreDatabase(root: string, target: DatabaseTarget, context: AdapterContext): Promise<void> {
  const layout = layoutOf(root, target);
  const { uid } = await lookUp(layout, target, context);
  await fenced(context, 'sq.untrash', () => {
    if (hasDirectory(layout.organization) && hasDirectory(layout.trashDirectory)) move(layout.trash, layout.live, uid);
  });
  await syncBoth(layout, context);
}

/** Takes the database for itself until it is closed, and empties the WAL into the file. */
function lockAndCheckpoint(path: string): SqliteFile {
  const file = openFile(path, 'exclusive');
  try {
    file.pragma('wal_checkpoint(TRUNCATE)');
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Moves a file without ever replacing another, which rename() would. Interrupted between the two calls it leaves two names
 * of one file, and is completed by the next call in either direction.
 */
function move(from: string, to: string, uid: string): void {
  const source = statusOf(from);
  const destination = statusOf(to);
  if (source === null && destination === null) throw missing();
  for (const status of [source, destination]) {
    if (status !== null && uidOf(status) !== uid) throw changed();
  }
  if (destination === null) linkSync(from, to);
  removeFile(from);
}

function syncBoth(layout: Layout, context: AdapterContext): Promise<void> {
  return effect(context, 'sq.fsync', () => syncDirectories(layout.trashDirectory, layout.organization));
}
