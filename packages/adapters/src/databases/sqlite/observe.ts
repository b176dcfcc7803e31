import type { AdapterContext, DatabaseTarget, Observation } from '@envplane/spec';
import { AdapterError } from '@envplane/spec';
import { foreign, missing } from '../../lib/adapter-errors.ts';
import { effect } from './effects.ts';
import { toAdapterError } from './errors.ts';
import { carriesMarker } from './marker.ts';
import { isInUse, withFile } from './opener.ts';
import { databaseUrlOf, hasDirectory, type Layout, layoutOf, statusOf, uidOf } from './paths.ts';

/** A database file of ours: under which names it lies now, and what the file system calls it. Both names: a move was interrupted. */
export interface Sighting {
  live: boolean;
  trash: boolean;
  uid: string;
}

/**
 * Looks for the target's file at both places; null when neither holds anything. "Ours" is a regular file with our application id
 * and the target's marker. Device and inode are not compared with what was recorded: a file restored from a backup has others.
 * @throws AdapterError `conflict` for anything else that lies there.
 */
export function look(layout: Layout, target: DatabaseTarget): Sighting | null {
  if (!hasDirectory(layout.organization)) return null;
  const live = statusOf(layout.live);
  const trash = hasDirectory(layout.trashDirectory) ? statusOf(layout.trash) : null;
  const status = live ?? trash;
  if (status === null) return null;
  const uid = uidOf(status);
  if (live !== null && trash !== null && uidOf(trash) !== uid) throw foreign();
  const path = live === null ? layout.trash : layout.live;
  // Beside an open database we only read; closing it for writing could move its WAL. Looking changes nothing.
  const ours = withFile(path, isInUse(path) ? 'readonly' : 'exclusive', (file) => carriesMarker(file, target));
  if (!ours) throw foreign();
  return { live: live !== null, trash: trash !== null, uid };
}

/** Like `look` as an effect, for callers that need the database to be there. @throws AdapterError `unavailable` when it is not. */
export async function lookUp(layout: Layout, target: DatabaseTarget, context: AdapterContext): Promise<Sighting> {
  const sighting = await effect(context, 'sq.observe', () => look(layout, target));
  if (sighting === null) throw missing();
  return sighting;
}

/** The contract's `findDatabase`: tells what is there and never throws. */
export async function findDatabase(
  root: string,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<Observation> {
  try {
    const layout = layoutOf(root, target);
    const sighting = await effect(context, 'sq.observe', () => look(layout, target));
    if (sighting === null) return { kind: 'absent' };
    return { kind: 'ours', databaseUrl: databaseUrlOf(layout), externalUid: sighting.uid };
  } catch (error) {
    if (error instanceof AdapterError && error.code === 'conflict') return { kind: 'foreign' };
    return { kind: 'unknown', error: toAdapterError(error) };
  }
}
