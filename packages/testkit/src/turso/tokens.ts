import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** What database tokens are signed with. A namespace that holds the public half accepts them. */
export interface SigningKey {
  privateKey: KeyObject;
  publicPem: string;
}

export function newSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

/** A JWT (EdDSA) over the claims that sqld knows: `a` is `rw` or `ro`, `p` names namespaces. */
export function signToken(key: SigningKey, claims: Record<string, unknown>): string {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'EdDSA', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`;
}

const SECONDS = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** Seconds of an expiration like `2w1d30m`; null for `never`, undefined for what is neither. */
export function parseExpiration(text: string): number | null | undefined {
  if (text === 'never') return null;
  if (!/^(\d+[wdhms])+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)([wdhms])/g)) {
    seconds += Number(amount) * SECONDS[unit as keyof typeof SECONDS];
  }
  return seconds;
}
