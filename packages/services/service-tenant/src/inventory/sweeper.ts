import { randomUUID } from 'node:crypto';
import type { InventoryContext } from './context.ts';
import { type Swept, sweepPlacement } from './sweep.ts';

/** How often it is asked whether a placement is due. */
const LOOK_MS = 60_000;

/** Compares what exists at every placement with the rows, again and again. */
export interface Sweeper {
  start(): void;
  /** Compares those that are due, one after another. */
  sweepDue(): Promise<void>;
  /** Compares all of them now. `looksOnly`: what was purged and is there again stays. */
  sweepAll(options?: { looksOnly: boolean }): Promise<Swept[]>;
  stop(): Promise<void>;
}

export function createSweeper(context: InventoryContext): Sweeper {
  const owner = randomUUID();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  async function sweep(options: { isWanted: boolean; looksOnly: boolean }): Promise<Swept[]> {
    const swept: Swept[] = [];
    for (const placement of await context.reads.placementRows()) {
      if (stopped) break;
      // A retired placement has no administrator any more.
      if (placement.status === 'retired') continue;
      const found = await sweepPlacement(context, placement, { owner, ...options });
      if (found) swept.push(found);
    }
    return swept;
  }

  const sweepDue = async () => void (await sweep({ isWanted: false, looksOnly: false }));

  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = sweepDue()
        .catch((error: unknown) =>
          context.logger.error({ event: 'sweep.failed', err: error }, 'the placements could not be compared'),
        )
        .then(schedule);
    }, LOOK_MS);
    timer.unref();
  };

  return {
    start: schedule,
    sweepDue,
    sweepAll: ({ looksOnly } = { looksOnly: false }) => sweep({ isWanted: true, looksOnly }),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
