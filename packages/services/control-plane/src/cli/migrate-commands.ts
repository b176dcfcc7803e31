import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from '../exit.ts';
import type { MigrateCommandOptions, MigrationStep } from './migrate.ts';
import type { GlobalOptions } from './session.ts';
import type { SplitCommandOptions } from './split.ts';

/** Adds the commands that take over data of others; what they do is loaded when one is run. */
export function addMigrateCommands(program: Command, end: (code: ExitCode) => void): void {
  const migrate = program.command('migrate').description('take over data of version 4, or of a shared database');
  const v4 = migrate
    .command('v4-to-v5')
    .description(
      'make environments of the databases of version 4, where they are; without a step: plan, apply and verify',
    )
    .argument('[step]', 'plan, apply, verify, status, finalize or rollback')
    .requiredOption(
      '--from <url>',
      'control plane of version 4: file:<path> or postgres://…; its password is PGPASSWORD',
    )
    .option('--decrypt-command <command>', 'shell command: stored token on stdin, plain one on stdout')
    .option(
      '--dry-run',
      'say what would be done, and do none of it; only an empty store and its key are made where there is none',
    )
    .option('--beside-default', 'also organizations that have a default environment of their own')
    .addOption(new Option('--batch-size <number>', 'organizations, or rows of the ledger, at a time').argParser(count))
    .option('--system-user <id>', 'who counts as the creator', 'platform')
    .option('--report <file>', 'write the whole report there, as JSON')
    .option('--yes', 'confirm what cannot be taken back');
  v4.action(async (step: string | undefined, options: Omit<MigrateCommandOptions, keyof GlobalOptions>) => {
    const { migrateV4ToV5, MIGRATION_STEPS } = await import('./migrate.ts');
    if (step !== undefined && !(MIGRATION_STEPS as readonly string[]).includes(step)) {
      v4.error(`error: there is no step ${step}; there are ${MIGRATION_STEPS.join(', ')}`);
    }
    const all = { ...program.opts<GlobalOptions>(), ...options };
    end(await migrateV4ToV5(step as MigrationStep | undefined, all));
  });
  addSplit(program, migrate, end);
}

function addSplit(program: Command, migrate: Command, end: (code: ExitCode) => void): void {
  migrate
    .command('split')
    .description("copy one environment's rows out of a shared database; the source is never written")
    .requiredOption('--from <url>', 'the shared database: file:<path> or postgres://…; its password is PGPASSWORD')
    .requiredOption('--env-id <value>', 'what the column holds in the rows to copy')
    .requiredOption('--to <environment>', 'id of the environment that takes them, or <organization>/<slug>')
    .option('--column <name>', 'the column that tells environments apart', 'env_id')
    .option('--dry-run', 'say what would be copied, and write nothing')
    .option('--report <file>', 'write the whole report there, as JSON')
    .action(async (options: Omit<SplitCommandOptions, keyof GlobalOptions>) => {
      const { splitShared } = await import('./split.ts');
      end(await splitShared({ ...program.opts<GlobalOptions>(), ...options }));
    });
}

function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It is a number from 1 to 9999.');
  return Number(text);
}
