import { z } from 'zod';
import { JsonRecordSchema } from './metadata.zod.ts';
import {
  IdSchema,
  InstantSchema,
  OrganizationIdSchema,
  PrincipalIdSchema,
  RequestIdSchema,
  safeText,
} from './scalars.zod.ts';

export const ActorKindSchema = z
  .enum(['platform', 'user', 'service'])
  .meta({ id: 'ActorKind', description: 'Kind of principal.' });
export type ActorKind = z.infer<typeof ActorKindSchema>;

export const AuditOutcomeSchema = z
  .enum(['allow', 'deny', 'error'])
  .meta({ id: 'AuditOutcome', description: 'allow: done; deny: refused; error: permitted, but it failed.' });
export type AuditOutcome = z.infer<typeof AuditOutcomeSchema>;

export const Sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256, hexadecimal.');

/** The hash covers every other field, so no field may be missing: what is absent is null. */
export const AuditEventSchema = z
  .object({
    organizationId: OrganizationIdSchema.nullable().describe(
      'The organization whose chain it is in; null: the chain of the platform.',
    ),
    environmentId: IdSchema.nullable().describe('The environment it is about.'),
    seq: z.int().min(1).describe('Position in the chain, without gaps.'),
    occurredAt: InstantSchema.describe('When it happened.'),
    actorKind: ActorKindSchema,
    actorId: PrincipalIdSchema.describe('Who did it.'),
    actingFor: PrincipalIdSchema.nullable().describe('The user on whose behalf it was done.'),
    action: safeText(1, 100).describe('What was done, dotted, such as environment.archive.'),
    targetKind: safeText(1, 100).describe('What kind of thing it was done to.'),
    targetId: safeText(1, 255).describe('Id of that thing.'),
    outcome: AuditOutcomeSchema,
    reason: safeText(1, 255).nullable().describe('Code of the refusal or failure.'),
    requestId: RequestIdSchema.nullable().describe(
      'The request that caused it; null for the work of the control plane itself.',
    ),
    clientAddress: safeText(1, 64).nullable().describe('Network the request came from, truncated to /24 or /48.'),
    detail: JsonRecordSchema.describe(
      'Non-secret fields before and after, from an allow-list per action; 8 KB at most.',
    ),
    prevHash: Sha256Schema.describe('Hash of the entry before; 64 zeros for the first one.'),
    hash: Sha256Schema.describe('SHA-256 of the canonical form (RFC 8785) of every other field.'),
  })
  .describe('Who did what to what, chained by hash so that a changed, removed or inserted entry is found.');
export type AuditEvent = z.infer<typeof AuditEventSchema>;

export const AuditFilterSchema = z
  .strictObject({
    organizationId: OrganizationIdSchema.optional().describe('Whose chain; that of the platform when absent.'),
    environmentId: IdSchema.optional().describe('Only entries about this environment.'),
    actorId: PrincipalIdSchema.optional().describe('Only what this user, service account or `platform` did.'),
    action: safeText(1, 100).optional().describe('Only entries of this action.'),
    targetId: safeText(1, 255).optional().describe('Only what was done to the thing of this id.'),
    outcome: AuditOutcomeSchema.optional(),
    since: InstantSchema.optional().describe('Only what happened then or later.'),
    until: InstantSchema.optional().describe('Only what happened before.'),
  })
  .describe('Which entries of an audit chain are wanted; all of it holds for each.');
export type AuditFilter = z.infer<typeof AuditFilterSchema>;

const change = (which: string) =>
  z
    .union([JsonRecordSchema, z.null()])
    .describe(`The fields that changed, as they were ${which}; null where there is nothing to show.`);

/** An entry as people read it: without the chain, and with what was before and after apart from the rest. */
export const HistoryEntryViewSchema = AuditEventSchema.omit({
  organizationId: true,
  environmentId: true,
  detail: true,
  prevHash: true,
  hash: true,
})
  .extend({
    before: change('before'),
    after: change('after'),
    detail: JsonRecordSchema.describe('What else was recorded: ids and non-secret fields.'),
  })
  .meta({ id: 'HistoryEntry', description: 'Who did what to an environment, and what it changed.' });
export type HistoryEntryView = z.infer<typeof HistoryEntryViewSchema>;

/** Shown as recorded, so that whoever reads it can verify the chain. */
export const AuditEventViewSchema = AuditEventSchema.meta({
  id: 'AuditEvent',
  description: 'Who did what to what. The hash chain can be verified from the entries alone.',
});
export type AuditEventView = z.infer<typeof AuditEventViewSchema>;
