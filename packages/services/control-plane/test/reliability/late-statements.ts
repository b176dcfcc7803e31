import { randomBytes } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';

/** The part of a creation whose first statement is held back, in the order they come. */
export const STAGES = ['fence', 'roles', 'create', 'harden'] as const;
export type Stage = (typeof STAGES)[number];

/** What a database's name looks like, as it stands in every statement about it. */
const NAME = /ep[a-z0-9]{6}e[a-z0-9]{26}/;

const BEGINS: Record<Stage, RegExp> = {
  fence: /pg_advisory_lock\(/,
  roles: /CREATE ROLE/,
  create: /CREATE DATABASE/,
  harden: /ALTER DATABASE/,
};

/** How a creation is late, and how its client fares meanwhile. */
export interface Lateness {
  stage: Stage;
  /** Cut off while its statement is on the way, or waiting for the answer. */
  isCut: boolean;
}

/** A statement that has left its client and has not reached the server. */
export interface Held extends Lateness {
  /** Lets the server have it. */
  release(): void;
}

/**
 * A way to a PostgreSQL server on which statements are late: the first one of the part of a creation that `latenessOf` names is kept
 * back until it is released. It is asked once for each database, by name; null lets everything through.
 *
 * Without fence, the lock and the comparison of epochs are taken out of what passes, as if the driver had none.
 */
export async function startLateWay(
  server: URL,
  { isFenced, latenessOf }: { isFenced: boolean; latenessOf: (name: string) => Lateness | null },
) {
  const planned = new Map<string, Lateness | null>();
  const held = new Map<string, Held>();
  const sockets = new Set<Socket>();

  const listener = createServer((client) => {
    const upstream = connect(Number(server.port), server.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    /** What is kept back on this connection, in order; null while nothing is. */
    let waiting: Buffer[] | null = null;
    const release = () => {
      for (const bytes of waiting ?? []) upstream.write(bytes);
      waiting = null;
      if (client.destroyed) upstream.end();
    };
    client.on('data', (bytes) => {
      const passing = isFenced ? bytes : withoutFence(bytes);
      if (waiting) return void waiting.push(passing);
      const text = bytes.toString('latin1');
      const name = NAME.exec(text)?.[0];
      const lateness = name === undefined || held.has(name) ? null : latenessFor(name);
      if (name === undefined || !lateness || !BEGINS[lateness.stage].test(text)) return void upstream.write(passing);
      waiting = [passing];
      held.set(name, { ...lateness, release });
      if (lateness.isCut) client.destroy();
    });
    client.on('close', () => waiting ?? upstream.end());
    upstream.on('data', (bytes) => client.write(bytes));
    upstream.on('close', () => client.destroy());
  });

  function latenessFor(name: string): Lateness | null {
    const lateness = planned.has(name) ? (planned.get(name) ?? null) : latenessOf(name);
    planned.set(name, lateness);
    return lateness;
  }

  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = new URL(server);
  url.port = String(address.port);
  return {
    /** In place of the server's. */
    url: url.href,
    /** What is or was held, by the name of its database. */
    held: held as ReadonlyMap<string, Held>,
    /** Cuts every connection and stops listening. */
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

/** Of the same length, or the message around it would not be one. The row of the fence is another one each time, and nobody waits for it. */
function withoutFence(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  return Buffer.from(
    text
      .replace(/(?<=SELECT )pg_advisory_(xact_)?lock(?=\()/g, (lock) => 'abs'.padEnd(lock.length))
      .replace(/(?<=public\.fence .* VALUES \(')[a-z0-9]+/g, (name) =>
        randomBytes(name.length).toString('hex').slice(0, name.length),
      ),
    'latin1',
  );
}
