import { cpus } from 'node:os';
import { connections } from './connections.ts';
import { gate } from './gate.ts';
import { gateway } from './gateway.ts';
import type { Figure } from './harness.ts';
import { httpReads } from './http.ts';
import { keys } from './keys.ts';
import { libsql } from './libsql.ts';
import { migration } from './migration.ts';
import { postgresProvisioning } from './postgres.ts';
import { provisioning } from './provisioning.ts';
import { rotations } from './rotations.ts';
import { scale } from './scale.ts';
import { startUp } from './start.ts';

const SUITES: Record<string, () => Promise<Figure[]>> = {
  connections,
  gate,
  gateway,
  http: httpReads,
  keys,
  libsql,
  migration,
  postgres: postgresProvisioning,
  provisioning,
  rotation: rotations,
  scale,
  start: startUp,
};

/** Prints the figures of all suites, or of those named as arguments, as a Markdown table; a bound that does not hold is marked. */
const names = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(SUITES);
process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}\n\n`);
process.stdout.write('| figure | value | ratio or µs | bound | holds |\n|---|---:|---:|---|---|\n');
for (const name of names) {
  const suite = SUITES[name];
  if (!suite) throw new Error(`there is no suite ${name}; choose from ${Object.keys(SUITES).join(', ')}`);
  for (const figure of await suite()) process.stdout.write(`${row(figure)}\n`);
}

function row({ name, value, ratio, bound }: Figure): string {
  const measured = ratio === undefined ? '' : ratio.toFixed(2);
  return `| ${name} | ${value} | ${measured} | ${bound ?? ''} | ${bound === undefined || ratio === undefined ? '' : holds(ratio, bound) ? 'yes' : '**no**'} |`;
}

function holds(ratio: number, bound: NonNullable<Figure['bound']>): boolean {
  const limit = Number(bound.slice(2));
  return bound.startsWith('<=') ? ratio <= limit : ratio >= limit;
}
