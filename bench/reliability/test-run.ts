import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Tried } from './goals.ts';

/** What a test prints of what it tried: how often, of what. */
const TRIED = /^(?<what>\w+, \w+ store), [^:]+: (?<times>\d+) (?:times|pairs)/;

interface Report {
  testResults: { assertionResults: { status: string; fullName: string; failureMessages: string[] }[] }[];
}

/** Runs the long form of tests, which is chosen by `LONG_RUN`, and counts what they tried. */
export async function testRun(
  longRun: string,
  files: readonly string[],
  unit: string,
  say: (text: string) => void,
): Promise<Tried> {
  const directory = await mkdtemp(join(tmpdir(), 'envplane-long-run-'));
  const report = join(directory, 'report.json');
  const child = spawn(
    join(import.meta.dirname, '../../node_modules/.bin/vitest'),
    ['run', '--project', 'servers', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...files],
    { env: { ...process.env, LONG_RUN: longRun, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const counted: Record<string, number> = {};
  let n = 0;
  for await (const line of createInterface(child.stdout)) {
    say(line);
    const { what, times } = TRIED.exec(line)?.groups ?? {};
    if (what === undefined) continue;
    n += Number(times);
    counted[what] = (counted[what] ?? 0) + Number(times);
  }
  const text = await readFile(report, 'utf8').catch(() => null);
  await rm(directory, { recursive: true });
  if (text === null) return { n, unit, violations: ['the tests did not come to their end'], counted };
  const { testResults }: Report = JSON.parse(text);
  const violations = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages: [message = ''] }) => `${fullName}: ${message.split('\n', 1)[0]}`);
  if (n === 0) violations.push('nothing was tried');
  return { n, unit, violations, counted };
}
