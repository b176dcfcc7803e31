import { startPostgres } from '@envplane/testkit';
import type { Driver } from '../../packages/services/control-plane/test/reliability/clients.ts';
import { raceLateCreates } from '../../packages/services/control-plane/test/reliability/late-creates.ts';
import { repeatPosts } from '../../packages/services/control-plane/test/reliability/repeat-posts.ts';
import { surviveDeaths } from '../../packages/services/control-plane/test/reliability/survive-deaths.ts';
import { surviveStalls } from '../../packages/services/control-plane/test/reliability/survive-stalls.ts';
import { simulate } from '../../packages/services/service-tenant/test/simulation/simulate.ts';
import { ms, percentile } from '../harness.ts';
import { load } from './load.ts';
import { CLAIM_GUARDS, KEYLESS, NAIVE, UNCLAIMED, without } from './naive.ts';
import { testRun } from './test-run.ts';

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
  run(plan: { n: number; seed: number; say: (text: string) => void; enough: AbortSignal }): Promise<Tried>;
}

const DRIVERS: readonly Driver[] = ['sqlite', 'postgres', 'libsql'];

/** Each guard in turn is taken out of the service until the run notices. */
const naive: Goal['run'] = async ({ n, seed, say }) => {
  const violations: string[] = [];
  const counted: Tried['counted'] = {};
  for (const [name, guard] of Object.entries(NAIVE)) {
    const { kills, wrong } = await surviveDeaths({
      ...{ seed, replicas: 1, kills: n, clients: 6, drivers: ['postgres'], say, faults: 0, variables: without(guard) },
      ...{ killsARound: 10, liveMs: 4_000, restartEvery: null, freezeEvery: null },
    });
    say(`${name}: ${wrong[0] ?? 'nothing'}`);
    counted[guard.title] = wrong.length > 0 ? `noticed within ${kills} SIGKILLs` : 'not noticed';
    if (wrong.length === 0) violations.push(`without ${name} nothing went wrong`);
  }
  return { n: Object.keys(NAIVE).length, unit: 'guards taken out', violations, counted };
};

const KILLED = { clients: 6, drivers: DRIVERS, faults: 0.05, killsARound: 25, restartEvery: 40 };

/** Services that live beside each other, each with its own store and servers: while one of them starts another one works. */
const SERVICES = 2;

const deaths: Goal['run'] = async ({ n, seed, say, enough }) => {
  const lives = await Promise.all(
    Array.from({ length: SERVICES }, (_, index) =>
      surviveDeaths({
        ...{ ...KILLED, seed: seed + index, replicas: 1, liveMs: 1_000, freezeEvery: null, enough },
        kills: Math.ceil(n / SERVICES),
        say: (text) => say(`service ${index + 1}: ${text}`),
      }),
    ),
  );
  const total = (of: 'kills' | 'restarts' | 'acknowledged' | 'repetitions') =>
    lives.reduce((sum, life) => sum + life[of], 0);
  return {
    n: total('kills'),
    unit: 'SIGKILLs',
    violations: lives.flatMap(({ wrong }) => wrong),
    counted: {
      'changes acknowledged': total('acknowledged'),
      'requests sent again': total('repetitions'),
      'servers stopped at once': total('restarts'),
    },
  };
};

/** After the end of a lease, and of all claims. */
const LATEST_TAKEOVER_MS = 5_000;
const MOST_WASTED = 0.05;

/** So many SIGKILLs of two processes, and as many of eight. */
const replicas: Goal['run'] = async ({ n, seed, say, enough }) => {
  const tried: Tried = { n: 0, unit: 'SIGKILLs', violations: [], counted: {} };
  for (const count of [2, 8]) {
    const { kills, restarts, freezes, acknowledged, takeoversMs, claims, wrong } = await surviveDeaths({
      ...{ ...KILLED, seed, replicas: count, kills: n, liveMs: 4_000, freezeEvery: 50, enough },
      say: (text) => say(`${count} processes: ${text}`),
    });
    const takeoverMs = percentile(takeoversMs, 0.99);
    const share = claims.wasted / claims.made;
    tried.n += kills;
    tried.violations.push(...wrong);
    if (takeoverMs > LATEST_TAKEOVER_MS)
      tried.violations.push(`${count} processes took over ${ms(takeoverMs)} after the lease (p99)`);
    if (!(share <= MOST_WASTED))
      tried.violations.push(`${count} processes made ${claims.made} claims, ${claims.wasted} for nothing`);
    tried.counted[
      `with ${count}: changes acknowledged, servers stopped at once, processes stopped beyond their lease`
    ] = `${acknowledged}, ${restarts}, ${freezes}`;
    tried.counted[`with ${count}: taken over after the lease, p99`] =
      `${(takeoverMs / 1_000).toFixed(1)} s of ${takeoversMs.length}`;
    tried.counted[`with ${count}: claims that came to nothing although nobody was struck`] =
      `${claims.wasted} of ${claims.made}`;
  }
  return tried;
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

/** Without a guard something must go wrong; nothing is a violation, because what was tried with it proves nothing then. */
const UNNOTICED = 'without lock and fence nothing went wrong';

const zombies: Goal['run'] = async ({ n, seed, say }) => {
  const server = await startPostgres();
  try {
    const race = (races: number, isFenced: boolean) =>
      raceLateCreates({ ...{ seed, races, atOnce: 20, server, isFenced }, say: isFenced ? say : () => undefined });
    const { races, overtaken, waitedFor, cut, wrong } = await race(n, true);
    const naive = await race(100, false);
    say(`without lock and fence: ${naive.wrong.length} wrong of ${naive.races}`);
    return {
      n: races,
      unit: 'late creations',
      violations: [...wrong, ...(naive.wrong.length === 0 ? [UNNOTICED] : [])],
      counted: {
        'the removal was over before they went on': overtaken,
        'the removal waited for them': waitedFor,
        'their client was gone': cut,
        'without lock and fence': `${naive.wrong.length} orphans within ${naive.races}`,
      },
    };
  } finally {
    await server.stop();
  }
};

/** Of guards that stop the same, one alone may be missed by nobody; all of them must be. */
const stalls: Goal['run'] = async ({ n, seed, say, enough }) => {
  const { stalls: stalled, stops, purged, wrong } = await surviveStalls({ seed, stalls: n, say, enough });
  const counted: Tried['counted'] = { 'processes stopped': stops, 'purged meanwhile': purged };
  const violations = [...wrong];
  for (const guard of [UNCLAIMED, ...CLAIM_GUARDS]) {
    const naive = await surviveStalls({ seed, stalls: 30, say, variables: without(guard) });
    say(`${guard.title}: ${naive.wrong[0] ?? 'nothing'}`);
    counted[guard.title] = `${naive.wrong.length} violations within ${naive.stalls}`;
    if (guard === UNCLAIMED && naive.wrong.length === 0) violations.push(`nothing went wrong although ${guard.title}`);
  }
  return { n: stalled, unit: 'passes stopped beyond their lease', violations, counted };
};

const idempotency: Goal['run'] = async ({ n, seed, say }) => {
  const server = await startPostgres();
  try {
    const one = await repeatPosts({ seed, keys: n, say });
    const shared = { storeUrl: await server.createDatabase('control_plane'), replicas: 2 };
    const two = await repeatPosts({ seed, keys: n, shared, say });
    const naive = await repeatPosts({ seed, keys: 100, variables: without(KEYLESS) });
    say(`${KEYLESS.title}: ${naive.wrong[0] ?? 'nothing'}`);
    return {
      n: one.keys + two.keys,
      unit: 'keys',
      violations: [
        ...one.wrong,
        ...two.wrong,
        ...(naive.wrong.length === 0 ? ['without keys nothing went wrong'] : []),
      ],
      counted: {
        'requests sent': one.sent + two.sent,
        'answers that were not read': one.dropped + two.dropped,
        'keys used for another request, all refused': one.reused + two.reused,
        [KEYLESS.title]: `${naive.wrong.length} violations within ${naive.keys} keys`,
      },
    };
  } finally {
    await server.stop();
  }
};

/** What the flood of one organization makes of the times of another one; more than twice as long is a violation. */
const loaded: Goal['run'] = async ({ n, say }) => {
  const { alone, beside, flood, readsAlone, readsBeside, held, rssMb, errors } = await load(n, say);
  const violations = [...errors];
  const counted: Tried['counted'] = {};
  for (const [what, of] of [
    ['reads', 'reads'],
    ['creations', 'changes'],
  ] as const) {
    for (const [name, key] of [
      ['median', 'medianMs'],
      ['p99', 'p99Ms'],
    ] as const) {
      const [before, after] = [alone[of]?.[key] ?? Number.NaN, beside[of]?.[key] ?? Number.NaN];
      counted[`${what} of one organization, alone and beside a flood of another, ${name}`] =
        `${ms(before)}, ${ms(after)}`;
      if (!(after <= 2 * before)) violations.push(`${what}: ${name} ${ms(before)} alone, ${ms(after)} beside a flood`);
    }
  }
  return {
    n,
    unit: 'creations held at a time',
    violations,
    counted: {
      ...counted,
      'answers to the flood': told(flood.statuses),
      'answers to the creations that were held': told(held.statuses),
      'reads a second, of 5,000 asked for': `${readsAlone}, beside them ${readsBeside}`,
      'memory of the service before, at the most, and after': `${rssMb.before}, ${rssMb.most}, ${rssMb.after} MB`,
    },
  };
};

const told = (statuses: Record<string, number>): string =>
  Object.entries(statuses)
    .map(([status, times]) => `${times} × ${status}`)
    .join(', ');

export const GOALS: Record<string, Goal> = {
  boundaries: {
    title: 'Every boundary of every operation',
    method:
      'Each operation on each driver and both stores, struck once at each of its boundaries: the process dies before or after, is told an error before, loses the ' +
      'reply, hangs until another one has taken over, or the call gets to its provider twice. Then the client sends its request again',
    n: 1,
    run: ({ say }) => testRun('boundaries', ['crash-enumeration', 'driver.service'], 'faults', say),
  },
  pairs: {
    title: 'Every two crashes',
    method:
      'Creating, purging and rotating on a SQLite store, with databases on sqlite, in memory and on PostgreSQL: a crash before or after each boundary, and another one ' +
      'before or after each boundary of the recovery',
    n: 1,
    run: ({ say }) => testRun('pairs', ['crash-pairs'], 'pairs', say),
  },
  deaths: {
    title: 'A process that dies at random',
    method:
      'Two services beside each other, each on a SQLite store, databases on sqlite, postgres and libsql, six clients each, SIGKILL at random times ' +
      'also while it starts, servers stopped at once, one in twenty calls to the libSQL administration cut, lost, refused or sent twice',
    n: 1_000,
    run: deaths,
  },
  replicas: {
    title: 'Two and eight processes that die at random',
    method:
      'The same with two of them over a PostgreSQL store, and then with eight, so many times each; some are stopped beyond their lease and go on. No commit under a claim of ' +
      'somebody else, at most 5 % of the claims for nothing, and what a dead process worked on is taken over within 5 s after its lease (p99), not counting the time in which all of them are down',
    n: 200,
    run: replicas,
  },
  zombies: {
    title: 'Creations that come after their removal',
    method:
      'Statements that create databases on a PostgreSQL server are held back on their way, before or behind the lock, in one half of all cases ' +
      'with their client cut off; the lease ends, another process purges the environment, and then the statements go on',
    n: 2_000,
    run: zombies,
  },
  stalls: {
    title: 'Processes that are stopped in the middle',
    method:
      'Two of three processes over a PostgreSQL store are stopped (SIGSTOP) while they create databases on PostgreSQL, also in the middle of a transaction of the store; the third takes over when ' +
      'their leases end, one half of the environments is purged, and then they go on. The store notes who commits under whose claim. ' +
      'Deadlines and the look at the lease, the fence of the server and the comparison of epochs in the store stop the same here: they are taken out ' +
      'together, which must be noticed, and each alone, which the others may cover (`zombies` rests on the fence alone)',
    n: 500,
    run: stalls,
  },
  idempotency: {
    title: 'Requests that are sent again',
    method:
      'Each request that creates an environment is sent one to five times with its key, at once or one after the other, over connections ' +
      'of which most are cut: half-way, when the request has left, while it is worked on, at the first byte of the answer. So many keys over one process ' +
      'with a SQLite store, and as many over two with a PostgreSQL store',
    n: 10_000,
    run: idempotency,
  },
  load: {
    title: 'More than can be done at once',
    method:
      'One process with a SQLite store, its clients on the same machine: reads and creations of one organization, alone and beside 200 clients ' +
      'of another that create without a pause; then so many creations of twenty organizations at a time, and as many reads a second as there can be beside ' +
      'them. No answer may be an error but 429, and no time may double',
    n: 1_000,
    run: loaded,
  },
  naive: {
    title: 'The same without a guard',
    method:
      'One guard at a time is taken out of the built service, whose process is then killed at random; each must lead to violations. The fence is ' +
      'taken out in `zombies`, what asks for the claim in `stalls`, the keys of requests in `idempotency`',
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
