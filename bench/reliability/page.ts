import { existsSync, readFileSync } from 'node:fs';
import { GOALS } from './goals.ts';

/** One run of a goal, as it is kept in `figures/`. */
export interface Figure {
  goal: string;
  n: number;
  unit: string;
  violations: number;
  seed: number;
  seconds: number;
  counted: Record<string, number | string>;
}

const HEAD = `# Reliability

What the service promises, tried at length, against real servers but for the simulation. After each round the world (databases, roles, namespaces, files, logins, audit
chains) is compared with the rows; a violation is whatever does not agree: an orphan, a double, something missing, a credential that does not
log in or that still does, an operation that does not end. None is no proof: it says that so many tries found none.

\`\`\`sh
npm run bench:reliability                             # every goal, for hours
npm run bench:reliability -- --goal deaths --n 200    # one of them; \`--seed\` repeats the choices of a run, not its timing; of the simulation both
\`\`\`

A run prints its seed, ends with 1 when anything went wrong, and keeps its figure in \`bench/reliability/figures\`, from which this page is
written. \`--dry-run\` keeps nothing. Ctrl-C ends \`deaths\`, \`replicas\` and \`stalls\` with what they have tried by then. Part of \`npm test\` are 200 SIGKILLs, short forms of \`pairs\`, \`zombies\` and
\`idempotency\`, and of \`boundaries\` all of it on the drivers that need no server; on real ones a crash after every boundary of creating,
rotating and purging and some of the other faults, drawn anew in every run.

| goal | tried | violations | seed | duration |
|---|---:|---:|---:|---:|
`;

/** The text of \`docs/reliability.md\`: a goal without a figure was not run. */
export function reliabilityPage(): string {
  const goals = Object.entries(GOALS).map(([name, goal]) => ({ name, goal, figure: figureOf(name) }));
  const lines = goals.map(({ name, figure }) =>
    figure
      ? `| [${name}](#${name}) | ${figure.n.toLocaleString('en')} ${figure.unit} | ${figure.violations} | ${figure.seed} | ${minutes(figure.seconds)} |\n`
      : `| [${name}](#${name}) | not run | | | |\n`,
  );
  const details = goals.map(({ name, goal, figure }) => {
    const counted = Object.entries(figure?.counted ?? {}).map(
      ([what, count]) => `* ${what}: ${count.toLocaleString('en')}\n`,
    );
    return `\n## ${name}\n\n**${goal.title}.** ${goal.method}.\n${counted.length > 0 ? `\n${counted.join('')}` : ''}`;
  });
  return HEAD + lines.join('') + details.join('');
}

function figureOf(name: string): Figure | undefined {
  const file = new URL(`figures/${name}.json`, import.meta.url);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Figure) : undefined;
}

const minutes = (seconds: number): string => (seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);
