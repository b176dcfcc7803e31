import { chmodSync, linkSync } from 'node:fs';
import type { AdapterContext, DatabaseLocation, DatabaseTarget } from '@envplane/spec';
import { foreign, missing } from '../../lib/adapter-errors.ts';
import { syncDirectories, writeNewFile } from '../../lib/private-file.ts';
import { restoreDatabase } from './archive.ts';
import { effect, fenced } from './effects.ts';
import { changed } from './errors.ts';
import { blankImage } from './marker.ts';
import { look, lookUp, type Sighting } from './observe.ts';
import { isInUse, withFile } from './opener.ts';
import { databaseUrlOf, hasDirectory, type Layout, layoutOf, makeDirectory, statusOf, uidOf } from './paths.ts';
import { newTemporary, removeTemporaries } from './temporary.ts';

/** The contract's `createDatabase`. */
export async function createDatabase(
  root: string,
  target: DatabaseTarget,
  options: { mustExist: boolean },
  context: AdapterContext,
): Promise<DatabaseLocation> {
  const layout = layoutOf(root, target);
  // I5: a confirmed database that is gone is an incident, never a reason to create.
  if (options.mustExist) return harden(layout, target, await lookUp(layout, target, context), context);
  return publish(layout, target, context, () =>
    effect(context, 'sq.tmp', async () => {
      const temporary = newTemporary(layout, context.fenceEpoch);
      await writeNewFile(temporary, blankImage(target));
      return temporary;
    }),
  );
}

/**
 * Gives the target's name to a file made by `build`, which returns the path of a complete and durable database with the
 * target's marker. Idempotent by name: a database of ours that is there already is hardened and kept, and `build` is not
 * called. A crash leaves either nothing under the name or the whole database.
 */
export async function publish(
  layout: Layout,
  target: DatabaseTarget,
  context: AdapterContext,
  build: () => Promise<string>,
): Promise<DatabaseLocation> {
  const found = await effect(context, 'sq.observe', () => look(layout, target));
  if (found !== null) return harden(layout, target, found, context);

  await effect(context, 'sq.unlink-tmp', () => removeTemporaries(layout, context.fenceEpoch - 1));
  const temporary = await build();
  const uid = await fenced(context, 'sq.link', () => linkInto(layout, temporary)).catch(async (error: unknown) => {
    // A process that was overtaken leaves it to nobody: whoever came after it has tidied up already.
    await effect(context, 'sq.unlink-tmp', () => removeTemporaries(layout, context.fenceEpoch)).catch(() => undefined);
    throw error;
  });
  if (uid === null) return harden(layout, target, await lookUp(layout, target, context), context);

  await effect(context, 'sq.fsync', () => syncDirectories(layout.organization, layout.root));
  await effect(context, 'sq.unlink-tmp', () => removeTemporaries(layout, context.fenceEpoch));
  return { databaseUrl: databaseUrlOf(layout), externalUid: uid };
}

/** Links the file to the live path and returns its uid, or null when the name is taken, there or in the trash. */
function linkInto(layout: Layout, temporary: string): string | null {
  // Here and not earlier: another delete may have removed the directory with the organization's last database.
  makeDirectory(layout.organization);
  if (statusOf(layout.live) !== null || statusOf(layout.trash) !== null) return null;
  const status = hasDirectory(layout.temporaryDirectory) ? statusOf(temporary) : null;
  // A newer claim may have removed the file; it is then the one to say what is there.
  if (status === null) throw changed();
  // link() takes a symbolic link as it is.
  if (!status.isFile()) throw foreign();
  linkSync(temporary, layout.live);
  return uidOf(status);
}

/** Brings a database of ours to where and how it should be: live, 0600 in 0700, WAL, name durable, nothing left over. */
async function harden(
  layout: Layout,
  target: DatabaseTarget,
  found: Sighting,
  context: AdapterContext,
): Promise<DatabaseLocation> {
  if (found.trash) await restoreDatabase(layout.root, target, context);
  await effect(context, 'sq.fsync', () => {
    restrictMode(layout.organization, 0o700n);
    restrictMode(layout.live, 0o600n);
    withFile(layout.live, isInUse(layout.live) ? 'shared' : 'exclusive', (file) => file.pragma('journal_mode = WAL'));
    return syncDirectories(layout.organization, layout.root);
  });
  await effect(context, 'sq.unlink-tmp', () => removeTemporaries(layout, context.fenceEpoch));
  return { databaseUrl: databaseUrlOf(layout), externalUid: found.uid };
}

function restrictMode(path: string, mode: bigint): void {
  const status = statusOf(path);
  if (status === null) throw missing();
  // chmod() follows links.
  if (status.isSymbolicLink()) throw foreign();
  if ((status.mode & 0o777n) !== mode) chmodSync(path, Number(mode));
}
