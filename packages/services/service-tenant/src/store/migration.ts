import { ControlPlaneError } from '@envplane/spec';
import { sql } from 'kysely';
import type {
  EnvironmentDatabaseRow,
  EnvironmentPackageRow,
  MigrationLedgerRow,
  OrganizationMemberRow,
  OrganizationRow,
} from '../objects/index.ts';
import { projectStatus } from '../provisioning/status.ts';
import { type AuditEntry, appendAudit } from './audit.ts';
import type { StoreEngine } from './engine.ts';
import type { NewEnvironment } from './environments.ts';
import { storeError } from './errors.ts';
import { enqueueEvent, type OutboxEntry } from './outbox.ts';
import type { ControlPlaneTables } from './tables.ts';
import { findRow, type Transaction, transact } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;
type Tx = Transaction<ControlPlaneTables>;

const PAGE = 1_000;

type Untimed<Row> = Omit<Row, 'created_at' | 'updated_at'>;

/** M1: everything that one row of version 4 becomes. */
export interface CopiedRow {
  ledger: Untimed<MigrationLedgerRow>;
  /** Only when the organization is made with it. */
  organization: { row: Untimed<OrganizationRow>; members: Untimed<OrganizationMemberRow>[] } | null;
  environment: NewEnvironment;
  packages: EnvironmentPackageRow[];
  audit: AuditEntry[];
}

/**
 * Copies a row whole or not at all. Whoever comes second with the same row finds the first one's entry and writes nothing.
 *
 * @returns the entry of the ledger, and whether this call made it
 * @throws ControlPlaneError `slug_taken`, `default_taken`: the organization has changed since it was read; `name_taken`
 */
export function copyRow(engine: Engine, copied: CopiedRow): Promise<{ entry: MigrationLedgerRow; made: boolean }> {
  return transact(engine, async (tx) => {
    const times = { created_at: tx.nowMs, updated_at: tx.nowMs };
    const { ledger } = copied;
    const entry = { ...ledger, ...times };
    const inserted = await tx.query
      .insertInto('sys_migration_ledger')
      .values(tx.encode(entry))
      .onConflict((conflict) => conflict.columns(['source_table', 'source_id']).doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 0n) {
      const key = { source_table: ledger.source_table, source_id: ledger.source_id };
      const first = await tx.find('sys_migration_ledger', key);
      if (!first) throw new Error('an entry of the ledger that was just there is gone');
      return { entry: first, made: false };
    }
    if (copied.organization) await addOrganization(tx, copied.organization);
    // Whoever archives the organization or changes its default waits, or is seen by the unique indexes.
    await tx.find('sys_organization', { id: ledger.organization_id }, 'lock');
    const { environment, database, credentials, members } = copied.environment;
    await tx.insert('sys_environment', { ...environment, ...times });
    const isNamed = await tx.insertIfAbsent('sys_external_name', {
      database_name: database.database_name,
      environment_database_id: database.id,
      created_at: tx.nowMs,
    });
    if (!isNamed) throw new ControlPlaneError('name_taken', 'A database of this name is or was there.');
    await tx.insert('sys_environment_database', {
      ...database,
      ...times,
      confirmed_at: tx.nowMs,
      wished_at: tx.nowMs,
      due_at: null,
    });
    for (const credential of credentials) {
      await tx.insert('sys_database_credential', { ...credential, activated_at: tx.nowMs, ...times });
    }
    for (const member of members) await tx.insert('sys_environment_member', { ...member, ...times });
    for (const each of copied.packages) await tx.insert('sys_environment_package', each);
    for (const each of copied.audit) await appendAudit(tx, each);
    return { entry, made: true };
  });
}

/** Another row of the same organization may have made it meanwhile; then it is as that one made it. */
async function addOrganization(tx: Tx, { row, members }: NonNullable<CopiedRow['organization']>): Promise<void> {
  const times = { created_at: tx.nowMs, updated_at: tx.nowMs };
  const inserted = await tx.query
    .insertInto('sys_organization')
    .values(tx.encode({ ...row, ...times }))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows === 0n) return;
  for (const member of members) await tx.insert('sys_organization_member', { ...member, ...times });
}

/**
 * M2: what a probe found. Compare-and-swap on the phase and the wish, so that of two who looked one writes.
 * @returns whether it was written
 * @throws ControlPlaneError `name_taken` when another environment has taken over this very database
 */
export function commitProbe(
  engine: Engine,
  {
    database,
    ledger,
  }: { database: EnvironmentDatabaseRow; ledger: Pick<MigrationLedgerRow, 'source_table' | 'source_id'> },
  found:
    | {
        patch: Pick<EnvironmentDatabaseRow, 'phase' | 'external_uid'>;
        code: string | null;
        dueInMs: number | null;
        audit: AuditEntry;
        event: OutboxEntry | null;
      }
    | { refused: string },
): Promise<boolean> {
  return transact(engine, async (tx) => {
    const { id, generation, fence_epoch } = database;
    const held = { id, generation, fence_epoch, phase: 'adopting' as const };
    if ('refused' in found) {
      if (database.last_error_code === found.refused) return true;
      const noted = await tx.update('sys_environment_database', { last_error_code: found.refused }, held);
      if (noted > 0) await noteEntry(tx, ledger, { last_error_code: found.refused });
      return noted > 0;
    }
    const { patch, code, dueInMs } = found;
    const isServing = patch.phase === 'ready';
    const written = await tx.update(
      'sys_environment_database',
      {
        ...patch,
        last_error_code: null,
        observed_generation: generation,
        last_observed_at: tx.nowMs,
        provisioned_at: isServing ? tx.nowMs : database.provisioned_at,
        due_at: dueInMs === null ? null : tx.nowMs + dueInMs,
        updated_at: tx.nowMs,
      },
      held,
    );
    if (written === 0) return false;
    const environment = await tx.find('sys_environment', { id: database.bound_environment_id }, 'lock');
    const status = projectStatus({ ...database, ...patch });
    if (environment && environment.status !== status) {
      const next = { status, version: environment.version + 1, updated_at: tx.nowMs };
      await tx.update('sys_environment', next, { id: environment.id });
    }
    await noteEntry(tx, ledger, { state: 'verified', last_error_code: code });
    await appendAudit(tx, found.audit);
    if (found.event) await enqueueEvent(tx, found.event);
    return true;
  });
}

async function noteEntry(
  tx: Tx,
  { source_table, source_id }: Pick<MigrationLedgerRow, 'source_table' | 'source_id'>,
  patch: Partial<MigrationLedgerRow>,
): Promise<number> {
  return tx.update('sys_migration_ledger', { ...patch, updated_at: tx.nowMs }, { source_table, source_id });
}

/** M5, before version 4 is told: from here on its row means nothing. False when it was not verified. Idempotent. */
export function finalizeEntry(engine: Engine, entry: MigrationLedgerRow, audit: AuditEntry): Promise<boolean> {
  return transact(engine, async (tx) => {
    const { source_table, source_id } = entry;
    const current = await tx.find('sys_migration_ledger', { source_table, source_id }, 'lock');
    if (current?.state === 'finalized') return true;
    if (current?.state !== 'verified') return false;
    await noteEntry(tx, entry, { state: 'finalized' });
    await appendAudit(tx, audit);
    return true;
  });
}

/**
 * Takes back what M1 wrote; the physical database is not touched.
 * @returns `busy` while something works on the environment, `kept` for what is finalized, changed or gone
 */
export function rollBackRow(
  engine: Engine,
  entry: MigrationLedgerRow,
  audit: AuditEntry,
): Promise<'rolled_back' | 'busy' | 'kept'> {
  return transact(engine, async (tx) => {
    const { source_table, source_id, environment_id: environmentId } = entry;
    const current = await tx.find('sys_migration_ledger', { source_table, source_id }, 'lock');
    if (!current || current.state === 'finalized') return 'kept';
    await tx.find('sys_organization', { id: current.organization_id }, 'lock');
    const environment = await tx.find('sys_environment', { id: environmentId }, 'lock');
    const database = await tx.find('sys_environment_database', { environment_id: environmentId }, 'lock');
    if (!environment || !database) return 'kept';
    if (database.operation_id !== null || database.lease_owner !== null) return 'busy';
    const remove = (table: 'sys_environment_grant' | 'sys_environment_member' | 'sys_environment_package') =>
      tx.query.deleteFrom(table).where('environment_id', '=', environmentId).execute();
    await tx.query.deleteFrom('sys_database_credential').where('environment_database_id', '=', database.id).execute();
    await tx.query.deleteFrom('sys_environment_database').where('id', '=', database.id).execute();
    // Nobody made this name here, so it may come again.
    await tx.query.deleteFrom('sys_external_name').where('environment_database_id', '=', database.id).execute();
    await remove('sys_environment_grant');
    await remove('sys_environment_member');
    await remove('sys_environment_package');
    await tx.query.deleteFrom('sys_environment').where('id', '=', environmentId).execute();
    await tx.query
      .deleteFrom('sys_migration_ledger')
      .where('source_table', '=', source_table)
      .where('source_id', '=', source_id)
      .execute();
    if (current.made_organization) await removeEmptyOrganization(tx, current.organization_id);
    await appendAudit(tx, audit);
    return 'rolled_back';
  });
}

/** An organization that came with a row goes with the last one, unless somebody has begun to use it. */
async function removeEmptyOrganization(tx: Tx, organizationId: string): Promise<void> {
  for (const table of ['sys_environment', 'sys_service_account'] as const) {
    const used = await tx.query
      .selectFrom(table)
      .select('id')
      .where('organization_id', '=', organizationId)
      .limit(1)
      .execute();
    if (used.length > 0) return;
  }
  await tx.query.deleteFrom('sys_organization_member').where('organization_id', '=', organizationId).execute();
  await tx.query.deleteFrom('sys_organization').where('id', '=', organizationId).execute();
}

/** An entry of the ledger with what version 5 shows of its environment; nulls where that is gone. */
export type LedgerView = Awaited<ReturnType<typeof ledgerPage>>[number];

/** HAZARD: literals where a partial index is meant to be used; see `TRUE`. */
function ledgerPage(engine: Engine, sourceTable: string, after: string) {
  return engine.read
    .selectFrom('sys_migration_ledger as l')
    .leftJoin('sys_environment as e', 'e.id', 'l.environment_id')
    .leftJoin('sys_environment_database as d', 'd.environment_id', 'e.id')
    .leftJoin('sys_database_credential as c', (join) =>
      join
        .onRef('c.environment_database_id', '=', 'd.id')
        .on('c.authorization', '=', sql.lit('full_access' as const))
        .on('c.state', '=', sql.lit('active' as const)),
    )
    .selectAll('l')
    .select(['e.slug', 'e.is_default', 'e.status', 'd.id as database_id', 'c.id as credential_id'])
    .where('l.source_table', '=', sourceTable)
    .where('l.source_id', '>', after)
    .orderBy('l.source_id')
    .limit(PAGE)
    .execute();
}

/** Every entry of the ledger, in order of the ids in version 4. */
export async function* ledgerEntries(engine: Engine, sourceTable: string): AsyncGenerator<LedgerView> {
  for (let after = ''; ; ) {
    const page = await read(() => ledgerPage(engine, sourceTable, after));
    yield* page;
    const last = page.at(-1);
    if (page.length < PAGE || !last) return;
    after = last.source_id;
  }
}

/** An entry as it is now. */
export function findEntry(
  engine: Engine,
  { source_table, source_id }: Pick<MigrationLedgerRow, 'source_table' | 'source_id'>,
): Promise<MigrationLedgerRow | undefined> {
  return read(() => findRow(engine, 'sys_migration_ledger', { source_table, source_id }));
}

/** How many rows stand where. */
export async function ledgerCounts(engine: Engine): Promise<{ state: string; code: string | null; count: number }[]> {
  return read(() =>
    engine.read
      .selectFrom('sys_migration_ledger')
      .select((eb) => ['state', 'last_error_code as code', eb.fn.countAll<number>().as('count')])
      .groupBy(['state', 'last_error_code'])
      .orderBy('state')
      .orderBy('last_error_code')
      .execute(),
  );
}

/** What there is of an organization. */
export async function organizationFacts(engine: Engine, organizationId: string) {
  const [organization, environments, members] = await Promise.all([
    read(() =>
      engine.read.selectFrom('sys_organization').selectAll().where('id', '=', organizationId).executeTakeFirst(),
    ),
    read(() =>
      engine.read
        .selectFrom('sys_environment as e')
        .leftJoin('sys_migration_ledger as l', 'l.environment_id', 'e.id')
        .select(['e.slug', 'e.is_default', 'l.source_id'])
        .where('e.organization_id', '=', organizationId)
        .execute(),
    ),
    read(() =>
      engine.read
        .selectFrom('sys_organization_member')
        .select(['user_id', 'role'])
        .where('organization_id', '=', organizationId)
        .orderBy('user_id')
        .execute(),
    ),
  ]);
  return { organization, environments, members };
}

/** Whether a physical name is or was that of a database. */
export async function isNameTaken(engine: Engine, databaseName: string): Promise<boolean> {
  const row = await read(() =>
    engine.read
      .selectFrom('sys_external_name')
      .select('database_name')
      .where('database_name', '=', databaseName)
      .executeTakeFirst(),
  );
  return row !== undefined;
}

/** The id of an environment by the id or slug of its organization and its own slug. A slug that is another one's id does not count. */
export async function findEnvironmentId(
  engine: Engine,
  organization: string,
  slug: string,
): Promise<string | undefined> {
  const row = await read(() =>
    engine.read
      .selectFrom('sys_environment as e')
      .innerJoin('sys_organization as o', 'o.id', 'e.organization_id')
      .select('e.id')
      .where('e.slug', '=', slug)
      .where((eb) => eb.or([eb('o.slug', '=', organization), eb('o.id', '=', organization)]))
      .orderBy((eb) => eb('o.id', '=', organization), 'desc')
      .executeTakeFirst(),
  );
  return row?.id;
}

export async function isOrganizationSlugTaken(engine: Engine, slug: string): Promise<boolean> {
  const row = await read(() =>
    engine.read.selectFrom('sys_organization').select('id').where('slug', '=', slug).executeTakeFirst(),
  );
  return row !== undefined;
}

/** Placements that databases can be served from. */
export function servingPlacements(engine: Engine) {
  return read(() =>
    engine.read.selectFrom('sys_placement').selectAll().where('status', '<>', 'retired').orderBy('id').execute(),
  );
}

async function read<T>(statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    throw storeError(error);
  }
}
