import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Server } from './settings.ts';

const CONNECT_TIMEOUT_MS = 8_000;

/** What errors of this module are known by. */
type Failure = 'CONNECT_TIMEOUT' | 'HUNG_UP';

/**
 * The socket of one session. HAZARD: left to itself the library connects again, at once and for as long as it takes, when a server
 * accepts a connection and closes it before the login is through, as a forwarder without anything behind it does.
 */
export function connectOnce({ host, port }: Pick<Server, 'host' | 'port'>): {
  /** Connects. The second call throws. */
  open(): Promise<Socket>;
  /** Gives the socket up, whatever is on it. Idempotent. */
  destroy(): void;
} {
  let socket: Socket | undefined;
  return {
    async open() {
      if (socket !== undefined) throw failure('HUNG_UP');
      socket = connect(port, host);
      const timer = setTimeout(() => socket?.destroy(failure('CONNECT_TIMEOUT')), CONNECT_TIMEOUT_MS);
      try {
        await once(socket, 'connect');
        return socket;
      } finally {
        clearTimeout(timer);
      }
    },
    destroy() {
      // Without an error nobody would tell who waits for the connection.
      if (socket?.connecting) socket.destroy(failure('HUNG_UP'));
      else socket?.destroy();
    },
  };
}

/** How a connection is encrypted, for the library. */
export function encryption({ host, tls }: Server): ConnectionOptions | false {
  if (tls.mode === 'off') return false;
  return {
    rejectUnauthorized: true,
    // Without it the certificate of an IP address would be compared with `localhost`.
    host,
    servername: isIP(host) === 0 ? host : undefined,
    ...(tls.ca !== undefined && { ca: tls.ca }),
  };
}

function failure(code: Failure): Error {
  return Object.assign(new Error('The server was not reached.'), { code });
}
