import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { repeatPosts } from './repeat-posts.ts';

/** `npm run bench:reliability -- --goal idempotency` is the long version of this. */
const seed = randomInt(2 ** 31);

it(`rel G10 whatever becomes of its connections, a request with a key makes one environment (seed ${seed})`, async () => {
  const { keys, dropped, wrong } = await repeatPosts({ seed, keys: 100 });
  expect({ keys, wrong }).toEqual({ keys: 100, wrong: [] });
  expect(dropped, 'answers that were not read').toBeGreaterThan(keys);
}, 180_000);
