import { ControlPlaneError, type DekContext, type SecretEncryptor, type WrappedDek } from '@envplane/spec';

/** A wrapped data key as rows keep it: with the encryptor that opens it. */
export interface KeptDek extends WrappedDek {
  encryptorId: string;
}

/** Which key-encryption key wraps something. */
export type Kek = Pick<KeptDek, 'encryptorId' | 'kekId'>;

/**
 * The key encryptors of this process. Each wrapped key is opened by the encryptor that its row names; what is new is wrapped by
 * the primary one. So a store whose keys are on their way from one encryptor to another serves like any other.
 */
export interface EncryptorSet {
  readonly primary: SecretEncryptor;
  generate(context: DekContext): Promise<{ plaintext: Uint8Array; wrapped: KeptDek }>;
  /** @throws ControlPlaneError `encryptor_unavailable`, also when the encryptor is not configured here */
  unwrap(wrapped: KeptDek, context: DekContext): Promise<Uint8Array>;
  /** The same data key under the primary key-encryption key. @throws ControlPlaneError `encryptor_unavailable` */
  rewrap(wrapped: KeptDek, context: DekContext): Promise<KeptDek>;
  /** @throws ControlPlaneError `encryptor_unavailable` when one of these is not configured */
  require(encryptorIds: Iterable<string>): void;
  /** What new data keys are wrapped under. @throws ControlPlaneError `encryptor_unavailable` */
  currentKek(): Promise<Kek>;
  /** Proves that an encryptor works now. @throws ControlPlaneError `encryptor_unavailable` */
  health(encryptorId?: string): Promise<void>;
  close(): Promise<void>;
}

/** @param former encryptors that wrapped keys before; none has the id of another */
export function createEncryptorSet(primary: SecretEncryptor, former: readonly SecretEncryptor[] = []): EncryptorSet {
  const all = new Map([primary, ...former].map((encryptor) => [encryptor.encryptorId, encryptor]));
  if (all.size !== former.length + 1) throw new TypeError('two key encryptors have the same id');

  function find(encryptorId: string): SecretEncryptor {
    const encryptor = all.get(encryptorId);
    if (encryptor) return encryptor;
    throw new ControlPlaneError(
      'encryptor_unavailable',
      `Keys of this store are wrapped by the encryptor ${encryptorId}, which is not configured here; configure it too until no key needs it.`,
      { retryAfterMs: 60_000 },
    );
  }

  const kept = (wrapped: WrappedDek): KeptDek => ({ ...wrapped, encryptorId: primary.encryptorId });

  return {
    primary,
    generate: async (context) => {
      const { plaintext, wrapped } = await primary.generateDek(context);
      return { plaintext, wrapped: kept(wrapped) };
    },
    unwrap: async (wrapped, context) => find(wrapped.encryptorId).unwrapDek(wrapped, context),
    rewrap: async (wrapped, context) => {
      const { encryptorId } = wrapped;
      if (encryptorId === primary.encryptorId) return kept(await primary.rewrapDek(wrapped, context));
      const plaintext = await find(encryptorId).unwrapDek(wrapped, context);
      try {
        return kept(await primary.wrapDek(plaintext, context));
      } finally {
        plaintext.fill(0);
      }
    },
    require: (encryptorIds) => {
      for (const encryptorId of encryptorIds) find(encryptorId);
    },
    currentKek: async () => ({ encryptorId: primary.encryptorId, kekId: await primary.primaryKekId() }),
    health: async (encryptorId = primary.encryptorId) => find(encryptorId).health(),
    close: async () => {
      await Promise.all([...all.values()].map((encryptor) => encryptor.close?.()));
    },
  };
}
