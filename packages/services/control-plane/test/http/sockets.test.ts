import net from 'node:net';
import type { OperationView } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createListener, type Listener } from '../../src/listener.ts';
import { CANARY, type Harness, startHarness, TOKEN } from './harness.ts';

let harness: Harness;
let listener: Listener;
let url: URL;
beforeAll(async () => {
  harness = await startHarness();
  await harness.organization('acme');
  listener = createListener(harness.app.fetch);
  url = new URL(await listener.listen('127.0.0.1', 0));
});
afterAll(async () => {
  await listener.drain();
  await harness.close();
});

const CRLF = '\r\n';
const AUTH = `Authorization: Bearer ${TOKEN}${CRLF}`;

/** Sends bytes as they are and returns everything that came back until the server closed or `idleMs` passed in silence. */
function exchange(bytes: string | Uint8Array, idleMs = 400): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(Number(url.port), url.hostname, () => socket.write(bytes));
    let received = '';
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
}

const statusesOf = (received: string): number[] =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
const get = (path: string, headers = '') =>
  `GET ${path} HTTP/1.1${CRLF}Host: localhost${CRLF}${AUTH}${headers}Connection: close${CRLF}${CRLF}`;
const post = (headers: string, body: string, path = '/v1/organizations/acme/environments') =>
  `POST ${path} HTTP/1.1${CRLF}Host: localhost${CRLF}${AUTH}Content-Type: application/json${CRLF}${headers}${CRLF}${body}`;
const BODY = '{"slug":"dev","envType":"x"}';

const CORPUS: [name: string, bytes: string | Uint8Array][] = [
  ['nothing like HTTP', '\u0016\u0003\u0001\u0002\u0000\u0001'],
  ['random bytes', Uint8Array.from({ length: 3_000 }, (_, index) => (index * 7_919) % 256)],
  ['an empty line', CRLF + CRLF],
  ['no version', `GET /livez${CRLF}${CRLF}`],
  ['version 9.9', `GET /livez HTTP/9.9${CRLF}Host: x${CRLF}${CRLF}`],
  ['version 2 preface', `PRI * HTTP/2.0${CRLF}${CRLF}SM${CRLF}${CRLF}`],
  ['an unknown method', `FOO /livez HTTP/1.1${CRLF}Host: x${CRLF}${CRLF}`],
  ['CONNECT', `CONNECT example.com:443 HTTP/1.1${CRLF}Host: example.com${CRLF}${CRLF}`],
  ['TRACE', `TRACE / HTTP/1.1${CRLF}Host: x${CRLF}${AUTH}${CRLF}`],
  ['OPTIONS *', `OPTIONS * HTTP/1.1${CRLF}Host: x${CRLF}${CRLF}`],
  [
    'an upgrade',
    get(
      '/livez',
      `Upgrade: websocket${CRLF}Connection: Upgrade${CRLF}Sec-WebSocket-Key: eA==${CRLF}Sec-WebSocket-Version: 13${CRLF}`,
    ),
  ],
  ['no host', `GET /livez HTTP/1.1${CRLF}${CRLF}`],
  ['two hosts', `GET /livez HTTP/1.1${CRLF}Host: a${CRLF}Host: b${CRLF}${CRLF}`],
  ['a strange host', `GET /livez HTTP/1.1${CRLF}Host: a b/c?d#e@f${CRLF}${CRLF}`],
  ['an empty host', `GET /livez HTTP/1.1${CRLF}Host:${CRLF}${CRLF}`],
  ['a host with a port that is none', `GET /livez HTTP/1.1${CRLF}Host: localhost:99999${CRLF}${CRLF}`],
  ['a header without a name', `GET /livez HTTP/1.1${CRLF}: x${CRLF}${CRLF}`],
  ['a space before the colon', `GET /livez HTTP/1.1${CRLF}Host : x${CRLF}${CRLF}`],
  ['a folded header', `GET /livez HTTP/1.1${CRLF}Host: x${CRLF}X-A: a${CRLF} b${CRLF}${CRLF}`],
  ['a bare line feed', `GET /livez HTTP/1.1\nHost: x\n\n`],
  ['a null in a header', `GET /livez HTTP/1.1${CRLF}Host: x${CRLF}X-A: a\u0000b${CRLF}${CRLF}`],
  ['a null in the path', `GET /v1/\u0000 HTTP/1.1${CRLF}Host: x${CRLF}${CRLF}`],
  ['a line feed in the request id', get('/livez', `X-Request-Id: a\nlevel: 50${CRLF}`)],
  [
    'high bytes in headers',
    Buffer.from(get('/v1/drivers', `X-A: \u00ff\u0080${CRLF}If-None-Match: \u00ff${CRLF}`), 'latin1'),
  ],
  ['high bytes in the path', Buffer.from(get('/v1/organizations/\u00ff\u00fe'), 'latin1')],
  ['an absolute URL', get('http://evil.example/livez')],
  ['a URL of another scheme', get('ftp://evil.example/livez')],
  ['an authority', get('//evil.example/livez')],
  ['dots', get('/v1/../../etc/passwd')],
  ['encoded dots', get('/v1/organizations/%2e%2e%2f%2e%2e')],
  ['a backslash', get('/v1\\organizations')],
  ['a broken escape', get('/v1/organizations/%E0%A4%A')],
  ['a fragment', get('/livez#x')],
  ['an empty path', get('')],
  ['a long URL', get(`/v1/organizations?cursor=${'x'.repeat(9_000)}`)],
  ['a longer URL', get(`/${'x'.repeat(20_000)}`)],
  ['large headers', get('/livez', `X-A: ${'x'.repeat(20_000)}${CRLF}`)],
  ['many headers', get('/livez', Array.from({ length: 3_000 }, (_, index) => `X-${index}: ${index}${CRLF}`).join(''))],
  ['many short headers', get('/livez', `a:b${CRLF}`.repeat(2_500))],
  [
    'the same header often',
    get('/v1/drivers', `Authorization: Bearer other${CRLF}If-None-Match: "a"${CRLF}`.repeat(20)),
  ],
  [
    'a body with GET',
    `GET /v1/drivers HTTP/1.1${CRLF}Host: x${CRLF}${AUTH}Content-Length: 5${CRLF}Connection: close${CRLF}${CRLF}hello`,
  ],
  ['a negative length', post(`Content-Length: -5${CRLF}`, BODY)],
  ['a length that is no number', post(`Content-Length: x${CRLF}`, BODY)],
  ['two lengths', post(`Content-Length: 5${CRLF}Content-Length: 6${CRLF}`, BODY)],
  [
    'length and chunks',
    post(`Content-Length: 5${CRLF}Transfer-Encoding: chunked${CRLF}`, `5${CRLF}hello${CRLF}0${CRLF}${CRLF}`),
  ],
  ['an unknown transfer encoding', post(`Transfer-Encoding: gzip${CRLF}`, BODY)],
  ['chunked twice', post(`Transfer-Encoding: chunked, chunked${CRLF}`, `0${CRLF}${CRLF}`)],
  ['a chunk without a size', post(`Transfer-Encoding: chunked${CRLF}`, `x${CRLF}`)],
  ['a chunk that is too short', post(`Transfer-Encoding: chunked${CRLF}`, `ff${CRLF}${BODY}${CRLF}0${CRLF}${CRLF}`)],
  ['a chunk of an absurd size', post(`Transfer-Encoding: chunked${CRLF}`, `ffffffffffffffff${CRLF}x`)],
  [
    'a chunk extension',
    post(`Transfer-Encoding: chunked${CRLF}`, `1;${'x'.repeat(20_000)}${CRLF}{${CRLF}0${CRLF}${CRLF}`),
  ],
  [
    'trailers',
    post(
      `Transfer-Encoding: chunked${CRLF}Connection: close${CRLF}`,
      `2${CRLF}{}${CRLF}0${CRLF}Authorization: x${CRLF}${CRLF}`,
    ),
  ],
  [
    'too large a body in chunks',
    post(
      `Transfer-Encoding: chunked${CRLF}Connection: close${CRLF}`,
      `${`1000${CRLF}${'x'.repeat(4_096)}${CRLF}`.repeat(20)}0${CRLF}${CRLF}`,
    ),
  ],
  ['too large a body', post(`Content-Length: 100000${CRLF}Connection: close${CRLF}`, 'x'.repeat(100_000))],
  ['a huge length', post(`Content-Length: 99999999999${CRLF}Connection: close${CRLF}`, BODY)],
  ['a body that ends early', post(`Content-Length: 500${CRLF}`, BODY)],
  ['an expectation nobody knows', post(`Expect: a miracle${CRLF}Content-Length: ${BODY.length}${CRLF}`, BODY)],
  [
    '100-continue',
    post(`Expect: 100-continue${CRLF}Content-Length: ${BODY.length}${CRLF}Connection: close${CRLF}`, BODY),
  ],
  ['a pipeline', get('/livez').replace('Connection: close\r\n', '').repeat(5) + get('/v1/drivers')],
  [
    'a smuggled request',
    post(`Content-Length: 4${CRLF}Connection: close${CRLF}`, `{}  GET /v1/drivers HTTP/1.1${CRLF}${CRLF}`),
  ],
];

describe('malformed HTTP', () => {
  it.each(CORPUS)('cap HT7 %s: no 5xx, no secret, and the next request is answered', async (_name, bytes) => {
    const received = await exchange(bytes);
    expect(statusesOf(received).filter((status) => status >= 500)).toEqual([]);
    expect(received).not.toContain(CANARY);
    expect(received).not.toMatch(/\n\s+at .*\.(js|ts):\d+/);
    expect(statusesOf(await exchange(get('/livez')))).toEqual([200]);
  });

  it('sec S30 headers of more than 16 KB are 431, URLs of more than 8 KB 414', async () => {
    const large = await exchange(get('/livez', `X-A: ${'x'.repeat(20_000)}${CRLF}`));
    expect(statusesOf(large)).toEqual([431]);
    expect(large).toContain('"code":"headers_too_large"');
    expect(statusesOf(await exchange(get(`/v1/organizations?cursor=${'x'.repeat(9_000)}`)))).toEqual([414]);
  });

  it('sec S30 a body of more than 64 KB is 413, declared or not', async () => {
    expect(
      statusesOf(await exchange(post(`Content-Length: 100000${CRLF}Connection: close${CRLF}`, 'x'.repeat(100_000)))),
    ).toEqual([413]);
    const chunks = `${`1000${CRLF}${'x'.repeat(4_096)}${CRLF}`.repeat(20)}0${CRLF}${CRLF}`;
    expect(
      statusesOf(await exchange(post(`Transfer-Encoding: chunked${CRLF}Connection: close${CRLF}`, chunks))),
    ).toEqual([413]);
    expect(statusesOf(await exchange(post(`Content-Length: 99999999999${CRLF}`, '{')))).toEqual([413]);
  });

  it('a request without credentials is refused before its body arrives', async () => {
    const received = await exchange(
      `POST /v1/organizations HTTP/1.1${CRLF}Host: x${CRLF}Content-Length: 60000${CRLF}${CRLF}{`,
    );
    expect(statusesOf(received)).toEqual([401]);
  });

  it('cap HT7 many half requests keep nobody else waiting', async () => {
    const sockets = Array.from({ length: 100 }, (_, index) => {
      const socket = net.connect(Number(url.port), url.hostname, () =>
        socket.write(
          index % 2 ? 'GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ' : post(`Content-Length: 500${CRLF}`, '{'),
        ),
      );
      socket.on('error', () => undefined);
      return socket;
    });
    expect(statusesOf(await exchange(get('/v1/drivers')))).toEqual([200]);
    for (const socket of sockets) socket.destroy();
  });

  it('a request cut off in its body is no defect', async () => {
    await exchange(post(`Content-Length: 500${CRLF}`, BODY), 50);
    expect(statusesOf(await exchange(get('/livez')))).toEqual([200]);
    expect(harness.logLines.filter((line) => line.includes('http.defect'))).toEqual([]);
  });
});

describe('over the wire', () => {
  const request = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, url), { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } });

  it('answers as in process', async () => {
    const body = JSON.stringify({ slug: 'wired', envType: 'test' });
    const created = await request('/v1/organizations/acme/environments', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(created.status).toBe(201);
    const path = created.headers.get('location') ?? '';
    const got = await request(path);
    expect(await got.json()).toEqual(await created.json());
    expect(got.headers.get('content-length')).toMatch(/^\d+$/);
    const known = await request(path, { headers: { 'if-none-match': got.headers.get('etag') ?? '' } });
    expect([known.status, await known.text()]).toEqual([304, '']);
    const head = await request(path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('records the network of the client', async () => {
    const response = await request('/v1/organizations', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9' },
      body: JSON.stringify({ slug: 'recorded', displayName: 'Recorded', ownerUserId: 'ada' }),
    });
    const { id } = (await response.json()) as { id: string };
    const { items } = await harness.controlPlane.service.auditEvents.list({ organizationId: id }, { limit: 1 });
    expect(items[0]?.clientAddress).toBe('127.0.0.0/24');
  });

  it('sends events as they happen, and forgets a follower who leaves', async () => {
    const release = harness.hold();
    const accepted = await request('/v1/organizations/acme/environments', {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'respond-async' },
      body: JSON.stringify({ slug: 'streamed', envType: 'test', driver: 'guarded' }),
    });
    const { id } = (await accepted.json()) as OperationView;
    const leaving = new AbortController();
    const left = await request(`/v1/operations/${id}/events`, { signal: leaving.signal });
    await (left.body as ReadableStream).getReader().read();
    leaving.abort();
    const stream = await request(`/v1/operations/${id}/events`);
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    const first = new TextDecoder().decode((await reader.read()).value);
    expect(first).toMatch(/^id: \d+\nevent: operation\ndata: \{.*"status":"running"/);
    release();
    let rest = '';
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
      rest += new TextDecoder().decode(chunk.value);
    expect(rest).toContain('"status":"succeeded"');
    await expect.poll(() => listener.activeRequests()).toBe(0);
    expect(harness.logLines.filter((line) => line.includes('http.defect'))).toEqual([]);
  });
});
