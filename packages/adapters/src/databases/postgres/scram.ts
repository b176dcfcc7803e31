import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { AdapterCredential, Secret } from '@envplane/spec';

/** PostgreSQL's own default. What a secret lacks in iterations it has in randomness: at least 192 bits. */
const ITERATIONS = 4096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

const derive = promisify(pbkdf2);

/**
 * The SCRAM-SHA-256 verifier of a credential's secret (RFC 5802 section 3, RFC 7677) in PostgreSQL's notation. A server that gets
 * it instead of the password never sees the password, and neither does its log (S10). The salt is derived from the credential's
 * identity, so that setting the same secret again sets the same verifier; it is public in SCRAM. Secrets are ASCII, which
 * SASLprep leaves as it is.
 */
export function scramVerifier(credential: AdapterCredential): Promise<string> {
  const { credentialId, version, secret } = credential;
  const verifier = verifiers.get(credential) ?? verifierOf(secret, `${credentialId}\0${version}`);
  verifiers.set(credential, verifier);
  return verifier;
}

/** A rotation sets the same credential more than once. Gone with the credential. */
const verifiers = new WeakMap<AdapterCredential, Promise<string>>();

/** The same for the password of an administrator. */
export function administratorVerifier(placementId: string, secret: Secret, epoch: number): Promise<string> {
  return verifierOf(secret, `administrator\0${placementId}\0${epoch}`);
}

async function verifierOf(secret: Secret, identity: string): Promise<string> {
  const salt = createHash('sha256').update(`envplane scram\0${identity}`).digest().subarray(0, SALT_BYTES);
  const salted = await derive(secret.reveal(), salt, ITERATIONS, KEY_BYTES, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const serverKey = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
