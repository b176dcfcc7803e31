// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';

/** Keys that environment tokens are signed with, and the epochs that withdraw them. */
export const tokens: SchemaStep = {
  id: 4,
  name: 'tokens',
  statements: {
    sqlite: [
      `create table sys_signing_key (
  "kid" text not null,
  "alg" text not null,
  "status" text not null,
  "public_jwk" text not null check (json_valid("public_jwk")),
  "private_ciphertext" text,
  "private_key_ciphertext" text,
  "kek_id" text,
  "encryptor_id" text,
  "created_at" integer not null,
  "activated_at" integer,
  "retire_after" integer,
  "revoked_at" integer,
  primary key ("kid")
) strict, without rowid`,
      `create unique index signing_key_status_active_key on sys_signing_key ("status") where "status" = 'active'`,
      `create unique index signing_key_status_standby_key on sys_signing_key ("status") where "status" = 'standby'`,
      `create table sys_token_epoch (
  "environment_id" text not null,
  "subject" text not null,
  "epoch" integer not null,
  "seq" integer not null,
  "changed_at" integer not null,
  primary key ("environment_id", "subject")
) strict, without rowid`,
      `create index token_epoch_seq_idx on sys_token_epoch ("seq")`,
      `create index token_epoch_changed_at_idx on sys_token_epoch ("changed_at")`,
    ],
    postgres: [
      `create table sys_signing_key (
  "kid" text collate "C" not null,
  "alg" text collate "C" not null,
  "status" text collate "C" not null,
  "public_jwk" jsonb not null,
  "private_ciphertext" text collate "C",
  "private_key_ciphertext" text collate "C",
  "kek_id" text collate "C",
  "encryptor_id" text collate "C",
  "created_at" timestamptz(3) not null,
  "activated_at" timestamptz(3),
  "retire_after" timestamptz(3),
  "revoked_at" timestamptz(3),
  primary key ("kid")
)`,
      `create unique index signing_key_status_active_key on sys_signing_key ("status") where "status" = 'active'`,
      `create unique index signing_key_status_standby_key on sys_signing_key ("status") where "status" = 'standby'`,
      `create table sys_token_epoch (
  "environment_id" text collate "C" not null,
  "subject" text collate "C" not null,
  "epoch" bigint not null,
  "seq" bigint not null,
  "changed_at" timestamptz(3) not null,
  primary key ("environment_id", "subject")
)`,
      `create index token_epoch_seq_idx on sys_token_epoch ("seq")`,
      `create index token_epoch_changed_at_idx on sys_token_epoch ("changed_at")`,
    ],
  },
};
