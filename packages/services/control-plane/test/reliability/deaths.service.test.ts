import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { type DeathsPlan, surviveDeaths } from './survive-deaths.ts';

/** `npm run bench:reliability` is the long version of this. */
const seed = randomInt(2 ** 31);
const COMMON = { seed, clients: 6, faults: 0.05, restartEvery: null, freezeEvery: null } as const;

const PLANS: [title: string, plan: DeathsPlan][] = [
  [
    'one process over a SQLite store',
    { ...COMMON, replicas: 1, kills: 140, killsARound: 70, liveMs: 500, drivers: ['sqlite', 'postgres', 'libsql'] },
  ],
  [
    'three processes over a PostgreSQL store',
    { ...COMMON, replicas: 3, kills: 60, killsARound: 60, liveMs: 2_000, drivers: ['sqlite', 'postgres', 'libsql'] },
  ],
];

it.each(PLANS)(
  `rel G3 %s, killed at random while clients work: no orphan, no double, nothing lost (seed ${seed})`,
  async (_title, plan) => {
    const { kills, acknowledged, wrong } = await surviveDeaths(plan);
    expect({ wrong, kills }).toEqual({ wrong: [], kills: plan.kills });
    expect(acknowledged, 'changes that were answered').toBeGreaterThan(plan.kills / 4);
  },
  600_000,
);
