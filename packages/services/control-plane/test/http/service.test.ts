import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness, TOKEN } from './harness.ts';

/** What a control plane says of itself when nothing is wrong. */
const WELL = {
  store: true,
  schema: 'current',
  encryptor: true,
  reconcilerAgeMs: 0,
  unreachablePlacements: 0,
} as const;

let harness: Harness;
const recorded: { method: string; route: string; status: number; durationMs: number }[] = [];
const metrics = {
  record: (request: (typeof recorded)[number]) => void recorded.push(request),
  render: async () => '# TYPE up gauge\nup 1\n',
};
beforeAll(async () => {
  harness = await startHarness({ metrics });
});
afterAll(() => harness.close());

describe('health', () => {
  it('answers while it runs', async () => {
    const live = await harness.call('GET', '/livez', { token: null });
    expect(live.body).toEqual({ status: 'ok' });
    const ready = await harness.call('GET', '/readyz', { token: null });
    expect(ready.body).toEqual({
      status: 'ready',
      checks: { store: 'ok', migrations: 'ok', encryptor: 'ok', reconciler: 'ok', placements: 'ok' },
    });
    expect((await harness.call('GET', '/version', { token: null })).body).toEqual({
      name: 'envplane',
      version: '1.2.3',
    });
  });

  it.each([
    [{ store: false }, 'store'],
    [{ schema: null }, 'migrations'],
    [{ encryptor: false }, 'encryptor'],
    [{ reconcilerAgeMs: 60_000 }, 'reconciler'],
  ])('is not ready with %j', async (ailment, failed) => {
    const controlPlane = { ...harness.controlPlane, health: async () => ({ ...WELL, ...ailment }) };
    const { call, close } = await startHarness({ controlPlane });
    const answer = await call('GET', '/readyz', { token: null });
    await close();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.body).toMatchObject({ status: 'unavailable', checks: { [failed]: 'failed' } });
  });

  it('says that a placement cannot be reached, and goes on', async () => {
    const health = async () => ({ ...WELL, unreachablePlacements: 1 });
    const { call, close } = await startHarness({ controlPlane: { ...harness.controlPlane, health } });
    const answer = await call('GET', '/readyz', { token: null });
    await close();
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        status: 'ready',
        checks: { store: 'ok', migrations: 'ok', encryptor: 'ok', reconciler: 'ok', placements: 'degraded' },
      },
    ]);
  });

  it('goes on with a store that newer code has upgraded, and not with one that lacks a schema step', async () => {
    const { call, directory, close } = await startHarness();
    const store = new Database(join(directory, 'control-plane.db'));
    const newer = "insert into sys_schema_step (id, name, checksum, applied_at) values (9999, 'later', 'x', 0)";
    store.exec(newer);
    const upgraded = await call('GET', '/readyz', { token: null });
    expect([upgraded.status, upgraded.body]).toMatchObject([200, { checks: { migrations: 'degraded' } }]);
    // As after a backup of an older version was put in place of the store.
    store.exec('delete from sys_schema_step where id = (select max(id) from sys_schema_step where id < 9999)');
    const restored = await call('GET', '/readyz', { token: null });
    expect([restored.status, restored.body]).toMatchObject([503, { checks: { migrations: 'failed', store: 'ok' } }]);
    store.close();
    await close();
  });

  it('is not ready while it is being stopped, and still alive', async () => {
    const { call, close } = await startHarness({ isDraining: () => true });
    expect((await call('GET', '/readyz', { token: null })).body).toMatchObject({ status: 'draining' });
    expect((await call('GET', '/livez', { token: null })).status).toBe(200);
    await close();
  });
});

describe('metrics', () => {
  it('are open on loopback', async () => {
    const answer = await harness.call('GET', '/metrics', { token: null });
    expect(answer.text).toContain('up 1');
  });

  it('sec S35 need a platform credential on any other address', async () => {
    const { call, close } = await startHarness({ metrics, metricsArePublic: false });
    expect((await call('GET', '/metrics', { token: null })).status).toBe(401);
    expect((await call('GET', '/metrics', { token: 'wrong' })).status).toBe(401);
    expect((await call('GET', '/metrics')).text).toContain('up 1');
    await close();
  });

  it('sec S35 are not open to a user on any other address', async () => {
    const principal = { kind: 'user', id: 'ada', issuer: 'i', subject: 'ada' } as const;
    const identity = [{ name: 'user', authenticate: async () => ({ outcome: 'principal', principal }) as const }];
    const { call, close } = await startHarness({ metrics, metricsArePublic: false, identity });
    expect((await call('GET', '/metrics')).status).toBe(403);
    await close();
  });

  it('count each request under its pattern, never under an id', async () => {
    const id = crypto.randomUUID();
    await harness.call('GET', `/v1/environments/${id}`);
    await harness.call('GET', `/nowhere/${id}`);
    expect(recorded.slice(-2)).toMatchObject([
      { method: 'GET', route: '/v1/environments/{env}', status: 404 },
      { method: 'GET', route: 'unmatched', status: 404 },
    ]);
    expect(recorded.every(({ durationMs }) => durationMs > 0)).toBe(true);
    expect(JSON.stringify(recorded)).not.toContain(id);
  });
});

describe('the API page', () => {
  it('cap HT1 loads from this origin only', async () => {
    const page = await harness.call('GET', '/docs', { token: null });
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*connect-src 'self'/);
    const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);
    expect(loaded.length).toBe(4);
    for (const url of loaded) {
      expect(url).toMatch(/^\/docs\//);
      const asset = await harness.call('GET', url, { token: null });
      expect(asset.status).toBe(200);
      const known = await harness.call('GET', url, {
        token: null,
        headers: { 'if-none-match': asset.headers.get('etag') ?? '' },
      });
      expect(known.status).toBe(304);
      expect(known.text).toBe('');
    }
    const initializer = await harness.call('GET', '/docs/initializer.js', { token: null });
    expect(initializer.text).toContain('validatorUrl: null');
  });

  it.each([
    '..%2fpackage.json',
    '..%2f..%2fpackage.json',
    'package.json',
    'index.html',
    '%00',
    'constructor',
    '__proto__',
  ])('has no file %s', async (name) => {
    expect((await harness.call('GET', `/docs/${name}`, { token: null })).status).toBe(404);
  });

  it('cap HT1 the document is served with a tag', async () => {
    const answer = await harness.call('GET', '/openapi.json', { token: null });
    expect(answer.body['openapi']).toBe('3.1.0');
    const etag = answer.headers.get('etag') ?? '';
    expect(
      (await harness.call('GET', '/openapi.json', { token: null, headers: { 'if-none-match': etag } })).status,
    ).toBe(304);
  });
});

describe('every answer', () => {
  const paths = [
    '/livez',
    '/nowhere',
    '/v1/drivers',
    '/v1/organizations?limit=x',
    `/v1/environments/${crypto.randomUUID()}`,
  ];

  it.each(paths)('%s carries an id, timings and headers that keep browsers out', async (path) => {
    const { headers } = await harness.call('GET', path);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('server-timing')).toMatch(/^(\w+;dur=\d+\.\d\d(, )?)+$/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('names the parts that were timed', async () => {
    const timing = (await harness.call('GET', '/v1/drivers')).headers.get('server-timing');
    expect(timing).toMatch(/^authenticate;dur=\S+, query;dur=\S+, total;dur=\S+$/);
  });

  it('keeps a well-formed request id of the client', async () => {
    const id = 'a.B_9-'.repeat(21);
    expect((await harness.call('GET', '/livez', { headers: { 'x-request-id': id } })).headers.get('x-request-id')).toBe(
      id,
    );
  });

  it.each(['a b', 'x'.repeat(129), 'a,b', '{"level":50}', '<script>', 'é'])(
    'sec S28 replaces the request id %s',
    async (id) => {
      const { headers } = await harness.call('GET', '/livez', { headers: { 'x-request-id': id } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(harness.logLines.at(-1)).not.toContain(JSON.stringify(id));
    },
  );

  it('is one line in the log, without what the client wrote', async () => {
    const before = harness.logLines.length;
    const secretish = 'what-nobody-should-log';
    await harness.call('GET', `/v1/organizations/${secretish}?${secretish}=1`, {
      headers: { 'user-agent': secretish },
    });
    const lines = harness.logLines.slice(before);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      event: 'http.request',
      method: 'GET',
      route: '/v1/organizations/{org}',
      status: 422,
      code: 'validation_failed',
      principalId: 'platform',
    });
    expect(lines[0]).not.toContain(secretish);
  });
});

describe('paths and methods', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/v1'],
    ['GET', '/v1/organizations/'],
    ['GET', '//v1/organizations'],
    ['DELETE', '/v1/organizations'],
    ['OPTIONS', '/v1/organizations'],
    ['PUT', '/v1/organizations/acme'],
    ['POST', '/livez'],
    ['PROPFIND', '/v1/drivers'],
  ])('%s %s is no route', async (method, path) => {
    const answer = await harness.call(method, path);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ code: 'route_not_found', status: 404 });
  });

  it('HEAD answers like GET, without a body', async () => {
    for (const path of [
      '/livez',
      '/v1/drivers',
      '/v1/organizations',
      '/openapi.json',
      '/v1/organizations/nobody',
      '/nowhere',
    ]) {
      const get = await harness.call('GET', path);
      const head = await harness.call('HEAD', path);
      expect(head.status).toBe(get.status);
      expect(head.text).toBe('');
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
    }
  });

  it('sec S30 a URL of more than 8 KB is 414', async () => {
    const answer = await harness.call('GET', `/v1/organizations?cursor=${'x'.repeat(8_192)}`);
    expect(answer.status).toBe(414);
    expect(answer.body['code']).toBe('uri_too_long');
    const url = `http://localhost/v1/organizations?cursor=`;
    expect((await harness.call('GET', `/v1/organizations?cursor=${'x'.repeat(8_192 - url.length)}`)).status).toBe(400);
  });

  it('lists drivers and placements', async () => {
    const drivers = await harness.call<{ items: { driver: string }[] }>('GET', '/v1/drivers');
    expect(drivers.body.items.map(({ driver }) => driver)).toEqual(['sqlite', 'guarded']);
    const placements = await harness.call('GET', '/v1/placements');
    expect(placements.body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ name: 'sqlite', region: 'local', status: 'ok' })]),
      nextCursor: null,
    });
    expect(JSON.stringify(placements.body)).not.toContain(TOKEN);
  });
});
