import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTurns } from '../src/environments/turns.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asks so often at once, and counts what becomes of it. */
function ask(turns: ReturnType<typeof createTurns>, organizationId: string, times: number) {
  const counted = { begun: 0, refused: [] as { code: string; details: { retryAfterMs: number } }[] };
  for (let time = 0; time < times; time += 1) {
    turns.next(organizationId).then(
      () => {
        counted.begun += 1;
      },
      (error) => counted.refused.push(error),
    );
  }
  return counted;
}

it('rel G17 a flood of one organization begins at its rate, waits for 10 s, and is refused beyond that', async () => {
  const turns = createTurns(5);
  const loud = ask(turns, 'loud', 100);
  const quiet = ask(turns, 'quiet', 1);
  await vi.advanceTimersByTimeAsync(0);
  // Half a second's worth at once, and the one that is in its turn.
  expect([loud.begun, quiet.begun]).toEqual([3, 1]);
  expect(loud.refused).toHaveLength(100 - 3 - 50);
  expect(loud.refused[0]).toMatchObject({ code: 'rate_limited', details: { retryAfterMs: 100 } });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(loud.begun).toBe(8);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(loud.begun).toBe(53);
});

it('who came back in time waits for nothing, and is no further ahead for having been away', async () => {
  const turns = createTurns(5);
  ask(turns, 'acme', 3);
  await vi.advanceTimersByTimeAsync(60_000);
  const later = ask(turns, 'acme', 12);
  await vi.advanceTimersByTimeAsync(0);
  expect(later.begun).toBe(3);
});

it('without a rate nobody waits', async () => {
  const all = ask(createTurns(undefined), 'acme', 1_000);
  await vi.advanceTimersByTimeAsync(0);
  expect(all.begun).toBe(1_000);
});
