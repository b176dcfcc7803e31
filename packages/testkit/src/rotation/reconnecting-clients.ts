import { setTimeout as sleep } from 'node:timers/promises';

export interface ReconnectingClientsOptions<Credential> {
  count: number;
  /** How long a client keeps what it has read, ms. It keeps it for longer only while it cannot be read. */
  cacheMs: number;
  /** Between two connections of a client, ms. */
  pauseMs: number;
  /** Reads the credential that is to be used now. */
  read(): Promise<Credential>;
  /** Connects, asks something and disconnects. @throws when it is not let in */
  connect(credential: Credential): Promise<unknown>;
}

export interface ReconnectingClients {
  /** Ends them. */
  stop(): Promise<{ connections: number; failures: string[] }>;
}

/**
 * Clients as applications are: each connects again and again with a credential that it remembers. A connection that fails is a
 * failure, even though the client reads its credential again afterwards (R5).
 */
export async function startReconnectingClients<Credential>({
  count,
  cacheMs,
  pauseMs,
  read,
  connect,
}: ReconnectingClientsOptions<Credential>): Promise<ReconnectingClients> {
  let isStopped = false;
  let connections = 0;
  const failures: string[] = [];

  async function live(first: Credential): Promise<void> {
    let credential = first;
    let readAt = performance.now();
    while (!isStopped) {
      if (performance.now() - readAt >= cacheMs) {
        const asked = performance.now();
        await read().then(
          (next) => {
            credential = next;
            readAt = asked;
          },
          () => undefined,
        );
      }
      try {
        await connect(credential);
        connections += 1;
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
        readAt = Number.NEGATIVE_INFINITY;
      }
      await sleep(pauseMs);
    }
  }

  const first = await read();
  const lives = Array.from({ length: count }, () => live(first));
  return {
    stop: async () => {
      isStopped = true;
      await Promise.all(lives);
      return { connections, failures };
    },
  };
}
