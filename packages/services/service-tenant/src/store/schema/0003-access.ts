// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';

/** Versions of memberships, service accounts and their keys, roles that are no memberships, and identities of other issuers. */
export const access: SchemaStep = {
  id: 3,
  name: 'access',
  statements: {
    sqlite: [
      `alter table sys_organization_member add column "version" integer not null default 1`,
      `alter table sys_environment_member add column "version" integer not null default 1`,
      `create table sys_service_account (
  "id" text not null,
  "organization_id" text references sys_organization (id),
  "name" text not null,
  "organization_role" text,
  "status" text not null,
  "version" integer not null,
  "created_by" text not null,
  "created_at" integer not null,
  "updated_at" integer not null,
  primary key ("id")
) strict, without rowid`,
      `create unique index service_account_organization_id_name_key on sys_service_account ("organization_id", "name")`,
      `create unique index service_account_name_null_key on sys_service_account ("name") where "organization_id" is null`,
      `create table sys_service_account_key (
  "id" text not null,
  "service_account_id" text not null references sys_service_account (id),
  "key_id" text not null,
  "hash" text not null,
  "expires_at" integer not null,
  "last_used_at" integer,
  "revoked_at" integer,
  "created_by" text not null,
  "created_at" integer not null,
  primary key ("id")
) strict, without rowid`,
      `create unique index service_account_key_key_id_key on sys_service_account_key ("key_id")`,
      `create index service_account_key_service_account_id_created_at_idx on sys_service_account_key ("service_account_id", "created_at")`,
      `create table sys_environment_grant (
  "id" text not null,
  "environment_id" text not null references sys_environment (id),
  "grantee_type" text not null,
  "grantee_id" text not null,
  "role" text not null,
  "created_by" text not null,
  "created_at" integer not null,
  primary key ("id")
) strict, without rowid`,
      `create unique index environment_grant_environment_id_grantee_type_grantee_id_key on sys_environment_grant ("environment_id", "grantee_type", "grantee_id")`,
      `create index environment_grant_grantee_type_grantee_id_idx on sys_environment_grant ("grantee_type", "grantee_id")`,
      `create table sys_platform_grant (
  "id" text not null,
  "grantee_type" text not null,
  "grantee_id" text not null,
  "role" text not null,
  "created_by" text not null,
  "created_at" integer not null,
  primary key ("id")
) strict, without rowid`,
      `create unique index platform_grant_grantee_type_grantee_id_key on sys_platform_grant ("grantee_type", "grantee_id")`,
      `create table sys_identity (
  "issuer" text not null,
  "subject" text not null,
  "user_id" text not null,
  "created_at" integer not null,
  primary key ("issuer", "subject")
) strict, without rowid`,
      `create unique index identity_user_id_key on sys_identity ("user_id")`,
    ],
    postgres: [
      `alter table sys_organization_member add column "version" bigint not null default 1`,
      `alter table sys_environment_member add column "version" bigint not null default 1`,
      `create table sys_service_account (
  "id" text collate "C" not null,
  "organization_id" text collate "C" references sys_organization (id),
  "name" text collate "C" not null,
  "organization_role" text collate "C",
  "status" text collate "C" not null,
  "version" bigint not null,
  "created_by" text collate "C" not null,
  "created_at" timestamptz(3) not null,
  "updated_at" timestamptz(3) not null,
  primary key ("id")
)`,
      `create unique index service_account_organization_id_name_key on sys_service_account ("organization_id", "name")`,
      `create unique index service_account_name_null_key on sys_service_account ("name") where "organization_id" is null`,
      `create table sys_service_account_key (
  "id" text collate "C" not null,
  "service_account_id" text collate "C" not null references sys_service_account (id),
  "key_id" text collate "C" not null,
  "hash" text collate "C" not null,
  "expires_at" timestamptz(3) not null,
  "last_used_at" timestamptz(3),
  "revoked_at" timestamptz(3),
  "created_by" text collate "C" not null,
  "created_at" timestamptz(3) not null,
  primary key ("id")
)`,
      `create unique index service_account_key_key_id_key on sys_service_account_key ("key_id")`,
      `create index service_account_key_service_account_id_created_at_idx on sys_service_account_key ("service_account_id", "created_at")`,
      `create table sys_environment_grant (
  "id" text collate "C" not null,
  "environment_id" text collate "C" not null references sys_environment (id),
  "grantee_type" text collate "C" not null,
  "grantee_id" text collate "C" not null,
  "role" text collate "C" not null,
  "created_by" text collate "C" not null,
  "created_at" timestamptz(3) not null,
  primary key ("id")
)`,
      `create unique index environment_grant_environment_id_grantee_type_grantee_id_key on sys_environment_grant ("environment_id", "grantee_type", "grantee_id")`,
      `create index environment_grant_grantee_type_grantee_id_idx on sys_environment_grant ("grantee_type", "grantee_id")`,
      `create table sys_platform_grant (
  "id" text collate "C" not null,
  "grantee_type" text collate "C" not null,
  "grantee_id" text collate "C" not null,
  "role" text collate "C" not null,
  "created_by" text collate "C" not null,
  "created_at" timestamptz(3) not null,
  primary key ("id")
)`,
      `create unique index platform_grant_grantee_type_grantee_id_key on sys_platform_grant ("grantee_type", "grantee_id")`,
      `create table sys_identity (
  "issuer" text collate "C" not null,
  "subject" text collate "C" not null,
  "user_id" text collate "C" not null,
  "created_at" timestamptz(3) not null,
  primary key ("issuer", "subject")
)`,
      `create unique index identity_user_id_key on sys_identity ("user_id")`,
    ],
  },
};
