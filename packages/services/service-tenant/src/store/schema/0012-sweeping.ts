// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';
import type { Engine } from './ddl.ts';

/** When placements were compared with the rows, what was found there that nothing explains, and the hold on deleting. */
export const sweeping: SchemaStep = {
  id: 12,
  name: 'sweeping',
  statements: { sqlite: statements('sqlite'), postgres: statements('postgres') },
};

function statements(engine: Engine): string[] {
  const isSqlite = engine === 'sqlite';
  const [text, instant, integer] = isSqlite
    ? ['text', 'integer', 'integer']
    : [`text collate "C"`, 'timestamptz(3)', 'bigint'];
  const end = isSqlite ? ') strict, without rowid' : ')';
  return [
    `alter table sys_installation add column "destructive_hold" ${text}`,
    `create table sys_placement_sweep (
  "placement_id" ${text} not null,
  "due_at" ${instant} not null,
  "lease_owner" ${text},
  "epoch" ${integer} not null,
  "listed_at" ${instant},
  "last_error_code" ${text},
  primary key ("placement_id")
${end}`,
    `create table sys_quarantined_database (
  "placement_id" ${text} not null,
  "database_name" ${text} not null,
  "external_uid" ${text},
  "found_at" ${instant} not null,
  primary key ("placement_id", "database_name")
${end}`,
  ];
}
