import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The service and its commands as real processes: the committed bin over the build. */

export const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const bin = fileURLToPath(new URL('../../bin/envplane.js', import.meta.url));

/** Nothing of the environment the tests run in reaches a process, except what finds programs. */
const inherited = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunningService {
  url: string;
  pid: number;
  dataDirectory: string;
  output(): { stdout: string; stderr: string };
  token(): string;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Finished>;
}

export type Variables = Record<string, string>;

const children = new Set<ChildProcess>();
const directories: string[] = [];

export function newDataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'envplane-process-'));
  directories.push(directory);
  return join(directory, 'data');
}

/** Ends every process that is left and removes what they wrote. */
export async function cleanUp(): Promise<void> {
  await Promise.all(
    [...children].map(async (child) => {
      child.kill('SIGKILL');
      await once(child, 'close');
    }),
  );
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** @param largestFile in bytes; what a process writes beyond it fails, as on a disk that is full */
function launch(
  args: readonly string[],
  variables: Variables,
  cwd: string,
  program: readonly string[] = [bin],
  largestFile?: number,
) {
  const [file, ...before] =
    largestFile === undefined
      ? ([process.execPath] as const)
      : // Blocks of 512 bytes (POSIX).
        (['sh', '-c', `ulimit -f ${Math.ceil(largestFile / 512)}; exec "$@"`, 'sh', process.execPath] as const);
  const child = spawn(file, [...before, ...program, ...args], {
    cwd,
    env: { ...inherited, ...variables },
    stdio: 'pipe',
  });
  children.add(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  const ended = new Promise<Finished>((resolve) => {
    child.once('close', (code, signal) => {
      children.delete(child);
      resolve({ code, signal, ...output });
    });
  });
  return { child, output, ended };
}

/** Starts a service on a free port and waits for its ready line. @throws with its output when it ends before */
export async function startService(
  dataDirectory: string,
  variables: Variables = {},
  command: 'serve' | 'dev' = 'serve',
  largestFile?: number,
): Promise<RunningService> {
  const { child, output, ended } = launch(
    [command],
    { ENVPLANE_PORT: '0', ENVPLANE_DATA_DIR: dataDirectory, ...variables },
    root,
    [bin],
    largestFile,
  );
  const ready = new Promise<string>((resolve) => {
    child.stdout.on('data', () => {
      const url = /^envplane listening on (http:\S+)\n/m.exec(output.stdout)?.[1];
      if (url) resolve(url);
    });
  });
  const url = await Promise.race([
    ready,
    ended.then(({ code, stderr }) => Promise.reject(new Error(`the service ended with ${code}: ${stderr}`))),
  ]);
  return {
    url,
    pid: child.pid ?? 0,
    dataDirectory,
    output: () => ({ ...output }),
    token: () => readFileSync(join(dataDirectory, 'admin-token'), 'utf8').trim(),
    kill: (signal) => child.kill(signal),
    ended,
  };
}

/** A start that is expected to fail. */
export function refusedStart(dataDirectory: string, variables: Variables = {}): Promise<Finished> {
  return launch(['serve'], { ENVPLANE_PORT: '0', ENVPLANE_DATA_DIR: dataDirectory, ...variables }, root).ended;
}

/** Runs a command to its end. `CI` keeps it from asking; without a terminal it would not anyway. */
export function run(args: readonly string[], variables: Variables = {}, cwd: string = root): Promise<Finished> {
  const { child, ended } = launch(args, variables, cwd);
  child.stdin.end();
  return ended;
}

/** Runs a script of the repository with tsx to its end, as its first lines say. */
export function runScript(path: string, args: readonly string[], variables: Variables): Promise<Finished> {
  const { child, ended } = launch(args, variables, root, ['--import', 'tsx', path]);
  child.stdin.end();
  return ended;
}

/** A command that is still running. */
export function runInBackground(args: readonly string[], variables: Variables) {
  return launch(args, variables, root);
}

/** The parts of answers that these tests look at by name. */
interface Resource {
  id: string;
  slug: string;
  kind: string;
  status: string;
}

/** Calls the API of a running service as its administrator. */
export async function call(service: RunningService, method: string, path: string, body?: object, headers = {}) {
  const response = await fetch(service.url + path, {
    method,
    headers: { authorization: `Bearer ${service.token()}`, 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Resource & { items: Resource[] } };
}

/** Waits until a condition holds. @throws when it does not within 20 s */
export async function until<T>(what: string, probe: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`not within 20 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
