import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { adminTokenFile, type Config, hashToken } from './config.ts';
import { EXIT, refusal } from './exit.ts';
import { ADMIN_TOKEN_PREFIX } from './identity/platform-token.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/**
 * SHA-256 of the platform administrator's token: of the variable's when it is set, else of the one in the data directory,
 * which the first start makes (32 random bytes, file 0600).
 * @throws refusal when the file cannot be trusted
 */
export function adminTokenHash(config: Config): string {
  if (config.adminToken) return config.adminToken.hash;
  const path = adminTokenFile(config);
  createOnce(path);
  return hashToken(readTokenFile(path));
}

/** The token a data directory holds. @throws refusal when there is none, or others may read or change the file */
export function readTokenFile(path: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW);
  } catch {
    throw refusal(EXIT.failed, `The token file ${path} cannot be read; is a service started on this data directory?`);
  }
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw refusal(EXIT.failed, `The token file ${path} is not a regular file.`);
    if (status.uid !== process.getuid?.())
      throw refusal(EXIT.failed, `The token file ${path} belongs to another user.`);
    if ((status.mode & 0o077) !== 0)
      throw refusal(EXIT.failed, `The token file ${path} is open to other users; chmod it to 0600.`);
    const token = readFileSync(descriptor, 'utf8').trim();
    if (token === '')
      throw refusal(EXIT.failed, `The token file ${path} is empty; remove it, and the next start makes one.`);
    return token;
  } finally {
    closeSync(descriptor);
  }
}

/** Makes the file whole or not at all. Of several processes that try at once one wins, and all read what it wrote. */
function createOnce(path: string): void {
  if (existsSync(path)) return;
  const temporary = `${path}.${randomBytes(8).toString('hex')}`;
  const descriptor = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    writeFileSync(descriptor, `${ADMIN_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}\n`);
    fsyncSync(descriptor);
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    closeSync(descriptor);
    unlinkSync(temporary);
  }
}
