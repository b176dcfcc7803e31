import { ControlPlaneError, type EnvironmentStatus, MetadataSchema, type Secret } from '@envplane/spec';
import type { Foundation } from '../foundation.ts';
import type { MigrationLedgerRow } from '../objects/index.ts';
import { copyRow, isNameTaken, type LedgerView, ledgerEntries, organizationFacts } from '../store/migration.ts';
import { copiedRow, newestPackages } from './copied-row.ts';
import { inLanes, type Lanes } from './lanes.ts';
import {
  isChanged,
  LEGACY_TABLE,
  type LegacyOrganization,
  type LegacyPackage,
  type LegacyRow,
  type LegacySource,
} from './legacy-source.ts';
import {
  type MigrationCode,
  type MigrationOutcome,
  type OrganizationState,
  obstacleOf,
  planOrganization,
  type RowFacts,
  type RowPlan,
  refused,
} from './plan.ts';
import { driverOf, MigrationRefusal, type MigrationTarget } from './target.ts';
import { probeBefore, type Verdict, verifyCopied } from './verify.ts';

const PAGE = 500;
/** How often an organization is looked at again because somebody else changed it. */
const CONFLICTS = 4;

/** An organization is done as a whole; its rows are counted. */
export interface MigrateOptions extends Lanes {
  source: LegacySource;
  target: MigrationTarget;
  /** Who counts as the creator, and as the owner of an environment that would have none. */
  systemUserId: string;
  /** Says what a run would do: it decrypts and logs in as one, and writes nothing. */
  dryRun: boolean;
  /** Rows of organizations that have a default environment of their own become further environments. */
  besideDefault: boolean;
  /** Whether databases are logged in to. Without, they are let in unproved. */
  probe: boolean;
}

/** A package is installed twice in the row; the one that was installed last comes along. */
export type MigrationWarning = 'package_repeated';

/** What became of one row of version 4. */
export interface MigratedRow {
  sourceId: string;
  organizationId: string;
  databaseName: string;
  driver: string | null;
  outcome: MigrationOutcome;
  slug: string | null;
  isDefault: boolean;
  status: EnvironmentStatus | null;
  verified: boolean;
  code: string | null;
  /** What was not carried over. */
  warnings: MigrationWarning[];
  environmentId: string | null;
  environmentDatabaseId: string | null;
  credentialId: string | null;
}

/**
 * M0 to M2: every row of version 4 is looked at, and those that nothing hinders become environments, an organization at a time.
 * Interrupted at any point it is simply run again: what the ledger has is not done twice.
 *
 * @param onRow told of each row once, in no particular order
 * @throws ControlPlaneError `store_unavailable`, `encryptor_unavailable`; whatever the source throws
 */
export async function migrate(
  foundation: Foundation,
  options: MigrateOptions,
  onRow: (row: MigratedRow) => void,
): Promise<void> {
  const ledger = new Map<string, LedgerView>();
  for await (const entry of ledgerEntries(foundation.stores.main, LEGACY_TABLE)) ledger.set(entry.source_id, entry);
  const groups = await groupRows(options);
  const total = [...groups.values()].reduce((sum, { length }) => sum + length, 0);
  await inLanes(groups.entries(), { ...options, total }, async ([organizationId, facts]) => {
    for (const row of await migrateOrganization(foundation, options, { organizationId, facts, ledger })) onRow(row);
    return facts.length;
  });
}

/** Reads every row once, without keeping its token, and finds those that lead to one database or have one name. */
async function groupRows({ source, target }: MigrateOptions): Promise<Map<string, RowFacts[]>> {
  const groups = new Map<string, RowFacts[]>();
  const byIdentity = new Map<string, RowFacts>();
  const byName = new Map<string, RowFacts>();
  for (let after: string | null = null; ; ) {
    const page: LegacyRow[] = await source.page(after, PAGE);
    for (const { id, organizationId, databaseName, databaseUrl, hash } of page) {
      const row = { id, organizationId, databaseName, hash };
      const located = target.locate(databaseUrl);
      const driver = driverOf(databaseUrl);
      const facts: RowFacts = { ...row, driver, located, isShared: false, isNameShared: false };
      const twin = typeof located === 'string' ? undefined : firstOf(byIdentity, located.identity, facts);
      if (twin) twin.isShared = facts.isShared = true;
      const namesake = firstOf(byName, databaseName, facts);
      if (namesake) namesake.isNameShared = facts.isNameShared = true;
      const group = groups.get(organizationId);
      if (group) group.push(facts);
      else groups.set(organizationId, [facts]);
    }
    const last = page.at(-1);
    if (page.length < PAGE || !last) return groups;
    after = last.id;
  }
}

/** Who came first with the key; undefined for the first itself. */
function firstOf<Value>(seen: Map<string, Value>, key: string, value: Value): Value | undefined {
  const first = seen.get(key);
  if (first === undefined) seen.set(key, value);
  return first;
}

interface Group {
  organizationId: string;
  facts: readonly RowFacts[];
  ledger: ReadonlyMap<string, LedgerView>;
}

/** A row of the group, read whole. */
type Read = { row: LegacyRow; facts: RowFacts; packages: readonly LegacyPackage[] };

async function migrateOrganization(
  foundation: Foundation,
  options: MigrateOptions,
  group: Group,
): Promise<MigratedRow[]> {
  const results: MigratedRow[] = [];
  const fresh: Read[] = [];
  for (const facts of group.facts) {
    const entry = group.ledger.get(facts.id);
    if (entry) {
      results.push(await resume(foundation, options, facts, entry));
      continue;
    }
    // Version 4 may have removed it meanwhile.
    const row = await options.source.row(facts.id);
    if (row) fresh.push({ row, facts, packages: await options.source.packagesOf(row.id) });
  }
  if (fresh.length > 0) results.push(...(await migrateRows(foundation, options, group.organizationId, fresh)));
  return results;
}

/** A row that the ledger has: proved now where it was not, else left as it is. */
async function resume(
  foundation: Foundation,
  options: MigrateOptions,
  facts: RowFacts,
  entry: LedgerView,
): Promise<MigratedRow> {
  if (entry.state !== 'finalized' && (await isChanged(options.source, facts, entry))) {
    return described(facts, entry, 'blocked', { verified: entry.state === 'verified', code: 'source_changed' });
  }
  try {
    const verdict = await verifyCopied(foundation, options, entry);
    return described(facts, { ...entry, ...(await statusAfter(foundation, entry, verdict)) }, 'done', verdict);
  } catch (error) {
    noteRefusal(foundation, facts.id, error);
    return described(facts, entry, 'blocked', { verified: false, code: 'row_invalid' });
  }
}

/** What was let in just now shows another status than before. */
async function statusAfter(
  { reads }: Foundation,
  entry: LedgerView,
  { verified }: Verdict,
): Promise<Partial<LedgerView>> {
  if (entry.state !== 'copied' || !verified) return {};
  const environment = await reads.environment(entry.environment_id);
  return environment ? { status: environment.status } : {};
}

async function migrateRows(
  foundation: Foundation,
  options: MigrateOptions,
  organizationId: string,
  rows: readonly Read[],
): Promise<MigratedRow[]> {
  const results = new Map<string, MigratedRow>();
  let conflicts = 0;
  for (;;) {
    const open = rows.filter(({ row }) => !results.has(row.id));
    if (open.length === 0) return [...results.values()];
    const view = await stateOf(foundation, options, organizationId);
    const logins = await openLogins(foundation, options, open, view.state);
    const plans = planOrganization(
      open.map(({ row }) => ({ row, obstacle: logins.get(row.id)?.obstacle ?? null })),
      view.state,
    );
    for (const read of open) {
      const { id } = read.row;
      const plan = plans.get(id) ?? refused('row_invalid');
      try {
        results.set(
          id,
          await migrateRow(foundation, options, read, { plan, login: logins.get(id)?.login ?? null, view }),
        );
      } catch (error) {
        // Somebody made an environment in the organization since it was read: the plan is made again with it.
        const isStale = isConflict(error) && conflicts < CONFLICTS;
        if (isStale) conflicts += 1;
        else results.set(id, refusedRow(foundation, read, error));
        // What was planned for the rows that are left took this one for done.
        break;
      }
    }
  }
}

async function migrateRow(
  foundation: Foundation,
  options: MigrateOptions,
  read: Read,
  { plan, login, view }: { plan: RowPlan; login: Secret | null; view: OrganizationView },
): Promise<MigratedRow> {
  const { row, facts, packages } = read;
  const { located } = facts;
  if (plan.outcome !== 'migrated' || plan.slug === null || typeof located === 'string') {
    return planned(read, plan, { verified: false, code: plan.code });
  }
  if (options.dryRun) return planned(read, plan, await probeBefore(options, located, login, plan));
  const copied = await copiedRow(foundation, options.target, {
    ...{ row, located, login, packages, members: view.members, made: view.legacy, systemUserId: options.systemUserId },
    plan: { ...plan, slug: plan.slug },
  });
  const { entry, made } = await foundation.effect('cp.ledger-copy', () => copyRow(foundation.stores.main, copied));
  const verdict = await verifyCopied(foundation, options, entry);
  const { environment, database, credentials } = copied.environment;
  const shown = made
    ? {
        slug: environment.slug,
        is_default: environment.is_default,
        status: shownStatus(plan, verdict),
        database_id: database.id,
        credential_id: credentials[0]?.id ?? null,
      }
    : await viewOf(foundation, entry);
  return {
    ...described(facts, { ...entry, ...shown }, made ? 'migrated' : 'done', verdict),
    warnings: warningsOf(read, plan),
  };
}

/** A row that came as far as the stores, and was refused there. */
function refusedRow(foundation: Foundation, read: Read, error: unknown): MigratedRow {
  noteRefusal(foundation, read.row.id, error);
  const isNamesake = error instanceof ControlPlaneError && error.code === 'name_taken';
  const plan = refused(isNamesake ? 'name_taken' : 'row_invalid');
  return planned(read, plan, { verified: false, code: plan.code });
}

/** One row never ends a run. @throws what hinders every row */
function noteRefusal({ logger }: Foundation, sourceId: string, error: unknown): void {
  const isOfEveryRow =
    error instanceof ControlPlaneError && ['store_unavailable', 'encryptor_unavailable'].includes(error.code);
  if (isOfEveryRow) throw error;
  logger.error({ event: 'migration.row_refused', sourceId, err: error }, 'a row could not be migrated');
}

const isConflict = (error: unknown): boolean =>
  error instanceof ControlPlaneError && ['slug_taken', 'default_taken'].includes(error.code);

interface OrganizationView {
  state: OrganizationState;
  members: Parameters<typeof copiedRow>[2]['members'];
  /** Given where the organization is made with its first row. */
  legacy: LegacyOrganization | null;
}

async function stateOf(
  { stores }: Foundation,
  { source }: MigrateOptions,
  organizationId: string,
): Promise<OrganizationView> {
  const { organization, environments, members } = await organizationFacts(stores.main, organizationId);
  const legacy = organization || organizationId === '' ? null : await source.organization(organizationId);
  const isDefault = environments.find((each) => each.is_default);
  return {
    state: {
      status: organization?.status ?? (legacy ? 'legacy' : undefined),
      slugs: new Set(environments.map(({ slug }) => slug)),
      hasDefault: isDefault !== undefined,
      defaultIsMigrated: isDefault?.source_id != null,
    },
    members,
    legacy,
  };
}

/** What hinders each row, and the logins of those that nothing does. No token is decrypted that is not needed. */
async function openLogins(
  { stores }: Foundation,
  { target, besideDefault }: MigrateOptions,
  rows: readonly Read[],
  state: OrganizationState,
): Promise<Map<string, { obstacle: MigrationCode | null; login: Awaited<ReturnType<MigrationTarget['loginOf']>> }>> {
  const logins = new Map();
  for (const { row, facts, packages } of rows) {
    const isStorable = MetadataSchema.safeParse({ row, packages }).success;
    const nameTaken = isStorable && (await isNameTaken(stores.main, row.databaseName));
    let obstacle = obstacleOf(row, facts, state, { besideDefault, isNameTaken: nameTaken, isStorable });
    let login = null;
    if (obstacle === null && typeof facts.located !== 'string') {
      try {
        login = await target.loginOf(row, facts.located);
      } catch (error) {
        if (!(error instanceof MigrationRefusal)) throw error;
        obstacle = error.code;
      }
    }
    logins.set(row.id, { obstacle, login });
  }
  return logins;
}

/** A row that was not written. */
const planned = (read: Read, plan: RowPlan, verdict: Verdict): MigratedRow => ({
  sourceId: read.row.id,
  organizationId: read.row.organizationId,
  databaseName: read.row.databaseName,
  driver: read.facts.driver,
  outcome: plan.outcome,
  slug: plan.slug,
  isDefault: plan.isDefault,
  status: shownStatus(plan, verdict),
  ...verdict,
  warnings: warningsOf(read, plan),
  environmentId: null,
  environmentDatabaseId: null,
  credentialId: null,
});

const warningsOf = ({ packages }: Read, { outcome }: RowPlan): MigrationWarning[] =>
  outcome === 'migrated' && newestPackages(packages).length < packages.length ? ['package_repeated'] : [];

/** One that is to serve and is not proved waits. */
function shownStatus({ outcome, status }: RowPlan, { verified, code }: Verdict): EnvironmentStatus | null {
  const waits = outcome === 'migrated' && status === 'active' && !verified && code !== 'not_probed';
  return waits ? 'migrating' : status;
}

type Shown = Pick<LedgerView, 'slug' | 'is_default' | 'status' | 'database_id' | 'credential_id'>;

/** What another process made of the row. */
async function viewOf({ reads }: Foundation, { environment_id }: MigrationLedgerRow): Promise<Shown> {
  const environment = await reads.environment(environment_id);
  const { slug = null, is_default = null, status = null, database_id = null, credential_id = null } = environment ?? {};
  return { slug, is_default, status, database_id, credential_id };
}

/** A row that the ledger has. */
const described = (
  facts: RowFacts,
  entry: Pick<LedgerView, 'environment_id'> & Shown,
  outcome: MigrationOutcome,
  verdict: Verdict,
): MigratedRow => ({
  sourceId: facts.id,
  organizationId: facts.organizationId,
  databaseName: facts.databaseName,
  driver: facts.driver,
  outcome,
  slug: entry.slug,
  isDefault: entry.is_default ?? false,
  status: entry.status,
  ...verdict,
  warnings: [],
  environmentId: entry.environment_id,
  environmentDatabaseId: entry.database_id,
  credentialId: entry.credential_id,
});
