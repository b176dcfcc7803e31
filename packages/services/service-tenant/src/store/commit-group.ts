/** Enough to amortize one fsync, few enough that the first of a group does not wait long for the last. */
const LARGEST_GROUP = 64;

interface Job {
  run(): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export interface CommitGroup {
  <T>(body: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is waiting or running. */
  drained(): Promise<void>;
}

/**
 * Runs transactions that arrive together as savepoints of one SQLite transaction, so that they share one fsync.
 *
 * Each body sees what the bodies before it wrote, as if they had committed in turn. A body that throws is rolled back
 * alone. Nobody is told of success before the whole group is committed (I1), and a failing commit fails them all.
 *
 * @param exec runs one transaction-control statement on the only writing connection
 */
export function createCommitGroup(exec: (statement: string) => void): CommitGroup {
  const waiting: Job[] = [];
  let running: Promise<void> | null = null;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      // Callers whose file or network call ended in this turn of the event loop join the group.
      await new Promise((resolve) => setImmediate(resolve));
      await runGroup(waiting.splice(0, LARGEST_GROUP));
    }
    // HAZARD: no await between the test above and this line, or a job that arrives in between is never run.
    running = null;
  }

  async function runGroup(jobs: Job[]): Promise<void> {
    const succeeded: [Job, unknown][] = [];
    const failed: [Job, unknown][] = [];
    // One that is alone needs none: it is rolled back with the transaction.
    const needSavepoints = jobs.length > 1;
    try {
      exec('begin immediate');
      for (const job of jobs) {
        if (needSavepoints) exec('savepoint job');
        try {
          succeeded.push([job, await job.run()]);
        } catch (error) {
          if (!needSavepoints) throw error;
          exec('rollback to job');
          failed.push([job, error]);
        }
        if (needSavepoints) exec('release job');
      }
      exec('commit');
    } catch (error) {
      try {
        exec('rollback');
      } catch {
        // No transaction is left to roll back; `error` says why.
      }
      for (const job of jobs) job.reject(error);
      return;
    }
    for (const [job, error] of failed) job.reject(error);
    for (const [job, value] of succeeded) job.resolve(value);
  }

  const group = <T>(body: () => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ run: body, resolve: resolve as (value: unknown) => void, reject });
      running ??= drain();
    });
  return Object.assign(group, { drained: async () => (await running) ?? undefined });
}
