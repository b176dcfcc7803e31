import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../src/provisioning/backoff.ts';

const MOST = 1 - Number.EPSILON;

describe('I4 backoff', () => {
  it('the ceiling is one second, doubling, and never more than one minute', () => {
    const ceilings = [0, 1, 2, 3, 4, 5, 6, 7, 100, 10_000].map((attempts) =>
      backoffMs(attempts, undefined, () => MOST),
    );
    expect(ceilings).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
  });

  it('has full jitter: anything from nothing to the ceiling, as the dice fall', () => {
    expect(backoffMs(3, undefined, () => 0)).toBe(0);
    expect(backoffMs(3, undefined, () => 0.5)).toBe(4000);
    fc.assert(
      fc.property(fc.nat(50), fc.double({ min: 0, max: MOST, noNaN: true }), (attempts, dice) => {
        const waitMs = backoffMs(attempts, undefined, () => dice);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(60_000);
        expect(Number.isInteger(waitMs)).toBe(true);
      }),
    );
  });

  it('is never less than what the provider asked for', () => {
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.nat(10_000_000),
        fc.double({ min: 0, max: MOST, noNaN: true }),
        (attempts, asked, dice) => {
          expect(backoffMs(attempts, asked, () => dice)).toBeGreaterThanOrEqual(asked);
        },
      ),
    );
  });
});
