import type postgres from 'postgres';

/**
 * Few enough for many worlds on one server. HAZARD: with a short idle time, connections that close while a slow driver works
 * and are opened again leave a statement unanswered now and then.
 */
const MOST_CONNECTIONS = 4;
const IDLE_SECONDS = 30;

/**
 * Control planes come and go here by the hundred, and opening connections to their store would be most of their life. They
 * are kept for the next one; the database behind them is what it always is. For `vi.mock('postgres', keptConnections)`.
 * A client that is opened by options alone is one session of an adapter, which must stay its own.
 */
export async function keptConnections(
  original: () => Promise<unknown>,
): Promise<{ default: typeof postgres; [name: string]: unknown }> {
  const { default: connect } = (await original()) as { default: typeof postgres };
  const clients = new Map<string, ReturnType<typeof connect>>();
  const kept = (url: unknown, options: NonNullable<Parameters<typeof connect>[1]> = {}) => {
    if (typeof url !== 'string') return connect(url as Parameters<typeof connect>[1]);
    const key = `${url} ${options.connection?.search_path}`;
    const client =
      clients.get(key) ??
      connect(url, {
        ...options,
        max: Math.min(options.max ?? MOST_CONNECTIONS, MOST_CONNECTIONS),
        idle_timeout: IDLE_SECONDS,
      });
    clients.set(key, client);
    const end = async () => undefined;
    return new Proxy(client, { get: (target, name) => (name === 'end' ? end : Reflect.get(target, name)) });
  };
  return { default: Object.assign(kept, connect) as unknown as typeof postgres };
}
