import { randomUUID } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AdapterError } from '@envplane/spec';
import { createFileOnce, readPrivateFile } from '../../lib/private-file.ts';
import { toAdapterError } from './errors.ts';

/**
 * File systems on which several hosts can meet, or whose locks and shared memory SQLite's WAL cannot rely on
 * (https://www.sqlite.org/wal.html: all processes must be on one host). Keys are `f_type` of statfs(2) on Linux.
 */
const REFUSED_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9P'],
  [0x6a656a63, 'virtiofs'],
  [0x786f4256, 'VirtualBox shared folder'],
  [0x65735546, 'FUSE'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
]);

/** @param type `f_type` of statfs(2) */
export const isSharedFileSystem = (type: number): boolean => REFUSED_FILE_SYSTEMS.has(type);

/** The contract's `checkPlacement`: creates the root (0700) if needed and refuses one that cannot keep files safe (S22). */
export async function checkPlacement(root: string): Promise<{ identity: string }> {
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    const status = statSync(root);
    if (status.uid !== process.getuid?.()) throw refused('The data directory belongs to another user.');
    if ((status.mode & 0o022) !== 0) throw refused('The data directory is writable for others; chmod it to 0700.');
    const fileSystem = REFUSED_FILE_SYSTEMS.get((await statfs(root)).type);
    if (fileSystem !== undefined)
      throw refused(`The data directory is on ${fileSystem}; use a file system of one host.`);
    return { identity: await placementIdentity(root) };
  } catch (error) {
    throw toAdapterError(error);
  }
}

/**
 * A random id that lies in the root directory and is made on first use. A control plane that recorded one and reads another is
 * looking at other files: another host, another disk, or nothing mounted.
 * @throws AdapterError `invalid_request` when the file cannot be trusted.
 */
async function placementIdentity(root: string): Promise<string> {
  const path = join(root, '.placement-id');
  let file = readPrivateFile(path);
  if ('fault' in file && file.fault === 'missing') {
    try {
      await createFileOnce(path, Buffer.from(`${randomUUID()}\n`));
    } catch (error) {
      throw toAdapterError(error);
    }
    file = readPrivateFile(path);
  }
  const id = 'fault' in file ? '' : file.bytes.toString('utf8').trim();
  if (!/^[0-9a-f-]{36}$/.test(id)) throw refused('The identity file of the data directory is damaged or not private.');
  return id;
}

function refused(message: string): AdapterError {
  return new AdapterError('invalid_request', message);
}
