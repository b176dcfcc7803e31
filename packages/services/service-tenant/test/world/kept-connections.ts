import type postgres from 'postgres';

/** Each world has a store of its own: what nobody takes any more is closed. */
const IDLE_SECONDS = 20;

interface Kept {
  client: postgres.Sql;
  /** Who has it hears of its end. */
  holder: { onclose: ((id: number) => void) | undefined };
}

/**
 * Control planes come and go here by the hundred, and opening connections to their store would be most of their life. A client that one
 * of them ends is kept for the next one on the same store; each is somebody's alone at any time. For `vi.mock('postgres', keptConnections)`.
 * A client that is opened by options alone is one session of an adapter, which must stay its own.
 */
export async function keptConnections(
  original: () => Promise<unknown>,
): Promise<{ default: typeof postgres; [name: string]: unknown }> {
  const { default: connect } = (await original()) as { default: typeof postgres };
  const free = new Map<string, Kept[]>();

  function make(url: string, options: NonNullable<Parameters<typeof connect>[1]>, idle: Kept[]): Kept {
    const holder: Kept['holder'] = { onclose: undefined };
    const onclose = (id: number) => {
      const at = idle.indexOf(kept);
      if (at >= 0) idle.splice(at, 1);
      holder.onclose?.(id);
    };
    const kept: Kept = {
      client: connect(url, { ...options, onclose, onnotice: () => undefined, idle_timeout: IDLE_SECONDS }),
      holder,
    };
    return kept;
  }

  const open = (url: unknown, options: NonNullable<Parameters<typeof connect>[1]> = {}) => {
    if (typeof url !== 'string') return connect(url as Parameters<typeof connect>[1]);
    // Who wants to hear of its end has a session; the others listen.
    const key = `${url} ${options.connection?.search_path} ${options.onclose !== undefined}`;
    const idle = free.get(key) ?? [];
    free.set(key, idle);
    const kept = idle.pop() ?? make(url, options, idle);
    kept.holder.onclose = options.onclose;
    const listening: Promise<postgres.ListenMeta>[] = [];
    let isInTransaction = false;
    let hasEnded = false;
    const end = async () => {
      if (hasEnded) return;
      hasEnded = true;
      kept.holder.onclose = undefined;
      for (const channel of listening) await channel.then(({ unlisten }) => unlisten());
      // Who takes it next comes after this.
      if (isInTransaction) kept.client.unsafe('rollback').catch(() => undefined);
      idle.push(kept);
    };
    return new Proxy(kept.client, {
      get: (target, name) => {
        if (name === 'end') return end;
        if (name === 'listen') {
          return (...how: Parameters<postgres.Sql['listen']>) => {
            const channel = target.listen(...how);
            listening.push(Promise.resolve(channel));
            return channel;
          };
        }
        if (name !== 'unsafe') return Reflect.get(target, name);
        return (...[text, ...rest]: Parameters<postgres.Sql['unsafe']>) => {
          if (['begin', 'commit', 'rollback'].includes(text)) isInTransaction = text === 'begin';
          return target.unsafe(text, ...rest);
        };
      },
    });
  };
  return { default: Object.assign(open, connect) as unknown as typeof postgres };
}
