import { afterEach, expect, it, vi } from 'vitest';
import { StepLog } from '../src/provisioning/operation-steps.ts';

afterEach(() => vi.restoreAllMocks());

it('a step takes no less than nothing, although the clock of the system is set back while it runs', async () => {
  const log = new StepLog();
  const now = Date.UTC(2030, 0, 1);
  vi.spyOn(Date, 'now')
    .mockReturnValueOnce(now)
    .mockReturnValue(now - 60_000);
  await log.measure('create', async () => undefined);
  const pending = { status: 'pending', attempt: 0, startedAt: null, finishedAt: null, durationMs: null, error: null };
  const [step] = log.apply([{ name: 'create', ...pending } as never], false);
  expect(step?.durationMs).toBeGreaterThanOrEqual(0);
  expect(step?.durationMs).toBeLessThan(1_000);
  expect(step).toMatchObject({ status: 'succeeded', startedAt: new Date(now).toISOString() });
});
