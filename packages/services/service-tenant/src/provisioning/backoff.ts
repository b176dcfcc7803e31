const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * How long to wait before attempt `attempts + 1`, in ms: 1 s doubling to 60 s with full jitter, and never less than what
 * the provider asked for. `random` gives [0, 1).
 */
export function backoffMs(attempts: number, retryAfterMs: number | undefined, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts, 16));
  return Math.max(Math.ceil(ceiling * random()), retryAfterMs ?? 0);
}

/** Spreads retries and resyncs; nothing that must not be guessed comes from here. Gives [0, 1). */
export const spread = (): number => Math.random();
