import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What stands between a client and a server. */
export interface Between {
  readonly port: number;
  close(): void;
}

type Server = { host: string; port: number };

/** Passes everything on; what the server says is changed on its way. */
export function startRewriter(server: Server, rewrite: (bytes: Buffer) => Buffer): Promise<Between> {
  return listen((client, open) => {
    const upstream = open(server);
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => client.write(rewrite(bytes)));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
}

interface ServerSession {
  socket: Socket;
  client: Socket | null;
}

/**
 * A transaction pooler: a server session belongs to a client from the first message of a transaction to its end, and then to
 * whoever comes next. It opens one for each login, which it passes on, and keeps it when the client leaves. Next is the session
 * that has rested longest, or the one that was used last.
 */
export function startTransactionPooler(server: Server, next: 'longest rested' | 'last used'): Promise<Between> {
  const resting: ServerSession[] = [];

  return listen((client, open) => {
    let session: ServerSession | undefined = { socket: open(server), client };
    const own = session;
    let loggingIn = true;

    const fromServer = messages((type, bytes) => {
      own.client?.write(bytes);
      // Ready for the next statement, and in no transaction.
      if (type !== 'Z' || bytes.at(-1) !== 'I'.charCodeAt(0)) return;
      own.client?.emit('released');
      own.client = null;
      resting.push(own);
    });
    own.socket.on('data', fromServer);
    client.on('released', () => {
      loggingIn = false;
      session = undefined;
    });

    const fromClient = messages((type, bytes) => {
      if (type === 'X') return void client.end();
      session ??= next === 'last used' ? resting.pop() : resting.shift();
      if (session === undefined) throw new Error('the pooler has no session left');
      session.client = client;
      session.socket.write(bytes);
    });
    let begun = false;
    client.on('data', (bytes: Buffer) => {
      // The first message of a login has no type.
      if (begun && !loggingIn) return fromClient(bytes);
      begun = true;
      own.socket.write(bytes);
    });
  });
}

/** Cuts a stream into the messages of the protocol: a type of one byte, a length of four that counts itself, and the rest. */
function messages(take: (type: string, message: Buffer) => void): (bytes: Buffer) => void {
  let buffered = Buffer.alloc(0);
  return (bytes) => {
    buffered = Buffer.concat([buffered, bytes]);
    while (buffered.length >= 5 && buffered.length > buffered.readUInt32BE(1)) {
      const message = buffered.subarray(0, buffered.readUInt32BE(1) + 1);
      buffered = buffered.subarray(message.length);
      take(String.fromCharCode(message[0] ?? 0), message);
    }
  };
}

async function listen(accept: (client: Socket, open: (server: Server) => Socket) => void): Promise<Between> {
  const sockets = new Set<Socket>();
  const watch = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined);
  };
  const listener = createServer((client) => accept(watch(client), ({ host, port }) => watch(connect(port, host))));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
    },
  };
}
