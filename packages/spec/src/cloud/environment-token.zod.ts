import { z } from 'zod';
import { IdSchema, safeText } from './scalars.zod.ts';

/** Longest life of a token, in seconds: of a service, when it asks for it. */
export const LONGEST_TOKEN_SECONDS = 3_600;

export const TokenScopeSchema = safeText(1, 8_192).describe(
  'Permissions that the token is to have, separated by spaces; all that is held when absent.',
);

export const PermissionFormatSchema = z.enum(['concrete', 'patterns']).meta({
  id: 'PermissionFormat',
  description: 'concrete: every permission by name; patterns: as granted, wildcards included, which is shorter.',
});
export type PermissionFormat = z.infer<typeof PermissionFormatSchema>;

/** Body of `POST /v1/environments/{env}/token`. */
export const IssueTokenBodySchema = z
  .strictObject({
    scope: TokenScopeSchema.optional(),
    lifetimeSeconds: z
      .int()
      .min(1)
      .max(LONGEST_TOKEN_SECONDS)
      .optional()
      .describe('Life of the token: for a user 300, which is also the most; for a service 600, and 3600 at most.'),
    permissionFormat: PermissionFormatSchema.optional(),
  })
  .meta({ id: 'IssueToken', description: 'What the environment token is to be like.' });
export type IssueTokenBody = z.input<typeof IssueTokenBodySchema>;

export const EnvironmentTokenSchema = z
  .object({
    accessToken: z.string().describe('The environment token (RFC 9068), for `Authorization: Bearer`.'),
    tokenType: z.literal('Bearer').describe('How it is presented.'),
    expiresIn: z.int().min(1).describe('Seconds until it expires.'),
    scope: z.string().describe('The permissions it has, separated by spaces.'),
    environmentId: IdSchema.describe('The one environment it is good for.'),
  })
  .meta({ id: 'EnvironmentToken', description: 'A token for one environment.' });
export type EnvironmentToken = z.infer<typeof EnvironmentTokenSchema>;
