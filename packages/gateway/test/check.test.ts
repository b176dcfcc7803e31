import { describe, expect, it } from 'vitest';
import { createGateway } from '../src/index.ts';
import { allowed, openWorld, refused, routes } from './world.ts';

describe('cap G11, G7 the environment', () => {
  it('is the one of the token when the request names none', async () => {
    const { plane, check } = await openWorld();
    expect(await check(await plane.mint())).toEqual({
      allowed: true,
      organizationId: 'org-a',
      environmentId: 'env-a',
      subject: { kind: 'user', id: 'ada' },
      actor: null,
      role: 'owner',
      permissions: ['blog:posts.read', 'blog:posts.write'],
      services: { blog: { enabled: true } },
      readOnly: false,
      epochs: { environment: 1, subject: 1, everywhere: 0 },
      tokenId: 'token-1',
    });
  });

  it.each([
    ['path', { path: '/e/env-a/posts' }, { path: '/e/env-b/posts' }],
    ['header', { headers: { 'X-Environment-Id': 'env-a' } }, { headers: { 'X-Environment-Id': 'env-b' } }],
    [
      'second header',
      {},
      {
        headers: new Headers([
          ['x-environment-id', 'env-a'],
          ['x-environment-id', 'env-b'],
        ]),
      },
    ],
    ['header beside the path', {}, { path: '/e/env-a/posts', headers: { 'X-Environment-Id': 'env-b' } }],
  ] as const)('of the %s must be that of the token', async (_source, same, other) => {
    const { plane, check } = await openWorld();
    const token = await plane.mint();
    expect(await check(token, same as RequestInit)).toMatchObject(allowed);
    expect(await check(token, other as RequestInit)).toMatchObject(refused(403, 'environment_mismatch'));
  });

  it('is named by the host when the application says so', async () => {
    const hosts: Record<string, string> = { 'app.test': 'env-b' };
    const { plane, check } = await openWorld({ resolveEnvironment: ({ url }) => hosts[new URL(url).host] });
    expect(await check(await plane.mint())).toMatchObject(refused(403, 'environment_mismatch'));
    expect(await check(await plane.mint({ env: 'env-b', aud: 'env:env-b' }))).toMatchObject(allowed);
  });

  it('named by a header alone grants nothing', async () => {
    const { check } = await openWorld();
    const headers = { 'X-Environment-Id': 'env-a' };
    expect(await check(undefined, { headers })).toMatchObject(refused(401, 'unauthenticated'));
  });
});

describe('cap T5 a genuine token', () => {
  it('without the permission is refused with its name', async () => {
    const { plane, check } = await openWorld();
    const token = await plane.mint({ permissions: ['blog:posts.read'] });
    expect(await check(token)).toMatchObject(allowed);
    expect(await check(token, { method: 'POST' })).toMatchObject({
      ...refused(403, 'permission_denied'),
      missing: ['blog:posts.write'],
    });
  });

  it.each([
    ['*', true],
    ['blog:*', true],
    ['blog:posts.*', true],
    ['blog:post.*', false],
    ['blog:posts.rea', false],
    ['blo:*', false],
    ['shop:*', false],
    ['**', false],
    ['', false],
  ])('with the pattern %j: %s', async (pattern, expected) => {
    const { plane, check } = await openWorld();
    expect(await check(await plane.mint({ permissions: [pattern] }))).toMatchObject({ allowed: expected });
  });

  it.each([
    ['is absent', {}],
    ['is off', { shop: { enabled: false } }],
    ['is not quite on', { shop: { enabled: 'true' } }],
    ['is null', { shop: null }],
  ])('cap T7 is refused a service that %s, whatever else it may do', async (_how, services) => {
    const { plane, check } = await openWorld();
    const token = await plane.mint({ permissions: ['*'], services });
    expect(await check(token, { path: '/shop/orders' })).toMatchObject(refused(403, 'service_not_enabled'));
  });

  it('cap T7 may need a service beside the permission; what every environment has needs none', async () => {
    const { plane, check } = await openWorld({
      routes: [
        { path: '/reports', permission: 'blog:posts.read', service: 'reports' },
        { path: '/rows', permission: 'env:data.read' },
      ],
    });
    const poor = await plane.mint({ permissions: ['*'], services: {} });
    expect(await check(poor, { path: '/reports' })).toMatchObject(refused(403, 'service_not_enabled'));
    expect(await check(poor, { path: '/rows' })).toMatchObject(allowed);
    const rich = await plane.mint({ permissions: ['blog:*'], services: { reports: { enabled: true } } });
    expect(await check(rich, { path: '/reports' })).toMatchObject(allowed);
    expect(await check(rich, { path: '/rows' })).toMatchObject({ missing: ['env:data.read'] });
  });

  it('cap T7 no service comes from the prototype of an object', async () => {
    const route = { path: '/c', service: 'constructor', permission: 'blog:posts.read' };
    const { plane, check } = await openWorld({ routes: [route] });
    expect(await check(await plane.mint(), { path: '/c' })).toMatchObject(refused(403, 'service_not_enabled'));
  });

  it.each([
    ['GET', true],
    ['HEAD', true],
    ['OPTIONS', true],
    ['PUT', false],
    ['PATCH', false],
    ['DELETE', false],
    ['QUERY', false],
  ])('that is read-only and sends %s: %s', async (method, expected) => {
    const { plane, check } = await openWorld();
    const verdict = await check(await plane.mint({ ro: true }), { method });
    expect(verdict).toMatchObject(expected ? { allowed: true, readOnly: true } : refused(403, 'read_only'));
  });

  it('says who acts for whom', async () => {
    const { plane, check } = await openWorld();
    const token = await plane.mint({ act: { sub: 'support' }, sub_type: 'service' });
    expect(await check(token)).toMatchObject({ actor: 'support', subject: { kind: 'service', id: 'ada' } });
  });
});

describe('a request', () => {
  it.each([undefined, '', 'Basic YTpi', 'Bearer', 'Bearer ', 'bearer  ', 'Token x.y.z', 'Bearer a.b.c, Bearer d.e.f'])(
    'cap T5 with the credential %j is not authenticated',
    async (authorization) => {
      const { gateway } = await openWorld();
      const headers = authorization === undefined ? {} : { authorization };
      const verdict = await gateway.check(new Request('https://app.test/blog/posts', { headers }));
      expect(verdict).toMatchObject(refused(401, authorization === undefined ? 'unauthenticated' : 'invalid_token'));
    },
  );

  it('that no route matches goes nowhere', async () => {
    const { plane, check } = await openWorld({
      routes: [{ path: '/blog', methods: ['GET'], permission: 'blog:posts.read' }],
    });
    const token = await plane.mint();
    for (const path of ['/', '/blogs', '/BLOG', '/blog/posts']) {
      expect(await check(token, { path }), path).toMatchObject(refused(404, 'route_not_found'));
    }
    expect(await check(token, { path: '/blog', method: 'POST' })).toMatchObject(refused(404, 'route_not_found'));
    expect(await check(token, { path: '/blog', method: 'HEAD' })).toMatchObject(allowed);
    expect(await check(token, { path: '/blog/?a=1/2' })).toMatchObject(allowed);
  });

  it.each([
    '/blog/posts/..%2fdrafts',
    '/blog/posts/%64rafts',
    '/blog/posts/%2564rafts',
    '/blog/posts/..;/drafts',
    '/blog/posts//drafts',
    '/blog/posts/%5Cdrafts',
    '/blog/posts/%00',
  ])('whose path %s an upstream might read otherwise is refused', async (path) => {
    const { plane, check } = await openWorld();
    expect(await check(await plane.mint(), { path })).toMatchObject(refused(400, 'malformed_request'));
  });

  it('may have a path with what must be escaped', async () => {
    const { plane, check } = await openWorld();
    const path = `/blog/posts/${encodeURIComponent('über 100 % "schön"')}?q=//..;%2e`;
    expect(await check(await plane.mint(), { path })).toMatchObject(allowed);
  });

  it('is judged by the first route that matches', async () => {
    const { plane, check } = await openWorld({
      routes: [
        { path: '/blog/drafts', permission: 'blog:drafts.read' },
        { path: '/blog/*', permission: 'blog:posts.read' },
      ],
    });
    const token = await plane.mint();
    expect(await check(token, { path: '/blog/drafts' })).toMatchObject({ missing: ['blog:drafts.read'] });
    expect(await check(token, { path: '/blog/drafts/' })).toMatchObject({ missing: ['blog:drafts.read'] });
    expect(await check(token, { path: '/blog/others' })).toMatchObject(allowed);
  });
});

describe('a gateway is not made', () => {
  const source = async () => ({});
  const options = { issuer: 'https://plane.test', jwks: source, epochs: source as never, routes };

  it.each([
    ['without a slash', { path: 'blog' }],
    ['for a pattern', { permission: 'blog:*' }],
    ['for nothing', { permission: '' }],
    ['for the platform', { permission: 'platform:fleet.read' }],
    ['for an organization', { permission: 'org:members.read' }],
  ])('with a route %s', (_what, change) => {
    const route = { path: '/blog', permission: 'blog:posts.read', ...change };
    expect(() => createGateway({ ...options, routes: [route] })).toThrow(TypeError);
  });
});
