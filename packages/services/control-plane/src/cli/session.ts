import { createClient, type EnvplaneClient, type Problem } from '../client/index.ts';
import { readClientEnvironment } from '../config.ts';
import { EXIT, type ExitCode, refusal } from '../exit.ts';
import { flagOf } from './contract.ts';
import { timed } from './debug.ts';
import { type Format, print } from './output.ts';
import type { ProjectFile } from './project-file.ts';
import { findTarget } from './target.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  url?: string;
  output: Format;
  quiet?: boolean;
  debug?: boolean;
}

/** What one command works with. */
export interface Session {
  client: EnvplaneClient;
  url: string;
  /** Whether somebody said which service is meant. */
  isNamed: boolean;
  /** What is meant where the command line names nothing. */
  project: ProjectFile | undefined;
  format: Format;
  /** Whether there is somebody to ask. */
  isInteractive: boolean;
  /** Data and errors only. */
  isQuiet: boolean;
  /** Says something on stderr, unless that is not wanted. */
  notice(text: string): void;
}

export function openSession(options: GlobalOptions): Session {
  const environment = readClientEnvironment();
  const isQuiet = options.quiet === true || options.output === 'json';
  const { url, token, isNamed, project } = findTarget(options.url, environment);
  const fetch = options.debug ? timed(reaching(url)) : reaching(url);
  return {
    client: createClient({ baseUrl: url, ...(token !== undefined && { token }), fetch }),
    url,
    isNamed,
    project,
    format: options.output,
    isInteractive: !environment.isCi && process.stdin.isTTY && process.stderr.isTTY,
    isQuiet,
    notice: (text) => {
      if (!isQuiet) process.stderr.write(`${text}\n`);
    },
  };
}

/** fetch says only that it failed; the reason and what to do about it are said here. */
function reaching(url: string) {
  return async (request: Request): Promise<Response> => {
    try {
      return await fetch(request);
    } catch (error) {
      if (request.signal.aborted) throw error;
      const { code } = ((error as Error).cause ?? {}) as { code?: string };
      throw refusal(
        EXIT.failed,
        `No service answers at ${url}${code ? ` (${code})` : ''}; start one with envplane dev or serve, or name another with --url.`,
      );
    }
  };
}

/** What the API answered. @throws refusal with the problem as its cause */
export function dataOf<Data>(answer: { data?: Data; error?: Problem }): Data {
  if (answer.error) throw refusal(exitCodeOf(answer.error), answer.error.detail, answer.error);
  return answer.data as Data;
}

function exitCodeOf({ status, code }: Problem): ExitCode {
  if (status === 401 || status === 403) return EXIT.auth;
  if (status === 404) return EXIT.notFound;
  if (status === 409 || status === 412 || status === 423) return EXIT.conflict;
  if (code === 'validation_failed' || code === 'confirmation_mismatch') return EXIT.usage;
  return EXIT.failed;
}

/** Why the API refused: for people, and as the document itself where JSON or YAML was asked for. */
export async function reportProblem(problem: Problem, format: Format): Promise<void> {
  if (format === 'json' || format === 'yaml') await print(problem, '', format);
  const lines = [
    `error: ${problem.title}. ${problem.detail}`,
    ...(problem.errors ?? []).map(({ pointer, detail }) => `  --${flagOf(pointer.slice(1).split('/'))}  ${detail}`),
    `  code ${problem.code}, request ${problem.requestId}`,
    ...(problem.status === 401
      ? ['  The token comes from ENVPLANE_TOKEN, or from admin-token in the data directory.']
      : []),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}
