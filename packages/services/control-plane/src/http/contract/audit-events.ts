import {
  AuditEventViewSchema,
  AuditFilterSchema,
  OrganizationIdSchema,
  PageSchema,
  Sha256Schema,
} from '@envplane/spec';
import { z } from 'zod';
import { page } from './parameters.ts';
import { json, jsonBody, route } from './route.ts';

const VerifyBodySchema = z
  .strictObject({
    organizationId: OrganizationIdSchema.optional().describe('Whose chain; that of the platform when absent.'),
    fromSeq: z.int().min(1).optional().describe('Where to begin; at the first entry when absent.'),
    checkpoint: z
      .strictObject({
        seq: z.int().min(1).describe('`head` of an earlier verdict; not before the entry before `fromSeq`.'),
        hash: Sha256Schema.describe('`headHash` of that verdict.'),
      })
      .optional()
      .describe('What was found before and kept elsewhere: shows a chain that was cut off or rewritten since.'),
  })
  .meta({ id: 'VerifyAuditEvents', description: 'Which audit chain to verify.' });

const VerdictSchema = z
  .object({
    ok: z.boolean().describe('Whether every entry is as it was written.'),
    checked: z.int().min(0).describe('How many entries were compared.'),
    head: z.int().min(0).describe('The newest sequence number; 0 for an empty chain.'),
    headHash: Sha256Schema.describe(
      'Hash of that entry. Keep both elsewhere, as a checkpoint; 64 zeros for an empty chain.',
    ),
    firstBadSeq: z
      .int()
      .optional()
      .describe(
        'The first entry that was changed, removed, inserted or moved; that of the checkpoint when it is not met.',
      ),
  })
  .meta({ id: 'AuditVerdict', description: 'What the verification of an audit chain found.' });

export const auditEvents = {
  list: route({
    method: 'get',
    path: '/v1/audit-events',
    summary: 'Lists the entries of one audit chain in order, also of an organization that is gone.',
    // Whose chain it is stands in the query or body; the verb decides.
    permission: 'self',
    command: 'audit list',
    request: {
      query: AuditFilterSchema.extend(page),
    },
    responses: { 200: json(PageSchema(AuditEventViewSchema), 'One page.') },
    problems: ['not_found', 'cursor_invalid', 'cursor_mismatch'],
  }),

  verify: route({
    method: 'post',
    path: '/v1/audit-events/verify',
    summary: 'Recomputes an audit chain and tells where it breaks.',
    permission: 'self',
    command: 'audit verify',
    request: { body: jsonBody(VerifyBodySchema) },
    responses: { 200: json(VerdictSchema, 'What was found.') },
    problems: ['not_found'],
  }),
};
