import type { SigningAlgorithm } from '@envplane/spec';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { SigningKeyRow } from '../objects/index.ts';
import type { EncryptorSet } from '../secrets/encryptor-set.ts';
import { createSigningKeySecrets } from '../secrets/signing-key-secrets.ts';
import type { NewSigningKey } from '../store/signing-keys.ts';
import type { Trace } from '../tracing/trace.ts';

/** Makes signing keys and signs with them. Only here a private key is ever open. `trace`: the request it is done for. */
export interface TokenSigner {
  /** A new key pair, its private part sealed. @throws ControlPlaneError `encryptor_unavailable` */
  create(algorithm: SigningAlgorithm, trace?: Trace | null): Promise<NewSigningKey>;
  /**
   * A JWT of type `at+jwt` (RFC 9068), compact. The algorithm is the key's own.
   * @throws ControlPlaneError `encryptor_unavailable` when the private part cannot be opened now
   */
  sign(key: SigningKeyRow, claims: JWTPayload, trace?: Trace | null): Promise<string>;
}

/** NIST SP 800-131A: the shortest RSA key that may still be made. */
const RSA_BITS = 2_048;

/** Private keys are in the store, sealed, and are opened for each signature: without the encryptor nothing is signed. */
export function createLocalSigner(encryptors: EncryptorSet, installationId: string): TokenSigner {
  const secrets = createSigningKeySecrets(encryptors, installationId);
  return {
    create: async (algorithm, trace) => {
      const pair = await generateKeyPair(algorithm, { extractable: true, modulusLength: RSA_BITS });
      const publicJwk = await exportJWK(pair.publicKey);
      const kid = await calculateJwkThumbprint(publicJwk, 'sha256');
      return {
        kid,
        alg: algorithm,
        public_jwk: { ...publicJwk, kid, alg: algorithm, use: 'sig' },
        ...(await secrets.seal(kid, await exportJWK(pair.privateKey), trace)),
      };
    },

    sign: async (key, claims, trace) => {
      const privateKey = await secrets.open(key, trace);
      return new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt' }).sign(privateKey);
    },
  };
}
