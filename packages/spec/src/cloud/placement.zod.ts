import { z } from 'zod';
import { DatabaseDriverSchema, IdSchema, RegionSchema, safeText } from './scalars.zod.ts';

export const PlacementStatusSchema = z.enum(['ok', 'unreachable', 'draining']).meta({
  id: 'PlacementStatus',
  description: 'ok: takes new databases; unreachable: gives no answer; draining: takes no new ones.',
});
export type PlacementStatus = z.infer<typeof PlacementStatusSchema>;

/** Without the settings: where a placement is reached is for adapters alone. */
export const PlacementSchema = z
  .object({
    id: IdSchema.describe('UUID of the placement.'),
    name: safeText(1, 100).describe('Name, unique among placements.'),
    driver: DatabaseDriverSchema,
    region: RegionSchema,
    status: PlacementStatusSchema,
  })
  .describe('A server, group or directory that can hold databases of one driver.');

export const PlacementViewSchema = PlacementSchema.meta({
  id: 'Placement',
  description: 'A server, group or directory that can hold databases of one driver.',
});
export type PlacementView = z.infer<typeof PlacementViewSchema>;
