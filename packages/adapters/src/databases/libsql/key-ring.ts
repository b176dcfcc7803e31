import { createHash } from 'node:crypto';
import type { AdapterCredential, DatabaseTarget } from '@envplane/spec';

// A namespace knows nothing but its configuration, and of that only `jwt_key` is free text: any number of PEM blocks, which may
// carry headers (RFC 1421, 4.6). The server skips headers and keeps them. So a header tells whose the namespace is, and which
// key is whose; the text must start with a PEM boundary, and every block must hold an Ed25519 key (RFC 8410).

/** Whose a namespace is. */
export interface Owner {
  installationId: string;
  objectId: string;
}

/** What `jwt_key` says: the owner, and the accepted public keys (base64 of their SPKI) by label. Keys without a label of ours are left out. */
export interface KeyRing {
  owner: Owner | null;
  keys: ReadonlyMap<string, string>;
}

const OBJECT = 'Envplane-Object';
const KEY = 'Envplane-Key';
const BLOCK = /-----BEGIN PUBLIC KEY-----\n(?:([A-Za-z-]+): ([^\n]*)\n\n)?([A-Za-z0-9+/=\n]+)-----END PUBLIC KEY-----/g;

/** Longer than any of the adapter's own work takes, in ms, and than clocks of two processes are apart. */
const TEMPORARY_MS = 10 * 60_000;

/** SPKI of an Ed25519 key up to its 32 bytes (RFC 8410, 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The label of a credential's key. With the id, since the next credential of a slot has another key. */
export function credentialLabel({
  authorization,
  slot,
  credentialId,
}: Pick<AdapterCredential, 'authorization' | 'slot' | 'credentialId'>): string {
  return `${authorization} ${slot} ${credentialId}`;
}

/** The label of a key for the adapter's own work, which hardening removes. @param nowMs the clock of this process */
export function temporaryLabel(id: string, nowMs: number): string {
  return `temporary ${id} ${nowMs}`;
}

/** Whether whoever let itself in with it is done, or dead. */
export function isLeftOver(label: string, nowMs: number): boolean {
  return isTemporary(label) && !(nowMs - Number(label.split(' ')[2]) < TEMPORARY_MS);
}

export function isTemporary(label: string): boolean {
  return label.startsWith('temporary ');
}

export function parseKeyRing(jwtKey: string | null): KeyRing {
  let owner: Owner | null = null;
  const keys = new Map<string, string>();
  for (const [, header, value = '', body = ''] of (jwtKey ?? '').matchAll(BLOCK)) {
    const [first = '', second = ''] = value.split(' ');
    if (header === OBJECT && owner === null) owner = { installationId: first, objectId: second };
    if (header === KEY) keys.set(value, body.replaceAll('\n', ''));
  }
  return { owner, keys };
}

/**
 * The first block names the owner. Its key is derived, and nobody has the private half of it: a namespace with this block alone
 * refuses every token, while one without any key would fall back on the key of the server.
 */
export function formatKeyRing({ installationId, objectId }: Owner, keys: ReadonlyMap<string, string>): string {
  const marker = block(`${OBJECT}: ${installationId} ${objectId}`, keyOfNobody(installationId, objectId));
  return marker + [...keys].map(([label, key]) => block(`${KEY}: ${label}`, key)).join('');
}

export function isOwner(owner: Owner | null, { installationId, objectId }: DatabaseTarget): boolean {
  return owner !== null && owner.installationId === installationId && owner.objectId === objectId;
}

/** A well-formed public key without a private one: finding one for a given SHA-256 value is the problem Ed25519 rests on. */
export function keyOfNobody(...what: string[]): string {
  const bytes = createHash('sha256')
    .update(['envplane', ...what].join('\0'))
    .digest();
  return Buffer.concat([SPKI_PREFIX, bytes]).toString('base64');
}

export function block(header: string, key: string): string {
  return `-----BEGIN PUBLIC KEY-----\n${header}\n\n${key}\n-----END PUBLIC KEY-----\n`;
}
