import { type Command, Option } from 'commander';
import type { ConnectionCommandOptions } from './connection.ts';

/** Adds what uses a connection to the commands of environments, which come from the contract; what they do is loaded when one is run. */
export function addConnectionCommands(program: Command, end: (code: number) => void): void {
  const env = program.commands.find((command) => command.name() === 'env');
  if (!env) throw new Error('the contract has no commands of environments');
  const reference = 'Id of the environment, or organization/environment.';
  const authorization = () =>
    new Option('--authorization <value>', 'What the connection must allow.')
      .choices(['full_access', 'read_only'])
      .default('full_access');

  const pull = env
    .command('pull')
    .description('Prints the connection as variables that a shell and dotenv read; the secret is among them.')
    .argument('<env>', reference)
    .addOption(authorization())
    .option('--file <path>', 'write them there instead, readable by you alone')
    .option('--force', 'replace the file')
    .action(async (environment: string) => {
      const options = pull.optsWithGlobals<ConnectionCommandOptions & { file?: string; force?: boolean }>();
      end(await (await import('./connection.ts')).pull(environment, options));
    });

  const exec = env
    .command('exec')
    .description('Runs a command with the connection in its environment; the secret touches no disk.')
    .usage('[options] <env> -- <command...>')
    .argument('<env>', reference)
    .argument('<command...>', 'what to run, after --')
    .addOption(authorization())
    .action(async (environment: string, command: string[]) => {
      end(await (await import('./connection.ts')).exec(environment, command, exec.optsWithGlobals()));
    });
}
