import type { Driver } from '../../packages/services/control-plane/test/reliability/clients.ts';
import { surviveDeaths } from '../../packages/services/control-plane/test/reliability/survive-deaths.ts';
import { simulate } from '../../packages/services/service-tenant/test/simulation/simulate.ts';
import { percentile } from '../harness.ts';
import { NAIVE, without } from './naive.ts';

/** What was tried, and what of it went wrong. */
export interface Tried {
  /** How often, and of what: `1000 SIGKILLs`. */
  n: number;
  unit: string;
  /** In one sentence each. */
  violations: string[];
  /** What else was counted, by name. */
  counted: Record<string, number | string>;
}

export interface Goal {
  title: string;
  /** How it is tried, for who reads the table. */
  method: string;
  /** How often unless told otherwise. */
  n: number;
  run(plan: { n: number; seed: number; say: (text: string) => void }): Promise<Tried>;
}

const DRIVERS: readonly Driver[] = ['sqlite', 'postgres', 'libsql'];

/** Each guard in turn is taken out of the service until the run notices. */
const naive: Goal['run'] = async ({ n, seed, say }) => {
  const violations: string[] = [];
  const counted: Tried['counted'] = {};
  for (const [name, guard] of Object.entries(NAIVE)) {
    const { kills, wrong } = await surviveDeaths({
      ...{ seed, replicas: 1, kills: n, clients: 6, drivers: ['postgres'], say, faults: 0, variables: without(guard) },
      ...{ killsARound: 10, liveMs: 1_000, restartEvery: null, freezeEvery: null },
    });
    say(`${name}: ${wrong[0] ?? 'nothing'}`);
    counted[guard.title] = wrong.length > 0 ? `noticed within ${kills} SIGKILLs` : 'not noticed';
    if (wrong.length === 0) violations.push(`without ${name} nothing went wrong`);
  }
  return { n: Object.keys(NAIVE).length, unit: 'guards taken out', violations, counted };
};

const deaths =
  (replicas: number, liveMs: number): Goal['run'] =>
  async ({ n, seed, say }) => {
    const { kills, restarts, freezes, acknowledged, repetitions, takeoversMs, wrong } = await surviveDeaths({
      ...{ seed, replicas, kills: n, clients: 6, drivers: DRIVERS, say, faults: 0.05 },
      ...{ killsARound: 25, liveMs, restartEvery: 40, freezeEvery: replicas > 1 ? 50 : null },
    });
    return {
      n: kills,
      unit: 'SIGKILLs',
      violations: wrong,
      counted: {
        'changes acknowledged': acknowledged,
        'requests sent again': repetitions,
        'servers stopped at once': restarts,
        ...(replicas > 1 && {
          'processes stopped beyond their lease': freezes,
          'taken over after the lease, p99': `${(percentile(takeoversMs, 0.99) / 1_000).toFixed(1)} s of ${takeoversMs.length}`,
        }),
      },
    };
  };

/** Ends with the first history in which a promise was broken, and says how to live through that one again. */
const simulation: Goal['run'] = async ({ n, seed, say }) => {
  let lived = 0;
  const { histories, steps, failure } = await simulate({ histories: n, seed }, () => {
    lived += 1;
    if (lived % 100 === 0) say(`${lived} histories`);
  });
  const violations = failure ? [`SIMULATION_SEED=${failure.replay}: ${failure.wrong}`] : [];
  return { n: histories, unit: 'histories', violations, counted: { 'boundaries passed': steps } };
};

export const GOALS: Record<string, Goal> = {
  deaths: {
    title: 'One process that dies at random',
    method:
      'The service on a SQLite store, databases on sqlite, postgres and libsql, six clients, SIGKILL at random times also while it starts, ' +
      'servers stopped at once, one in twenty calls to the libSQL administration cut, lost, refused or sent twice',
    n: 1_000,
    run: deaths(1, 1_000),
  },
  replicas: {
    title: 'Three processes that die at random',
    method: 'The same with three of them over a PostgreSQL store; some are stopped beyond their lease and go on',
    n: 200,
    run: deaths(3, 4_000),
  },
  naive: {
    title: 'The same without a guard',
    method: 'One guard at a time is taken out of the built service; each must lead to violations',
    n: 60,
    run: naive,
  },
  simulation: {
    title: 'Histories that follow from a seed',
    method:
      'Three processes in one, a clock that is moved, up to forty commands, a provider in memory that loses requests and replies, answers late, ' +
      'twice or with what was, processes that die or stall at any boundary; a model compares after every command, the world with the rows at the end',
    n: 2_000,
    run: simulation,
  },
};
