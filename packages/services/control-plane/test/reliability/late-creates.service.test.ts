import { randomInt } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { raceLateCreates } from './late-creates.ts';

/** `npm run bench:reliability -- --goal zombies` is the long version of this. */
const seed = randomInt(2 ** 31);
const race = (races: number, isFenced: boolean) =>
  raceLateCreates({ seed, races, atOnce: races, server: { adminUrl: inject('postgresAdminUrl') }, isFenced });

it(`rel G4 a creation that comes after its removal leaves nothing, wherever it was held back (seed ${seed})`, async () => {
  const { races, overtaken, waitedFor, wrong } = await race(10, true);
  expect({ races, wrong, ended: overtaken + waitedFor }).toEqual({ races: 10, wrong: [], ended: 10 });
});

it(`rel G4 without lock and fence the same leaves databases behind (seed ${seed})`, async () => {
  const { wrong } = await race(10, false);
  expect(wrong).toContainEqual(expect.stringMatching(/^orphan: unfit /));
});
