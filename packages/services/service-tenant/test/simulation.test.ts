import { beforeAll, describe, expect, it } from 'vitest';
import { type Lived, simulate } from './simulation/simulate.ts';

/**
 * The same histories each time: others are lived through by `npm run bench:reliability -- --goal simulation`. `SIMULATION_SEED=<seed>`
 * begins with another one; `SIMULATION_SEED=<seed>:<path>` lives through a history that failed again.
 */
const GIVEN = process.env['SIMULATION_SEED'];
const SEED = Number.parseInt(GIVEN ?? '10', 10);
const HISTORIES = 10;

describe('rel G19 simulation', () => {
  // The first history loads what the others have.
  beforeAll(async () => void (await simulate({ histories: 1, seed: 1 })));

  it('the same seed is the same history', { timeout: 120_000 }, async () => {
    const digests = async () => {
      const lived: Lived[] = [];
      await simulate({ histories: 3, seed: 7 }, (of) => lived.push(of));
      return lived.map(({ digest }) => digest);
    };
    const first = await digests();
    expect(new Set(first).size).toBe(3);
    expect(await digests()).toEqual(first);
  });

  it('whatever is lost, late, doubled, stale or dead, nothing is', { timeout: 600_000 }, async () => {
    process.stdout.write(`simulation: seed ${GIVEN ?? SEED}\n`);
    const { failure } = await simulate(GIVEN?.includes(':') ? { replay: GIVEN } : { histories: HISTORIES, seed: SEED });
    if (failure) process.stdout.write(`${failure.lines.join('\n')}\n`);
    expect(failure && { ...failure, lines: failure.lines.length }, 'SIMULATION_SEED=<replay> runs it again').toBeNull();
  });
});
