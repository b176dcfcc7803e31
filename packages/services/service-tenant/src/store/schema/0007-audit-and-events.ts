// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';

const INDEXES = [
  `create index audit_event_chain_actor_id_seq_idx on sys_audit_event ("chain", "actor_id", "seq")`,
  `create index audit_event_chain_action_seq_idx on sys_audit_event ("chain", "action", "seq")`,
  `create index audit_event_chain_occurred_at_seq_idx on sys_audit_event ("chain", "occurred_at", "seq")`,
  `create index audit_event_chain_seq_deny_idx on sys_audit_event ("chain", "seq") where "outcome" = 'deny'`,
];

/** Ways to find audit entries, and the order of notifications: null for those that were written before. */
export const auditAndEvents: SchemaStep = {
  id: 7,
  name: 'audit and events',
  statements: {
    sqlite: [...INDEXES, `alter table sys_outbox_event add column "seq" integer`],
    postgres: [...INDEXES, `alter table sys_outbox_event add column "seq" bigint`],
  },
};
