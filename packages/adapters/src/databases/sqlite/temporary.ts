import { randomBytes } from 'node:crypto';
import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../../lib/private-file.ts';
import { hasDirectory, type Layout, makeDirectory } from './paths.ts';

/** A path for a file that is being built, `<name>.<epoch>.<random>`. Creates the directory, not the file. */
export function newTemporary(layout: Layout, fenceEpoch: number): string {
  makeDirectory(layout.temporaryDirectory);
  return join(layout.temporaryDirectory, `${layout.databaseName}.${fenceEpoch}.${randomBytes(8).toString('hex')}`);
}

/**
 * Removes what attempts with an epoch up to `fenceEpoch` left behind under the target's name. A younger attempt keeps its
 * files: its claim outranks ours.
 */
export function removeTemporaries(layout: Layout, fenceEpoch: number): void {
  if (!hasDirectory(layout.temporaryDirectory)) return;
  for (const fileName of readdirSync(layout.temporaryDirectory)) {
    const [databaseName, epoch] = fileName.split('.');
    if (databaseName === layout.databaseName && Number(epoch) <= fenceEpoch) {
      removeFile(join(layout.temporaryDirectory, fileName));
    }
  }
}

/** Removes a name. A link is removed, never what it points to; a name that is gone is fine. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}
