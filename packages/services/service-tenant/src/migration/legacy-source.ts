import { createHash } from 'node:crypto';
import { MetadataSchema, type TenantDatabaseStatus, type TenantPlan } from '@envplane/spec';
import canonicalize from 'canonicalize';
import type { MigrationLedgerRow } from '../objects/index.ts';

/** What runs a statement on the database of version 4: a host's SQL driver, or `openLegacyDatabase`. Parameters are written `?`. */
export interface LegacyDriver {
  execute(sql: string, params?: readonly unknown[]): Promise<unknown>;
}

export const LEGACY_TABLE = 'sys_tenant_database';

/** A row of `sys_tenant_database`, as far as it can be read. */
export interface LegacyRow {
  id: string;
  organizationId: string;
  databaseName: string;
  databaseUrl: string;
  /** As it is stored: encrypted with the key of version 4. Empty when there is none. */
  authToken: string;
  status: TenantDatabaseStatus | null;
  region: string | null;
  plan: TenantPlan;
  storageLimitMb: number;
  metadata: Record<string, unknown> | null;
  createdAtMs: number;
  lastAccessedAtMs: number | null;
  /** SHA-256 over everything that a migration takes from the row itself; see `takenHash`. */
  hash: string;
}

/** A package that was installed in a tenant. */
export interface LegacyPackage {
  id: string;
  packageId: string;
  version: string;
  status: string;
  installedAtMs: number;
  installedBy: string;
  config: Record<string, unknown> | null;
}

/** An organization as the host of version 4 kept it. */
export interface LegacyOrganization {
  id: string;
  name: string;
  slug: string;
  members: { userId: string; role: string }[];
}

/** What identifies the content of a row. */
type Taken = Pick<LegacyRow, 'id' | 'organizationId' | 'hash'>;

/** Reads version 4, and at the end lets go of it. Only `archive` writes. */
export interface LegacySource {
  /** A page of rows in order of id, after this one; the first for null. */
  page(afterId: string | null, limit: number): Promise<LegacyRow[]>;
  row(id: string): Promise<LegacyRow | null>;
  packagesOf(tenantId: string): Promise<LegacyPackage[]>;
  /** Null when the host kept no such organization, or none at all. */
  organization(id: string): Promise<LegacyOrganization | null>;
  /** Whether every package of a tenant names this environment, in so far as the host's table can. */
  isRepointed(tenantId: string, environmentId: string): Promise<boolean>;
  /** Points the packages of a row to the environment, then archives it. Idempotent. */
  archive(id: string, options: { environmentId: string; blankToken: boolean }): Promise<void>;
}

/** Packages of a tenant that do not name an environment. */
const STRAYS = 'tenant_id = ? and (environment_id is null or environment_id <> ?)';

const STATUSES: readonly string[] = ['provisioning', 'active', 'suspended', 'archived', 'failed'];
const PLANS: readonly string[] = ['free', 'starter', 'pro', 'enterprise', 'custom'];

/**
 * @throws Error when there is no table `sys_tenant_database`
 */
export async function openLegacySource(driver: LegacyDriver): Promise<LegacySource> {
  const select = async (sql: string, params: readonly unknown[] = []) => rowsOf(await driver.execute(sql, params));
  const exists = (table: string, column = '1') =>
    select(`select ${column} from ${table} where 1 = 0`).then(
      () => true,
      () => false,
    );
  if (!(await exists(LEGACY_TABLE)))
    throw new Error(`The database to migrate from has no readable table ${LEGACY_TABLE}.`);
  const hasPackages = await exists('sys_package_installation');
  const namesEnvironments = await exists('sys_package_installation', 'environment_id');
  const hasOrganizations = (await exists('sys_organization')) && (await exists('sys_member'));
  return {
    page: async (afterId, limit) => {
      // An id may be of a type that knows no empty one.
      const after = afterId === null ? '' : 'where id > ? ';
      const sql = `select * from ${LEGACY_TABLE} ${after}order by id limit ${Math.trunc(limit)}`;
      return (await select(sql, afterId === null ? [] : [afterId])).map(legacyRow);
    },
    row: async (id) => {
      const [found] = await select(`select * from ${LEGACY_TABLE} where id = ?`, [id]);
      return found ? legacyRow(found) : null;
    },
    packagesOf: async (tenantId) =>
      hasPackages
        ? (await select('select * from sys_package_installation where tenant_id = ? order by id', [tenantId])).map(
            legacyPackage,
          )
        : [],
    organization: async (id) => {
      if (!hasOrganizations) return null;
      const [found] = await select('select * from sys_organization where id = ?', [id]);
      if (!found) return null;
      const sql = 'select user_id, role from sys_member where organization_id = ? order by user_id, role';
      const members = await select(sql, [id]);
      return {
        id,
        name: text(found['name']) || id,
        slug: text(found['slug']),
        members: members.map((member) => ({ userId: text(member['user_id']), role: text(member['role']) })),
      };
    },
    isRepointed: async (tenantId, environmentId) => {
      if (!namesEnvironments) return true;
      const sql = `select 1 from sys_package_installation where ${STRAYS} limit 1`;
      return (await select(sql, [tenantId, environmentId])).length === 0;
    },
    archive: async (id, { environmentId, blankToken }) => {
      if (namesEnvironments) {
        const update = `update sys_package_installation set environment_id = ? where ${STRAYS}`;
        await driver.execute(update, [environmentId, id, environmentId]);
      }
      const token = blankToken ? `, auth_token = ''` : '';
      await driver.execute(`update ${LEGACY_TABLE} set status = 'archived'${token} where id = ?`, [id]);
    },
  };
}

type Row = Record<string, unknown>;

/** Drivers answer with the rows, or with an object that has them. */
export function rowsOf(answer: unknown): Row[] {
  if (Array.isArray(answer)) return answer as Row[];
  const { rows } = (answer ?? {}) as { rows?: unknown };
  return Array.isArray(rows) ? (rows as Row[]) : [];
}

function legacyRow(row: Row): LegacyRow {
  const status = text(row['status']);
  const plan = text(row['plan']);
  const limit = Number(row['storage_limit_mb']);
  const content = {
    organizationId: text(row['organization_id']),
    databaseName: text(row['database_name']),
    databaseUrl: text(row['database_url']),
    authToken: text(row['auth_token']),
    status: STATUSES.includes(status) ? (status as TenantDatabaseStatus) : null,
    region: text(row['region']) || null,
    plan: PLANS.includes(plan) ? (plan as TenantPlan) : ('free' as const),
    storageLimitMb: Number.isSafeInteger(limit) && limit >= 1 && limit <= 2_147_483_647 ? limit : 1024,
    metadata: record(row['metadata']),
  };
  return {
    id: text(row['id']),
    ...content,
    createdAtMs: instant(row['created_at']) ?? 0,
    lastAccessedAtMs: instant(row['last_accessed_at']),
    hash: digest(content),
  };
}

/**
 * SHA-256 over everything that a migration takes: the row, the packages installed in it and, where its organization is made with it,
 * who belongs to that.
 */
export const takenHash = (
  { hash }: Pick<LegacyRow, 'hash'>,
  packages: readonly LegacyPackage[],
  made: LegacyOrganization | null,
): string => digest([hash, packages, made?.members ?? null]);

/** Whether version 4 has changed what an entry of the ledger was made from. */
export async function isChanged(
  source: LegacySource,
  row: Taken,
  { source_hash: taken, made_organization: isMade }: Pick<MigrationLedgerRow, 'source_hash' | 'made_organization'>,
): Promise<boolean> {
  const made = isMade ? await source.organization(row.organizationId) : null;
  return takenHash(row, await source.packagesOf(row.id), made) !== taken;
}

function digest(content: object): string {
  // What no store keeps has no canonical form either; it is refused later, and by then only has to be told from what it was.
  const text = MetadataSchema.safeParse({ content }).success ? canonicalize(content) : JSON.stringify(content);
  return createHash('sha256')
    .update(text ?? '')
    .digest('hex');
}

const legacyPackage = (row: Row): LegacyPackage => ({
  id: text(row['id']),
  packageId: text(row['package_id']),
  version: text(row['version']),
  status: text(row['status']) || 'installing',
  installedAtMs: instant(row['installed_at']) ?? 0,
  installedBy: text(row['installed_by']) || 'unknown',
  config: record(row['config']),
});

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** JSON in a text column, or an object that the driver has read already. Anything else is not carried over. */
function record(value: unknown): Record<string, unknown> | null {
  let read = value;
  if (typeof value === 'string') {
    try {
      read = JSON.parse(value);
    } catch {
      return null;
    }
  }
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : null;
}

/** Epoch ms, ISO 8601 or a date. Null for anything else. */
function instant(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null;
  const ms = value instanceof Date ? value.getTime() : typeof value === 'number' ? value : Date.parse(String(value));
  return Number.isSafeInteger(ms) && ms >= 0 ? ms : null;
}
