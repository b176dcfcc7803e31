// Never edited: stores have it applied. Later changes are later steps.
import type { SchemaStep } from './apply-steps.ts';
import type { Engine } from './ddl.ts';

/** Databases that were taken over from version 4, the ledger of it, and the packages that were installed in them. */
export const migration: SchemaStep = {
  id: 9,
  name: 'migration',
  statements: { sqlite: statements('sqlite'), postgres: statements('postgres') },
};

/** The default of the column lets code of before this step add rows. */
function statements(engine: Engine): string[] {
  const isSqlite = engine === 'sqlite';
  const [text, instant, boolean, json] = isSqlite
    ? ['text', 'integer', 'integer', 'text']
    : [`text collate "C"`, 'timestamptz(3)', 'boolean', 'jsonb'];
  const [no, isAdopted] = isSqlite ? ['0', '"adopted" = 1'] : ['false', '"adopted"'];
  const end = isSqlite ? ') strict, without rowid' : ')';
  const isBit = (column: string) => (isSqlite ? ` check ("${column}" in (0, 1))` : '');
  return [
    `alter table sys_environment_database add column "adopted" ${boolean} not null default ${no}${isBit('adopted')}`,
    `create unique index environment_database_placement_id_external_uid_adopted_key on sys_environment_database ("placement_id", "external_uid") where ${isAdopted}`,
    `create table sys_migration_ledger (
  "source_table" ${text} not null,
  "source_id" ${text} not null,
  "source_hash" ${text} not null,
  "organization_id" ${text} not null,
  "environment_id" ${text} not null,
  "state" ${text} not null,
  "made_organization" ${boolean} not null${isBit('made_organization')},
  "last_error_code" ${text},
  "created_at" ${instant} not null,
  "updated_at" ${instant} not null,
  primary key ("source_table", "source_id")
${end}`,
    'create unique index migration_ledger_environment_id_key on sys_migration_ledger ("environment_id")',
    'create index migration_ledger_state_idx on sys_migration_ledger ("state")',
    `create table sys_environment_package (
  "id" ${text} not null,
  "tenant_id" ${text} not null,
  "environment_id" ${text} not null references sys_environment (id),
  "package_id" ${text} not null,
  "package_version" ${text} not null,
  "installation_status" ${text} not null,
  "installed_at" ${instant} not null,
  "installed_by" ${text} not null,
  "config" ${json}${isSqlite ? ' check (json_valid("config"))' : ''},
  primary key ("id")
${end}`,
    'create unique index environment_package_environment_id_package_id_key on sys_environment_package ("environment_id", "package_id")',
    'create unique index environment_package_tenant_id_package_id_key on sys_environment_package ("tenant_id", "package_id")',
  ];
}
