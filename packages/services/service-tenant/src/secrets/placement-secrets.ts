import { createHmac } from 'node:crypto';
import { AdapterError, ControlPlaneError, type Secret } from '@envplane/spec';
import type { PlacementRow } from '../objects/index.ts';
import type { Trace } from '../tracing/trace.ts';
import { timed } from '../tracing/tracing.ts';
import type { EncryptorSet } from './encryptor-set.ts';
import { type SealContext, seal, unseal } from './sealing.ts';

/** The columns of a placement that say where its administrator secret is. */
export type AdministratorColumns = Pick<
  PlacementRow,
  | 'administrator_variable'
  | 'administrator_version'
  | 'administrator_ciphertext'
  | 'administrator_key_ciphertext'
  | 'kek_id'
  | 'encryptor_id'
  | 'next_administrator_ciphertext'
>;

/** The version stays: it counts on with the next secret. */
export const NO_ADMINISTRATOR: Omit<AdministratorColumns, 'administrator_version'> = {
  administrator_variable: null,
  administrator_ciphertext: null,
  administrator_key_ciphertext: null,
  kek_id: null,
  encryptor_id: null,
  next_administrator_ciphertext: null,
};

/** A placement, and which of its administrator secrets is in use. */
type VersionedPlacement = Pick<PlacementRow, 'id' | 'administrator_version'>;

/** The administrator secrets of placements. `trace`: the request they are needed for. */
export interface PlacementSecrets {
  /**
   * Seals a secret under a data key of its own, bound to the placement and to the version after the row's.
   * @throws ControlPlaneError `encryptor_unavailable`
   */
  seal(row: VersionedPlacement, secret: Secret, trace?: Trace | null): Promise<AdministratorColumns>;
  /** The secret, from the row or from the environment; null where the placement needs none. @throws AdapterError `unavailable` */
  open(row: AdministratorColumns & { id: string }, trace?: Trace | null): Promise<Secret | null>;
  /**
   * Seals the secret that is to take the place of the one in the row, under the same data key, bound to the version after it.
   * @throws AdapterError `unavailable`
   */
  sealNext(row: AdministratorColumns & { id: string }, secret: Secret): Promise<string>;
  /** That secret, and its version; null where none is to. @throws AdapterError `unavailable` */
  openNext(row: AdministratorColumns & { id: string }): Promise<{ secret: Secret; version: number } | null>;
  /** Tells two secrets apart without giving either away, for the comparison of repeated requests. */
  fingerprint(secret: Secret): string;
}

/** @param variable reads a secret from the environment of the process; undefined when it is not set */
export function createPlacementSecrets(deps: {
  encryptors: EncryptorSet;
  nameKey: { installationId: string; key: Uint8Array };
  variable: (name: string) => Secret | undefined;
}): PlacementSecrets {
  const { encryptors, nameKey } = deps;
  const { installationId } = nameKey;
  const keyContext = (placementId: string) => ({
    installationId,
    subjectId: placementId,
    purpose: 'placement' as const,
  });
  const sealContext = (placementId: string, version: number): SealContext => ({ installationId, placementId, version });
  /** Runs `use` with the data key of a row; null where it has none. */
  async function withKey<T>(
    row: AdministratorColumns & { id: string },
    trace: Trace | null | undefined,
    use: (dek: Uint8Array) => Promise<T>,
  ): Promise<T | null> {
    const { administrator_key_ciphertext: ciphertext, kek_id: kekId, encryptor_id: encryptorId } = row;
    if (ciphertext === null || kekId === null || encryptorId === null) return null;
    try {
      const kept = { ciphertext, kekId, encryptorId };
      const dek = await timed(trace, 'encryptor', () => encryptors.unwrap(kept, keyContext(row.id)));
      try {
        return await use(dek);
      } finally {
        dek.fill(0);
      }
    } catch (error) {
      const retryAfterMs = error instanceof ControlPlaneError ? error.details.retryAfterMs : undefined;
      throw new AdapterError(
        'unavailable',
        'The administrator secret of the placement cannot be opened now.',
        retryAfterMs === undefined ? {} : { retryAfterMs },
      );
    }
  }

  return {
    seal: async ({ id, administrator_version: current }, secret, trace) => {
      const { plaintext, wrapped } = await timed(trace, 'encryptor', () => encryptors.generate(keyContext(id)));
      try {
        return {
          ...NO_ADMINISTRATOR,
          administrator_version: current + 1,
          administrator_ciphertext: await seal(secret, plaintext, sealContext(id, current + 1)),
          administrator_key_ciphertext: wrapped.ciphertext,
          kek_id: wrapped.kekId,
          encryptor_id: wrapped.encryptorId,
        };
      } finally {
        plaintext.fill(0);
      }
    },

    open: async (row, trace) => {
      if (row.administrator_variable !== null) {
        const secret = deps.variable(row.administrator_variable);
        if (secret) return secret;
        throw new AdapterError(
          'unavailable',
          `The variable ${row.administrator_variable} that holds the administrator secret is not set.`,
        );
      }
      const { administrator_ciphertext: sealed, administrator_version: version } = row;
      return sealed === null ? null : withKey(row, trace, (dek) => unseal(sealed, dek, sealContext(row.id, version)));
    },

    sealNext: async (row, secret) => {
      const context = sealContext(row.id, row.administrator_version + 1);
      const sealed = await withKey(row, null, (dek) => seal(secret, dek, context));
      if (sealed === null) throw new RangeError('what has no sealed secret has no next one');
      return sealed;
    },

    openNext: async (row) => {
      const { next_administrator_ciphertext: sealed, administrator_version: current } = row;
      if (sealed === null) return null;
      const openAs = async (dek: Uint8Array, version: number) => ({
        secret: await unseal(sealed, dek, sealContext(row.id, version)),
        version,
      });
      return withKey(row, null, async (dek) => {
        const opening = openAs(dek, current + 1);
        // One that was staged before there were versions.
        return current === 0 ? opening.catch(() => openAs(dek, 0)) : opening;
      });
    },

    fingerprint: (secret) =>
      createHmac('sha256', nameKey.key).update('placement administrator\0').update(secret.reveal()).digest('hex'),
  };
}
