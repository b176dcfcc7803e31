import { DatabasePhaseSchema, DesiredStateSchema, EnvironmentDatabaseSchema } from '@envplane/spec';
import { z } from 'zod';
import { defineObject, instant } from './define-object.ts';

const database = EnvironmentDatabaseSchema.shape;

export const SysEnvironmentDatabase = defineObject({
  name: 'sys_environment_database',
  label: 'Environment database',
  pluralLabel: 'Environment databases',
  icon: 'database',
  schema: z
    .object({
      id: database.id,
      environmentId: database.environmentId
        .nullable()
        .describe('The environment this is the current database of; null when it is not.'),
      boundEnvironmentId: z.string().describe('The environment this object was made for. Never changes.'),
      organizationId: z.string().describe('The organization of that environment.'),
      role: z
        .enum(['primary', 'outgoing'])
        .describe('primary: the current database of its environment; outgoing: replaced and on its way out.'),
      placementId: z.string().describe('The placement that holds the database.'),
      driver: database.driver,
      region: database.region,
      storageLimitMb: database.storageLimitMb,
      databaseName: database.databaseName,
      organizationScope: z.string().describe('Directory- or group-like scope of the organization at the provider.'),
      externalUid: z.string().nullable().describe('What the provider calls the object, recorded once it is confirmed.'),
      databaseUrl: database.databaseUrl,
      encryptionKeyId: z.string().describe('The data key of its environment.'),
      placementOrdinal: z.int().describe('Which physical database of its environment this is, counted from 0.'),
      desiredState: DesiredStateSchema.describe('The wish. Only verbs write it.'),
      wishedAt: instant().describe('When the wish last changed; a provisioning that takes a day is given up.'),
      generation: z.int().describe('Rises with every change of the wish.'),
      observedGeneration: z.int().describe('The generation that was last converged.'),
      deletionPolicy: z
        .enum(['delete', 'retain'])
        .describe('Whether a purge removes the physical database or leaves it to its owner.'),
      purgeAfter: instant().nullable().describe('When an archived database is purged.'),
      phase: DatabasePhaseSchema.describe('Where the object is on its way to the wish. Only the reconciler writes it.'),
      createIntentEpoch: z.int().nullable().describe('The fence epoch under which creating was intended.'),
      deleteIntentEpoch: z
        .int()
        .nullable()
        .describe('The fence epoch under which deleting was intended: the point of no return.'),
      confirmedAt: instant()
        .nullable()
        .describe('When the object was first known to exist. Afterwards it is never created again (I5).'),
      provisionedAt: instant().nullable().describe('When a tenant was first let in.'),
      loadSourceId: z.string().nullable().describe('The database this one is copied from.'),
      loadSchemaOnly: z.boolean().describe('Whether the copy carries no rows.'),
      loadDoneAt: instant().nullable().describe('When the copy was complete.'),
      frozenAt: instant()
        .nullable()
        .describe('Since when the database refuses writes because it is being copied or moved.'),
      absentSeenAt: instant()
        .nullable()
        .describe('When the object was first seen absent after a drop or unexpectedly.'),
      absentCount: z.int().describe('How many times in a row it was seen absent unexpectedly.'),
      lastObservedAt: instant().nullable().describe('When the reconciler last looked.'),
      lastAccessedAt: instant().nullable().describe('When a connection was last handed out.'),
      dueAt: instant()
        .nullable()
        .describe('When a worker must look again: schedule, lease end, retry and grace timer in one. Null: settled.'),
      leaseOwner: z.string().nullable().describe('The process that works on it.'),
      fenceEpoch: z
        .int()
        .describe('Rises with every claim. A write of the reconciler under an older one changes nothing (I3).'),
      attempts: z.int().describe('Passes since the last success.'),
      lastErrorCode: z.string().nullable().describe('Why the last pass did not finish: a code, never provider text.'),
      reconcilerVersion: z.int().describe('Code older than this leaves the row alone.'),
      operationId: z
        .string()
        .nullable()
        .describe('The operation under way. One writer per environment: while it is set, other mutations wait.'),
      metadata: database.metadata,
      createdAt: instant().describe('When the row was created.'),
      updatedAt: instant().describe('When the row last changed.'),
      adopted: z
        .boolean()
        .describe('Whether somebody else made it: it is served where it is, with the login it came with.'),
    })
    .describe(
      'A physical database: what is wished for it, how far that is done, and everything needed to converge it.',
    ),
  references: { environmentId: 'sys_environment', placementId: 'sys_placement' },
  hidden: [
    'boundEnvironmentId',
    'organizationId',
    'role',
    'organizationScope',
    'encryptionKeyId',
    'externalUid',
    'placementOrdinal',
    'desiredState',
    'wishedAt',
    'generation',
    'observedGeneration',
    'adopted',
    'deletionPolicy',
    'purgeAfter',
    'phase',
    'createIntentEpoch',
    'deleteIntentEpoch',
    'confirmedAt',
    'loadSourceId',
    'loadSchemaOnly',
    'loadDoneAt',
    'frozenAt',
    'absentSeenAt',
    'absentCount',
    'lastObservedAt',
    'dueAt',
    'leaseOwner',
    'fenceEpoch',
    'attempts',
    'lastErrorCode',
    'reconcilerVersion',
    'operationId',
  ],
  indexes: [
    { fields: ['environmentId'], unique: true },
    { fields: ['databaseName'], unique: true },
    { fields: ['placementId', 'databaseName'], unique: true },
    { fields: ['boundEnvironmentId', 'placementOrdinal'], unique: true },
    // One database is not taken over twice, under whatever addresses.
    { fields: ['placementId', 'externalUid'], unique: true, where: { field: 'adopted', equals: true } },
    { fields: ['dueAt'], where: { field: 'dueAt', is: 'not null' } },
    { fields: ['driver'] },
    { fields: ['region'] },
  ],
});
