import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, refusal } from './exit.ts';

/**
 * Creates the data directory (0700), or closes one that others may read.
 * @throws refusal when it is not a directory of ours, or others could have put something into it
 */
export function openDataDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const status = statSync(path);
  if (!status.isDirectory()) throw refusal(EXIT.usage, `The data directory ${path} is not a directory.`);
  if (status.uid !== process.getuid?.())
    throw refusal(EXIT.usage, `The data directory ${path} belongs to another user.`);
  if ((status.mode & 0o002) !== 0) {
    throw refusal(EXIT.usage, `Everybody can write to the data directory ${path}; chmod it to 0700, or use another.`);
  }
  if ((status.mode & 0o077) !== 0) chmodSync(path, 0o700);
}

/** Who holds the data directory. */
export interface Holder {
  pid: number;
  /** Where the holder listens, once it does. */
  url: string | undefined;
}

export interface DataDirectoryLock {
  /** Tells commands where the service that holds the directory can be asked. */
  announce(url: string): void;
  release(): void;
}

/**
 * Takes the data directory for this process, from a dead holder if need be: one service a data directory (S41).
 * @throws refusal when a live process holds it
 */
export function lockDataDirectory(dataDirectory: string): DataDirectoryLock {
  const path = lockPath(dataDirectory);
  const graves: string[] = [];
  const self = `${process.pid} ${startTime(process.pid)}`;
  while (!acquire(path, self)) {
    const owner = readOwner(path);
    if (owner === undefined) continue;
    if (isAlive(owner)) {
      throw refusal(
        EXIT.failed,
        `The data directory ${dataDirectory} is in use by process ${pidOf(owner)}; stop that one first, or use another directory (ENVPLANE_DATA_DIR; dataDirectory of the plugin).`,
      );
    }
    graves.push(bury(path, owner));
  }
  return {
    announce: (url) => writeFileSync(join(path, 'url'), reachable(url), { mode: 0o600 }),
    release: () => {
      // Renamed first: a lock that is half removed has no owner, and nobody could take it over.
      graves.push(bury(path, self));
      for (const grave of graves) rmSync(grave, { recursive: true, force: true });
    },
  };
}

/** The live process that holds a data directory, if there is one. Takes nothing, changes nothing. */
export function findHolder(dataDirectory: string): Holder | undefined {
  const path = lockPath(dataDirectory);
  const owner = readOwner(path);
  if (owner === undefined || !isAlive(owner)) return undefined;
  return { pid: pidOf(owner), url: read(join(path, 'url')) };
}

/** "Every address" is one to listen on, not one to call. */
const reachable = (url: string): string => url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

const lockPath = (dataDirectory: string): string => join(dataDirectory, 'service.lock');

/**
 * The lock directory is made complete under another name and then renamed: nobody ever sees a lock without an owner, and
 * rename refuses to replace a directory that is not empty.
 */
function acquire(path: string, self: string): boolean {
  const candidate = mkdtempSync(`${path}.`);
  writeFileSync(join(candidate, 'owner'), self, { mode: 0o600 });
  if (moved(candidate, path)) return true;
  rmSync(candidate, { recursive: true });
  return false;
}

/**
 * Clears a lock away, and returns where to.
 * HAZARD: two processes may find the same dead owner, and the slower one must not carry off the lock that the faster one
 * has made since. The grave is named after the owner and stays until its finder is done, so a second burial fails.
 */
function bury(path: string, owner: string): string {
  const grave = `${path}.${owner.replace(' ', '-')}`;
  moved(path, grave);
  return grave;
}

function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && ['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOENT'].includes(code)) return false;
    throw error;
  }
}

const readOwner = (path: string): string | undefined => read(join(path, 'owner'));
const pidOf = (owner: string): number => Number.parseInt(owner, 10);

function isAlive(owner: string): boolean {
  const pid = pidOf(owner);
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return owner === `${pid} ${startTime(pid)}`;
}

/** Tells a process from a later one with the same pid. Constant where there is no /proc. */
function startTime(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  // Field 22, counted after the command name, which may hold spaces and parentheses.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
