import fc from 'fast-check';
import { beginning, histories } from './commands.ts';
import { brokenAtRest } from './invariants.ts';
import { Model } from './model.ts';
import type { ProviderKind } from './network.ts';
import { Simulation } from './simulation.ts';

/** What is known of a history when it is over. */
export interface Lived {
  steps: number;
  digest: string;
  lines: readonly string[];
}

/** What was tried, and the first history in which a promise was broken. */
export interface Simulated {
  histories: number;
  /** How often a process came to a boundary. */
  steps: number;
  failure: { replay: string; wrong: string; commands: string; lines: readonly string[] } | null;
}

const REPLICAS = 3;

/** A history: three control planes, commands, chance; then peace, and everything compared with everything. @throws Error for a promise that is broken */
async function live(
  kind: ProviderKind,
  seed: number,
  commands: Iterable<fc.AsyncCommand<Model, Simulation>>,
  over: (lived: Lived) => void,
): Promise<void> {
  const simulation = await Simulation.open(kind, seed);
  const { history } = simulation;
  try {
    const model = new Model();
    while (simulation.replicas().length < REPLICAS) await simulation.start();
    await fc.asyncModelRun(() => ({ model, real: simulation }), [beginning, ...commands]);
    await simulation.calmDown();
    await model.repeat(simulation);
    if (!model.isAnswered) throw new Error('a request is not answered though nothing is wrong any more');
    await simulation.settle();
    const wrong = await brokenAtRest(model, simulation);
    if (wrong.length > 0) throw new Error(`at rest: ${wrong.join('; ')}`);
  } finally {
    over({ steps: history.steps, digest: history.digest(), lines: history.lines });
    await simulation.close();
  }
}

/**
 * Lives through histories until one breaks a promise. Everything in them follows from the seed.
 * @param replay of an earlier failure: that history again, and then shorter ones that fail too
 */
export async function simulate(
  plan: { histories: number; seed: number } | { replay: string },
  lived: (of: Lived) => void = () => undefined,
): Promise<Simulated> {
  let tried = 0;
  let steps = 0;
  let failed: readonly string[] = [];
  const kinds = fc.constantFrom<ProviderKind>('fenced', 'fenced', 'open');
  const property = fc.asyncProperty(kinds, fc.nat(), histories, async (kind, seed, commands) => {
    let lines: readonly string[] = [];
    try {
      await live(kind, seed, commands, (of) => {
        tried += 1;
        steps += of.steps;
        lines = of.lines;
        lived(of);
      });
    } catch (error) {
      failed = lines;
      throw error;
    }
  });
  const details = await fc.check(
    property,
    'replay' in plan
      ? parametersOf(plan.replay)
      : {
          seed: plan.seed,
          numRuns: plan.histories,
          endOnFailure: true,
        },
  );
  if (!details.failed) return { histories: tried, steps, failure: null };
  const { errorInstance: error, counterexample, seed, counterexamplePath } = details;
  return {
    histories: tried,
    steps,
    failure: {
      replay: `${seed}:${counterexamplePath}`,
      wrong: error instanceof Error ? (error.stack ?? error.message) : String(error),
      commands: fc.stringify(counterexample),
      lines: failed,
    },
  };
}

/** Shorter histories are looked for only so long: each takes seconds, and there are hundreds. */
const SHORTENING_MS = 240_000;

function parametersOf(replay: string): fc.Parameters<[ProviderKind, number, unknown]> {
  const [seed = '', ...path] = replay.split(':');
  return { seed: Number(seed), path: path.join(':'), numRuns: 1, interruptAfterTimeLimit: SHORTENING_MS };
}
