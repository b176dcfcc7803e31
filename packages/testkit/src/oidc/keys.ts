import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

export type OidcAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA' | 'RS384' | 'ES384';

/** A key pair of an issuer. */
export interface OidcKey {
  /** RFC 7638 thumbprint of the public part. */
  kid: string;
  algorithm: OidcAlgorithm;
  privateKey: CryptoKey;
  /** As the key set shows it. */
  publicJwk: JWK;
}

export async function newOidcKey(algorithm: OidcAlgorithm): Promise<OidcKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, algorithm, privateKey, publicJwk: { ...jwk, kid, alg: algorithm, use: 'sig' } };
}
