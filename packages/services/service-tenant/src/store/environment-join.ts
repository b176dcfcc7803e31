import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type Reader, readableBy } from './access.ts';
import type { ControlPlaneTables } from './tables.ts';

/** Environment, database and credential in use as one joined row. */
export type EnvironmentJoin = Awaited<ReturnType<ReturnType<typeof joinedEnvironments>['executeTakeFirstOrThrow']>>;

/** HAZARD: literals where a partial index is meant to be used; see `TRUE`. */
export function joinedEnvironments(db: Kysely<ControlPlaneTables>) {
  return db
    .selectFrom('sys_environment as e')
    .innerJoin('sys_environment_database as d', 'd.environment_id', 'e.id')
    .leftJoin('sys_database_credential as c', (join) =>
      join
        .onRef('c.environment_database_id', '=', 'd.id')
        .on('c.authorization', '=', sql.lit('full_access' as const))
        .on('c.state', '=', sql.lit('active' as const)),
    )
    .select([
      'e.id',
      'e.organization_id',
      'e.slug',
      'e.display_name',
      'e.env_type',
      'e.is_default',
      'e.region as requested_region',
      'e.plan',
      'e.status',
      'e.hostname',
      'e.visibility',
      'e.deletion_protection',
      'e.credential_rotation_days',
      'e.version',
      'e.metadata',
      'e.created_by',
      'e.created_at',
      'e.updated_at',
      'd.id as database_id',
      'd.database_name',
      'd.database_url',
      'd.driver',
      'd.adopted',
      'd.region',
      'd.storage_limit_mb',
      'd.provisioned_at',
      'd.last_accessed_at',
      'd.metadata as database_metadata',
      'd.purge_after',
      'd.operation_id',
      'd.last_error_code',
      'd.encryption_key_id',
      'd.placement_id',
      'e.next_placement_ordinal',
      'c.id as credential_id',
      'c.status as credential_status',
      'c.authorization as credential_authorization',
      'c.encryption_key_id as credential_key_id',
      'c.secret_ciphertext',
      'c.created_at as credential_created_at',
      'c.expires_at as credential_expires_at',
    ]);
}

/** Which environments a list holds. */
export interface EnvironmentFilter {
  organizationId?: string;
  envType?: string;
  status?: string;
  driver?: string;
}

/** The condition of a list, where the tables are named as in `joinedEnvironments`. */
export function among(filter: EnvironmentFilter, reader: Reader | null): RawBuilder<boolean> {
  const conditions: RawBuilder<boolean>[] = [sql<boolean>`1 = 1`];
  if (reader) conditions.push(readableBy(reader, { organization: 'e.organization_id', environment: 'e.id' }));
  if (filter.organizationId !== undefined) conditions.push(sql<boolean>`e.organization_id = ${filter.organizationId}`);
  if (filter.envType !== undefined) conditions.push(sql<boolean>`e.env_type = ${filter.envType}`);
  if (filter.status !== undefined) conditions.push(sql<boolean>`e.status = ${filter.status}`);
  if (filter.driver !== undefined) conditions.push(sql<boolean>`d.driver = ${filter.driver}`);
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}
