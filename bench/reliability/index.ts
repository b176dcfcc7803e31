import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { GOALS } from './goals.ts';
import { type Figure, reliabilityPage } from './page.ts';

/**
 * Tries what the service promises at length, prints a line for each goal and keeps it in `figures/`, from which
 * `docs/reliability.md` is generated. Ends with 1 when anything went wrong.
 */

const { values } = parseArgs({
  options: {
    goal: { type: 'string', multiple: true, default: Object.keys(GOALS) },
    n: { type: 'string' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    /** Tries without keeping the figure. */
    'dry-run': { type: 'boolean', default: false },
  },
});
/** Long runs are ended once with what they have by then, and twice at once. */
const enough = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => (enough.signal.aborted ? process.exit(130) : enough.abort()));
}
const seed = Number(values.seed);
const figures = new URL('figures/', import.meta.url);
mkdirSync(figures, { recursive: true });

for (const name of values.goal) {
  if (enough.signal.aborted) break;
  const goal = GOALS[name];
  if (!goal) throw new Error(`there is no goal ${name}; there are ${Object.keys(GOALS).join(', ')}`);
  process.stdout.write(`${name}: ${goal.title}, seed ${seed}\n`);
  const began = performance.now();
  const { n, unit, violations, counted } = await goal.run({
    n: Number(values.n ?? goal.n),
    seed,
    enough: enough.signal,
    say: (text) => void process.stdout.write(`  ${text}\n`),
  });
  const seconds = Math.round((performance.now() - began) / 1_000);
  process.stdout.write(`${n} ${unit}, ${violations.length} violations, ${seconds} s, ${JSON.stringify(counted)}\n`);
  for (const violation of violations.slice(0, 50)) process.stdout.write(`  ${violation}\n`);
  if (violations.length > 0) process.exitCode = 1;
  if (values['dry-run']) continue;
  const figure: Figure = { goal: name, n, unit, violations: violations.length, seed, seconds, counted };
  writeFileSync(new URL(`${name}.json`, figures), `${JSON.stringify(figure, null, 2)}\n`);
  writeFileSync(new URL('../../docs/reliability.md', import.meta.url), reliabilityPage());
}
