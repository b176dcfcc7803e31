import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ConnectionView } from '@envplane/spec';
import { type Client, createClient } from '@libsql/client/http';
import Database from 'better-sqlite3';
import postgres from 'postgres';
import { WebSocket } from 'undici';

/** What a client must be told of a connection. */
export type StockConnection = Pick<ConnectionView, 'driver' | 'url' | 'user' | 'secret' | 'namespace'>;

/**
 * Connects with the client that is usual for the driver, runs one statement and disconnects, as an application would.
 * @param reach replaces `fetch`, for servers without a public name
 * @throws what the client throws
 */
export async function runWithStockClient(
  { driver, url, user, secret, namespace }: StockConnection,
  statement: string,
  reach: (request: Request) => Promise<Response> = fetch,
): Promise<unknown[]> {
  if (driver === 'sqlite') {
    const file = new Database(fileURLToPath(url), { fileMustExist: true });
    try {
      const prepared = file.prepare(statement);
      return prepared.reader ? prepared.all() : [prepared.run()];
    } finally {
      file.close();
    }
  }
  if (driver === 'postgres') {
    const sql = postgres(url, {
      username: user ?? '',
      password: secret ?? '',
      max: 1,
      connect_timeout: 10,
      // HAZARD: the client asks for types before anything else, and when the server ends the connection then, neither its question nor the
      // statement is answered, and nobody can catch that.
      fetch_types: false,
      onnotice: () => undefined,
    });
    try {
      return [...(await sql.unsafe(statement))];
    } finally {
      await sql.end();
    }
  }
  const client = libsqlClient({ url, secret, namespace }, reach);
  try {
    return (await client.execute(statement)).rows;
  } finally {
    client.close();
  }
}

/** The namespace as a server without names of its own for them is told it. */
const namespaceHeader = (namespace: string): string => Buffer.from(namespace).toString('base64').replace(/=+$/, '');

function libsqlClient(
  { url, secret, namespace }: Pick<StockConnection, 'url' | 'secret' | 'namespace'>,
  reach: (request: Request) => Promise<Response> = fetch,
): Client {
  return createClient({
    url,
    authToken: secret ?? '',
    fetch: (request: Request) => {
      if (namespace !== null) request.headers.set('x-namespace-bin', namespaceHeader(namespace));
      return reach(request);
    },
  });
}

/** How long a login may take, in ms, until it is given up as not answered. */
const ANSWER_MS = 3_000;

/** PostgreSQL for a wrong password and for a login that may not log in. */
const REFUSED_LOGIN = ['28P01', '28000'];

/**
 * Whether a database lets a credential in. What else keeps a client out is no refusal: a server that is away proves nothing of a
 * credential.
 * @throws what the client throws when it is neither let in nor refused; Error without an answer in 3 s
 */
export async function isLetIn(connection: StockConnection, reach?: (request: Request) => Promise<Response>) {
  let timer: NodeJS.Timeout | undefined;
  try {
    // HAZARD: postgres.js leaves a statement unanswered when the server ends its connection in the middle of the login.
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('the login was not answered')), ANSWER_MS);
    });
    await Promise.race([runWithStockClient(connection, 'SELECT 1', reach), late]);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function isRefusal(error: unknown): boolean {
  const { code = '', cause } = error as { code?: string; cause?: { status?: number } };
  return REFUSED_LOGIN.includes(code) || code.startsWith('AUTH_') || cause?.status === 401;
}

/** What somebody has open with a credential. */
export interface HeldSession {
  /** Resolves once the database has ended it, which is never before somebody does something about it. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Opens a session and keeps it: a connection of PostgreSQL; an interactive transaction of libSQL, which asks every 20 ms. */
export async function holdSession(connection: StockConnection): Promise<HeldSession> {
  return connection.driver === 'postgres' ? holdConnection(connection) : holdTransaction(connection);
}

async function holdConnection({ url, user, secret }: StockConnection): Promise<HeldSession> {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const sql = postgres(url, {
    ...{ username: user ?? '', password: secret ?? '', max: 1, fetch_types: false, onnotice: () => undefined },
    onclose: () => end(),
  });
  await sql.unsafe('SELECT 1');
  return { ended, close: () => sql.end({ timeout: 0 }) };
}

async function holdTransaction(connection: StockConnection): Promise<HeldSession> {
  const client = libsqlClient(connection);
  const transaction = await client.transaction('read');
  await transaction.execute('SELECT 1');
  let isClosed = false;
  const refused = async () => {
    while (!isClosed) {
      try {
        await transaction.execute('SELECT 1');
      } catch (error) {
        if (isRefusal(error)) return;
        throw error;
      }
      await sleep(20);
    }
  };
  const ended = refused();
  // Whoever waits for it hears of a failure; nobody may be waiting yet.
  ended.catch(() => undefined);
  return {
    ended,
    close: async () => {
      isClosed = true;
      await ended;
      client.close();
    },
  };
}

/** A WebSocket to a libSQL server, as its clients open one where they are given a `ws:` URL. */
export interface LibsqlSocket {
  /** Runs a statement in a stream of its own. @returns the code of the error that it was answered, or null */
  execute(statement: string): Promise<string | null>;
  close(): void;
}

/** @throws Error with what the server says when it does not accept the token */
export async function openLibsqlSocket({ url, secret, namespace }: StockConnection): Promise<LibsqlSocket> {
  const headers = { 'x-namespace-bin': namespaceHeader(namespace ?? '') };
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { protocols: ['hrana2'], headers });
  await once(socket as unknown as EventTarget, 'open');
  const ask = async (message: object): Promise<{ type: string; error?: { code: string } }> => {
    socket.send(JSON.stringify(message));
    const [{ data }] = (await once(socket as unknown as EventTarget, 'message')) as [{ data: string }];
    return JSON.parse(data);
  };
  const greeted = await ask({ type: 'hello', jwt: secret });
  if (greeted.type !== 'hello_ok') throw new Error(`the server answered ${greeted.error?.code}`);
  let streams = 0;
  return {
    execute: async (sql) => {
      streams += 1;
      const request = (body: object) => ask({ type: 'request', request_id: streams, request: body });
      const opened = await request({ type: 'open_stream', stream_id: streams });
      if (opened.error) return opened.error.code;
      const { error } = await request({ type: 'execute', stream_id: streams, stmt: { sql, want_rows: true } });
      return error?.code ?? null;
    },
    close: () => socket.close(),
  };
}
