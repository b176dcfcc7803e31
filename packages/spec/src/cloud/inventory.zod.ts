import { z } from 'zod';
import { EnvironmentTypeSchema } from './environment.zod.ts';
import { DisplayNameSchema, IdSchema, InstantSchema, OrganizationIdSchema, SlugSchema } from './scalars.zod.ts';

export const QuarantinedDatabaseNameSchema = z
  .string()
  .regex(/^[a-z0-9]{20,40}$/)
  .describe('Physical name of the database.');

export const DestructiveHoldSchema = z.enum(['restored', 'fence_ahead']).meta({
  id: 'DestructiveHold',
  description:
    'Why nothing is deleted now. restored: an operator said that the store was restored from a backup; fence_ahead: a database server has seen newer claims than the store, so it was.',
});

export const QuarantinedDatabaseSchema = z
  .object({
    placement: z.string().describe('Name of the placement it is on.'),
    placementId: IdSchema.describe('Id of that placement.'),
    databaseName: QuarantinedDatabaseNameSchema,
    externalUid: z.string().nullable().describe('What the provider calls it.'),
    foundAt: InstantSchema.describe('When it was first seen.'),
  })
  .meta({
    id: 'QuarantinedDatabase',
    description:
      'A database of this control plane that no row explains. It is left alone until it is adopted or purged.',
  });
export type QuarantinedDatabase = z.infer<typeof QuarantinedDatabaseSchema>;

export const ComparedPlacementSchema = z
  .object({
    name: z.string().describe('Name of the placement.'),
    placementId: IdSchema.describe('Its id.'),
    isListed: z.boolean().describe('Whether its databases can be listed; where not, unknown ones are not found.'),
    comparedAt: InstantSchema.nullable().describe('When it was last compared completely; null when it never was.'),
    code: z.string().nullable().describe('Why the last comparison was not complete; null when it was.'),
  })
  .meta({ id: 'ComparedPlacement', description: 'When the databases of a placement were compared with the rows.' });

export const InventorySchema = z
  .object({
    hold: z
      .union([DestructiveHoldSchema, z.null()])
      .describe('Why nothing is deleted now; null when nothing stands in the way.'),
    restoreGeneration: z.int().min(0).describe('How often the store was declared restored.'),
    placements: z.array(ComparedPlacementSchema).describe('Every placement that is in use.'),
    quarantined: z.array(QuarantinedDatabaseSchema).describe('Databases that nothing explains.'),
  })
  .meta({ id: 'Inventory', description: 'What is known of the databases that exist, beside those of environments.' });
export type Inventory = z.infer<typeof InventorySchema>;

export const MissingDatabaseSchema = z
  .object({
    environmentId: IdSchema.describe('The environment it belongs to.'),
    databaseName: QuarantinedDatabaseNameSchema,
    phase: z.string().describe('Where its life stands by the rows.'),
  })
  .meta({ id: 'MissingDatabase', description: 'A database that rows name and the list of its placement does not.' });

export const InventoryCheckSchema = InventorySchema.extend({
  complete: z
    .boolean()
    .describe('Whether every placement was compared; while false, nothing is concluded of those that were not.'),
  matched: z.int().min(0).describe('Databases that a row explains.'),
  missing: z.array(MissingDatabaseSchema).describe('Databases that should be there. The reconciler looks at each.'),
  droppedAgain: z.array(z.string()).describe('Names of purged databases that had come back and are gone again.'),
}).meta({ id: 'InventoryCheck', description: 'What a comparison of every placement with the rows found.' });
export type InventoryCheck = z.infer<typeof InventoryCheckSchema>;

export const RestoreCheckSchema = InventoryCheckSchema.extend({
  reapplied: z.int().min(0).describe('Databases whose credentials log in; they are made to outrank earlier claims.'),
  rotated: z.int().min(0).describe('Databases whose credentials do not; they are given others.'),
  waiting: z
    .array(IdSchema)
    .describe(
      'Environments that something else was under way with, or that could not be given other credentials; look at each.',
    ),
}).meta({ id: 'RestoreCheck', description: 'What was found and begun after the store was restored from a backup.' });
export type RestoreCheck = z.infer<typeof RestoreCheckSchema>;

export const AdoptDatabaseBodySchema = z
  .strictObject({
    organizationId: OrganizationIdSchema.describe('The organization that is to own it.'),
    slug: SlugSchema.describe('The slug of the environment it becomes.'),
    displayName: DisplayNameSchema.optional(),
    envType: EnvironmentTypeSchema.optional().describe('production when absent.'),
  })
  .meta({ id: 'AdoptDatabase', description: 'A quarantined database that is to be an environment.' });
export type AdoptDatabaseBody = z.input<typeof AdoptDatabaseBodySchema>;

export const PurgeDatabaseBodySchema = z
  .strictObject({
    confirm: z.string().describe('The physical name again: what is removed is gone for good.'),
  })
  .meta({ id: 'PurgeDatabase', description: 'A quarantined database that is to be removed for good.' });
export type PurgeDatabaseBody = z.input<typeof PurgeDatabaseBodySchema>;

export const ReleaseHoldBodySchema = z
  .strictObject({
    accept: z
      .array(z.string().min(1).max(255))
      .max(1_000)
      .optional()
      .describe(
        'What stays open: physical names of quarantined databases, ids of environments whose database is missing.',
      ),
  })
  .meta({ id: 'ReleaseHold', description: 'The end of a hold on deleting.' });
export type ReleaseHoldBody = z.input<typeof ReleaseHoldBodySchema>;
