import { HOSTS } from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHost, type TestHost } from './host.ts';

/** The service `auth` as hosts have it: a session by bearer token, which is the user’s name here. */
const auth = {
  name: 'test.auth',
  version: '1.0.0',
  type: 'standard',
  init: async (context: { registerService(name: string, service: unknown): void }) =>
    context.registerService('auth', {
      api: {
        getSession: async ({ headers }: { headers: Headers }) => {
          const user = /^Bearer user-(\w+)$/.exec(headers.get('authorization') ?? '')?.[1];
          return user === undefined ? null : { user: { id: user }, session: { id: `session-of-${user}` } };
        },
      },
    }),
};

describe.each(HOSTS)('in a host %s', (version) => {
  let host: TestHost;
  let organizationId: string;

  beforeAll(async () => {
    host = await startHost(version, { http: true, plugins: [auth] });
    const { defaultEnvironment } = await host.service.provisionOrganization({
      organization: { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' },
      createdBy: 'ada',
    });
    organizationId = defaultEnvironment.environment.organizationId;
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
});
