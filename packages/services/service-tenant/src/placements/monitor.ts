import type { Deps } from '../deps.ts';
import { look } from './check-placement.ts';

const EVERY_MS = 60_000;

/** Looks at every placement again and again, so that one that comes back is used and one that goes away is not. */
export interface PlacementMonitor {
  /** @param looked ids of those that were looked at a moment ago */
  start(looked: ReadonlySet<string>): void;
  /** Looks at all of them, one after another. */
  lookAtAll(except?: ReadonlySet<string>): Promise<void>;
  stop(): Promise<void>;
}

export function createPlacementMonitor(deps: Pick<Deps, 'engine' | 'reads' | 'logger' | 'adapters'>): PlacementMonitor {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  async function lookAtAll(except?: ReadonlySet<string>): Promise<void> {
    for (const row of await deps.reads.placementRows()) {
      if (stopped) return;
      // An adapter that this process does not have says nothing about the place.
      if (row.status === 'retired' || except?.has(row.id) || !deps.adapters.find(row.driver)) continue;
      await look(deps, row);
    }
  }

  const run = (except?: ReadonlySet<string>) => {
    running = lookAtAll(except).catch((error: unknown) =>
      deps.logger.error({ event: 'placement.look_failed', err: error }, 'the placements could not be looked at'),
    );
    return running;
  };

  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(() => void run().then(schedule), EVERY_MS);
    timer.unref();
  };

  return {
    start: (looked) => void run(looked).then(schedule),
    lookAtAll,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
