import { hash } from 'node:crypto';
import { HOSTS } from '@envplane/testkit/hosts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHost, type TestHost } from './host.ts';

/**
 * The service `auth` as hosts have it: a session by bearer token, which is the user’s name here, and behind `@` the organization
 * that they are working in.
 */
const auth = {
  name: 'test.auth',
  version: '1.0.0',
  type: 'standard',
  init: async (context: { registerService(name: string, service: unknown): void }) =>
    context.registerService('auth', {
      api: {
        getSession: async ({ headers }: { headers: Headers }) => {
          const [, user, organization = null] =
            /^Bearer user-(\w+)(?:@([\w-]+))?$/.exec(headers.get('authorization') ?? '') ?? [];
          const session = { id: `session-of-${user}`, activeOrganizationId: organization };
          return user === undefined ? null : { user: { id: user }, session };
        },
      },
    }),
};

/** The application's own paths, which may begin as ours do. */
const ownRoutes = {
  ...{ name: 'test.routes', version: '1.0.0', type: 'standard', dependencies: ['com.envplane.tenant'] },
  init: async () => undefined,
  start: async (context: { getService(name: string): unknown }) => {
    const server = context.getService('http.server') as {
      get(path: string, handler: (request: object, response: { json(body: object): unknown }) => unknown): void;
    };
    for (const path of ['/v1/invoices', '/v1/environments/:id/invoices'])
      server.get(path, (_request, response) => response.json({ path }));
  },
};

describe.each(HOSTS)('in a host %s', (version) => {
  let host: TestHost;
  let organizationId: string;
  let prod: string;
  let staging: string;

  beforeAll(async () => {
    host = await startHost(version, {
      http: true,
      plugins: [auth, ownRoutes],
      plugin: {
        resolveKernels: true,
        routing: {
          enabled: true,
          identificationSources: ['subdomain', 'custom_domain', 'header', 'jwt_claim', 'session', 'default'],
          subdomainPattern: '{tenant}.app.test',
          customDomainMapping: { 'acme.example': 'acme' },
        },
      },
    });
    const { defaultEnvironment } = await host.service.provisionOrganization({
      organization: { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' },
      createdBy: 'ada',
    });
    organizationId = defaultEnvironment.environment.organizationId;
    prod = defaultEnvironment.environment.id;
    const request = { organizationId, slug: 'staging', envType: 'staging', createdBy: 'ada' } as const;
    const made = await host.service.provisionEnvironment({ ...request, hostname: 'staging.acme.test' });
    staging = made.environment.id;
  });
  afterAll(() => host.stop());

  const call = async (method: string, path: string, user: string | null, body?: object) => {
    const headers = {
      ...(user !== null && { authorization: `Bearer user-${user}` }),
      ...(body && { 'content-type': 'application/json' }),
    };
    const answer = await fetch(`${host.url()}${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, never> };
  };

  it('a user of the host provisions an environment over HTTP, and it is usable', async () => {
    const path = `/v1/organizations/${organizationId}/environments`;
    const made = await call('POST', path, 'ada', { slug: 'dev', envType: 'development' });
    expect(made).toMatchObject({ status: 201, body: { status: 'active', createdBy: 'ada' } });
    const database = await host.service.connect(made.body['id'] ?? '');
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('nobody is let in without a session of the host, and no stranger sees an organization', async () => {
    expect(await call('GET', '/v1/me', null)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(await call('GET', '/v1/me', 'ada')).toMatchObject({ status: 200, body: { id: 'ada', issuer: 'host' } });
    expect((await call('GET', `/v1/organizations/${organizationId}`, 'eve')).status).toBe(404);
    expect((await call('POST', '/v1/organizations', 'ada', {})).status).toBe(403);
  });

  /** The environment that the host's dispatcher is told a request is for. */
  const resolved = async (user: string | null, headers: Record<string, string> = {}, urlEnvironmentId?: string) => {
    const resolver = host.kernel.getService('kernel-resolver') as {
      resolveKernel(context: object, kernel: object): Promise<object>;
    };
    const context: { environmentId?: string; request: object } = {
      ...{ request: { headers: { ...headers, ...(user !== null && { authorization: `Bearer user-${user}` }) } } },
      ...(urlEnvironmentId !== undefined && { urlEnvironmentId }),
    };
    expect(await resolver.resolveKernel(context, host.kernel)).toBe(host.kernel);
    return context.environmentId;
  };
  const named = (id: string) => ({ 'X-Environment-Id': id });

  it('a request is sent to the environment that its path, hostname or header names, else to the default one', async () => {
    expect(await resolved('ada', {}, staging)).toBe(staging);
    expect(await resolved('ada', { host: 'STAGING.acme.test.:8080' })).toBe(staging);
    expect(await resolved('ada', named(staging))).toBe(staging);
    expect(await resolved('ada', { host: 'localhost:3000' })).toBe(prod);
    expect(await resolved('eve')).toBeUndefined();
    expect(await resolved(null)).toBeUndefined();
    expect(await resolved('ada', { host: `${'a'.repeat(9_000)}.test` })).toBe(prod);
  });

  it('a user of several organizations is sent to the default one of that which the session is in, if it is theirs', async () => {
    const { defaultEnvironment } = await host.service.provisionOrganization({
      organization: { slug: 'globex', displayName: 'Globex', ownerUserId: 'cy' },
      createdBy: 'cy',
    });
    const globex = defaultEnvironment.environment;
    expect(await resolved('cy')).toBe(globex.id);
    await host.service.members.add({ organizationId }, { userId: 'cy', role: 'member' });
    await host.service.members.add({ environmentId: prod }, { userId: 'cy', role: 'reader' });
    expect(await resolved('cy')).toBeUndefined();
    expect(await resolved(`cy@${globex.organizationId}`)).toBe(globex.id);
    expect(await resolved(`cy@${organizationId}`)).toBe(prod);
    expect(await resolved(`cy@${organizationId}`, named(globex.id))).toBe(globex.id);
    // Whoever works in an organization that is not theirs here is not sent to another one.
    expect(await resolved(`cy@${crypto.randomUUID()}`)).toBeUndefined();
    expect(await resolved(`ada@${globex.organizationId}`)).toBeUndefined();
  });

  it('a path of the application itself is its own, though ours begin so too', async () => {
    for (const path of ['/v1/invoices', '/v1/environments/:id/invoices'])
      expect(await call('GET', path, null)).toEqual({ status: 200, body: { path } });
    expect(await call('GET', '/v1/me', null)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect((await fetch(`${host.url()}/v1/nothing`)).status).toBe(404);
  });

  it('nobody is sent where they may not go, and never elsewhere instead', async () => {
    const refused = (code: string, statusCode: number) => expect.objectContaining({ code, statusCode });
    await expect(resolved('eve', named(staging))).rejects.toEqual(refused('access_denied', 403));
    await expect(resolved('eve', { host: 'staging.acme.test' })).rejects.toEqual(refused('access_denied', 403));
    await expect(resolved(null, named(staging))).rejects.toEqual(refused('unauthenticated', 401));
    await expect(resolved('ada', named('../../etc'))).rejects.toEqual(refused('access_denied', 403));
    await expect(resolved('ada', { ...named(staging), host: 'staging.acme.test' }, prod)).rejects.toEqual(
      refused('environment_mismatch', 403),
    );
  });

  it('a session is switched to an environment over HTTP, and refused when that is closed', async () => {
    const path = '/v1/me/active-environment';
    expect((await call('GET', path, 'ada')).body).toEqual({ environmentId: null });
    expect(await call('PUT', path, 'ada', { environmentId: staging })).toMatchObject({ status: 200 });
    expect((await call('GET', path, 'ada')).body).toEqual({ environmentId: staging });
    expect(await resolved('ada')).toBe(staging);
    expect(await resolved('ada', named(prod))).toBe(prod);
    // Whoever else is given the session has no part in it.
    const session = hash('sha256', 'session-of-ada');
    const of = (id: string) =>
      host.service
        .as({
          principal: { kind: 'user', id, issuer: 'host', subject: id, session },
          ...{ requestId: null, clientAddress: null },
        })
        .me.activeEnvironment();
    expect([await of('ada'), await of('bea')]).toEqual([{ environmentId: staging }, { environmentId: null }]);
    expect(await call('PUT', path, 'eve', { environmentId: staging })).toMatchObject({ status: 404 });
    expect(await resolved('eve')).toBeUndefined();

    await host.service.environments.suspend(staging);
    await expect(resolved('ada')).rejects.toMatchObject({ code: 'environment_not_active' });
    expect((await call('PUT', path, 'ada', { environmentId: null })).body).toEqual({ environmentId: null });
    expect(await resolved('ada')).toBe(prod);
    const { operationId } = await host.service.environments.resume(staging);
    await host.service.operations.wait(operationId ?? '', 10_000);
    const { items } = await host.service.auditEvents.list({ organizationId }, { limit: 200 });
    const switched = items.filter(({ action }) => action === 'session.switch');
    expect(switched).toMatchObject([{ actorId: 'ada', environmentId: staging }]);
  });

  it('the official client is answered on the host’s server, and switches the session that it belongs to', async () => {
    const path = `/api/v1/cloud/environments/${staging}/activate`;
    expect(await call('POST', path, null)).toMatchObject({
      status: 401,
      body: { success: false, error: { code: 'UNAUTHENTICATED' } },
    });
    expect((await call('POST', path, 'eve')).status).toBe(404);
    expect(await call('POST', path, 'ada')).toMatchObject({
      status: 200,
      body: { success: true, data: { project: { id: staging }, sessionUpdated: true, warnings: [] } },
    });
    expect(await resolved('ada')).toBe(staging);
    await call('PUT', '/v1/me/active-environment', 'ada', { environmentId: null });
    const listed = await call('GET', `/api/v1/cloud/environments?organizationId=${organizationId}`, 'ada');
    expect(listed).toMatchObject({ status: 200, body: { data: { environments: [{ slug: 'prod' }, {}, {}] } } });
  });

  it('the tenant of a request is found by what its host says, for members alone', async () => {
    const tenant = host.kernel.getService('tenant') as {
      resolveTenantContext(request: object): Promise<object | null>;
    };
    const of = (user: string, request: object) =>
      tenant.resolveTenantContext({ session: { user: { id: user } }, ...request });
    const context = { tenantId: prod, organizationId, organizationSlug: 'acme', plan: 'free' };
    expect(await of('ada', { headers: { 'x-tenant-id': 'acme' } })).toMatchObject(context);
    expect(await of('ada', { hostname: 'acme.app.test' })).toMatchObject(context);
    expect(await of('ada', { hostname: 'staging.acme.test' })).toMatchObject({ ...context, tenantId: staging });
    expect(await of('ada', { session: { user: { id: 'ada' }, activeOrganizationId: organizationId } })).toMatchObject(
      context,
    );
    expect(await of('ada', { hostname: 'ACME.example:443' })).toMatchObject(context);
    expect(await of('ada', { hostname: 'www.elsewhere.test', headers: { 'X-Tenant-ID': staging } })).toMatchObject({
      tenantId: staging,
    });
    const claims = { sub: 'ada', organizationId: 'acme' };
    expect(await tenant.resolveTenantContext({ jwt: claims })).toMatchObject(context);
    expect(await of('ada', { hostname: 'globex.app.test', headers: { 'x-tenant-id': 'acme' } })).toBeNull();
    expect(await of('eve', { headers: { 'x-tenant-id': 'acme' } })).toBeNull();
    // A member of the environment alone, who is nobody in the organization.
    await host.service.members.add({ environmentId: staging }, { userId: 'bea', role: 'reader' });
    expect(await of('bea', { hostname: 'staging.acme.test' })).toMatchObject({ ...context, tenantId: staging });
    expect(await of('bea', { headers: { 'x-tenant-id': 'acme' } })).toBeNull();
    expect(await of('ada', { headers: { 'x-tenant-id': `${organizationId}x` } })).toBeNull();
    expect(await tenant.resolveTenantContext({ hostname: 'staging.acme.test' })).toBeNull();
  });

  it('the registry knows the environments that serve, and the adapters are there', async () => {
    const registry = host.kernel.getService('env-registry') as Record<string, (name: string) => Promise<object | null>>;
    expect(await registry['resolveByHostname']?.('staging.acme.test')).toEqual({ environmentId: staging });
    expect(await registry['resolveByHostname']?.('other.acme.test')).toBeNull();
    expect(await registry['resolveById']?.(prod)).toEqual({ environmentId: prod });
    expect(await registry['resolveById']?.('nobody')).toBeNull();
    // A new name holds at once in this process, and the old one is nobody's.
    await host.service.environments.update(staging, { hostname: 'other.acme.test' });
    expect(await registry['resolveByHostname']?.('other.acme.test')).toEqual({ environmentId: staging });
    expect(await registry['resolveByHostname']?.('staging.acme.test')).toBeNull();

    for (const name of ['environment-provisioning-adapters', 'project-provisioning-adapters']) {
      const adapters = host.kernel.getService(name) as { get(driver: string): object | undefined; list(): object[] };
      expect([adapters.list().length, adapters.get('sqlite'), adapters.get('no')]).toMatchObject([
        1,
        { driver: 'sqlite' },
        undefined,
      ]);
    }
  });
});
