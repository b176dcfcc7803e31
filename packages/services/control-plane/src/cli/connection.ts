import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { Authorization } from '@envplane/spec';
import { wholeEnvironment } from '../config.ts';
import { EXIT, refusal } from '../exit.ts';
import { connectionVariables } from './connection-variables.ts';
import { quoted } from './output.ts';
import { dataOf, type GlobalOptions, openSession } from './session.ts';
import { environmentId, findSubject } from './subject.ts';

export interface ConnectionCommandOptions extends GlobalOptions {
  authorization: Authorization;
}

/** Prints the connection as variables, or writes them where it is told to. A file is readable by its owner alone. */
export async function pull(
  environment: string,
  options: ConnectionCommandOptions & { file?: string; force?: boolean },
): Promise<number> {
  const { variables, notice } = await connectionOf(environment, options);
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}\n`);
  if (options.file === undefined) process.stdout.write(lines.join(''));
  else {
    write(options.file, lines.join(''), options.force === true);
    notice(`Wrote ${options.file}, with the secret in it; keep it out of version control.`);
  }
  return EXIT.ok;
}

function write(path: string, content: string, isReplacing: boolean): void {
  if (isReplacing) {
    // Not into the old file: others may be able to read that.
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, path);
    return;
  }
  try {
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw refusal(EXIT.usage, `${path} is there already; replace it with --force, or name another file.`);
  }
}

/** Runs a command with the connection in its environment, and ends as it ends. Nothing is written. */
export async function exec(
  environment: string,
  [command = '', ...args]: readonly string[],
  options: ConnectionCommandOptions,
): Promise<number> {
  const { variables } = await connectionOf(environment, options);
  const child = spawn(command, args, { stdio: 'inherit', env: { ...wholeEnvironment(), ...variables } });
  // The terminal sends an interrupt to both; who decides is the command.
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  const ignore = () => undefined;
  process.on('SIGINT', ignore).on('SIGTERM', forward).on('SIGHUP', forward);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + (signal ? constants.signals[signal] : 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw refusal(EXIT.notRunnable, `${command} cannot be run.`);
    throw refusal(EXIT.noCommand, `There is no command ${command}.`);
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', forward).off('SIGHUP', forward);
  }
}

async function connectionOf(environment: string, options: ConnectionCommandOptions) {
  const session = openSession(options);
  const env = await environmentId(session, environment);
  const subject = await findSubject(session, { env });
  if (subject) session.notice(`→ ${subject.description} at ${session.url}`);
  const { authorization } = options;
  const answer = await session.client.POST('/v1/environments/{env}/connection', {
    params: { path: { env } },
    body: { authorization },
  });
  return { variables: connectionVariables(dataOf(answer)), notice: session.notice };
}
