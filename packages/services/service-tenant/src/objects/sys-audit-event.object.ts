import { AuditEventSchema } from '@envplane/spec';
import { z } from 'zod';
import { defineObject, instant } from './define-object.ts';

const event = AuditEventSchema.shape;

export const SysAuditEvent = defineObject({
  name: 'sys_audit_event',
  label: 'Audit event',
  pluralLabel: 'Audit events',
  icon: 'shield-check',
  schema: z
    .object({
      chain: z.string().describe('The chain it belongs to: an organization id, or `platform`.'),
      seq: event.seq,
      organizationId: event.organizationId,
      environmentId: event.environmentId,
      occurredAt: instant().describe('When it happened.'),
      actorKind: event.actorKind,
      actorId: event.actorId,
      actingFor: event.actingFor,
      action: event.action,
      targetKind: event.targetKind,
      targetId: event.targetId,
      outcome: event.outcome,
      reason: event.reason,
      requestId: event.requestId,
      clientAddress: event.clientAddress,
      detail: event.detail,
      prevHash: event.prevHash,
      hash: event.hash,
    })
    .describe('Who did what to what, chained by hash so that a changed, removed or inserted entry is found.'),
  primaryKey: ['chain', 'seq'],
  indexes: [
    { fields: ['environmentId', 'seq'] },
    { fields: ['chain', 'actorId', 'seq'] },
    { fields: ['chain', 'action', 'seq'] },
    { fields: ['chain', 'occurredAt', 'seq'] },
    // Few among many, and what is looked for when something is wrong.
    { fields: ['chain', 'seq'], where: { field: 'outcome', equals: 'deny' } },
  ],
});

export const SysAuditHead = defineObject({
  name: 'sys_audit_head',
  label: 'Audit head',
  pluralLabel: 'Audit heads',
  icon: 'shield',
  schema: z
    .object({
      chain: z.string().describe('The chain.'),
      seq: z.int().describe('The newest sequence number.'),
      hash: z.string().describe('The hash of that entry.'),
    })
    .describe('The newest entry of each audit chain; locked while the next one is written.'),
  primaryKey: ['chain'],
});

export const SysOutboxEvent = defineObject({
  name: 'sys_outbox_event',
  label: 'Outbox event',
  pluralLabel: 'Outbox events',
  icon: 'send',
  schema: z
    .object({
      id: z.string().describe('UUIDv7; a redelivery carries the same id.'),
      organizationId: z.string().describe('The organization it is about.'),
      environmentId: z.string().nullable().describe('The environment it is about.'),
      type: z.string().describe('Dotted type, such as environment.provisioned.'),
      occurredAt: instant().describe('When it happened.'),
      actor: z.record(z.string(), z.unknown()).describe('Who caused it.'),
      payload: z.record(z.string(), z.unknown()).describe('Ids and verbs, no secrets.'),
      attempts: z.int().describe('Deliveries tried.'),
      deliveredAt: instant().nullable().describe('When every handler had taken it.'),
      seq: z
        .int()
        .nullable()
        .describe('The newest audit entry of its chain then: its place among the events of its organization.'),
    })
    .describe('A notification, committed with the change it tells of and delivered at least once.'),
  indexes: [{ fields: ['occurredAt', 'id'], where: { field: 'deliveredAt', is: 'null' } }],
});
