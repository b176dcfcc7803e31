import { sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import type {
  DatabaseCredentialRow,
  EnvironmentPackageRow,
  OperationRow,
  OrganizationRow,
  PlacementRow,
  TombstoneRow,
} from '../objects/index.ts';
import { type Reader, readableBy } from './access.ts';
import type { ChainHead } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import { among, type EnvironmentFilter, type EnvironmentJoin, joinedEnvironments } from './environment-join.ts';
import { storeError } from './errors.ts';
import { type Rebindable, rebindable } from './rebindable.ts';
import type { ControlPlaneTables } from './tables.ts';
import { encodeValue, findRow, TRUE } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;

/** A page of a list in order of creation. */
export interface Page<Row> {
  rows: Row[];
  /** Position after the last row, when there are more. */
  next: Position | null;
}

/** How many environments are remembered while nothing is committed. */
const REMEMBERED = 1_000;

/** Where a list goes on: after this row. */
export interface Position {
  createdAtMs: number;
  id: string;
}

/** An organization with the id of its default environment. */
export type OrganizationJoin = OrganizationRow & { default_environment_id: string | null };

/** A placement with how many databases it holds. */
export type PlacementJoin = PlacementRow & { databases: number };

/** The reads of the control-plane store: one statement each, no lock, no change. */
export type Reads = Rebindable<Methods>;

export const createReads = (engine: Engine): Reads => rebindable(withStoreErrors(readMethods(engine)));

type Methods = ReturnType<typeof readMethods>;

function readMethods(engine: Engine) {
  // Compiled once: these are the statements behind every read of one environment or one organization.
  const environmentSql = joinedEnvironments(engine.read).where('e.id', '=', '').compile().sql;
  const isDefault = TRUE[engine.dialect];
  const instant = (ms: number) => encodeValue(engine.dialect, 'created_at', ms) as number;

  const remembered = new LRUCache<string, EnvironmentJoin>({ max: REMEMBERED });
  let rememberedVersion: number | null = null;

  const placements = ({ read }: Engine) =>
    read
      .selectFrom('sys_placement as p')
      .selectAll('p')
      .select((eb) =>
        eb
          .selectFrom('sys_environment_database as d')
          .select((inner) => inner.fn.countAll<number>().as('count'))
          .whereRef('d.placement_id', '=', 'p.id')
          .$asScalar()
          .$notNull()
          .as('databases'),
      );

  const organizations = ({ read }: Engine) =>
    read
      .selectFrom('sys_organization as o')
      .leftJoin('sys_environment as e', (join) =>
        join.onRef('e.organization_id', '=', 'o.id').on('e.is_default', '=', isDefault),
      )
      .selectAll('o')
      .select('e.id as default_environment_id');
  const organizationSql = {
    id: organizations(engine).where('o.id', '=', '').compile().sql,
    slug: organizations(engine).where('o.slug', '=', '').compile().sql,
  };

  const page = <Row extends { id: string; created_at: number }>(rows: Row[], limit: number): Page<Row> => {
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return { rows: rows.slice(0, limit), next: last ? { createdAtMs: last.created_at, id: last.id } : null };
  };

  return {
    engine,

    async environment(id: string): Promise<EnvironmentJoin | undefined> {
      const version = this.engine.dataVersion();
      if (version === null || version !== rememberedVersion) {
        remembered.clear();
        rememberedVersion = version;
      }
      const known = remembered.get(id);
      if (known) return known;
      const { rows } = await this.engine.select<EnvironmentJoin>(environmentSql, [id]);
      // The rows are at least as new as the version asked before them. They may be older than one that was seen meanwhile.
      if (rows[0] && version !== null && version === rememberedVersion) remembered.set(id, rows[0]);
      return rows[0];
    },

    environmentBySlug(organizationId: string, slug: string): Promise<EnvironmentJoin | undefined> {
      return joinedEnvironments(this.engine.read)
        .where('e.organization_id', '=', organizationId)
        .where('e.slug', '=', slug)
        .executeTakeFirst();
    },

    async environmentByHostname(hostname: string): Promise<string | undefined> {
      const row = await this.engine.read
        .selectFrom('sys_environment')
        .select('id')
        .where('hostname', '=', hostname)
        .executeTakeFirst();
      return row?.id;
    },

    async environments(
      filter: EnvironmentFilter,
      limit: number,
      position: Position | null,
      reader: Reader | null = null,
    ): Promise<Page<EnvironmentJoin>> {
      let query = joinedEnvironments(this.engine.read).where(among(filter, reader));
      if (position)
        query = query.where(sql<boolean>`(e.created_at, e.id) > (${instant(position.createdAtMs)}, ${position.id})`);
      return page(
        await query
          .orderBy('e.created_at')
          .orderBy('e.id')
          .limit(limit + 1)
          .execute(),
        limit,
      );
    },

    /** How many there are in a list, all its pages together. */
    async countEnvironments(filter: EnvironmentFilter, reader: Reader | null): Promise<number> {
      const row = await this.engine.read
        .selectFrom('sys_environment as e')
        .innerJoin('sys_environment_database as d', 'd.environment_id', 'e.id')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where(among(filter, reader))
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },

    /** Of those of these environments that failed: the operation that says why. */
    failures(environmentIds: readonly string[], reader: Reader | null) {
      return this.engine.read
        .selectFrom('sys_environment as e')
        .innerJoin('sys_environment_database as d', 'd.environment_id', 'e.id')
        .innerJoin('sys_operation as o', 'o.id', 'd.operation_id')
        .select(['e.id', 'o.error'])
        .where(among({}, reader))
        .where('e.id', 'in', environmentIds)
        .where('o.status', '=', 'failed')
        .execute();
    },

    /** By package, as they were recorded. */
    environmentPackages(environmentId: string): Promise<EnvironmentPackageRow[]> {
      return this.engine.read
        .selectFrom('sys_environment_package')
        .selectAll()
        .where('environment_id', '=', environmentId)
        .orderBy('package_id')
        .execute();
    },

    /** By id or slug; a slug never has the form of an id. */
    async organization(idOrSlug: string): Promise<OrganizationJoin | undefined> {
      for (const text of [organizationSql.id, organizationSql.slug]) {
        const { rows } = await this.engine.select<OrganizationJoin>(text, [idOrSlug]);
        if (rows[0]) return rows[0];
      }
      return undefined;
    },

    async organizations(limit: number, position: Position | null, reader: Reader | null) {
      let query = organizations(this.engine);
      if (reader) query = query.where(readableBy(reader, { organization: 'o.id' }));
      if (position)
        query = query.where(sql<boolean>`(o.created_at, o.id) > (${instant(position.createdAtMs)}, ${position.id})`);
      return page(
        await query
          .orderBy('o.created_at')
          .orderBy('o.id')
          .limit(limit + 1)
          .execute(),
        limit,
      );
    },

    async organizationOwners(organizationId: string): Promise<string[]> {
      const rows = await this.engine.read
        .selectFrom('sys_organization_member')
        .select('user_id')
        .where('organization_id', '=', organizationId)
        .where('role', '=', 'owner')
        .orderBy('created_at')
        .execute();
      return rows.map((row) => row.user_id);
    },

    operation(id: string): Promise<OperationRow | undefined> {
      return findRow(this.engine, 'sys_operation', { id });
    },

    async operations(
      filter: { organizationId?: string; environmentId?: string; status?: string },
      limit: number,
      position: Position | null,
      reader: Reader | null,
    ): Promise<Page<OperationRow>> {
      let query = this.engine.read.selectFrom('sys_operation').selectAll();
      if (reader) {
        const columns = { organization: 'sys_operation.organization_id', environment: 'sys_operation.environment_id' };
        query = query.where(readableBy(reader, columns));
      }
      if (filter.organizationId !== undefined) query = query.where('organization_id', '=', filter.organizationId);
      if (filter.environmentId !== undefined) query = query.where('environment_id', '=', filter.environmentId);
      if (filter.status !== undefined) query = query.where('status', '=', filter.status as OperationRow['status']);
      // Newest first: what somebody looks for is usually what just happened.
      if (position)
        query = query.where(sql<boolean>`(created_at, id) < (${instant(position.createdAtMs)}, ${position.id})`);
      return page(
        await query
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(limit + 1)
          .execute(),
        limit,
      );
    },

    /** Of the current database of an environment, newest first. */
    async credentials(
      environmentId: string,
      limit: number,
      position: Position | null,
    ): Promise<Page<DatabaseCredentialRow>> {
      let query = this.engine.read
        .selectFrom('sys_database_credential as c')
        .innerJoin('sys_environment_database as d', 'd.id', 'c.environment_database_id')
        .selectAll('c')
        .where('d.environment_id', '=', environmentId);
      if (position)
        query = query.where(sql<boolean>`(c.created_at, c.id) < (${instant(position.createdAtMs)}, ${position.id})`);
      return page(
        await query
          .orderBy('c.created_at', 'desc')
          .orderBy('c.id', 'desc')
          .limit(limit + 1)
          .execute(),
        limit,
      );
    },

    /** Whether a database still lets somebody in with it. */
    async isAccepted(credentialId: string): Promise<boolean> {
      const credential = await findRow(this.engine, 'sys_database_credential', { id: credentialId });
      return credential?.state === 'active' || credential?.state === 'retiring';
    },

    /** The newest finished operation of a kind on a target; a purge that is asked for again is answered with it. */
    lastOperation(targetId: string, kind: OperationRow['kind']): Promise<OperationRow | undefined> {
      return this.engine.read
        .selectFrom('sys_operation')
        .selectAll()
        .where('organization_id', '=', targetId)
        .where('kind', '=', kind)
        .where('status', '=', 'succeeded')
        .orderBy('created_at', 'desc')
        .executeTakeFirst();
    },

    tombstone(environmentId: string): Promise<TombstoneRow | undefined> {
      return this.engine.read
        .selectFrom('sys_tombstone')
        .selectAll()
        .where('environment_id', '=', environmentId)
        .where('kind', '=', 'purged')
        .executeTakeFirst();
    },

    async auditHead(chain: string): Promise<ChainHead | undefined> {
      return this.engine.read
        .selectFrom('sys_audit_head')
        .select(['seq', 'hash'])
        .where('chain', '=', chain)
        .executeTakeFirst();
    },

    /** By id or name, with how many databases it holds. */
    async placement(idOrName: string): Promise<PlacementJoin | undefined> {
      return (
        (await placements(this.engine).where('p.id', '=', idOrName).executeTakeFirst()) ??
        (await placements(this.engine).where('p.name', '=', idOrName).executeTakeFirst())
      );
    },

    placements(): Promise<PlacementJoin[]> {
      return placements(this.engine).orderBy('p.name').execute();
    },

    /** Without counting, which takes time that grows with the databases. */
    placementRows(): Promise<PlacementRow[]> {
      return this.engine.read.selectFrom('sys_placement').selectAll().orderBy('name').execute();
    },

    /** How many databases each of these placements holds. */
    async databaseCounts(placementIds: readonly string[]): Promise<Map<string, number>> {
      const rows = await this.engine.read
        .selectFrom('sys_environment_database')
        .select('placement_id')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('placement_id', 'in', placementIds)
        .groupBy('placement_id')
        .execute();
      return new Map(rows.map((row) => [row.placement_id, row.count]));
    },

    async unreachablePlacements(): Promise<number> {
      const row = await this.engine.read
        .selectFrom('sys_placement')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('status', '=', 'unreachable')
        .executeTakeFirstOrThrow();
      return row.count;
    },

    /** How many environments there are, by status and driver; for metrics. */
    environmentCounts() {
      return this.engine.read
        .selectFrom('sys_environment as e')
        .innerJoin('sys_environment_database as d', 'd.environment_id', 'e.id')
        .select(['e.status', 'd.driver'])
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .groupBy(['e.status', 'd.driver'])
        .execute();
    },
  };
}

/** A store that cannot be read is unavailable, whichever read finds out. */
function withStoreErrors({ engine, ...reads }: Methods): Methods {
  const mapped = Object.entries(reads).map(([name, read]) => [
    name,
    function (this: Methods, ...parameters: unknown[]) {
      return (read as (...parameters: unknown[]) => Promise<unknown>)
        .apply(this, parameters)
        .catch((error: unknown) => {
          throw storeError(error);
        });
    },
  ]);
  return { engine, ...Object.fromEntries(mapped) } as Methods;
}
