import { z } from 'zod';
import { ActorKindSchema } from './audit-event.zod.ts';
import { JsonRecordSchema } from './metadata.zod.ts';
import { IdSchema, InstantSchema, OrganizationIdSchema, PrincipalIdSchema } from './scalars.zod.ts';

export const OutboxEventTypeSchema = z
  .enum([
    'organization.created',
    'organization.purged',
    'environment.provisioned',
    'environment.suspended',
    'environment.resumed',
    'environment.archived',
    'environment.restored',
    'environment.purged',
    'credential.rotated',
    'credential.revoked',
    'member.added',
    'member.changed',
    'member.removed',
    'operation.failed',
    'signing_key.rotated',
    'signing_key.revoked',
    'security.access_denied',
  ])
  .describe('What happened.');
export type OutboxEventType = z.infer<typeof OutboxEventTypeSchema>;

export const OutboxActorSchema = z
  .object({ kind: ActorKindSchema, id: PrincipalIdSchema })
  .describe('Who caused the event.');
export type OutboxActor = z.infer<typeof OutboxActorSchema>;

export const OutboxEventSchema = z
  .object({
    id: IdSchema.describe('UUID of the event; a redelivery carries the same one.'),
    type: OutboxEventTypeSchema,
    occurredAt: InstantSchema.describe('When it happened.'),
    organizationId: OrganizationIdSchema.describe('The organization it is about; `platform` for what belongs to none.'),
    environmentId: IdSchema.nullable().describe('The environment it is about; null when it is about the organization.'),
    actor: OutboxActorSchema,
    data: JsonRecordSchema.describe('Ids and states, never a secret.'),
  })
  .describe('A notification, committed with the change it tells of and delivered at least once.');
export type OutboxEvent = z.infer<typeof OutboxEventSchema>;
