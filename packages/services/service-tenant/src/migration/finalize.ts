import type { Foundation } from '../foundation.ts';
import type { MigrationLedgerRow } from '../objects/index.ts';
import { finalizeEntry, ledgerEntries, rollBackRow } from '../store/migration.ts';
import { migrationAudit } from './copied-row.ts';
import { inLanes, type Lanes } from './lanes.ts';
import { isChanged, LEGACY_TABLE, type LegacySource } from './legacy-source.ts';

/** What became of an entry of the ledger. */
export interface EntryResult {
  sourceId: string;
  organizationId: string;
  environmentId: string;
  outcome: 'finalized' | 'rolled_back' | 'unchanged' | 'skipped';
  /** Why it was skipped. */
  code: 'not_verified' | 'source_changed' | 'busy' | 'finalized' | 'environment_gone' | null;
}

interface Options extends Lanes {
  source: LegacySource;
  /** How many entries the ledger has. */
  total: number;
  dryRun: boolean;
  onEntry: (result: EntryResult) => void;
}

/**
 * M5: lets go of version 4, row by row: the ledger says first that its row means nothing any more, then its packages name the
 * environment, the row is archived there and its token blanked. Interrupted between the two it is finished by the next run. There is no way back after it.
 */
export async function finalize(foundation: Foundation, options: Options & { blankToken: boolean }): Promise<void> {
  await inLanes(ledgerEntries(foundation.stores.main, LEGACY_TABLE), options, async (entry) => {
    options.onEntry(await finalizeRow(foundation, entry, options));
    return 1;
  });
}

/** One row of it. */
export async function finalizeRow(
  foundation: Foundation,
  entry: MigrationLedgerRow,
  { source, dryRun, blankToken }: { source: LegacySource; dryRun: boolean; blankToken: boolean },
): Promise<EntryResult> {
  if (entry.state === 'copied') return resultOf(entry, 'skipped', 'not_verified');
  const row = await source.row(entry.source_id);
  const isFinished = entry.state === 'finalized';
  if (row && !isFinished && (await isChanged(source, row, entry))) return resultOf(entry, 'skipped', 'source_changed');
  const { environment_id: environmentId } = entry;
  const isArchived =
    !row ||
    (row.status === 'archived' &&
      (!blankToken || row.authToken === '') &&
      (await source.isRepointed(row.id, environmentId)));
  if (isFinished && isArchived) return resultOf(entry, 'unchanged', null);
  if (dryRun) return resultOf(entry, 'finalized', null);
  const audit = migrationAudit(entry.organization_id, entry.environment_id, 'environment.migration_finalized', {
    sourceId: entry.source_id,
  });
  const said = await foundation.effect('cp.ledger-finalize', () => finalizeEntry(foundation.stores.main, entry, audit));
  if (!said) return resultOf(entry, 'skipped', 'not_verified');
  if (!isArchived) {
    await foundation.effect('v4.archive', () => source.archive(entry.source_id, { environmentId, blankToken }));
  }
  return resultOf(entry, 'finalized', null);
}

/**
 * Takes back what is not finalized: the environments go, their databases stay as they are and version 4 goes on. The data keys go
 * last; one that outlives an interruption seals nothing and is collected later.
 */
export async function rollBack(foundation: Foundation, options: Options): Promise<void> {
  await inLanes(ledgerEntries(foundation.stores.main, LEGACY_TABLE), options, async (entry) => {
    options.onEntry(await rollBackEntry(foundation, entry, options));
    return 1;
  });
}

async function rollBackEntry(
  { stores, dataKeys, effect }: Foundation,
  entry: MigrationLedgerRow,
  { dryRun }: Pick<Options, 'dryRun'>,
): Promise<EntryResult> {
  if (entry.state === 'finalized') return resultOf(entry, 'skipped', 'finalized');
  if (dryRun) return resultOf(entry, 'rolled_back', null);
  const audit = migrationAudit(entry.organization_id, entry.environment_id, 'environment.adoption_rolled_back', {
    sourceId: entry.source_id,
  });
  const done = await effect('cp.ledger-rollback', () => rollBackRow(stores.main, entry, audit));
  if (done !== 'rolled_back') return resultOf(entry, 'skipped', done === 'busy' ? 'busy' : 'environment_gone');
  await effect('cp.key-erase', () => dataKeys.destroy(entry.environment_id));
  return resultOf(entry, 'rolled_back', null);
}

const resultOf = (
  { source_id, organization_id, environment_id }: MigrationLedgerRow,
  outcome: EntryResult['outcome'],
  code: EntryResult['code'],
): EntryResult => ({
  sourceId: source_id,
  organizationId: organization_id,
  environmentId: environment_id,
  outcome,
  code,
});
