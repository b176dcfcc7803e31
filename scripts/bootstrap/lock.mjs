import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs `work` while holding the lock directory `path`. Waits for a live holder, and takes over from a dead one.
 * `onWait` is called once, with the holder's pid, when there is something to wait for.
 */
export async function withLock(path, work, onWait = () => {}) {
  const graves = [];
  let announced = false;
  while (!acquire(path)) {
    const owner = readOwner(path);
    if (owner !== undefined && !isAlive(owner)) {
      graves.push(bury(path, owner));
      continue;
    }
    if (owner !== undefined && !announced) {
      announced = true;
      onWait(Number.parseInt(owner, 10));
    }
    await delay(100);
  }
  try {
    return await work();
  } finally {
    for (const directory of [path, ...graves]) rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * The directory is made complete under another name and then renamed: nobody ever sees a lock without an owner, and
 * rename refuses to replace a directory that is not empty.
 */
function acquire(path) {
  const candidate = mkdtempSync(`${path}.`);
  writeFileSync(join(candidate, 'owner'), `${process.pid} ${startTime(process.pid)}`);
  if (moved(candidate, path)) return true;
  rmSync(candidate, { recursive: true });
  return false;
}

/**
 * Clears the lock of a dead owner away, and returns where to.
 * HAZARD: two processes may find the same dead owner, and the slower one must not carry off the lock that the faster one
 * has made since. The grave is named after the dead owner and stays until its finder is done, so a second burial fails.
 */
function bury(path, owner) {
  const grave = `${path}.${owner.replace(' ', '-')}`;
  moved(path, grave);
  return grave;
}

function moved(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOENT'].includes(error.code)) return false;
    throw error;
  }
}

function readOwner(path) {
  try {
    return readFileSync(join(path, 'owner'), 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(owner) {
  const [pid, startedAt] = owner.split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  return startTime(pid) === startedAt;
}

/** Tells a process from a later one with the same pid. Constant where there is no /proc. */
function startTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22, counted after the command name, which may hold spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return '-';
  }
}
