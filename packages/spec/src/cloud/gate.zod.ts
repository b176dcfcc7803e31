import { z } from 'zod';
import { EnvironmentRoleSchema } from './environment-member.zod.ts';
import { IdSchema, OrganizationIdSchema } from './scalars.zod.ts';

export const AdmissionViewSchema = z
  .object({
    allowed: z.literal(true).describe('Always true; a refusal is a problem.'),
    organizationId: OrganizationIdSchema,
    environmentId: IdSchema.describe('The environment.'),
    member: z.boolean().describe('Whether the caller has a role of their own in it.'),
    role: z.union([EnvironmentRoleSchema, z.null()]).describe('That role; null when another one lets them in.'),
    permissions: z
      .array(z.string())
      .describe('What the caller holds in the environment; wildcards stand for whole segments.'),
    services: z
      .record(
        z.string(),
        z.object({ enabled: z.boolean().describe('Whether it is used here.') }).describe('One service.'),
      )
      .describe('Services of the application.'),
    readOnly: z.boolean().describe('Whether only reading is allowed.'),
    epochs: z
      .object({
        environment: z.int().min(0).describe('Of everybody in the environment.'),
        subject: z.int().min(0).describe('Of the caller.'),
      })
      .describe('How often rights were narrowed; a token that carries less is refused.'),
  })
  .meta({ id: 'Admission', description: 'The caller may reach the data of the environment.' });
export type AdmissionView = z.infer<typeof AdmissionViewSchema>;
