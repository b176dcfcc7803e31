import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Authorization, Secret } from '@envplane/spec';
import { invalid } from './errors.ts';

/** The server accepts a token up to 60 s after its `exp`: the leeway of its JWT library. */
export const LEEWAY_SECONDS = 60;

/** A new Ed25519 private key (256 bits), as base64url of its PKCS #8 form. */
export function generateSigningKey(): Secret {
  const { privateKey } = generateKeyPairSync('ed25519');
  return new Secret(privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url'));
}

/** The public half, as base64 of its SPKI form. @throws AdapterError `invalid_request` when the secret is no Ed25519 key. */
export function publicKeyOf(signingKey: Secret): string {
  return createPublicKey(privateKeyOf(signingKey)).export({ type: 'spki', format: 'der' }).toString('base64');
}

/**
 * A token (RFC 8037 EdDSA) that opens one namespace. It always ends: `expiresAtMs` says when, up to 60 s of leeway aside. `nbf`
 * is left out, because the server does not look at it.
 */
export function mintToken(
  signingKey: Secret,
  claim: { namespace: string; authorization: Authorization; lifetimeSeconds: number; keyId?: string },
): { token: Secret; expiresAtMs: number } {
  const seconds = Math.floor(Date.now() / 1000);
  const exp = seconds + claim.lifetimeSeconds;
  const scope = { ns: [claim.namespace] };
  const header = { alg: 'EdDSA', typ: 'JWT', ...(claim.keyId !== undefined && { kid: claim.keyId }) };
  const payload = { p: claim.authorization === 'full_access' ? { rw: scope } : { ro: scope }, iat: seconds, exp };
  const signed = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign(null, Buffer.from(signed), privateKeyOf(signingKey)).toString('base64url');
  return { token: new Secret(`${signed}.${signature}`), expiresAtMs: exp * 1000 };
}

function privateKeyOf(signingKey: Secret): KeyObject {
  const text = signingKey.reveal();
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(
      text.startsWith('-----BEGIN ') ? text : { key: Buffer.from(text, 'base64url'), type: 'pkcs8', format: 'der' },
    );
  } catch {
    // The error would carry what it could not read.
  }
  if (key?.asymmetricKeyType !== 'ed25519')
    throw invalid('The secret of a libSQL credential is an Ed25519 private key.');
  return key;
}
