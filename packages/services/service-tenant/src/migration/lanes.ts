/** How much is done, of how much there was to begin with. */
export type OnProgress = (progress: { done: number; total: number }) => void;

/** How a run over many rows goes on. */
export interface Lanes {
  /** How many are worked on at a time. */
  batchSize: number;
  onProgress?: OnProgress | undefined;
  /** Ends the run after what is under way. */
  signal?: AbortSignal | undefined;
}

/**
 * Works on every item, several at a time. One failure ends the run; the others finish what they are at.
 * @param work does one item, and says how much of `total` that was
 * @throws what the first of those that failed threw
 */
export async function inLanes<Item>(
  items: AsyncIterator<Item> | Iterator<Item>,
  { batchSize, onProgress, signal, total }: Lanes & { total: number },
  work: (item: Item) => Promise<number>,
): Promise<void> {
  let done = 0;
  let isOver = false;
  const lane = async () => {
    try {
      while (!isOver && !signal?.aborted) {
        const next = await items.next();
        if (next.done) return;
        const count = await work(next.value);
        done += count;
        if (count > 0) onProgress?.({ done, total });
      }
    } catch (error) {
      isOver = true;
      throw error;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: batchSize }, lane));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
}
