import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { forwardTo, type GatewayEnv, gatewayMiddleware } from '../src/index.ts';
import { listen } from './server.ts';
import { openWorld, type World } from './world.ts';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  rawHeaders: string[];
  body: string;
}

/** A real server behind a real gateway; what it saw is kept. */
async function openService(answer?: (request: IncomingMessage, response: import('node:http').ServerResponse) => void) {
  const world = await openWorld();
  const seen: Seen[] = [];
  const upstream = createServer(async (request, response) => {
    if (answer) return answer(request, response);
    const chunks = await request.toArray();
    const { method = '', url = '', headers, rawHeaders } = request;
    seen.push({ method, url, headers, rawHeaders, body: Buffer.concat(chunks).toString() });
    response.setHeader('content-type', 'application/json').end('{"posts":[]}');
  });
  const origin = await listening(upstream);
  const forward = forwardTo(origin);
  const gateway = await listen((request) => world.gateway.handle(request, forward));
  onTestFinished(() => gateway.close());
  return { world, seen, url: gateway.url, upstream };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sends headers exactly as they are written, duplicates included. */
function send(url: string, headers: [name: string, value: string][], method = 'GET', body?: string) {
  return new Promise<{ status: number; headers: IncomingMessage['headers']; body: string }>((resolve, reject) => {
    const request = httpRequest(url, { method, setHost: false }, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
    });
    const names = new Map<string, string[]>();
    for (const [name, value] of [['Host', 'app.test'] as const, ...headers]) {
      names.set(name, [...(names.get(name) ?? []), value]);
    }
    for (const [name, values] of names) request.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
    request.once('error', reject);
    request.end(body);
  });
}

const bearer = async (world: World, changes = {}): Promise<[string, string]> => [
  'Authorization',
  `Bearer ${await world.plane.mint(changes)}`,
];

describe('cap T6 headers', () => {
  it('say what the token says', async () => {
    const { world, seen, url } = await openService();
    const id: [string, string] = ['X-Request-Id', 'r-1'];
    expect(await send(`${url}/blog/posts?page=2`, [await bearer(world), id])).toMatchObject({ status: 200 });
    expect(seen).toEqual([expect.objectContaining({ method: 'GET', url: '/blog/posts?page=2', body: '' })]);
    expect(seen[0]?.headers).toMatchObject({
      'x-user-id': 'ada',
      'x-organization-id': 'org-a',
      'x-environment-id': 'env-a',
      'x-user-permissions': '["blog:posts.read","blog:posts.write"]',
      'x-user-services': '{"blog":{"enabled":true}}',
      'x-request-id': 'r-1',
    });
  });

  it.each(['r 1', '', 'x'.repeat(129), 'r-1, r-2', '{}'])('the request id %j is replaced', async (id) => {
    const { world, seen, url } = await openService();
    await send(`${url}/blog/posts`, [await bearer(world), ['x-request-id', id]]);
    expect(seen[0]?.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('of these kinds never arrive from outside: other case, underscore, twice', async () => {
    const { world, seen, url } = await openService();
    const forged = [
      'user-id',
      'USER-ROLE',
      'Organization-Id',
      'environment-name',
      'envplane-admin',
      'User-Permissions',
    ];
    const headers = forged.flatMap((name): [string, string][] => [
      [`X-${name}`, 'forged'],
      [`x-${name.toLowerCase()}`, 'forged'],
      [`X-${name.toUpperCase()}`, 'forged'],
      [`X_${name.replaceAll('-', '_')}`, 'forged'],
      [`x-${name.replaceAll('-', '_')}`, 'forged'],
      [`X_${name}`, 'forged'],
    ]);
    const overrides: [string, string][] = [
      ['X-HTTP-Method-Override', 'forged'],
      ['x_http_method_override', 'forged'],
      ['X-Original-URL', 'forged'],
      ['X-Rewrite-Url', 'forged'],
      ['x_request_id', 'forged'],
      ['X_Environment_Id', 'forged'],
    ];
    const own: [string, string][] = [
      ['X-Userland', 'kept'],
      ['X-Color', 'red'],
      ['X-Color', 'blue'],
    ];
    const sent = [await bearer(world), ...headers, ...headers, ...overrides, ...own];
    expect(await send(`${url}/blog/posts`, sent)).toMatchObject({ status: 200 });
    expect(JSON.stringify(seen)).not.toContain('forged');
    expect(seen[0]?.headers).toMatchObject({ 'x-userland': 'kept', 'x-color': 'red, blue', 'x-user-id': 'ada' });
    const arrived = seen[0]?.rawHeaders.filter((_, position) => position % 2 === 0).map((name) => name.toLowerCase());
    expect(arrived?.filter((name) => /^x[-_](user|organization|environment|envplane)[-_]/.test(name)).sort()).toEqual([
      'x-environment-id',
      'x-organization-id',
      'x-user-id',
      'x-user-permissions',
      'x-user-services',
    ]);
  });

  it('are not removed on the way because the caller calls them those of one connection', async () => {
    const { world, seen, url } = await openService();
    const connection: [string, string] = ['Connection', 'close, X-User-Id, x-environment-id, X-Mine'];
    await send(`${url}/blog/posts`, [await bearer(world), connection, ['X-Mine', '1'], ['Keep-Alive', 'timeout=9']]);
    expect(seen[0]?.headers).toMatchObject({ 'x-user-id': 'ada', 'x-environment-id': 'env-a' });
    expect(seen[0]?.headers).not.toHaveProperty('x-mine');
    expect(seen[0]?.headers['connection']).not.toMatch(/x-/i);
  });

  it('two tokens are none', async () => {
    const { world, seen, url } = await openService();
    const token = await world.plane.mint();
    const twice: [string, string][] = [
      ['X-A', '1'],
      ['Authorization', `Bearer ${token}, Bearer ${token}`],
    ];
    expect(await send(`${url}/blog/posts`, twice)).toMatchObject({ status: 401 });
    expect(seen).toEqual([]);
  });

  it('carry every character of a service name', async () => {
    const { world, seen, url } = await openService();
    const services = { blog: { enabled: true }, 'bücher 📚': { enabled: true } };
    await send(`${url}/blog/posts`, [await bearer(world, { services })]);
    const arrived = String(seen[0]?.headers['x-user-services']);
    expect(arrived).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(arrived)).toEqual(services);
  });
});

describe('what is refused', () => {
  it('never reaches the upstream, and is a problem document', async () => {
    const { world, seen, url } = await openService();
    const answers = [
      await send(`${url}/blog/posts`, [['X-Request-Id', 'r-1']]),
      await send(`${url}/blog/posts`, [await bearer(world, { permissions: [] }), ['X-Request-Id', 'r-2']]),
      await send(`${url}/blog/posts/..%2f..`, [await bearer(world)]),
      await send(`${url}/elsewhere`, [await bearer(world)]),
    ];
    expect(seen).toEqual([]);
    expect(answers.map(({ status }) => status)).toEqual([401, 403, 400, 404]);
    expect(answers[0]?.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'www-authenticate': 'Bearer',
      'x-request-id': 'r-1',
    });
    expect(JSON.parse(answers[1]?.body ?? '')).toEqual({
      type: 'urn:envplane:problem:permission_denied',
      title: 'The permission is missing',
      status: 403,
      detail: 'This needs the permission blog:posts.read.',
      code: 'permission_denied',
      requestId: 'r-2',
      missing: ['blog:posts.read'],
    });
  });
});

describe('bodies', () => {
  it('go up as a stream', async () => {
    const arrived: string[] = [];
    let hasFirst: () => void = () => {};
    const first = new Promise<void>((resolve) => {
      hasFirst = resolve;
    });
    const { world, url } = await openService(async (request, response) => {
      for await (const chunk of request) {
        arrived.push(String(chunk));
        hasFirst();
      }
      response.end('done');
    });
    const body = Readable.from(
      (async function* () {
        yield 'first ';
        // The rest is sent when the upstream has the beginning: nothing on the way waits for the end.
        await first;
        yield 'last';
      })(),
    );
    const [, authorization] = await bearer(world);
    const response = await fetch(`${url}/blog/posts`, {
      method: 'POST',
      headers: { authorization },
      body: Readable.toWeb(body) as ReadableStream,
      duplex: 'half',
    });
    expect(await response.text()).toBe('done');
    expect(arrived.join('')).toBe('first last');
  });

  it('come down as a stream', async () => {
    let finish: () => void = () => {};
    const { world, url } = await openService((_request, response) => {
      response.write('first ');
      finish = () => response.end('last');
    });
    const [, authorization] = await bearer(world);
    const response = await fetch(`${url}/blog/posts`, { headers: { authorization } });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text === 'first ') finish();
    }
    expect(text).toBe('first last');
  });

  it('with a length keep it, and compressed ones arrive readable', async () => {
    const { world, url } = await openService((request, response) => {
      expect(request.headers['content-length']).toBe('5');
      response.writeHead(201, { 'content-encoding': 'gzip', 'set-cookie': ['a=1', 'b=2'] });
      request.resume().once('end', () => response.end(gzipSync('written')));
    });
    const headers: [string, string][] = [await bearer(world), ['Content-Length', '5'], ['Expect', '100-continue']];
    const answer = await send(`${url}/blog/posts`, headers, 'POST', 'hello');
    expect(answer).toMatchObject({ status: 201, body: 'written', headers: { 'set-cookie': ['a=1', 'b=2'] } });
    expect(answer.headers).not.toHaveProperty('content-encoding');
  });

  it('redirects are for the caller', async () => {
    const { world, url } = await openService((_request, response) => {
      response.writeHead(302, { location: '/login' }).end();
    });
    expect(await send(`${url}/blog/posts`, [await bearer(world)])).toMatchObject({
      status: 302,
      headers: { location: '/login' },
    });
  });

  it('an upstream that is gone is 502', async () => {
    const { world, url, upstream } = await openService();
    upstream.closeAllConnections();
    await new Promise((resolve) => upstream.close(resolve));
    const answer = await send(`${url}/blog/posts`, [await bearer(world), ['X-Request-Id', 'r-1']]);
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'upstream_unavailable', requestId: 'r-1' });
  });

  it('the path of the upstream stands before that of the request; other schemes are refused', async () => {
    const { world, seen, upstream } = await openService();
    const { port } = upstream.address() as AddressInfo;
    const forward = forwardTo(`http://127.0.0.1:${port}/v2/`);
    const headers = { authorization: `Bearer ${await world.plane.mint()}` };
    await world.gateway.handle(new Request('https://app.test/blog/posts?a=%2F', { headers }), forward);
    expect(seen[0]?.url).toBe('/v2/blog/posts?a=%2F');
    expect(() => forwardTo('file:///etc/passwd')).toThrow(TypeError);
  });
});

it('cap I3 as Hono middleware handlers see the trusted request and the access', async () => {
  const { plane, gateway } = await openWorld();
  const app = new Hono<GatewayEnv>();
  app.use('/blog/*', gatewayMiddleware(gateway));
  app.post('/blog/posts', async (c) => {
    const { environmentId, permissions } = c.get('access');
    return c.json({ environmentId, permissions, user: c.req.header('x-user-id'), body: await c.req.text() }, 201);
  });
  const forged = { 'x-user-id': 'root' };
  const post = { method: 'POST', body: 'hello' };
  const refusal = await app.request('/blog/posts', { ...post, headers: forged });
  expect([refusal.status, await refusal.json()]).toEqual([401, expect.objectContaining({ code: 'unauthenticated' })]);
  const headers = { ...forged, authorization: `Bearer ${await plane.mint()}` };
  const answer = await app.request('/blog/posts', { ...post, headers });
  expect([answer.status, await answer.json()]).toEqual([
    201,
    { environmentId: 'env-a', permissions: ['blog:posts.read', 'blog:posts.write'], user: 'ada', body: 'hello' },
  ]);
});
