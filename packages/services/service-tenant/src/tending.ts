/** The floor under every timer, in ms: due work is looked for this often anyway, by housekeeping. */
const LONGEST_WAIT_MS = 60_000;

/** Work of this process that comes up from time to time. */
export interface Tending {
  /** Does what is due, until nothing is. */
  tend(): Promise<void>;
  /** Something may be due now. */
  wake(): void;
  /** Lets what is under way come to an end; what is left is for the next process. */
  stop(): Promise<void>;
  readonly isStopped: boolean;
}

/**
 * Does work one turn at a time: when somebody wakes it, and when what it knows of is due.
 * @param work does what is due and gives the ms until more is, or null when it knows of none
 * @param failed told why a turn that nobody waits for ended
 */
export function createTending(work: () => Promise<number | null>, failed: (error: unknown) => void): Tending {
  let tending: Promise<void> | null = null;
  let lookAgain = false;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const tend = (): Promise<void> => {
    tending ??= turn().finally(() => {
      tending = null;
      // A hint that came after the last look.
      if (lookAgain) wake();
    });
    return tending;
  };

  async function turn(): Promise<void> {
    lookAgain = false;
    clearTimeout(timer);
    const waitMs = await work();
    if (isStopped || waitMs === null) return;
    timer = setTimeout(wake, Math.min(LONGEST_WAIT_MS, Math.max(1, waitMs)));
    timer.unref();
  }

  function wake(): void {
    if (isStopped) return;
    lookAgain = tending !== null;
    void tend().catch(failed);
  }

  return {
    tend,
    wake,
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await tending?.catch(() => undefined);
    },
    get isStopped() {
      return isStopped;
    },
  };
}
