import { z } from 'zod';
import { JsonRecordSchema } from './metadata.zod.ts';
import {
  DatabaseDriverSchema,
  IdSchema,
  InstantSchema,
  RegionSchema,
  StorageLimitMbSchema,
  safeText,
} from './scalars.zod.ts';

export const DatabasePhaseSchema = z
  .enum([
    'pending',
    'creating',
    'loading',
    'adopting',
    'securing',
    'verifying',
    'ready',
    'suspended',
    'resuming',
    'archiving',
    'archived',
    'restoring',
    'purging',
    'settling',
    'failed',
    'conflict',
    'lost',
  ])
  .describe('Where a physical database is on its way to what is wished for it.');
export type DatabasePhase = z.infer<typeof DatabasePhaseSchema>;

export const DesiredStateSchema = z
  .enum(['active', 'suspended', 'archived', 'absent'])
  .describe('What is wished for a physical database.');
export type DesiredState = z.infer<typeof DesiredStateSchema>;

/** True when a database URL carries no user, no password and no query parameter that could be a secret. */
export function isUrlWithoutCredentials(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return false;
  return ![...url.searchParams.keys()].some((name) => /user|pass|pwd|token|secret|key|jwt|auth|credential/i.test(name));
}

export const EnvironmentDatabaseSchema = z
  .object({
    id: IdSchema.describe('UUID of the physical database.'),
    environmentId: IdSchema.describe('The environment it belongs to; each has exactly one.'),
    databaseName: safeText(1, 255).describe('Physical name at the provider. Used once, ever.'),
    databaseUrl: z
      .url()
      .refine(isUrlWithoutCredentials, 'must not hold a user, password or token')
      .nullable()
      .describe('Where the database is, without user, password or token; null only while provisioning.'),
    driver: DatabaseDriverSchema,
    region: RegionSchema.describe("Label of the placement's region, or `local`."),
    storageLimitMb: StorageLimitMbSchema,
    provisionedAt: InstantSchema.nullable().describe('When a tenant was first let in; null only while provisioning.'),
    lastAccessedAt: InstantSchema.optional().describe('When a connection was last handed out.'),
    metadata: JsonRecordSchema.optional().describe('Notes of the adapter; never a secret.'),
  })
  .describe('The physical database of an environment: where it is and how large it may grow.');
export type EnvironmentDatabase = z.infer<typeof EnvironmentDatabaseSchema>;

export const EnvironmentDatabaseViewSchema = z
  .object({
    ...EnvironmentDatabaseSchema.shape,
    lastAccessedAt: InstantSchema.nullable().describe('When a connection was last handed out; null before the first.'),
    metadata: JsonRecordSchema.nullable().describe('Notes of the adapter.'),
  })
  .meta({ id: 'EnvironmentDatabase', description: 'The physical database of an environment. Holds no secret.' });
export type EnvironmentDatabaseView = z.infer<typeof EnvironmentDatabaseViewSchema>;

export const DatabaseHealthSchema = z.enum(['ok', 'unreachable', 'unknown']).meta({
  id: 'DatabaseHealth',
  description: 'ok: seen just now; unreachable: the provider gave no answer; unknown: not ready, so not looked at.',
});
export type DatabaseHealth = z.infer<typeof DatabaseHealthSchema>;

export const DriftSchema = z
  .object({
    kind: z
      .enum(['grants', 'settings'])
      .describe('grants: who may do what; settings: anything else, such as a limit or a block.'),
    detail: z.string().describe('What was found, in one sentence.'),
  })
  .meta({ id: 'Drift', description: 'What somebody changed of a database at its provider.' });

/** Answer of `GET …/database`. */
export const EnvironmentDatabaseDetailViewSchema = z
  .object({
    ...EnvironmentDatabaseViewSchema.shape,
    placementId: IdSchema.describe('The placement that holds the database.'),
    health: DatabaseHealthSchema,
    sizeBytes: z
      .int()
      .min(0)
      .nullable()
      .describe('Size in bytes; null when the driver cannot measure it or did not answer.'),
    overLimit: z
      .boolean()
      .nullable()
      .describe(
        'Whether it is larger than `storageLimitMb` (1 MB = 1,048,576 bytes); null when the size is not known.',
      ),
    sessions: z
      .object({
        open: z.int().min(0).describe('Sessions that are open now.'),
        limit: z.int().min(1).describe('How many there may be at a time.'),
      })
      .nullable()
      .describe('Sessions of those who hold its credentials; null where the driver has none, or did not answer.'),
    drift: z
      .array(DriftSchema)
      .nullable()
      .describe(
        'What was changed at the provider and is undone by the next look of the reconciler; null when it cannot be told.',
      ),
    checkedAt: InstantSchema.describe('When health, size and drift were looked at.'),
  })
  .meta({ id: 'EnvironmentDatabaseDetail', description: 'The physical database with its size and health.' });
export type EnvironmentDatabaseDetailView = z.infer<typeof EnvironmentDatabaseDetailViewSchema>;
