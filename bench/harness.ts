import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One line of the table that `pnpm bench` prints. */
export interface Figure {
  name: string;
  /** What was measured, as text with its unit. */
  value: string;
  /** Against the raw operation of the same run; the text says which way round. */
  ratio?: number;
  /** What the ratio is held against: `<=2.0`, `>=0.6`. */
  bound?: `${'<=' | '>='}${number}`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** The value that this share of all is at most: 0.99 for the 99th percentile. 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Milliseconds `run` takes. */
export async function timed(run: () => unknown): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

/**
 * Runs operations in turn, A B B A A B …, so that a machine whose speed drifts slows all of them, and returns the median of each in ms.
 * The first tenth warms up and is not counted.
 */
export async function inTurn(rounds: number, ...operations: (() => unknown)[]): Promise<number[]> {
  return (await turns(rounds, operations)).map(median);
}

/**
 * The same for operations that are much work at once, with `prepare` before each, which is not counted: the mean of each, in ms. All the
 * time over all the work is what throughput is, and differs less from run to run than the median of a few such rounds.
 */
export async function meansInTurn(
  prepare: () => unknown,
  rounds: number,
  ...operations: (() => unknown)[]
): Promise<number[]> {
  const times = await turns(rounds, operations, prepare);
  return times.map((each) => each.reduce((sum, time) => sum + time, 0) / each.length);
}

async function turns(rounds: number, operations: (() => unknown)[], prepare: () => unknown = () => undefined) {
  const turn = operations.map((run) => ({ run, times: [] as number[] }));
  const back = [...turn].reverse();
  for (let round = 0; round < rounds * 1.1; round++) {
    for (const { run, times } of round % 2 === 0 ? turn : back) {
      await prepare();
      const time = await timed(run);
      if (round >= rounds * 0.1) times.push(time);
    }
  }
  return turn.map(({ times }) => times);
}

export async function paired(rounds: number, a: () => unknown, b: () => unknown): Promise<{ a: number; b: number }> {
  const [first = Number.NaN, second = Number.NaN] = await inTurn(rounds, a, b);
  return { a: first, b: second };
}

const directories: string[] = [];

/**
 * Runs `body` with a directory of its own. It is removed when the process ends: on ext4 a file is created several times more
 * slowly for half a minute after many have been deleted, which would be measured by the next suite.
 */
export function withDirectory<T>(body: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'envplane-bench-'));
  directories.push(directory);
  return body(directory);
}

process.once('exit', () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

export const ms = (value: number): string => `${value.toFixed(2)} ms`;
export const us = (valueMs: number): string => `${(valueMs * 1000).toFixed(2)} µs`;
