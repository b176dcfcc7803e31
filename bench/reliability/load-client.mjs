// Loads a service from a process of its own: plans come as JSON in the first argument, what happened goes to stdout as JSON.
// Plain sockets, kept alive, one request at a time on each: a client library would cost more than what is measured.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const { port, token, durationMs, reads, changes } = JSON.parse(process.argv[2] ?? '{}');
const END_OF_HEADERS = Buffer.from('\r\n\r\n');

/** A connection that is opened again when the service closes it; what was under way is sent again then. */
function connection() {
  let socket;
  let pending;
  const open = () => {
    let received = Buffer.alloc(0);
    let length = -1;
    let status = 0;
    socket = connect(port, '127.0.0.1').setNoDelay();
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (length < 0) {
        const end = received.indexOf(END_OF_HEADERS);
        if (end < 0) return;
        const head = received.toString('latin1', 0, end);
        status = Number(head.slice(9, 12));
        length = end + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        pending.retryAfterS = Number(/retry-after: (\d+)/i.exec(head)?.[1] ?? 0);
      }
      if (received.length < length) return;
      const { resolve, retryAfterS } = pending;
      pending = undefined;
      received = Buffer.alloc(0);
      length = -1;
      resolve({ status, retryAfterS });
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const lost = pending;
      pending = undefined;
      socket = undefined;
      lost?.resolve({ status: 0, retryAfterS: 0 });
    });
  };
  return {
    isFree: () => pending === undefined,
    send: (bytes) =>
      new Promise((resolve) => {
        if (socket === undefined || socket.destroyed) open();
        pending = { resolve, retryAfterS: 0 };
        socket.write(bytes);
      }),
    close: () => socket?.destroy(),
  };
}

const head = (line, extra = '') =>
  `${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nAccept: application/json\r\n${extra}`;

function creation(organization, slug) {
  const body = JSON.stringify({ slug, envType: 'test' });
  return Buffer.from(
    `${head(
      `POST /v1/organizations/${organization}/environments`,
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nPrefer: wait=60\r\nIdempotency-Key: ${slug}\r\n`,
    )}\r\n${body}`,
  );
}

function tally() {
  const statuses = {};
  const times = [];
  return {
    add: (status, ms) => {
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status < 300) times.push(ms);
    },
    result: () => {
      const sorted = times.sort((a, b) => a - b);
      const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
      return { statuses, answered: sorted.length, medianMs: at(0.5), p99Ms: at(0.99) };
    },
  };
}

const began = performance.now();
const isOver = () => performance.now() - began > durationMs;

/** So many reads a second as are asked for, while there are connections free for them. */
async function read({ paths, perSecond, connections }) {
  const all = Array.from({ length: connections }, connection);
  const requests = paths.map((path) => Buffer.from(`${head(`GET ${path}`)}\r\n`));
  const counts = tally();
  const free = [...all];
  const readOn = async (one, request) => {
    const at = performance.now();
    const { status } = await one.send(request);
    counts.add(status, performance.now() - at);
    free.push(one);
  };
  let sent = 0;
  while (!isOver()) {
    const due = Math.floor(((performance.now() - began) / 1_000) * perSecond);
    for (; sent < due && free.length > 0; sent += 1) {
      void readOn(free.pop(), requests[sent % requests.length]);
    }
    // What could not be sent in time is not caught up with: it would come in bursts.
    sent = Math.max(sent, due - connections);
    await new Promise((resolve) => setImmediate(resolve));
    if (free.length === 0 || sent >= due) await sleep(1);
  }
  const seconds = (performance.now() - began) / 1_000;
  while (free.length < all.length) await sleep(1);
  for (const one of all) one.close();
  return { ...counts.result(), seconds };
}

/** Creates environments over and over, so many at a time, and waits for each; who is told to come later does. */
async function change({ organizations, connections, name, pauseMs }) {
  const counts = tally();
  let number = 0;
  const client = async () => {
    const one = connection();
    while (!isOver()) {
      const slug = `${name}-${number++}`;
      const request = creation(organizations[number % organizations.length], slug);
      for (;;) {
        const at = performance.now();
        const { status, retryAfterS } = await one.send(request);
        counts.add(status, performance.now() - at);
        if ((status !== 429 && status !== 0) || isOver()) break;
        await sleep(Math.max(1, retryAfterS) * 1_000 * (1 + Math.random()));
      }
      if (pauseMs) await sleep(pauseMs);
    }
    one.close();
  };
  await Promise.all(Array.from({ length: connections }, client));
  return counts.result();
}

const [read_, changed] = await Promise.all([reads ? read(reads) : null, changes ? change(changes) : null]);
process.stdout.write(JSON.stringify({ reads: read_, changes: changed }));
process.exit(0);
