import { rmdirSync } from 'node:fs';
import type { AdapterContext, DatabaseTarget } from '@envplane/spec';
import { hasCode, syncDirectories } from '../../lib/private-file.ts';
import { effect, fenced } from './effects.ts';
import { changed } from './errors.ts';
import { look } from './observe.ts';
import { hasDirectory, type Layout, layoutOf, sideFilesOf, statusOf, uidOf } from './paths.ts';
import { removeFile, removeTemporaries } from './temporary.ts';

/** The contract's `deleteDatabase`. */
export async function deleteDatabase(root: string, target: DatabaseTarget, context: AdapterContext): Promise<void> {
  const layout = layoutOf(root, target);
  const found = await effect(context, 'sq.observe', () => look(layout, target));
  await fenced(context, 'sq.unlink', () => removeEverything(layout, found?.uid ?? null));
  await effect(context, 'sq.fsync', () => syncDirectories(layout.trashDirectory, layout.organization, layout.root));
}

/** Removes every trace of the database and, when it was the last, the organization's directory. `uid` is what was observed as ours. */
function removeEverything(layout: Layout, uid: string | null): void {
  const files: string[] = [];
  if (hasDirectory(layout.organization)) files.push(layout.live);
  if (files.length > 0 && hasDirectory(layout.trashDirectory)) files.push(layout.trash);
  for (const path of files) {
    const status = statusOf(path);
    if (status !== null && uidOf(status) !== uid) throw changed();
  }
  // Under the fence nobody is younger than this delete, so the temporary files of every attempt go.
  removeTemporaries(layout, Number.POSITIVE_INFINITY);
  // The names of the database itself go last: until then it is observed as ours and an interrupted delete is repeated.
  for (const path of files) for (const sideFile of sideFilesOf(path)) removeFile(sideFile);
  for (const path of files) removeFile(path);
  removeIfEmpty(layout.trashDirectory);
  removeIfEmpty(layout.organization);
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].some((code) => hasCode(error, code))) throw error;
  }
}
