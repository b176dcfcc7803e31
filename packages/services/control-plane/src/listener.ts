import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { PROBLEMS } from '@envplane/spec';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';

/** How long requests under way may take once the listener is closed, in ms; orchestrators kill after 30 s. */
const DRAIN_MS = 15_000;

const LIMITS = {
  maxHeaderSize: 16_384,
  // Times to *receive* a request. An answer may take longer: streams and `Prefer: wait` do.
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  // How often Node.js looks for requests that are over these times.
  connectionsCheckingInterval: 2_000,
};

/** Accepts connections and hands their requests to the application. */
export interface Listener {
  /** Binds the address. @returns its URL. @throws Error when the address is taken or not ours */
  listen(host: string, port: number): Promise<string>;
  activeRequests(): number;
  /** Stops accepting and waits for the requests under way, at most 15 s. */
  drain(): Promise<void>;
}

export function createListener(fetch: Hono['fetch']): Listener {
  const server = createAdaptorServer({ fetch, serverOptions: LIMITS }) as Server;
  let active = 0;
  let draining = false;
  server.on('clientError', answerClientError);
  const ended = () => {
    active -= 1;
    // A connection kept alive for a next request would hold the server open.
    if (draining) server.closeIdleConnections();
  };
  server.on('request', (_request, response) => {
    active += 1;
    response.on('close', ended);
  });
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve(`http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`);
        });
      }),
    activeRequests: () => active,
    drain: () => {
      draining = true;
      return new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
      });
    },
  };
}

/** What cannot be read as a request never reaches the application, and is answered here in the same shape. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const code = isTooLarge ? 'headers_too_large' : 'malformed_request';
  const [status, title] = PROBLEMS[code];
  const detail = isTooLarge
    ? `Send at most ${LIMITS.maxHeaderSize} bytes of headers, the URL included.`
    : 'This is not an HTTP/1.1 request, or it did not arrive in time.';
  const body = JSON.stringify({
    type: `urn:envplane:problem:${code}`,
    title,
    status,
    detail,
    code,
    requestId: randomUUID(),
  });
  const head = [
    `HTTP/1.1 ${status} ${isTooLarge ? 'Request Header Fields Too Large' : 'Bad Request'}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
