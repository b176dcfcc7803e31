import { createHmac, randomInt } from 'node:crypto';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789';
const LONGEST_DIGEST = 26;
/** 85 bits: below this two names could meet by chance. */
const SHORTEST_DIGEST = 17;

/** Six random characters that tell this control plane's objects from another's on the same provider. */
export function newInstallationId(): string {
  return Array.from({ length: 6 }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]).join('');
}

export interface NameKey {
  installationId: string;
  /** 32 bytes. */
  key: Uint8Array;
  restoreGeneration: number;
}

/**
 * The physical name of an environment's n-th database: `ep` + installation + `e` + 26 characters of an HMAC, all `[a-z0-9]`.
 * Opaque, because any login of a server can list its databases; legal as a PostgreSQL identifier, file name, path segment and
 * host label. It is stored before the first effect, so nothing depends on computing it again.
 *
 * @param maxLength what the driver takes, at least 26
 */
export function databaseName(
  nameKey: NameKey,
  environmentId: string,
  placementOrdinal: number,
  maxLength: number,
): string {
  return externalName(nameKey, 'e', `${environmentId}\0${nameKey.restoreGeneration}\0${placementOrdinal}`, maxLength);
}

/** Directory- or group-like scope of an organization at a provider, formed like a database name with `o` for `e`. */
export function organizationScope(nameKey: NameKey, organizationId: string, maxLength: number): string {
  return externalName(nameKey, 'o', organizationId, maxLength);
}

function externalName(nameKey: NameKey, kind: 'e' | 'o', seed: string, maxLength: number): string {
  const prefix = `ep${nameKey.installationId}${kind}`;
  const length = Math.min(LONGEST_DIGEST, maxLength - prefix.length);
  if (length < SHORTEST_DIGEST)
    throw new RangeError(`a driver must take names of at least ${prefix.length + SHORTEST_DIGEST} characters`);
  const digest = createHmac('sha256', nameKey.key).update(seed).digest();
  return prefix + base32(digest).slice(0, length);
}

/** RFC 4648 alphabet in lower case, without padding. */
function base32(bytes: Uint8Array): string {
  let bits = 0;
  let buffer = 0;
  let text = '';
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(buffer >> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return text;
}
