import { z } from 'zod';
import { DatabaseDriverSchema } from './scalars.zod.ts';

export const DriverFacetsSchema = z
  .object({
    readOnly: z.boolean().describe('Whether the database can enforce a read-only connection.'),
    copy: z
      .enum(['online', 'source_closed'])
      .nullable()
      .describe(
        'online: the source keeps serving while it is copied; source_closed: it is cut meanwhile; null: no copies.',
      ),
    suspend: z
      .boolean()
      .describe('Whether the provider itself refuses a suspended tenant; otherwise only the gate does.'),
    archive: z.boolean().describe('Whether archiving moves the database out of reach in a way of its own.'),
    inventory: z.boolean().describe('Whether the databases of a placement can be listed.'),
    stats: z.boolean().describe('Whether the size of a database can be measured.'),
    drift: z.boolean().describe('Whether changed rights and settings of a database are found.'),
    storageLimit: z
      .enum(['enforced', 'measured'])
      .nullable()
      .describe('enforced: the database refuses to grow further; measured: it is only reported; null: neither.'),
    rotatesCredentials: z.boolean().describe('Whether the credential of a database can be replaced by another.'),
    revokesOne: z
      .boolean()
      .describe(
        'Whether one credential can be refused at once while the others stay good; otherwise it ends when it expires, or while the environment is suspended. false too where there is none.',
      ),
    revokedSessions: z
      .enum(['ended', 'none'])
      .nullable()
      .describe(
        'ended: what was opened with a credential outlives it, and is ended when it is revoked; none: each request shows the credential, so that nothing but a socket outlives it (socketsOutlive); null: one cannot be revoked.',
      ),
    socketsOutlive: z
      .boolean()
      .describe(
        'Whether a WebSocket that was opened with a credential is served on when the credential has ended, until its client or a proxy closes it.',
      ),
    credentialsExpire: z.boolean().describe('Whether a credential ends by itself, whatever becomes of it here.'),
    limitsLifetime: z.boolean().describe('Whether a connection can be asked for that ends after lifetimeSeconds.'),
    rotatesAdministrator: z
      .boolean()
      .describe('Whether the administrator secret of a placement can be replaced from here.'),
  })
  .meta({ id: 'DriverFacets', description: 'What a driver can do, read from its adapter.' });
export type DriverFacets = z.infer<typeof DriverFacetsSchema>;

export const DriverViewSchema = z
  .object({
    driver: DatabaseDriverSchema,
    configured: z.boolean().describe('Whether there is a placement, so that environments can use the driver.'),
    guarantees: z
      .enum(['full', 'reduced'])
      .describe('reduced: the adapter cannot observe, so a lost reply needs a person.'),
    credentials: z
      .enum(['none', 'caller_set', 'provider_minted'])
      .describe('Who makes the secret: nobody, the control plane or the provider.'),
    facets: DriverFacetsSchema,
  })
  .meta({ id: 'Driver', description: 'A registered driver and what it can do.' });
export type DriverView = z.infer<typeof DriverViewSchema>;
