import type { SecretEncryptor } from '@envplane/spec';
import type { FoundationOptions } from '../foundation.ts';
import { wrapUpstreamEncryptor } from '../secrets/upstream-encryptor.ts';
import type { LegacyDriver } from './legacy-source.ts';
import type { MigratedRow } from './migrate.ts';
import { openMigration } from './open-migration.ts';
import type { DecryptLegacy } from './target.ts';

/** Encrypts with the key of version 5: a pair of functions as callers of version 4 have them, or an encryptor. */
type NewEncryption =
  | {
      encryptNew: (plaintext: string) => Promise<string> | string;
      decryptNew: (ciphertext: string) => Promise<string> | string;
      encryptionKeyId: string;
    }
  | { encryptor: SecretEncryptor };

export type MigrateV4ToV5Options = NewEncryption &
  Pick<FoundationOptions, 'store' | 'adapters' | 'placements' | 'administratorVariable' | 'logger'> & {
    /** The database of version 4. */
    controlPlaneDriver: LegacyDriver;
    decryptLegacy: DecryptLegacy;
    /** Who counts as the creator, and as the owner of an environment that would have none. */
    systemUserId: string;
    /** Decrypts and logs in as a run does, and writes nothing. */
    dryRun?: boolean;
    /** How many organizations are worked on at a time; 32 when absent. */
    batchSize?: number;
    /** Also blanks the tokens of the rows that are archived; else `envplane migrate v4-to-v5 finalize` does. */
    blankLegacy?: boolean;
    /** False: nobody logs in to the databases, which are then let in unproved. */
    probe?: boolean;
  };

export interface MigrateV4ToV5Result {
  total: number;
  /** Rows that this run made environments of; none in a dry run. */
  migrated: number;
  /** Rows that a dry run says would be migrated. */
  planned: number;
  /** Rows that are migrated already, or not wanted, or not finished in version 4. */
  skipped: number;
  /** Rows that something must be done about first. */
  failed: number;
  /** Rows whose database was logged in to. */
  verified: number;
  drivers: Record<string, number>;
  durationMs: number;
  orgs: {
    legacyTenantId: string;
    organizationId: string;
    environmentId: string | null;
    environmentDatabaseId: string | null;
    credentialId: string | null;
    verified: boolean;
    skipped: boolean;
    failed: boolean;
    reason?: string;
  }[];
}

/**
 * Makes an environment of every database of version 4, where it is, and archives each row that is done. Interrupted it is run again.
 *
 * @throws as `openControlPlane`; Error when version 4 cannot be read
 */
export async function migrateV4ToV5Environments(options: MigrateV4ToV5Options): Promise<MigrateV4ToV5Result> {
  const { controlPlaneDriver, decryptLegacy, systemUserId, dryRun = false, store, adapters } = options;
  const { placements, administratorVariable, logger, batchSize, blankLegacy = false, probe = true } = options;
  const encryptor = encryptorOf(options);
  const migration = await openMigration({
    ...{ store, adapters, legacy: controlPlaneDriver, decryptLegacy, systemUserId },
    ...(placements && { placements }),
    ...(administratorVariable && { administratorVariable }),
    ...(logger && { logger }),
    encryptor: () => encryptor,
  });
  try {
    const run = { probe, ...(batchSize !== undefined && { batchSize }) };
    const report = dryRun ? await migration.plan(run) : await migration.apply(run);
    if (!dryRun) await migration.finalize({ blankToken: blankLegacy });
    return {
      total: report.total,
      migrated: dryRun ? 0 : report.migrated,
      planned: dryRun ? report.migrated : 0,
      skipped: report.done + report.left + report.skipped,
      failed: report.blocked,
      verified: report.verified,
      drivers: report.drivers,
      durationMs: report.durationMs,
      orgs: report.rows.map(orgOf),
    };
  } finally {
    await migration.close();
  }
}

function encryptorOf(given: NewEncryption): SecretEncryptor {
  if ('encryptor' in given) return given.encryptor;
  const { encryptionKeyId: keyId, encryptNew: encrypt, decryptNew: decrypt } = given;
  return wrapUpstreamEncryptor({ keyId, encrypt, decrypt });
}

const orgOf = (row: MigratedRow): MigrateV4ToV5Result['orgs'][number] => ({
  legacyTenantId: row.sourceId,
  organizationId: row.organizationId,
  environmentId: row.environmentId,
  environmentDatabaseId: row.environmentDatabaseId,
  credentialId: row.credentialId,
  verified: row.verified,
  skipped: ['done', 'left', 'skipped'].includes(row.outcome),
  failed: row.outcome === 'blocked',
  ...(row.code !== null && { reason: row.code }),
});
