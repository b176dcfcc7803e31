import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultProxy, type ProxiedRequest, startFaultProxy } from '../src/faults/fault-proxy.ts';

/** Counts what it is told to do, and tells the count. */
async function startCounter() {
  let count = 0;
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'POST') {
        count += 1;
        bodies.push(Buffer.concat(chunks));
      }
      response.writeHead(200, { 'x-count': String(count) }).end(String(count));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => count,
    bodies,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('the fault proxy', () => {
  let counter: Awaited<ReturnType<typeof startCounter>>;
  let proxy: FaultProxy;
  beforeEach(async () => {
    counter = await startCounter();
    proxy = await startFaultProxy(counter.url);
  });
  afterEach(async () => {
    await proxy.close();
    await counter.close();
  });

  const post = (path = '/', options: RequestInit = {}) =>
    fetch(proxy.url + path, { method: 'POST', body: 'x', ...options });
  const isPost = ({ method }: ProxiedRequest) => method === 'POST';

  it('passes requests and answers on, whatever bytes they hold', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
    const response = await fetch(`${proxy.url}/a?b=c`, { method: 'POST', body: bytes });
    expect(response.headers.get('x-count')).toBe('1');
    expect(await response.text()).toBe('1');
    expect(counter.bodies).toEqual([bytes]);
    expect(proxy.requests).toMatchObject([{ method: 'POST', path: '/a?b=c', fault: null }]);
  });

  it('bends only what matches, as often as told, and the rest not', async () => {
    proxy.inject({ kind: 'answer', status: 503 }, ({ path }) => path === '/bent', 2);
    const statuses = [];
    for (const path of ['/bent', '/straight', '/bent', '/bent']) statuses.push((await post(path)).status);
    expect(statuses).toEqual([503, 200, 503, 200]);
    expect(counter.count()).toBe(2);
  });

  it('answers in place of the server, with headers', async () => {
    proxy.inject({ kind: 'answer', status: 429, headers: { 'retry-after': '7' }, body: 'slow down' });
    const response = await post();
    expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([
      429,
      '7',
      'slow down',
    ]);
    expect(counter.count()).toBe(0);
  });

  it('a reset comes before the effect, a lost reply after it', async () => {
    proxy.inject({ kind: 'reset' });
    await expect(post()).rejects.toThrow('fetch failed');
    expect(counter.count()).toBe(0);
    proxy.inject({ kind: 'reply-lost' });
    await expect(post()).rejects.toThrow('fetch failed');
    expect(counter.count()).toBe(1);
  });

  it('half-open: the effect happens and nothing is heard of it', async () => {
    proxy.inject({ kind: 'half-open' });
    const giveUp = new AbortController();
    const waiting = post('/', { signal: giveUp.signal });
    await expect.poll(() => counter.count()).toBe(1);
    giveUp.abort();
    await expect(waiting).rejects.toThrow('aborted');
  });

  it('delivers twice', async () => {
    proxy.inject({ kind: 'duplicate' }, isPost);
    expect(await (await post()).text()).toBe('2');
    expect(counter.count()).toBe(2);
  });

  it('delays', async () => {
    proxy.inject({ kind: 'delay', ms: 150 });
    const start = performance.now();
    expect((await post()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(145);
  });

  it('gives a stale answer, and cannot when there was none', async () => {
    const read = async () => (await fetch(proxy.url)).text();
    expect(await read()).toBe('0');
    await post();
    proxy.inject({ kind: 'stale' }, ({ method }) => method === 'GET');
    expect(await read()).toBe('0');
    expect(await read()).toBe('1');
    proxy.inject({ kind: 'stale' });
    expect((await post('/new')).status).toBe(502);
    expect(counter.count()).toBe(1);
  });

  it('is itself again once healed', async () => {
    proxy.inject({ kind: 'reset' }, undefined, 100);
    proxy.heal();
    expect((await post()).status).toBe(200);
  });
});
