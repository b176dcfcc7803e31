// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';

export const initial: SchemaStep = {
  id: 1,
  name: 'key store',
  statements: {
    sqlite: [
      `create table sys_environment_key (
  "id" text not null,
  "environment_id" text not null,
  "wrapped_dek" text not null,
  "kek_id" text not null,
  "encryptor_id" text not null,
  "version" integer not null,
  "created_at" integer not null,
  "rewrapped_at" integer,
  primary key ("id")
) strict, without rowid`,
      `create unique index environment_key_environment_id_key on sys_environment_key ("environment_id")`,
      `create index environment_key_kek_id_idx on sys_environment_key ("kek_id")`,
    ],
    postgres: [
      `create table sys_environment_key (
  "id" text collate "C" not null,
  "environment_id" text collate "C" not null,
  "wrapped_dek" text collate "C" not null,
  "kek_id" text collate "C" not null,
  "encryptor_id" text collate "C" not null,
  "version" bigint not null,
  "created_at" timestamptz(3) not null,
  "rewrapped_at" timestamptz(3),
  primary key ("id")
)`,
      `create unique index environment_key_environment_id_key on sys_environment_key ("environment_id")`,
      `create index environment_key_kek_id_idx on sys_environment_key ("kek_id")`,
    ],
  },
};
