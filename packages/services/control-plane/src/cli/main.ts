import tab from '@bomb.sh/tab/commander';
import { Command, CommanderError, Option } from 'commander';
import type { Problem } from '../client/index.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { VERSION } from '../version.ts';
import { addConnectionCommands } from './connection-commands.ts';
import type { GatewayCommandOptions } from './gateway.ts';
import { addMigrateCommands } from './migrate-commands.ts';
import { FORMATS, type Format } from './output.ts';
import { addResourceCommands } from './resource-commands.ts';
import type { GlobalOptions } from './session.ts';

/** Runs one command line: data to stdout, everything else to stderr. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.ok;
  const end = (code: number) => {
    exitCode = code;
  };
  const program = buildProgram(end);
  // Whoever reads the data may have seen enough, as `head` has.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return await report(error, program.opts<GlobalOptions>().output);
  } finally {
    if (program.opts<GlobalOptions>().debug) (await import('./debug.ts')).sayTotal();
  }
}

function buildProgram(end: (code: number) => void): Command {
  const program = new Command('envplane')
    .description('Gives every environment of every organization its own physical database.')
    .version(VERSION)
    .addOption(new Option('-o, --output <format>', 'how data is printed').choices(FORMATS).default('table'))
    .option('--url <url>', 'the service; else ENVPLANE_URL, the nearest .envplane.json, the data directory')
    .option('-q, --quiet', 'print data and errors only')
    .option('--debug', 'say on stderr how long each request takes')
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .exitOverride();
  program
    .command('dev')
    .description('run the service on embedded defaults, with a sample organization')
    .action(async () => end(await (await import('../dev.ts')).dev()));
  program
    .command('serve')
    .description('run the service')
    .action(async () => end(await (await import('../serve.ts')).serve()));
  program
    .command('gateway')
    .description('verify environment tokens in front of a service')
    .requiredOption('--upstream <url>', 'the service that gets what passes')
    .requiredOption('--routes <file>', 'JSON: the permission that each path needs')
    .option('--issuer <url>', 'issuer of the tokens, if it is not the URL of the control plane')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 picks a free one', '4700')
    .action(async (options: GatewayCommandOptions) =>
      end(await (await import('./gateway.ts')).gateway({ ...program.opts<GlobalOptions>(), ...options })),
    );
  program
    .command('doctor')
    .description('check configuration, files, store and databases, and say what to do')
    .option('--after-restore', 'the store was restored from a backup: delete nothing, compare, heal credentials')
    .action(async (options: { afterRestore?: boolean }) =>
      end(await (await import('./doctor.ts')).doctor({ ...program.opts<GlobalOptions>(), ...options })),
    );
  addMigrateCommands(program, end);
  addResourceCommands(program, end);
  addConnectionCommands(program, end);
  tab(program, { completionCommandName: 'completion' });
  return program;
}

async function report(error: unknown, format: Format): Promise<number> {
  if (error instanceof CommanderError) {
    if (error.code !== 'envplane.refused') return usageExit(error);
    const { cause } = error as { cause?: Problem };
    if (cause) await (await import('./session.ts')).reportProblem(cause, format);
    else process.stderr.write(`error: ${error.message}\n`);
    return error.exitCode;
  }
  const { failureText } = await import('../log.ts');
  process.stderr.write(`error: ${failureText(error)}\n`);
  return EXIT.failed;
}

/** Wrong usage; the library has said what is wrong, and would end with 1. Help and version that were asked for are none. */
const usageExit = ({ exitCode }: CommanderError): ExitCode => (exitCode === 0 ? EXIT.ok : EXIT.usage);
