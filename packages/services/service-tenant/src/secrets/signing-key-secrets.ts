import { ControlPlaneError, Secret } from '@envplane/spec';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import type { SigningKeyRow } from '../objects/index.ts';
import type { Trace } from '../tracing/trace.ts';
import { timed } from '../tracing/tracing.ts';
import type { EncryptorSet } from './encryptor-set.ts';
import { seal, unseal } from './sealing.ts';

/** The columns of a signing key that hold its private part. */
export type PrivateKeyColumns = Pick<
  SigningKeyRow,
  'private_ciphertext' | 'private_key_ciphertext' | 'kek_id' | 'encryptor_id'
>;

/** What they are when there is none any more. */
export const NO_PRIVATE_KEY: PrivateKeyColumns = {
  private_ciphertext: null,
  private_key_ciphertext: null,
  kek_id: null,
  encryptor_id: null,
};

/** The private parts of signing keys. `trace`: the request they are needed for. */
export interface SigningKeySecrets {
  /** Seals a private key under a data key of its own, bound to the key id. @throws ControlPlaneError `encryptor_unavailable` */
  seal(kid: string, privateJwk: JWK, trace?: Trace | null): Promise<PrivateKeyColumns>;
  /** The private key, for signing only: it cannot be exported again. @throws ControlPlaneError `encryptor_unavailable` */
  open(row: PrivateKeyColumns & Pick<SigningKeyRow, 'kid' | 'alg'>, trace?: Trace | null): Promise<CryptoKey>;
}

export function createSigningKeySecrets(encryptors: EncryptorSet, installationId: string): SigningKeySecrets {
  const keyContext = (kid: string) => ({ installationId, subjectId: kid, purpose: 'signing-key' as const });
  return {
    seal: async (kid, privateJwk, trace) => {
      const { plaintext, wrapped } = await timed(trace, 'encryptor', () => encryptors.generate(keyContext(kid)));
      try {
        return {
          private_ciphertext: await seal(new Secret(JSON.stringify(privateJwk)), plaintext, { installationId, kid }),
          private_key_ciphertext: wrapped.ciphertext,
          kek_id: wrapped.kekId,
          encryptor_id: wrapped.encryptorId,
        };
      } finally {
        plaintext.fill(0);
      }
    },

    open: async ({ kid, alg, ...row }, trace) => {
      const { private_ciphertext: sealed, private_key_ciphertext: ciphertext } = row;
      const { kek_id: kekId, encryptor_id: encryptorId } = row;
      if (sealed === null || ciphertext === null || kekId === null || encryptorId === null) throw unopened();
      try {
        const kept = { ciphertext, kekId, encryptorId };
        const dek = await timed(trace, 'encryptor', () => encryptors.unwrap(kept, keyContext(kid)));
        try {
          const secret = await unseal(sealed, dek, { installationId, kid });
          return (await importJWK(JSON.parse(secret.reveal()), alg, { extractable: false })) as CryptoKey;
        } finally {
          dek.fill(0);
        }
      } catch (error) {
        throw error instanceof ControlPlaneError ? error : unopened();
      }
    },
  };
}

const unopened = () =>
  new ControlPlaneError('encryptor_unavailable', 'The signing key cannot be opened now; try again.', {
    retryAfterMs: 1_000,
  });
