import { PlacementSchema } from '@envplane/spec';
import { z } from 'zod';
import { defineObject, instant } from './define-object.ts';

const placement = PlacementSchema.shape;

export const SysPlacement = defineObject({
  name: 'sys_placement',
  label: 'Placement',
  pluralLabel: 'Placements',
  icon: 'server',
  schema: z
    .object({
      id: placement.id,
      name: placement.name,
      driver: placement.driver,
      region: placement.region,
      status: placement.status,
      settings: placement.settings,
      createdAt: instant().describe('When the placement was added.'),
      updatedAt: instant().describe('When the placement last changed.'),
      weight: placement.weight,
      capacity: placement.capacity,
      identity: z
        .string()
        .nullable()
        .describe('What the place called itself when it was first reached; another one is refused.'),
      administratorVariable: placement.administratorVariable,
      administratorCiphertext: z
        .string()
        .nullable()
        .describe('The administrator secret, sealed under its own data key.'),
      administratorKeyCiphertext: z.string().nullable().describe('That data key, wrapped.'),
      kekId: z.string().nullable().describe('The key-encryption key that wraps it.'),
      encryptorId: z.string().nullable().describe('The encryptor that wrapped it.'),
      lastErrorCode: placement.lastErrorCode,
      version: placement.version,
      nextAdministratorCiphertext: z
        .string()
        .nullable()
        .describe('The secret that is to take its place, sealed under the same data key; null when none is.'),
      rotationOperationId: z.string().nullable().describe('The operation that replaces it; null when none does.'),
      rotationDueAt: instant().nullable().describe('When that goes on: schedule, end of the lease and retry in one.'),
      administratorVersion: z
        .int()
        .describe(
          'Rises with every secret of the administrator; the sealed one is bound to it. 0: none yet, or one that was sealed before there were versions.',
        ),
    })
    .describe('A server, group or directory that can hold databases of one driver.'),
  hidden: [
    'identity',
    'administratorCiphertext',
    'administratorKeyCiphertext',
    'kekId',
    'encryptorId',
    'nextAdministratorCiphertext',
    'rotationOperationId',
    'rotationDueAt',
    'administratorVersion',
  ],
  indexes: [{ fields: ['name'], unique: true, conflict: 'name_taken' }, { fields: ['driver'] }],
});

/** What shows that the store is older than the databases. */
export const DESTRUCTIVE_HOLDS = ['restored', 'fence_ahead'] as const;

export const SysInstallation = defineObject({
  name: 'sys_installation',
  label: 'Installation',
  pluralLabel: 'Installations',
  icon: 'fingerprint',
  schema: z
    .object({
      id: z.string().describe('Always `installation`: there is one row.'),
      installationId: z
        .string()
        .describe('Six characters that tell this control plane from others on the same provider.'),
      nameKeyCiphertext: z.string().describe('The key that physical names are made with, wrapped.'),
      kekId: z.string().describe('The key-encryption key that wraps it.'),
      encryptorId: z.string().describe('The encryptor that wrapped it.'),
      restoreGeneration: z
        .int()
        .describe('Rises when the store was restored from a backup, so that names are not issued twice.'),
      createdAt: instant().describe('When the control plane was first started.'),
      rewrapOperationId: z
        .string()
        .nullable()
        .describe('The operation that re-wraps data keys; null when none is wished for.'),
      rewrapEncryptorId: z
        .string()
        .nullable()
        .describe('The encryptor that they go to; only a process that wraps with it does the work.'),
      rewrapDueAt: instant().nullable().describe('When the work goes on: schedule, end of the lease and retry in one.'),
      rewrapCountedAt: instant().nullable().describe('When no key was left elsewhere; counted again a lease later.'),
      destructiveHold: z
        .enum(DESTRUCTIVE_HOLDS)
        .nullable()
        .describe(
          'Why nothing is deleted now. restored: an operator said so; fence_ahead: a database server has seen newer claims than the store. Null: nothing stands in the way.',
        ),
    })
    .describe('This control plane itself.'),
});

export const SysExternalName = defineObject({
  name: 'sys_external_name',
  label: 'External name',
  pluralLabel: 'External names',
  icon: 'tag',
  schema: z
    .object({
      databaseName: z.string().describe('The physical name.'),
      environmentDatabaseId: z.string().describe('The object it was issued for.'),
      createdAt: instant().describe('When it was issued.'),
    })
    .describe('Every physical name ever issued. Rows are never removed, so no name is issued twice (I10).'),
  primaryKey: ['databaseName'],
});

export const SysTombstone = defineObject({
  name: 'sys_tombstone',
  label: 'Tombstone',
  pluralLabel: 'Tombstones',
  icon: 'archive-x',
  schema: z
    .object({
      placementId: z.string().describe('Where the database was.'),
      databaseName: z.string().describe('Its physical name.'),
      kind: z
        .enum(['purged', 'abandoned'])
        .describe('purged: gone and observed gone; abandoned: given up, something else stands under the name.'),
      organizationId: z.string().describe('The organization it belonged to.'),
      environmentId: z.string().describe('The environment it belonged to.'),
      slug: z.string().describe('The slug of that environment.'),
      dropEpoch: z.int().describe('The fence epoch of the drop.'),
      keyErasedAt: instant()
        .nullable()
        .describe('When the data key of the environment was destroyed; null while that is still to do.'),
      receipt: z.record(z.string(), z.unknown()).describe('What was removed, when, and what remains elsewhere.'),
      createdAt: instant().describe('When the purge was complete.'),
    })
    .describe('Proof that a database is gone.'),
  primaryKey: ['placementId', 'databaseName'],
  indexes: [
    { fields: ['environmentId'] },
    { fields: ['organizationId'] },
    { fields: ['createdAt'], where: { field: 'keyErasedAt', is: 'null' } },
  ],
});

export const SysPlacementSweep = defineObject({
  name: 'sys_placement_sweep',
  label: 'Sweep of a placement',
  pluralLabel: 'Sweeps of placements',
  icon: 'radar',
  schema: z
    .object({
      placementId: z.string().describe('The placement that is compared with the rows.'),
      dueAt: instant().describe('When it is compared next: schedule and end of the lease in one.'),
      leaseOwner: z.string().nullable().describe('The process that compares it now; null when none does.'),
      epoch: z.int().describe('Rises with every claim. What an overtaken claim found is not written.'),
      listedAt: instant().nullable().describe('When a comparison was last complete; null when none ever was.'),
      lastErrorCode: z.string().nullable().describe('Why the last comparison was not complete; null when it was.'),
    })
    .describe('When the databases of a placement were last compared with the rows.'),
  primaryKey: ['placementId'],
});

export const SysQuarantinedDatabase = defineObject({
  name: 'sys_quarantined_database',
  label: 'Quarantined database',
  pluralLabel: 'Quarantined databases',
  icon: 'shield-question',
  schema: z
    .object({
      placementId: z.string().describe('Where the database is.'),
      databaseName: z.string().describe('Its physical name.'),
      externalUid: z.string().nullable().describe('What the provider calls it.'),
      foundAt: instant().describe('When it was first seen.'),
    })
    .describe(
      'A database of our naming that no row and no tombstone explains. It is left alone until a person decides.',
    ),
  primaryKey: ['placementId', 'databaseName'],
});
