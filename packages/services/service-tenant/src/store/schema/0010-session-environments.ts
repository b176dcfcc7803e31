// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';

/** The active environment of each session of a host application. */
export const sessionEnvironments: SchemaStep = {
  id: 10,
  name: 'session environments',
  statements: {
    sqlite: [
      `create table sys_session_environment (
  "session" text not null,
  "user_id" text not null,
  "environment_id" text not null,
  "updated_at" integer not null,
  primary key ("session")
) strict, without rowid`,
      `create index session_environment_updated_at_idx on sys_session_environment ("updated_at")`,
    ],
    postgres: [
      `create table sys_session_environment (
  "session" text collate "C" not null,
  "user_id" text collate "C" not null,
  "environment_id" text collate "C" not null,
  "updated_at" timestamptz(3) not null,
  primary key ("session")
)`,
      `create index session_environment_updated_at_idx on sys_session_environment ("updated_at")`,
    ],
  },
};
