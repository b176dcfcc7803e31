import type { Logger } from '@envplane/spec';
import { type Foundation, type FoundationOptions, openFoundation } from '../foundation.ts';
import { ledgerCounts, ledgerEntries } from '../store/migration.ts';
import { type EntryResult, finalize, rollBack } from './finalize.ts';
import { inLanes, type Lanes } from './lanes.ts';
import { LEGACY_TABLE, type LegacyDriver, openLegacySource } from './legacy-source.ts';
import { type MigratedRow, type MigrateOptions, migrate } from './migrate.ts';
import { type DecryptLegacy, openTarget } from './target.ts';
import { verifyCopied } from './verify.ts';

/** How many organizations, or rows of the ledger, are worked on at a time, unless told otherwise. */
export const BATCH_SIZE = 32;

export interface MigrationOptions extends FoundationOptions {
  /** The database of version 4. Only `finalize` writes to it. */
  legacy: LegacyDriver;
  decryptLegacy: DecryptLegacy;
  /** Who counts as the creator, and as the owner of an environment that would have none. */
  systemUserId: string;
}

type RunOptions = Partial<Pick<MigrateOptions, 'besideDefault' | 'probe'> & Lanes>;

/** The steps of a migration, each of which may be interrupted and run again. */
export interface Migration {
  /** M0: what `apply` would do, without a write. */
  plan(options?: RunOptions): Promise<MigrationReport>;
  /** M1 and M2. */
  apply(options?: RunOptions): Promise<MigrationReport>;
  /** M2 for what was copied and could not be proved. */
  verify(options?: Partial<Lanes>): Promise<VerifyReport>;
  /** What the ledger says. */
  status(): Promise<{ state: string; code: string | null; count: number }[]>;
  /** M5. */
  finalize(options?: FinishOptions & { blankToken?: boolean }): Promise<FinishReport>;
  rollback(options?: FinishOptions): Promise<FinishReport>;
  close(): Promise<void>;
}

interface FinishOptions extends Partial<Lanes> {
  dryRun?: boolean;
}

export interface MigrationReport {
  dryRun: boolean;
  total: number;
  migrated: number;
  done: number;
  left: number;
  skipped: number;
  blocked: number;
  /** Of `migrated` and `done`: logged in to. */
  verified: number;
  /** Rows by driver; `unknown` where the address tells none. */
  drivers: Record<string, number>;
  /** Rows by the reason that is given for them. */
  codes: Record<string, number>;
  durationMs: number;
  /** False when the run was interrupted. */
  complete: boolean;
  rows: MigratedRow[];
}

export interface VerifyReport {
  looked: number;
  verified: number;
  codes: Record<string, number>;
}

export interface FinishReport {
  dryRun: boolean;
  changed: number;
  unchanged: number;
  skipped: number;
  codes: Record<string, number>;
  entries: EntryResult[];
}

/**
 * Opens both sides of a migration: the database of version 4, and store, keys and placements of version 5.
 * @throws as `openControlPlane`; Error when version 4 cannot be read
 */
export async function openMigration(options: MigrationOptions): Promise<Migration> {
  const source = await openLegacySource(options.legacy);
  const foundation = await openFoundation(options);
  try {
    const target = await openTarget(foundation, options.decryptLegacy);
    const { systemUserId, logger } = options;
    const lanesOf = ({ batchSize = BATCH_SIZE, onProgress, signal }: Partial<Lanes>) => ({
      batchSize,
      onProgress,
      signal,
    });
    const run = (dryRun: boolean, given: RunOptions = {}) =>
      report(foundation, logger, {
        ...{ source, target, systemUserId, dryRun },
        besideDefault: given.besideDefault ?? false,
        probe: given.probe ?? true,
        ...lanesOf(given),
      });
    const entries = async (isWanted: (state: string) => boolean = () => true) =>
      (await ledgerCounts(foundation.stores.main))
        .filter(({ state }) => isWanted(state))
        .reduce((sum, { count: rows }) => sum + Number(rows), 0);
    return {
      plan: (given) => run(true, given),
      apply: (given) => run(false, given),
      verify: async (given = {}) => {
        const verdicts = { looked: 0, verified: 0, codes: {} };
        const lanes = { ...lanesOf(given), total: await entries((state) => state === 'copied') };
        await inLanes(ledgerEntries(foundation.stores.main, LEGACY_TABLE), lanes, async (entry) => {
          if (entry.state !== 'copied') return 0;
          const { verified, code } = await verifyCopied(foundation, { target, probe: true, dryRun: false }, entry);
          verdicts.looked += 1;
          if (verified) verdicts.verified += 1;
          count(verdicts.codes, code);
          return 1;
        });
        return verdicts;
      },
      status: () => ledgerCounts(foundation.stores.main),
      finalize: async ({ dryRun = false, blankToken = true, ...given } = {}) => {
        const lanes = { ...lanesOf(given), total: await entries() };
        return finished(dryRun, (onEntry) => finalize(foundation, { source, dryRun, blankToken, onEntry, ...lanes }));
      },
      rollback: async ({ dryRun = false, ...given } = {}) => {
        const lanes = { ...lanesOf(given), total: await entries() };
        return finished(dryRun, (onEntry) => rollBack(foundation, { source, dryRun, onEntry, ...lanes }));
      },
      close: () => foundation.close(),
    };
  } catch (error) {
    await foundation.close();
    throw error;
  }
}

async function report(
  foundation: Foundation,
  logger: Logger | undefined,
  options: MigrateOptions,
): Promise<MigrationReport> {
  const beganMs = performance.now();
  const rows: MigratedRow[] = [];
  const codes: Record<string, number> = {};
  const drivers: Record<string, number> = {};
  const outcomes = { migrated: 0, done: 0, left: 0, skipped: 0, blocked: 0 };
  let verified = 0;
  await migrate(foundation, options, (row) => {
    rows.push(row);
    outcomes[row.outcome] += 1;
    if (row.verified) verified += 1;
    count(drivers, row.driver ?? 'unknown');
    count(codes, row.code);
  });
  rows.sort((a, b) => (a.sourceId < b.sourceId ? -1 : 1));
  const durationMs = Math.round(performance.now() - beganMs);
  logger?.info({ event: 'migration.run', count: rows.length, durationMs }, 'rows of version 4 were looked at');
  const complete = !options.signal?.aborted;
  const { dryRun } = options;
  return { dryRun, total: rows.length, ...outcomes, verified, drivers, codes, durationMs, complete, rows };
}

async function finished(
  dryRun: boolean,
  run: (onEntry: (result: EntryResult) => void) => Promise<void>,
): Promise<FinishReport> {
  const result: FinishReport = { dryRun, changed: 0, unchanged: 0, skipped: 0, codes: {}, entries: [] };
  await run((entry) => {
    result.entries.push(entry);
    if (entry.outcome === 'skipped') result.skipped += 1;
    else if (entry.outcome === 'unchanged') result.unchanged += 1;
    else result.changed += 1;
    count(result.codes, entry.code);
  });
  result.entries.sort((a, b) => (a.sourceId < b.sourceId ? -1 : 1));
  return result;
}

function count(into: Record<string, number>, key: string | null): void {
  if (key !== null) into[key] = (into[key] ?? 0) + 1;
}
