import { createHash } from 'node:crypto';
import type { IdentityProvider } from '@envplane/spec';
import { ControlPlaneError } from '@envplane/spec';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCloud } from '../../src/http/cloud/wire.ts';
import { networkOf } from '../../src/identity/client-address.ts';
import { document, problemOf } from './conformance.ts';
import { type Harness, startHarness, TOKEN } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const UNKNOWN = '0192f0c1-7b7e-7000-8000-000000000000';
const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path: path.replace('{key}', '0123456789abcdef').replaceAll(/\{\w+\}/g, UNKNOWN),
    permission: operation['x-envplane'].permission,
  })),
);
const closed = routes.filter(({ permission, path }) => permission !== 'public' && path !== '/metrics');

const BAD_TOKENS = ['wrong', TOKEN.slice(1), `${TOKEN}x`, 'eyJhbGciOiJub25lIn0.e30.', 'a b', '', '\u00e9'];

describe('authentication', () => {
  it.each(closed)('sec S1 $method $path asks for a credential first', async ({ method, path }) => {
    const answer = await harness.call(method, path, { token: null, ...(method !== 'GET' && { body: '{broken' }) });
    expect(answer.status).toBe(401);
    const type = isCloud(path) ? {} : { type: 'urn:envplane:problem:unauthenticated' };
    expect(problemOf(answer.body)).toMatchObject({ code: 'unauthenticated', status: 401, ...type });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each(closed)('sec S1 $method $path gives every bad credential one answer', async ({ method, path }) => {
    const bodies = new Set<string>();
    // Of one key so many are counted that the last routes would be told to wait.
    const unknownKey = `envp_${createHash('sha256')
      .update(method + path)
      .digest('hex')
      .slice(0, 16)}_x`;
    for (const token of [...BAD_TOKENS, unknownKey]) {
      const answer = await harness.call(method, path, { token, ...(method !== 'GET' && { body: '{broken' }) });
      expect(answer.status).toBe(401);
      bodies.add(JSON.stringify({ ...problemOf(answer.body), requestId: null }));
    }
    const answer = await harness.call(method, path, {
      token: null,
      headers: { authorization: `Basic ${btoa(`a:${TOKEN}`)}` },
    });
    bodies.add(JSON.stringify({ ...problemOf(answer.body), requestId: null }));
    expect([...bodies]).toHaveLength(1);
    expect(problemOf(answer.body).code).toBe('invalid_token');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  it('a token in the URL is no credential', async () => {
    const answer = await harness.call('GET', `/v1/drivers?access_token=${TOKEN}`, { token: null });
    expect(answer.status).toBe(401);
  });

  it('the scheme is not case-sensitive', async () => {
    const answer = await harness.call('GET', '/v1/drivers', {
      token: null,
      headers: { authorization: `bearer ${TOKEN}` },
    });
    expect(answer.status).toBe(200);
  });

  it('a provider that is down is 503, not 401', async () => {
    const down: IdentityProvider = {
      name: 'down',
      authenticate: () => Promise.reject(new Error('connection refused at 10.0.0.1')),
    };
    const { call, close } = await startHarness({ identity: [down] });
    const answer = await call('GET', '/v1/drivers');
    await close();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.text).not.toContain('10.0.0.1');
  });

  it('providers are asked in order, and nobody after one that calls the credential bad', async () => {
    const asked: string[] = [];
    const provider = (name: string, outcome: 'none' | 'invalid'): IdentityProvider => ({
      name,
      authenticate: async () => {
        asked.push(name);
        return { outcome };
      },
    });
    const identity = [provider('first', 'none'), provider('second', 'invalid'), provider('third', 'none')];
    const { call, close } = await startHarness({ identity });
    expect((await call('GET', '/v1/drivers')).status).toBe(401);
    await close();
    expect(asked).toEqual(['first', 'second']);
  });
});

describe('authorization', () => {
  const ada: IdentityProvider = {
    name: 'ada',
    authenticate: async () => ({
      outcome: 'principal',
      principal: { kind: 'user', id: 'ada', issuer: 'https://issuer.example', subject: 'ada' },
    }),
  };
  let asAda: Harness;
  beforeAll(async () => {
    asAda = await startHarness({ identity: [ada] });
  });
  afterAll(() => asAda.close());

  it.each(closed.filter(({ permission }) => permission !== 'self'))(
    'sec S1 $method $path is refused without $permission, before anything of the request is read',
    async ({ method, path, permission }) => {
      const answer = await asAda.call(method, `${path}?unknown=1`, method === 'GET' ? {} : { body: '{broken' });
      const first = [permission].flat()[0] as string;
      // On the platform what is missing is said; of anything else, whoever is outside learns nothing.
      const isHidden = !/\/(placements|platform-grants|signing-keys)\//.test(path);
      const expected =
        isHidden && path.includes(UNKNOWN) ? { status: 404, code: 'not_found' } : { status: 403, missing: [first] };
      expect(problemOf(answer.body)).toMatchObject(expected);
      expect(answer.status).toBe(expected.status);
    },
  );

  function cloudBodyFor(path: string, method: string): object {
    if (path.includes('/members/') && method === 'PATCH') return { role: 'admin' };
    const bodies: [string, object][] = [
      ['/members', { user_id: 'ada', role: 'admin' }],
      ['hostname', { hostname: 'a.test' }],
      ['/change-plan', { plan: 'pro' }],
      ['/packages', { packageId: 'crm' }],
      ['/rename', { newName: 'b' }],
    ];
    return method === 'DELETE' ? {} : (bodies.find(([end]) => path.endsWith(end))?.[1] ?? {});
  }

  it('sec S1 unknown and malformed ids answer alike', async () => {
    for (const { method, path } of closed.filter(
      (each) => each.path.includes(UNKNOWN) && !each.path.endsWith('/gate'),
    )) {
      const options = method === 'GET' ? {} : { body: bodyFor(path, method) };
      const unknown = await harness.call(method, path, options);
      expect(unknown.status, `${method} ${path}`).toBe(404);
      for (const malformed of ['x', '%00', '..%2f', "1'--", `${UNKNOWN}0`, UNKNOWN.toUpperCase().replace('0', 'F')]) {
        const answer = await harness.call(method, path.replace(UNKNOWN, malformed), options);
        expect({ ...problemOf(answer.body), requestId: null }, `${method} ${path} ${malformed}`).toEqual({
          ...problemOf(unknown.body),
          requestId: null,
        });
      }
    }
  });

  function bodyFor(path: string, method: string): object {
    if (isCloud(path)) return cloudBodyFor(path, method);
    if (path.includes('/members/')) return method === 'PATCH' ? { role: 'admin' } : {};
    if (path.endsWith('/members')) return { userId: 'ada', role: 'admin' };
    if (path.endsWith('/transfer-ownership')) return { newOwnerUserId: 'ada' };
    if (path.endsWith('/grants')) return { serviceAccountId: UNKNOWN, role: 'reader' };
    if (path.endsWith('/service-accounts')) return { name: 'ci' };
    if (path.endsWith('/platform-grants')) return { granteeType: 'user', granteeId: 'ada', role: 'auditor' };
    if (path.endsWith('/purge') || path.endsWith('/forget')) return { confirm: 'prod' };
    if (path.endsWith('/adopt')) return { organizationId: UNKNOWN, slug: 'dev' };
    if (path.endsWith('/copy') || path.endsWith('/environments')) return { slug: 'dev', envType: 'test' };
    if (path.includes('/environments/') && path.startsWith('/v1/organizations')) return { envType: 'test' };
    return {};
  }
});

describe('the order of the checks', () => {
  const big = 'x'.repeat(70_000);

  it('413 before 415 before 400 before 422', async () => {
    const path = '/v1/organizations';
    const text = { 'content-type': 'text/plain' };
    expect((await harness.call('POST', path, { body: big, headers: text })).status).toBe(413);
    expect((await harness.call('POST', path, { body: '{broken', headers: text })).status).toBe(415);
    expect((await harness.call('POST', `${path}?x=1`, { body: '{broken' })).status).toBe(400);
    expect((await harness.call('POST', `${path}?x=1`, { body: {} })).status).toBe(422);
  });

  it('422 before 412 before 409', async () => {
    await harness.organization('order');
    const { body } = await harness.call<{ items: { id: string }[] }>('GET', '/v1/organizations/order/environments');
    const path = `/v1/environments/${body.items[0]?.id}/retry`;
    const stale = { 'if-match': '"v900"' };
    expect((await harness.call('POST', path, { body: { x: 1 }, headers: stale })).status).toBe(422);
    expect((await harness.call('POST', path, { headers: stale })).status).toBe(412);
    expect((await harness.call('POST', path)).status).toBe(409);
  });
});

describe('what is recorded of a caller', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:a:b:c:d:e:f', '2001:db8:a::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['::1', '0:0:0::/48'],
    ['::', '0:0:0::/48'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0::/48'],
    ['2001:0DB8:000a::', '2001:db8:a::/48'],
  ])('the network of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('nothing is recorded of what is no address', () => {
    expect(networkOf('')).toBeNull();
    expect(networkOf('unix')).toBeNull();
  });

  it('is the truncated address of the connection, never a header', async () => {
    const request = new Request('http://localhost/v1/organizations', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        'x-forwarded-for': '198.51.100.9',
        'x-request-id': 'from-a-client',
      },
      body: JSON.stringify({ slug: 'recorded', displayName: 'Recorded', ownerUserId: 'ada' }),
    });
    const response = await harness.app.fetch(request, { incoming: { socket: { remoteAddress: '203.0.113.77' } } });
    const { id } = (await response.json()) as { id: string };
    const { items } = await harness.controlPlane.service.auditEvents.list({ organizationId: id }, { limit: 1 });
    expect(items[0]).toMatchObject({
      clientAddress: '203.0.113.0/24',
      requestId: 'from-a-client',
      actorId: 'platform',
    });
  });

  it('a defect is answered by its request id alone, and logged', async () => {
    const broken: IdentityProvider = {
      name: 'broken',
      authenticate: () => Promise.reject(new ControlPlaneError('internal_error', 'secret text')),
    };
    const { app, logLines, close } = await startHarness({ identity: [broken] });
    const response = await app.request('/v1/drivers');
    const body = await response.json();
    await close();
    expect(response.status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret text');
    expect(logLines.join()).toContain((body as { requestId: string }).requestId);
  });
});

it('cap HT2 problems stay problems when the application is mounted in another', async () => {
  const outer = new Hono();
  outer.use(async (_c, next) => next());
  outer.route('/', harness.app);
  const request = (path: string, init: RequestInit = {}) =>
    outer.request(path, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } });
  expect((await request('/v1/drivers')).status).toBe(200);
  const cases: [Promise<Response>, string][] = [
    [Promise.resolve(outer.request('/v1/drivers')), 'unauthenticated'],
    [Promise.resolve(request('/nowhere')), 'route_not_found'],
    [Promise.resolve(request('/v1/drivers?x=1')), 'validation_failed'],
    [Promise.resolve(request('/v1/organizations/nobody')), 'not_found'],
    [
      Promise.resolve(
        request('/v1/organizations', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }),
      ),
      'malformed_request',
    ],
  ];
  for (const [answer, code] of cases) expect(await (await answer).json()).toMatchObject({ code });
});
