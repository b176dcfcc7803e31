import { writeFileSync } from 'node:fs';
import {
  BATCH_SIZE,
  type FinishReport,
  type Migration,
  type MigrationReport,
  openLegacyDatabase,
  openMigration,
} from '@envplane/service-tenant';
import { type Config, readConfig } from '../config.ts';
import { findHolder, openDataDirectory } from '../data-directory.ts';
import { decryptByCommand } from '../decrypt-command.ts';
import { chooseDrivers, FAILPOINT_NAMES } from '../drivers.ts';
import { chooseEncryptors } from '../encryptors.ts';
import { EXIT, type ExitCode, refusal } from '../exit.ts';
import { failpointEffect } from '../failpoints.ts';
import { createLog } from '../log.ts';
import { print } from './output.ts';
import type { GlobalOptions } from './session.ts';
import { stepDisplay } from './ui.ts';

/** The steps of a migration; without one `plan`, `apply` and `verify` in a row, or with `--dry-run` only the first. */
export const MIGRATION_STEPS = ['plan', 'apply', 'verify', 'status', 'finalize', 'rollback'] as const;
export type MigrationStep = (typeof MIGRATION_STEPS)[number];

export interface MigrateCommandOptions extends GlobalOptions {
  from: string;
  decryptCommand?: string;
  dryRun?: boolean;
  besideDefault?: boolean;
  batchSize?: number;
  systemUser: string;
  report?: string;
  yes?: boolean;
}

/**
 * The command `migrate v4-to-v5`. Works on the store itself, as the service does, so it runs while no service holds the same data
 * directory; beside services that share a PostgreSQL store it may run at any time, and several at once.
 * Exit code 7 when something is left that is not migrated and proved.
 */
export async function migrateV4ToV5(
  step: MigrationStep | undefined,
  options: MigrateCommandOptions,
): Promise<ExitCode> {
  refusePassword(options.from);
  const config = openOwnStore();
  if ((step === 'finalize' || step === 'rollback') && !options.dryRun && !options.yes) {
    throw refusal(EXIT.usage, `${FINAL[step]} Confirm with --yes, or look first with --dry-run.`);
  }
  const log = await createLog({ level: 'warn', format: config.logFormat });
  const legacy = openLegacyDatabase(options.from, { writable: step === 'finalize' && !options.dryRun });
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const migration = await openMigration({
      ...chooseDrivers(config),
      ...chooseEncryptors(config),
      ...(config.failpoints !== undefined && { effect: failpointEffect(config.failpoints, FAILPOINT_NAMES) }),
      logger: log.logger,
      legacy,
      decryptLegacy: decryptByCommand(options.decryptCommand),
      systemUserId: options.systemUser,
    });
    try {
      return await carryOut(migration, step, options, interrupted.signal);
    } finally {
      await migration.close();
    }
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await legacy.close();
    log.flush();
  }
}

/**
 * The settings of a store that this process may work on itself.
 * @throws refusal while a service holds it
 */
export function openOwnStore(): Config {
  const config = readConfig();
  openDataDirectory(config.dataDirectory);
  const holder = config.storeUrl.startsWith('file:') ? findHolder(config.dataDirectory) : undefined;
  if (holder) throw refusal(EXIT.conflict, `The service, process ${holder.pid}, holds the store; stop it first.`);
  return config;
}

/**
 * Everybody on the machine can read the arguments of a process.
 * @throws refusal for an address that holds a password
 */
export function refusePassword(address: string): void {
  if (!URL.canParse(address) || new URL(address).password === '') return;
  throw refusal(EXIT.usage, 'The address after --from holds a password; leave it out and set PGPASSWORD.');
}

const FINAL = {
  finalize: 'Finalizing archives the rows of version 4 and blanks their tokens; there is no way back.',
  rollback: 'Rolling back removes every environment that is not finalized; their databases stay.',
};

async function carryOut(
  migration: Migration,
  step: MigrationStep | undefined,
  options: MigrateCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { dryRun = false, batchSize = BATCH_SIZE } = options;
  switch (step) {
    case 'status': {
      await print({ items: await migration.status() }, 'migration-status', options.output);
      return EXIT.ok;
    }
    case 'verify': {
      const report = await shown(options, (onProgress) => migration.verify({ batchSize, onProgress, signal }));
      await tell(report, options);
      return report.verified === report.looked ? EXIT.ok : EXIT.drift;
    }
    case 'finalize':
    case 'rollback': {
      const report = await shown(options, (onProgress) => migration[step]({ dryRun, batchSize, onProgress, signal }));
      await tell(report, options);
      return report.skipped === 0 ? EXIT.ok : EXIT.drift;
    }
    default: {
      const run = { batchSize, besideDefault: options.besideDefault ?? false, signal };
      const isPlan = step === 'plan' || dryRun;
      const report = await shown(options, (onProgress) =>
        isPlan ? migration.plan({ ...run, onProgress }) : migration.apply({ ...run, onProgress }),
      );
      await tell(report, options);
      if (!report.complete) return EXIT.interrupted;
      return report.verified === report.total - report.left ? EXIT.ok : EXIT.drift;
    }
  }
}

/** Runs with a line that says how far it is. */
async function shown<Result>(
  { quiet, output }: MigrateCommandOptions,
  run: (onProgress: (progress: { done: number; total: number }) => void) => Promise<Result>,
): Promise<Result> {
  const where = quiet || output !== 'table' ? 'silent' : process.stderr.isTTY ? 'terminal' : 'lines';
  const display = stepDisplay(where);
  const startedAt = performance.now();
  try {
    return await run((progress) => {
      const durationMs = Math.round(performance.now() - startedAt);
      const status = progress.done === progress.total ? 'succeeded' : 'running';
      display.show({ steps: [{ name: 'migrate', status, durationMs, error: null }], progress });
    });
  } finally {
    display.end();
  }
}

type Report = MigrationReport | FinishReport | { codes: Record<string, number> };

/** The whole report into its file and in JSON and YAML; a table shows the figures, and the rows that need somebody. */
async function tell(report: Report, options: MigrateCommandOptions): Promise<void> {
  if (options.report !== undefined) {
    writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
  }
  if (options.output === 'json' || options.output === 'yaml') return print(report, 'migration', options.output);
  const { rows, entries: _, ...figures } = { rows: [], entries: [], ...report };
  await print(figures, 'migration', options.output);
  if (report.codes['secret_undecryptable'] && options.decryptCommand === undefined && !options.quiet) {
    process.stderr.write('Some rows need their token; --decrypt-command says how it is decrypted.\n');
  }
  const open = rows.filter(({ verified, outcome }) => !verified && outcome !== 'left');
  if (options.output === 'table' && open.length > 0) {
    process.stdout.write('\n');
    await print({ items: open.slice(0, SHOWN) }, 'migration-row', 'table');
    if (open.length > SHOWN) process.stderr.write(`${open.length - SHOWN} more; --report <file> has all of them.\n`);
  }
}

/** Rows of a table that a person still reads. */
const SHOWN = 50;
