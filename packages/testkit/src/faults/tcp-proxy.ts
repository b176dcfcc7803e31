import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import type { Certificates } from '../turso/certificate.ts';

/** What happens to a connection on which a client sends a certain text. */
export type TcpFault =
  /** The text waits, then goes on as usual. */
  | { kind: 'delay'; ms: number }
  /** The connection is reset before the server has heard of the text. */
  | { kind: 'reset' }
  /** The server has answered; the connection is closed at both ends instead. */
  | { kind: 'reply-lost' }
  /** The server gets the text; from then on nothing passes in either direction, and nobody is told. */
  | { kind: 'half-open' }
  /** The server gets the text; the client is cut off at once, and the server does not notice. */
  | { kind: 'client-gone' };

export interface TcpProxy {
  readonly port: number;
  /** What clients sent and the server was given, byte for byte, in the clear. */
  readonly passed: string;
  /** Bends the next connection on which `text` is sent, in one piece. Once; rules are tried in the order they were given. */
  inject(fault: TcpFault, text: string): void;
  /** Cuts every connection. The port refuses from then on. Idempotent. */
  close(): void;
}

/** What a client of PostgreSQL sends first when it wants TLS, and the answer that it may begin. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const SSL_WILLING = 'S';

/**
 * A TCP proxy on a free loopback port, in front of one server. With `certificates` it speaks TLS to clients of PostgreSQL, and
 * refuses who does not ask for it; to the server it speaks in the clear.
 */
export async function startTcpProxy(
  { host, port }: { host: string; port: number },
  certificates?: Certificates,
): Promise<TcpProxy> {
  const rules: { fault: TcpFault; text: string }[] = [];
  const sockets = new Set<Socket>();
  let passed = '';

  function watch<S extends Socket>(socket: S): S {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  }

  /** Forwards until a rule fits. Texts go on in the order they came. */
  function join(client: Socket): void {
    const upstream = watch(connect(port, host));
    const closeBoth = () => {
      client.destroy();
      upstream.destroy();
    };
    let state: 'open' | 'losing-reply' | 'silent' = 'open';
    let order: Promise<void> = Promise.resolve();

    async function pass(bytes: Buffer): Promise<void> {
      if (state === 'silent') return;
      const index = rules.findIndex(({ text }) => bytes.includes(text));
      const fault = index === -1 ? undefined : rules.splice(index, 1)[0]?.fault;
      if (fault?.kind === 'reset') {
        upstream.destroy();
        return void client.resetAndDestroy();
      }
      if (fault?.kind === 'delay') await delay(fault.ms);
      if (fault?.kind === 'reply-lost') state = 'losing-reply';
      if (fault?.kind === 'half-open' || fault?.kind === 'client-gone') state = 'silent';
      passed += bytes.toString('latin1');
      upstream.write(bytes);
      if (fault?.kind === 'client-gone') client.destroy();
    }

    client.on('data', (bytes: Buffer) => {
      order = order.then(() => pass(bytes));
    });
    upstream.on('data', (bytes) => {
      if (state === 'open') client.write(bytes);
      if (state === 'losing-reply') closeBoth();
    });
    for (const end of [client, upstream]) {
      end.on('close', () => {
        if (state !== 'silent') closeBoth();
      });
    }
  }

  const listener = createServer((socket) => {
    watch(socket);
    if (certificates === undefined) return join(socket);
    socket.once('data', (first: Buffer) => {
      if (!first.equals(SSL_REQUEST)) return socket.destroy();
      socket.write(SSL_WILLING);
      const { certificate, key } = certificates;
      const secured = watch(new TLSSocket(socket, { isServer: true, cert: certificate, key }));
      return secured.once('secure', () => join(secured));
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  return {
    port: address.port,
    get passed() {
      return passed;
    },
    inject(fault, text) {
      rules.push({ fault, text });
    },
    close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
    },
  };
}
