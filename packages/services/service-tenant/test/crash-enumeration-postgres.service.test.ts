import type postgres from 'postgres';
import { vi } from 'vitest';
import { everyBoundary } from './world/every-boundary.ts';

// Control planes come and go here by the hundred, and opening connections would be most of their life. They are kept for
// the next one; the database behind them is what it always is.
vi.mock('postgres', async (original) => {
  const { default: connect } = await original<{ default: typeof postgres }>();
  const clients = new Map<string, ReturnType<typeof connect>>();
  const kept = (url: string, options: NonNullable<Parameters<typeof connect>[1]>) => {
    const key = `${url} ${options.connection?.search_path}`;
    const client = clients.get(key) ?? connect(url, { ...options, idle_timeout: 2 });
    clients.set(key, client);
    const end = async () => undefined;
    return new Proxy(client, { get: (target, name) => (name === 'end' ? end : Reflect.get(target, name)) });
  };
  return { default: Object.assign(kept, connect) };
});

everyBoundary('postgres', 4);
