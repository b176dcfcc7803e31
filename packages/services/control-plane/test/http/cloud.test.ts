import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../../src/http/app.ts';
import { slugOf } from '../../src/http/cloud/create.ts';
import { CLOUD, isCloud } from '../../src/http/cloud/wire.ts';
import type { Route } from '../../src/http/contract/route.ts';
import { type Harness, startHarness } from './harness.ts';
import { startWithPeople, tokenOf } from './people.ts';

/** What the official client has no method for, and other programs on its wire call. */
interface Wire {
  success: boolean;
  data: Record<string, unknown> & {
    environments: object[];
    environment: Record<string, unknown> & { id: string };
    warnings: string[];
  };
  error: { code: string; httpStatus: number; retryable: boolean; details: Record<string, unknown> };
}

let harness: Harness;
let environmentId: string;
beforeAll(async () => {
  harness = await startWithPeople();
  await harness.organization('acme');
  environmentId = (await harness.environment('acme', 'dev')).id;
});
afterAll(() => harness.close());

const path = (rest: string) => `/api/v1/cloud/environments/${environmentId}${rest}`;
const call = async (method: string, rest: string, body?: object, user?: string) => {
  const token = user === undefined ? {} : { token: tokenOf(user) };
  const { status, body: answer } = await harness.call<Wire>(method, path(rest), { ...(body && { body }), ...token });
  return { status, data: answer.data, error: answer.error };
};

describe('verbs', () => {
  it('suspend, resume, archive, and back by a status', async () => {
    for (const [verb, status] of [
      ['suspend', 'suspended'],
      ['resume', 'active'],
      ['archive', 'archived'],
    ]) {
      expect(await call('POST', `/${verb}`)).toMatchObject({ status: 200, data: { environment: { status } } });
    }
    expect(await call('POST', '/resume')).toMatchObject({
      status: 409,
      error: { code: 'INVALID_STATE', httpStatus: 409, retryable: false, details: { state: 'archived' } },
    });
    const restored = await call('PATCH', '', { status: 'active' });
    expect(restored).toMatchObject({ status: 200, data: { environment: { status: 'active' } } });
  });

  it('set-default, change-plan; a plan is the platform’s to change', async () => {
    expect((await call('POST', '/set-default')).data.environment).toMatchObject({ is_default: true });
    expect((await call('POST', '/change-plan', { plan: 'pro' })).data.environment).toMatchObject({ plan: 'pro' });
    expect(await call('POST', '/change-plan', { plan: 'enterprise' }, 'ada')).toMatchObject({
      status: 403,
      error: { code: 'PERMISSION_DENIED', details: { missing: ['platform:quotas.update'] } },
    });
  });

  it('a subdomain needs a root domain', async () => {
    expect((await call('POST', '/change-hostname', { subdomain: 'a' })).status).toBe(422);
    expect((await call('POST', '/change-hostname', {})).status).toBe(422);
    expect((await call('POST', '/change-hostname', { subdomain: 'a', hostname: 'a.test' })).status).toBe(422);
    const changed = await call('POST', '/change-hostname', { hostname: 'a.test' });
    expect(changed.data.environment).toMatchObject({ hostname: 'a.test' });
  });
});

it('members have the roles that they have everywhere, and an owner stays', async () => {
  expect(await call('POST', '/members', { user_id: 'bea', role: 'reader' })).toMatchObject({
    status: 201,
    data: { member: { environment_id: environmentId, user_id: 'bea', role: 'reader', invited_by: 'platform' } },
  });
  await call('POST', '/members', { user_id: 'cleo', role: 'owner' });
  const { members, total } = (await call('GET', '/members')).data;
  expect([total, (members as { user_id: string }[]).map(({ user_id }) => user_id)]).toEqual([
    3,
    ['ada', 'bea', 'cleo'],
  ]);
  expect((await call('PATCH', '/members/bea', { role: 'admin' })).data['member']).toMatchObject({ role: 'admin' });
  for (const role of ['member', 'viewer']) expect((await call('PATCH', '/members/bea', { role })).status).toBe(422);
  const upwards = await call('POST', '/members', { user_id: 'dan', role: 'owner' }, 'bea');
  expect(upwards).toMatchObject({ status: 403, error: { code: 'ESCALATION' } });
  expect(await call('DELETE', '/members/bea', undefined, 'bea')).toMatchObject({
    status: 200,
    data: { deleted: true, environmentId, userId: 'bea' },
  });
  expect((await call('DELETE', '/members/ada')).status).toBe(200);
  expect(await call('DELETE', '/members/cleo')).toMatchObject({ status: 409, error: { code: 'LAST_OWNER' } });
});

it('what is not there is not found in the client’s form, whatever was asked', async () => {
  for (const [method, where] of [
    ['GET', '/api/v1/cloud/templates'],
    ['POST', path('/reseed')],
    ['GET', path('/artifact')],
    ['DELETE', '/api/v1/cloud/organizations/acme'],
  ] as const) {
    const { body } = await harness.call<Wire>(method, where);
    expect(body).toMatchObject({ success: false, error: { code: 'ROUTE_NOT_FOUND', httpStatus: 404 } });
  }
});

it('the plan that its command sends to everybody is none that was chosen', async () => {
  await harness.call('PATCH', '/v1/organizations/acme', { body: { plan: 'pro' } });
  const body = { organization_id: 'acme', display_name: 'Of the command', plan: 'free' };
  const made = await harness.call<Wire>('POST', '/api/v1/cloud/environments', { body, token: tokenOf('ada') });
  expect(made.body.data).toMatchObject({
    environment: { plan: 'pro' },
    warnings: ['Its plan is pro, that of its organization.'],
  });
});

it('a page has at most as many rows as were asked for, and the total is that of all', async () => {
  const list = (query: string) => harness.call<Wire>('GET', `/api/v1/cloud/environments${query}`);
  const first = (await list('?limit=1')).body.data;
  expect(first).toMatchObject({ environments: [{ slug: 'prod' }], nextCursor: expect.any(String) });
  const second = (await list(`?limit=1000&cursor=${first['nextCursor']}`)).body.data;
  expect(second).toMatchObject({ total: first['total'], nextCursor: null });
  expect(second.environments.length).toBe(Number(first['total']) - 1);
  expect((await list('?limit=1001')).status).toBe(422);
});

it('the page about the client names every route with its permissions, and no other', () => {
  const page = readFileSync(new URL('../../../../../docs/official-client.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => /^\|.*`(GET|POST|PATCH|DELETE) \//.test(line));
  const routes = Object.values(contract).flatMap((group) => Object.values(group)) as Route[];
  const cloud = routes.filter((route) => isCloud(route.path));
  expect(rows.length).toBe(cloud.length);
  for (const route of cloud) {
    const name = `\`${route.method.toUpperCase()} ${route.path.slice(CLOUD.length)}\``;
    const row = rows.find((each) => each.includes(name));
    const missing = [route['x-envplane'].permission].flat().filter((each) => !row?.includes(each));
    expect({ name, missing }).toEqual({ name, missing: [] });
  }
});

it.each([
  ['Ünit Tests!', 'unit-tests'],
  ['日本', 'environment'],
  ['--a--', 'a'],
  [`${'x'.repeat(62)} y`, `${'x'.repeat(62)}`],
])('the slug of %j is %j', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

describe('with a root domain', () => {
  let named: Harness;
  beforeAll(async () => {
    named = await startHarness({}, Date.now, { rootDomain: 'Apps.test.' });
  });
  afterAll(() => named.close());

  it('every environment gets a hostname, with a number where two come to the same', async () => {
    const hostnames = async (organization: string) => {
      const { body } = await named.call<{ items: { hostname: string }[] }>(
        'GET',
        `/v1/organizations/${organization}/environments`,
      );
      return body.items.map(({ hostname }) => hostname);
    };
    const create = (organization_id: string, more: object) =>
      named.call<Wire>('POST', '/api/v1/cloud/environments', {
        body: { organization_id, display_name: 'x', ...more },
      });
    await named.organization('c');
    await named.organization('b-c');
    const first = await create('c', { slug: 'a-b' });
    expect(first.body.data).toMatchObject({ environment: { hostname: 'a-b-c.apps.test' }, warnings: [] });
    expect(first.body.data).not.toHaveProperty('hostnameAssignment');
    const second = await create('b-c', { slug: 'a' });
    expect(second.body.data).toMatchObject({
      environment: { hostname: 'a-b-c-2.apps.test', api_base_url: 'https://a-b-c-2.apps.test/api/v1' },
      hostnameAssignment: { requestedHostname: 'a-b-c.apps.test', assignedHostname: 'a-b-c-2.apps.test' },
    });
    await create('b-c', { slug: 'copied', clone_from_environment_id: second.body.data.environment.id });
    expect(await hostnames('b-c')).toEqual(['prod-b-c.apps.test', 'a-b-c-2.apps.test', 'copied-b-c.apps.test']);
    const { id } = first.body.data.environment;
    const renamed = await named.call<Wire>('POST', `/api/v1/cloud/environments/${id}/change-hostname`, {
      body: { subdomain: 'shop' },
    });
    expect(renamed.body.data.environment).toMatchObject({ hostname: 'shop.apps.test' });
  });

  it('one that is asked for is never changed on our own wire', async () => {
    const body = { slug: 'asked', envType: 'test', hostname: 'shop.apps.test' };
    const { status } = await named.call('POST', '/v1/organizations/c/environments', { body });
    expect(status).toBe(409);
  });
});
