import type { Logger } from '@envplane/spec';

/** What is loaded again and again beside the requests. A load that fails is logged and tried again; nothing is thrown. */
export interface Refreshed {
  /** When the last load that succeeded began; long ago before the first. */
  loadedAt(): number;
  /** Loads when it is due; at once after a failure. Calls that meet share one load. */
  refresh(): Promise<void>;
  /** Loads now, or joins the load under way. */
  reload(): Promise<void>;
  /** Keeps refreshing with timers that do not hold a process open. Resolves after the first attempt. */
  start(): Promise<void>;
  stop(): void;
}

export interface RefreshOptions {
  /** Name in the log's events. */
  name: string;
  load(): Promise<void>;
  /** From one load to the next, in ms; spread by a tenth both ways, so that gateways that start together do not stay together. */
  intervalMs: number;
  retryMs: number;
  now(): number;
  logger: Logger | undefined;
}

export function refreshed({ name, load, intervalMs, retryMs, now, logger }: RefreshOptions): Refreshed {
  let loadedAt = Number.NEGATIVE_INFINITY;
  let dueAt = Number.NEGATIVE_INFINITY;
  let current: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = true;

  async function attempt(): Promise<void> {
    const beganAt = now();
    try {
      await load();
      loadedAt = beganAt;
      dueAt = beganAt + spread(intervalMs);
    } catch (error) {
      dueAt = beganAt + spread(retryMs);
      logger?.warn(
        { event: `gateway.${name}_failed`, err: error },
        'the control plane gave no answer that can be used',
      );
    } finally {
      current = undefined;
    }
  }

  function reload(): Promise<void> {
    current ??= attempt();
    return current;
  }

  const refresh = async () => {
    if (now() >= dueAt) await reload();
  };

  async function keepRefreshing(): Promise<void> {
    await refresh();
    if (isStopped) return;
    timer = setTimeout(keepRefreshing, Math.max(0, dueAt - now()));
    // Only Node.js has timers that hold a process open.
    (timer as { unref?(): void }).unref?.();
  }

  return {
    loadedAt: () => loadedAt,
    refresh,
    reload,
    async start() {
      if (!isStopped) return;
      isStopped = false;
      await keepRefreshing();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

const spread = (ms: number): number => ms * (0.9 + 0.2 * Math.random());
