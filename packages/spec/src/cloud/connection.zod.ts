import { z } from 'zod';
import { AuthorizationSchema } from './database-credential.zod.ts';
import { DatabaseDriverSchema, IdSchema, InstantSchema } from './scalars.zod.ts';

export const ConnectionBodySchema = z
  .strictObject({
    authorization: AuthorizationSchema.default('full_access').describe('What the connection must allow.'),
    lifetimeSeconds: z
      .int()
      .min(120)
      .max(86_400)
      .optional()
      .describe('The database refuses the secret after this time at the latest; 422 where the driver cannot limit it.'),
  })
  .meta({ id: 'ConnectionRequest', description: 'Which connection is asked for.' });
export type ConnectionBody = z.infer<typeof ConnectionBodySchema>;

/** The only answer that carries a database secret. It is never cached, and each one is audited. */
export const ConnectionViewSchema = z
  .object({
    driver: DatabaseDriverSchema,
    url: z.string().describe('Where the database is, without user, password or token.'),
    user: z.string().nullable().describe('Login name; null when the driver has none.'),
    secret: z.string().nullable().describe('Password or token; null when the driver has no credentials.'),
    namespace: z
      .string()
      .nullable()
      .describe('Namespace to name in a header, where the URL cannot carry it; else null.'),
    expiresAt: InstantSchema.nullable().describe('When the secret stops working; null: never.'),
    credentialId: IdSchema.describe('The credential behind it.'),
  })
  .meta({ id: 'Connection', description: 'What a client needs to connect to the database of an environment.' });
export type ConnectionView = z.infer<typeof ConnectionViewSchema>;
