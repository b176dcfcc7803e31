/**
 * What a data-encryption key (DEK) is bound to. It is authenticated with the wrapped key, so a wrapped key moved to another
 * environment or installation cannot be opened.
 */
export interface DekContext {
  installationId: string;
  /** The environment, placement or signing key the key belongs to, or the installation itself. */
  subjectId: string;
  purpose: 'env-dek' | 'placement' | 'signing-key' | 'installation';
}

/** A fresh data key: the plain bytes for use now, the wrapped bytes for the store. */
export interface GeneratedDek {
  /** 32 random bytes. The caller zeroes them after use. */
  plaintext: Uint8Array;
  wrapped: WrappedDek;
}

/** A data key as the store keeps it. */
export interface WrappedDek {
  /** Ciphertext, base64. */
  ciphertext: string;
  /** Which key-encryption key (KEK) wraps it. Only its encryptor understands it, and MUST refuse it when it is not the right one. */
  kekId: string;
}

/**
 * Wraps and unwraps data keys under a key-encryption key. It never sees a database credential.
 *
 * Implementations MUST authenticate the context, MUST refuse a wrapped key whose context differs, and MUST throw
 * `ControlPlaneError('encryptor_unavailable')` when the key cannot be used now. They MUST NOT return unencrypted bytes as wrapped.
 */
export interface SecretEncryptor {
  /** Which kind this is, stored with every wrapped key: `local`, `aws-kms`. */
  readonly encryptorId: string;
  generateDek(context: DekContext): Promise<GeneratedDek>;
  /** Wraps a data key that another encryptor made, so that it can move here. Does not keep the 32 bytes and does not change them. */
  wrapDek(plaintext: Uint8Array, context: DekContext): Promise<WrappedDek>;
  /** @throws ControlPlaneError `encryptor_unavailable` when the KEK is unknown, unreachable or the ciphertext does not authenticate. */
  unwrapDek(wrapped: WrappedDek, context: DekContext): Promise<Uint8Array>;
  /** Wraps the same data key under the primary KEK. Idempotent: a key already under it comes back unchanged. */
  rewrapDek(wrapped: WrappedDek, context: DekContext): Promise<WrappedDek>;
  /** The KEK that new wraps are under. */
  primaryKekId(): Promise<string>;
  /**
   * Makes a fresh KEK and lets it be the primary one; older ones still open. When it resolves the KEK is durable. The caller
   * makes sure that nobody else does the same at the same time. Absent where keys are made with the provider's own tools.
   */
  addPrimaryKek?(): Promise<string>;
  /** Proves that wrapping and unwrapping work now. Resolves, or throws as `unwrapDek` does. */
  health(): Promise<void>;
  /** Lets go of connections. */
  close?(): Promise<void>;
}
