import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

// Only the flush leaves the event loop: every other call here takes microseconds, less than a trip to the thread pool.
const flush = promisify(fsync);

/** True for a system error with this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Creates a file (0600) that must not exist, writes `bytes` and waits until they are on disk. Follows no link. */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  const descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    writeFileSync(descriptor, bytes);
    await flush(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Waits until what was written to a file is on disk. */
export async function syncFile(path: string): Promise<void> {
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW);
  try {
    await flush(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes the names in these directories durable. A directory that is gone by now has none. */
export async function syncDirectories(...paths: string[]): Promise<void> {
  await Promise.all(
    paths.map(async (path) => {
      let descriptor: number;
      try {
        descriptor = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return;
        throw error;
      }
      try {
        await flush(descriptor);
      } finally {
        closeSync(descriptor);
      }
    }),
  );
}

/**
 * Puts `bytes` at `path` unless something is there already, whole or not at all, and durable when it returns. Of several
 * processes that try at once exactly one wins; the others change nothing and must read what is there.
 */
export async function createFileOnce(path: string, bytes: Uint8Array): Promise<void> {
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${randomBytes(8).toString('hex')}`);
  await writeNewFile(temporary, bytes);
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    unlinkSync(temporary);
  }
  await syncDirectories(directory);
}

/** Puts `bytes` (0600) in place of the file at `path`: whoever reads it finds the old content or the new, and it is durable. */
export function replaceFile(path: string, bytes: Uint8Array): void {
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${randomBytes(8).toString('hex')}`);
  try {
    flushed(openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600), (descriptor) =>
      writeFileSync(descriptor, bytes),
    );
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  flushed(openSync(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
}

function flushed(descriptor: number, write: (descriptor: number) => void = () => undefined): void {
  try {
    write(descriptor);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Why a private file was not read. */
export type PrivateFileFault = 'missing' | 'unreadable' | 'not_regular' | 'foreign_owner' | 'too_open';

/** What a private file holds, or why it must not be trusted: it has to be a regular file of our own that nobody else may read. */
export function readPrivateFile(path: string): { bytes: Buffer; version: string } | { fault: PrivateFileFault } {
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { fault: 'missing' };
    return { fault: hasCode(error, 'ELOOP') ? 'not_regular' : 'unreadable' };
  }
  try {
    const status = fstatSync(descriptor, { bigint: true });
    if (!status.isFile()) return { fault: 'not_regular' };
    if (Number(status.uid) !== process.getuid?.()) return { fault: 'foreign_owner' };
    if ((status.mode & 0o077n) !== 0n) return { fault: 'too_open' };
    return { bytes: readFileSync(descriptor), version: `${status.dev}:${status.ino}:${status.ctimeNs}` };
  } finally {
    closeSync(descriptor);
  }
}
