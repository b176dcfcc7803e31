import { databaseAdapterConformance } from '@envplane/testkit';
import { vi } from 'vitest';
import { EMERGENCY_SCOPES, tursoHarness } from './turso-harness.ts';

// Pauses are shorter here; that they are kept is judged in turso-faults.
vi.mock('node:timers/promises', async (importOriginal) => {
  const timers = await importOriginal<typeof import('node:timers/promises')>();
  return { ...timers, setTimeout: (ms: number, ...rest: [undefined, object]) => timers.setTimeout(ms / 20, ...rest) };
});

databaseAdapterConformance(await tursoHarness(EMERGENCY_SCOPES));
