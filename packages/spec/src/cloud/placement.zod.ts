import { z } from 'zod';
import { ADAPTER_ERROR_CODES } from '../errors.ts';
import { RotationUrgencySchema } from './database-credential.zod.ts';
import { DatabaseDriverSchema, IdSchema, RegionSchema, safeText, VersionSchema } from './scalars.zod.ts';

export const PlacementStatusSchema = z.enum(['ok', 'unreachable', 'draining', 'retired']).meta({
  id: 'PlacementStatus',
  description:
    'ok: takes new databases; unreachable: could not be used when it was last looked at; draining: takes no new ones; retired: out of use for good.',
});
export type PlacementStatus = z.infer<typeof PlacementStatusSchema>;

/** The form of an address that carries a password, which belongs into the administrator credential. */
const PASSWORD_IN_URL = /:\/\/[^/?#@]*:[^/?#@]*@/;

const SettingSchema = z.union([
  safeText(0, 20_000).refine((text) => !PASSWORD_IN_URL.test(text), 'must not hold a password'),
  z.int(),
  z.boolean(),
]);

export const PlacementSettingsSchema = z
  .record(safeText(1, 50), SettingSchema)
  .refine((settings) => Object.keys(settings).length <= 20, 'must have at most 20 entries')
  .describe('Addresses and what else the driver needs to know of the place. Never a secret.');

export const PlacementWeightSchema = z
  .int()
  .min(0)
  .max(1_000_000)
  .describe('Share of new databases relative to other placements; 0 takes only those that name it.');

export const PlacementCapacitySchema = z.int().min(0).max(2_147_483_647).describe('How many databases it may hold.');

export const AdministratorVariableSchema = z
  .string()
  .max(100)
  .regex(/^ENVPLANE_PLACEMENT_[A-Z0-9_]+$/)
  .describe('Variable of the service’s environment that holds the administrator secret: ENVPLANE_PLACEMENT_….');

export const PlacementSchema = z
  .object({
    id: IdSchema.describe('UUID of the placement.'),
    name: safeText(1, 100).describe('Name, unique among placements.'),
    driver: DatabaseDriverSchema,
    region: RegionSchema,
    status: PlacementStatusSchema,
    settings: z.record(z.string(), z.unknown()).describe('Addresses and what else the driver needs. Never a secret.'),
    weight: PlacementWeightSchema,
    capacity: PlacementCapacitySchema.nullable().describe('How many databases it may hold; null: any number.'),
    administratorVariable: safeText(1, 100)
      .nullable()
      .describe('Variable of the service’s environment that holds the administrator secret; null when none does.'),
    lastErrorCode: z
      .enum(Object.keys(ADAPTER_ERROR_CODES) as [keyof typeof ADAPTER_ERROR_CODES])
      .nullable()
      .describe('Why it could not be used when it was last looked at; `conflict`: it is another place than before.'),
    version: VersionSchema,
  })
  .describe('A server, group or directory that can hold databases of one driver.');

export const PlacementViewSchema = PlacementSchema.extend({
  administrator: z
    .enum(['none', 'sealed', 'environment'])
    .describe('Where the administrator secret is: none is needed, sealed in the store, or in the environment.'),
  databases: z.int().min(0).describe('How many databases it holds.'),
}).meta({
  id: 'Placement',
  description: 'A server, group or directory that can hold databases of one driver.',
});
export type PlacementView = z.infer<typeof PlacementViewSchema>;

const changeable = {
  region: RegionSchema.optional(),
  weight: PlacementWeightSchema.optional(),
  capacity: PlacementCapacitySchema.nullable().optional().describe('How many databases it may hold; null: any number.'),
  settings: PlacementSettingsSchema.optional(),
  administrator: safeText(1, 4_096)
    .optional()
    .meta({ writeOnly: true })
    .describe('Secret it is administered with, as its driver takes it; sealed in the store and never shown.'),
  administratorVariable: AdministratorVariableSchema.optional(),
};

const ONE_ADMINISTRATOR = { path: ['administrator'], message: 'and administratorVariable exclude each other' };
const hasOneAdministrator = (body: { administrator?: unknown; administratorVariable?: unknown }): boolean =>
  body.administrator === undefined || body.administratorVariable === undefined;

/** Body of `POST /v1/placements`; the only request that says where a database server is. */
export const CreatePlacementBodySchema = z
  .strictObject({
    name: safeText(1, 100).describe('Name, unique among placements; never used again.'),
    driver: DatabaseDriverSchema,
    ...changeable,
  })
  .refine(hasOneAdministrator, ONE_ADMINISTRATOR)
  .meta({ id: 'CreatePlacement', description: 'A place that is to hold databases.' });
export type CreatePlacementBody = z.input<typeof CreatePlacementBodySchema>;

export const UpdatePlacementBodySchema = z
  .strictObject(changeable)
  .refine(hasOneAdministrator, ONE_ADMINISTRATOR)
  .meta({ id: 'UpdatePlacement', description: 'Changes to a placement; what is absent stays.' });
export type UpdatePlacementBody = z.input<typeof UpdatePlacementBodySchema>;

export const RotateAdministratorBodySchema = z
  .strictObject({
    urgency: RotationUrgencySchema.optional().describe(
      'emergency: sessions that the old secret opened are ended as well, those of the service included. normal unless given.',
    ),
  })
  .meta({ id: 'RotateAdministrator', description: 'How the administrator secret of a placement is replaced.' });
export type RotateAdministratorBody = z.input<typeof RotateAdministratorBodySchema>;

export const PlacementCheckSchema = z
  .object({
    ok: z.boolean().describe('Whether databases can be made and used there now.'),
    code: PlacementSchema.shape.lastErrorCode.describe('Why not, as a code; null when they can.'),
    detail: z.string().nullable().describe('Why not, in words.'),
    durationMs: z.number().min(0).describe('How long the look took, in ms.'),
    clockSkewMs: z
      .int()
      .nullable()
      .describe("By how much its clock is ahead of the service's, in ms; null where it tells none, or cannot be used."),
    placement: PlacementViewSchema,
  })
  .meta({ id: 'PlacementCheck', description: 'What was found when the placement was looked at.' });
export type PlacementCheck = z.infer<typeof PlacementCheckSchema>;
