import type { EnvironmentStatus } from '@envplane/spec';
import type { LegacyRow } from './legacy-source.ts';

/** Why a row is not migrated, or not proved. Codes of adapters say why a probe failed. */
export type MigrationCode =
  /** It has no organization, no name or no status that is known, or holds what no store keeps as it is. */
  | 'row_invalid'
  /** No driver has addresses like this. */
  | 'driver_unknown'
  /** No placement holds what the address leads to. */
  | 'driver_not_configured'
  /** The address can never be served: a relative path, a database of the server itself. */
  | 'address_refused'
  /** Another row leads to the same database. */
  | 'url_shared'
  | 'organization_missing'
  | 'organization_not_active'
  /** The organization has a default environment that was not migrated. */
  | 'default_exists'
  /** The name of the database is taken in version 5, or another row has it too. */
  | 'name_taken'
  | 'secret_undecryptable'
  /** What was sealed in version 5 does not open: somebody has changed it. */
  | 'secret_unreadable'
  /** Address and token contradict each other, or one lacks. */
  | 'login_refused'
  /** Version 4 is still making it. */
  | 'provisioning'
  /** It was migrated, and has been changed in version 4 since. */
  | 'source_changed'
  /** Version 4 had given up on it; nobody looked at it. */
  | 'not_probed';

/**
 * `migrated`: it becomes an environment with this run. `done`: it is one already. `left`: version 4 is still at work on it.
 * `skipped`: it is not wanted. `blocked`: something must be put right first.
 */
export type MigrationOutcome = 'migrated' | 'done' | 'left' | 'skipped' | 'blocked';

/** Where the address of a row leads. */
export interface Located {
  driver: string;
  placementId: string;
  databaseUrl: string;
  identity: string;
}

/** What is known of a row without its token. */
export interface RowFacts {
  id: string;
  organizationId: string;
  databaseName: string;
  /** Null: no driver has addresses like this. */
  driver: string | null;
  hash: string;
  located: Located | MigrationCode;
  isShared: boolean;
  isNameShared: boolean;
}

/** What version 5 has of an organization. */
export interface OrganizationState {
  /** Absent: not there, in neither version. `legacy`: only version 4 has it, and it is made with its first row. */
  status: 'active' | 'archived' | 'purging' | 'legacy' | undefined;
  slugs: ReadonlySet<string>;
  hasDefault: boolean;
  /** Whether that default one came from version 4. */
  defaultIsMigrated: boolean;
}

/** What becomes of a row. */
export interface RowPlan {
  outcome: MigrationOutcome;
  code: MigrationCode | null;
  slug: string | null;
  isDefault: boolean;
  status: EnvironmentStatus | null;
}

const LONGEST_SLUG = 63;

/** The first reason not to migrate a row, from the row and its organization alone; null when there is none. */
export function obstacleOf(
  row: LegacyRow,
  facts: Pick<RowFacts, 'located' | 'isShared' | 'isNameShared'>,
  state: OrganizationState,
  options: { besideDefault: boolean; isNameTaken: boolean; isStorable: boolean },
): MigrationCode | null {
  if (row.organizationId === '' || row.databaseName === '' || row.databaseName.length > 255 || row.status === null) {
    return 'row_invalid';
  }
  if (!options.isStorable) return 'row_invalid';
  if (row.status === 'provisioning') return 'provisioning';
  if (facts.isShared) return 'url_shared';
  if (typeof facts.located === 'string') return facts.located;
  if (state.status === undefined) return 'organization_missing';
  if (state.status !== 'active' && state.status !== 'legacy') return 'organization_not_active';
  if (state.hasDefault && !state.defaultIsMigrated && !options.besideDefault) return 'default_exists';
  return facts.isNameShared || options.isNameTaken ? 'name_taken' : null;
}

const OUTCOMES: Partial<Record<MigrationCode, MigrationOutcome>> = { provisioning: 'left', default_exists: 'skipped' };

export const refused = (code: MigrationCode): RowPlan => ({
  outcome: OUTCOMES[code] ?? 'blocked',
  code,
  slug: null,
  isDefault: false,
  status: null,
});

/**
 * What the rows of one organization become, in the order of their creation: the first that nothing hinders is `prod` and the
 * default, unless there is a default already; further ones are named after their databases.
 */
export function planOrganization(
  rows: readonly { row: LegacyRow; obstacle: MigrationCode | null }[],
  state: OrganizationState,
): Map<string, RowPlan> {
  const slugs = new Set(state.slugs);
  let { hasDefault } = state;
  const plans = new Map<string, RowPlan>();
  const order = [...rows].sort((a, b) => a.row.createdAtMs - b.row.createdAtMs || (a.row.id < b.row.id ? -1 : 1));
  for (const { row, obstacle } of order) {
    if (obstacle !== null) {
      plans.set(row.id, refused(obstacle));
      continue;
    }
    const slug = freeSlug(hasDefault ? slugOf(row.databaseName) : 'prod', slugs);
    slugs.add(slug);
    plans.set(row.id, {
      outcome: 'migrated',
      code: row.status === 'failed' ? 'not_probed' : null,
      slug,
      isDefault: !hasDefault,
      status: row.status,
    });
    hasDefault = true;
  }
  return plans;
}

/** Lower case, with hyphens for everything else. */
export function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, LONGEST_SLUG)
    .replace(/-+$/, '');
  return slug === '' ? 'prod' : slug;
}

/** The slug, or the first of `slug-2`, `slug-3`, … that is free. */
export function freeSlug(wanted: string, taken: ReadonlySet<string>): string {
  let slug = wanted;
  for (let count = 2; taken.has(slug); count += 1) {
    const suffix = `-${count}`;
    slug = wanted.slice(0, LONGEST_SLUG - suffix.length).replace(/-+$/, '') + suffix;
  }
  return slug;
}
