import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Harness, RequestOptions } from './harness.ts';
import { startWithPeople, tokenOf } from './people.ts';

let harness: Harness;
let env: string;
beforeAll(async () => {
  harness = await startWithPeople();
  await harness.organization('acme');
  env = (await harness.environment('acme', 'dev')).id;
});
afterAll(() => harness.close());

const as = (userId: string, method: string, path: string, options: RequestOptions = {}): Promise<Answer> =>
  harness.call(method, path, { ...options, token: tokenOf(userId) });

describe.each([
  ['an organization', () => '/v1/organizations/acme', { first: 'member', second: 'admin' }],
  ['an environment', () => `/v1/environments/${env}`, { first: 'reader', second: 'maker' }],
])('cap M1 members of %s', (name, base, { first, second }) => {
  const userId = `u/${name} ä`;
  const path = () => `${base()}/members/${encodeURIComponent(userId)}`;

  it('are added, changed, listed and removed', async () => {
    const added = await as('ada', 'POST', `${base()}/members`, { body: { userId, role: first } });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({ userId, role: first, version: 1, invitedBy: 'ada' });
    expect(added.headers.get('etag')).toBe('"v1"');
    const location = added.headers.get('location') ?? '';
    expect(decodeURIComponent(location)).toMatch(new RegExp(`/members/${userId}$`));
    const changed = await as('ada', 'PATCH', path(), { body: { role: second }, headers: { 'if-match': '"v1"' } });
    expect(changed.body).toMatchObject({ role: second, version: 2 });
    const stale = await as('ada', 'PATCH', path(), { body: { role: first }, headers: { 'if-match': '"v1"' } });
    expect(stale.body).toMatchObject({ status: 412, code: 'version_mismatch' });
    const list = await as('ada', 'GET', `${base()}/members?role=${second}`);
    expect(list.body['items']).toMatchObject([{ userId, role: second }]);
    const removed = await as('ada', 'DELETE', path());
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect((await as('ada', 'DELETE', path())).body).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('a second add is 409, the last owner 409, more than one has 403', async () => {
    await as('ada', 'POST', `${base()}/members`, { body: { userId: 'second', role: 'admin' } });
    const again = await as('ada', 'POST', `${base()}/members`, { body: { userId: 'second', role: 'admin' } });
    expect(again.body).toMatchObject({ status: 409, code: 'already_member' });
    const last = await as('ada', 'DELETE', `${base()}/members/ada`);
    expect(last.body).toMatchObject({ status: 409, code: 'last_owner' });
    const escalation = await as('second', 'POST', `${base()}/members`, { body: { userId: 'x', role: 'owner' } });
    expect(escalation.body).toMatchObject({ status: 403, code: 'escalation' });
    expect((escalation.body['missing'] as string[]).length).toBeGreaterThan(0);
  });

  it('anyone may leave by themselves, and nobody else', async () => {
    await as('ada', 'POST', `${base()}/members`, { body: { userId: 'leaver', role: first } });
    const other = await as('leaver', 'DELETE', `${base()}/members/second`);
    expect(other.body).toMatchObject({ status: 403, code: 'permission_denied' });
    expect((await as('leaver', 'DELETE', `${base()}/members/leaver`)).status).toBe(204);
    expect((await as('leaver', 'DELETE', `${base()}/members/leaver`)).status).toBe(404);
  });

  it('a user without a right learns nothing from the validation', async () => {
    const outside = await as('stranger', 'POST', `${base()}/members?x=1`, { body: '{broken' });
    expect(outside.body).toMatchObject({ status: 404, code: 'not_found' });
    await as('ada', 'POST', `${base()}/members`, { body: { userId: 'lowly', role: first } });
    const inside = await as('lowly', 'POST', `${base()}/members?x=1`, { body: '{broken' });
    expect(inside.body).toMatchObject({ status: 403, code: 'permission_denied' });
  });

  it('cap M2 ownership is handed over', async () => {
    const answer = await as('ada', 'POST', `${base()}/transfer-ownership`, { body: { newOwnerUserId: 'second' } });
    expect([answer.status, answer.body['role']]).toEqual([200, 'owner']);
    // Whoever owns the organization still may; of the organization itself there is nobody above.
    const again = await as('ada', 'POST', `${base()}/transfer-ownership`, { body: { newOwnerUserId: 'ada' } });
    expect(again.status).toBe(name === 'an organization' ? 403 : 200);
    if (again.status === 200) return;
    const back = await as('second', 'POST', `${base()}/transfer-ownership`, { body: { newOwnerUserId: 'ada' } });
    expect(back.status).toBe(200);
    expect((await as('ada', 'GET', `${base()}/members?role=owner`)).body['items']).toMatchObject([{ userId: 'ada' }]);
  });
});

describe('who is calling', () => {
  it('is told where they belong', async () => {
    expect((await as('ada', 'GET', '/v1/me')).body).toMatchObject({
      kind: 'user',
      id: 'ada',
      platformRole: null,
      organizations: [{ slug: 'acme', role: 'owner' }],
    });
    expect((await harness.call('GET', '/v1/me')).body).toMatchObject({
      kind: 'platform',
      platformRole: 'administrator',
    });
    expect((await as('stranger', 'GET', '/v1/me')).body).toMatchObject({ organizations: [] });
  });

  it('sees the environments they may see, page by page', async () => {
    const all = await as('ada', 'GET', '/v1/me/environments');
    expect(all.body['items']).toMatchObject([
      { organizationSlug: 'acme', slug: 'prod', role: 'owner' },
      { slug: 'dev', role: 'owner' },
    ]);
    await as('ada', 'POST', `/v1/environments/${env}/members`, { body: { userId: 'only-dev', role: 'reader' } });
    const own = await as('only-dev', 'GET', '/v1/me/environments');
    expect(own.body).toMatchObject({ items: [{ id: env, role: 'reader' }], nextCursor: null });
    expect((await as('stranger', 'GET', '/v1/me/environments')).body).toEqual({ items: [], nextCursor: null });
    const page = await as('ada', 'GET', '/v1/me/environments?limit=1');
    const rest = await as('ada', 'GET', `/v1/me/environments?limit=1&cursor=${page.body['nextCursor']}`);
    expect(rest.body).toMatchObject({ items: [{ slug: 'dev' }], nextCursor: null });
  });

  it('cap R2 is told every permission and which roles hold it', async () => {
    const { body } = await as('stranger', 'GET', '/v1/permissions');
    const items = body['items'] as { permission: string; roles: string[] }[];
    const roles = Object.fromEntries(items.map((each) => [each.permission, each.roles]));
    expect(roles['env:data.read']).toEqual([
      'platform:administrator',
      'env:owner',
      'env:admin',
      'env:maker',
      'env:reader',
    ]);
    expect(roles['platform:identities.act_as']).toEqual(['platform:administrator']);
  });
});
