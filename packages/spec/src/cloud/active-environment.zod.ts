import { z } from 'zod';
import { IdSchema } from './scalars.zod.ts';

export const ActivateEnvironmentBodySchema = z
  .strictObject({
    environmentId: IdSchema.nullable().describe('The environment to switch to; null for none.'),
  })
  .meta({ id: 'ActivateEnvironment', description: 'Switches the session of the caller.' });
export type ActivateEnvironmentBody = z.input<typeof ActivateEnvironmentBodySchema>;

export const ActiveEnvironmentViewSchema = z
  .object({
    environmentId: IdSchema.nullable().describe(
      'The environment that requests of the session are for when they name none; null when there is none.',
    ),
  })
  .meta({ id: 'ActiveEnvironment', description: 'The active environment of a session.' });
export type ActiveEnvironmentView = z.output<typeof ActiveEnvironmentViewSchema>;
