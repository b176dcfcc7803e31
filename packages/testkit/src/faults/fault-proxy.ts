import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A request as a rule sees it. */
export interface ProxiedRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export type Fault =
  /** Waits, then goes on as usual. */
  | { kind: 'delay'; ms: number }
  /** Cuts the connection before the server has heard of the request. */
  | { kind: 'reset' }
  /** The server has done it; the connection is cut instead of the answer. */
  | { kind: 'reply-lost' }
  /** The server has done it; the connection stays open and silent until the client gives up. */
  | { kind: 'half-open' }
  /** The server never hears of it: 5xx, 429 with `retry-after`, a spurious 404. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
  /** Delivered twice; the client gets the second answer. */
  | { kind: 'duplicate' }
  /** The last answer that went to this method and path, also when the world has changed. The server never hears of it. */
  | { kind: 'stale' };

export interface FaultProxy {
  /** Origin to use in place of the server's. */
  readonly url: string;
  /** What came in, in order, with what was done to it. */
  readonly requests: readonly (ProxiedRequest & { fault: Fault['kind'] | null })[];
  /** Bends the next `times` requests that match (once, unless told). Rules are tried in the order they were given. */
  inject(fault: Fault, matches?: (request: ProxiedRequest) => boolean, times?: number): void;
  /** Forgets all rules. */
  heal(): void;
  /** Cuts every connection and stops listening. */
  close(): Promise<void>;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Hop-by-hop headers, and those that `fetch` has already acted on. */
const NOT_PASSED_ON = ['connection', 'content-length', 'content-encoding', 'host', 'keep-alive', 'transfer-encoding'];

/**
 * An HTTP proxy on a free loopback port, in front of one server. It passes requests on unchanged but for those that a rule
 * bends; which ones follows from the rules and the order of requests alone. Bodies are held in memory.
 */
export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const rules: { fault: Fault; matches: (request: ProxiedRequest) => boolean; times: number }[] = [];
  const requests: (ProxiedRequest & { fault: Fault['kind'] | null })[] = [];
  const lastAnswers = new Map<string, Answer>();
  const sockets = new Set<Socket>();

  async function forward(request: ProxiedRequest): Promise<Answer> {
    const headers = withoutHopByHop(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const response = await fetch(upstream + request.path, {
      method: request.method,
      headers,
      redirect: 'manual',
      ...(request.body !== '' && { body: Buffer.from(request.body, 'latin1') }),
    });
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: withoutHopByHop([...response.headers]), body };
  }

  async function handle(request: ProxiedRequest, response: ServerResponse): Promise<void> {
    const rule = rules.find(({ times, matches }) => times > 0 && matches(request));
    if (rule) rule.times -= 1;
    const fault = rule?.fault;
    requests.push({ ...request, fault: fault?.kind ?? null });
    const key = `${request.method} ${request.path}`;

    if (fault?.kind === 'reset') return void response.socket?.resetAndDestroy();
    if (fault?.kind === 'answer') {
      return reply(response, { headers: {}, ...fault, body: Buffer.from(fault.body ?? '') });
    }
    if (fault?.kind === 'stale') {
      const stale = lastAnswers.get(key);
      if (stale === undefined) throw new Error(`nothing was answered to ${key} before`);
      return reply(response, stale);
    }
    if (fault?.kind === 'delay') await delay(fault.ms);
    if (fault?.kind === 'duplicate') await forward(request);
    const answer = await forward(request);
    if (fault?.kind === 'reply-lost') return void response.socket?.resetAndDestroy();
    if (fault?.kind === 'half-open') return;
    lastAnswers.set(key, answer);
    reply(response, answer);
  }

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = 'GET', url: path = '/', headers } = incoming;
      // latin1 keeps every byte of a body, whatever it holds.
      const body = Buffer.concat(chunks).toString('latin1');
      handle({ method, path, headers, body }, response).catch((error: unknown) => {
        reply(response, { status: 502, headers: {}, body: Buffer.from(String(error)) });
      });
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    inject(fault, matches = () => true, times = 1) {
      rules.push({ fault, matches, times });
    },
    heal() {
      rules.length = 0;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function withoutHopByHop(headers: [string, string][]): Record<string, string> {
  return Object.fromEntries(headers.filter(([name]) => !NOT_PASSED_ON.includes(name)));
}

function reply(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
}
