/** Tells waiters in this process that an operation or environment may have changed. A hint: whoever waits reads the store. */
export interface Changes {
  /** @param key an operation id, an environment id or an organization id */
  notify(key: string): void;
  /** Resolves at the next notification for the key, or after `timeoutMs`. */
  next(key: string, timeoutMs: number, signal?: AbortSignal): Promise<void>;
}

export function createChanges(): Changes {
  const waiting = new Map<string, Set<() => void>>();
  return {
    notify: (key) => {
      for (const wake of waiting.get(key) ?? []) wake();
    },
    next: (key, timeoutMs, signal) =>
      new Promise((resolve) => {
        const waiters = waiting.get(key) ?? new Set();
        waiting.set(key, waiters);
        const wake = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          waiters.delete(wake);
          if (waiters.size === 0) waiting.delete(key);
          resolve();
        };
        const timer = setTimeout(wake, timeoutMs);
        signal?.addEventListener('abort', wake, { once: true });
        waiters.add(wake);
      }),
  };
}
