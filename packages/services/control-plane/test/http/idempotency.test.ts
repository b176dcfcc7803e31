import type { EnvironmentView, OrganizationView } from '@envplane/spec';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, startHarness, TOKEN } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.organization('acme');
});
afterAll(() => harness.close());

const create = (key: string, body: object, headers: Record<string, string> = {}) =>
  harness.call<EnvironmentView>('POST', '/v1/organizations/acme/environments', {
    body,
    headers: { 'idempotency-key': key, ...headers },
  });

it('cap HT3 fifty at once with one key, some replies dropped, make one environment', async () => {
  const body = { slug: 'fifty', envType: 'test' };
  const dropped = new AbortController();
  const lost = Array.from({ length: 25 }, () =>
    harness.app.request('/v1/organizations/acme/environments', {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', 'idempotency-key': 'fifty' },
      body: JSON.stringify(body),
      signal: dropped.signal,
    }),
  );
  const kept = Array.from({ length: 25 }, () => create('fifty', body));
  dropped.abort();
  const answers = await Promise.all(kept);
  await Promise.allSettled(lost);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
  expect(new Set(answers.map((answer) => answer.headers.get('operation-id'))).size).toBe(1);
  expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
  const { body: page } = await harness.call<{ items: EnvironmentView[] }>('GET', '/v1/organizations/acme/environments');
  expect(page.items.filter(({ slug }) => slug === 'fifty')).toHaveLength(1);
});

it('cap HT3 a replay answers the operation while it runs and the resource after', async () => {
  const release = harness.hold();
  const body = { slug: 'replayed', envType: 'test', driver: 'guarded' };
  const first = await create('replayed', body, { prefer: 'respond-async' });
  const second = await create('replayed', body, { prefer: 'wait=0' });
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(second.headers.get('location')).toBe(first.headers.get('location'));
  release();
  const third = await create('replayed', body);
  expect(third.status).toBe(201);
  expect(third.headers.get('operation-id')).toBe(first.headers.get('operation-id'));
});

it('cap HT3 another body with the same key is refused and makes nothing', async () => {
  await create('reused', { slug: 'reused', envType: 'test' });
  const answer = await harness.call('POST', '/v1/organizations/acme/environments', {
    body: { slug: 'reused-again', envType: 'test' },
    headers: { 'idempotency-key': 'reused' },
  });
  expect([answer.status, answer.body['code']]).toEqual([422, 'idempotency_key_reused']);
  const { text } = await harness.call('GET', '/v1/organizations/acme/environments');
  expect(text).not.toContain('reused-again');
});

it('cap HT3 organizations are replayed too', async () => {
  const body = { slug: 'once', displayName: 'Once', ownerUserId: 'ada' };
  const request = () =>
    harness.call<OrganizationView>('POST', '/v1/organizations', { body, headers: { 'idempotency-key': 'once' } });
  const [first, ...others] = await Promise.all([request(), request(), request()]);
  expect(first.status).toBe(201);
  for (const other of others) expect([other.status, other.text]).toEqual([201, first.text]);
  expect((await harness.call('POST', '/v1/organizations', { body })).body).toMatchObject({ code: 'slug_taken' });
});

it.each(['suspend', 'resume', 'archive', 'restore'])('cap HT3 %s is replayed by its operation', async (verb) => {
  const { items } = (await harness.call<{ items: EnvironmentView[] }>('GET', '/v1/organizations/acme/environments'))
    .body;
  const path = `/v1/environments/${items.find(({ slug }) => slug === 'fifty')?.id}/${verb}`;
  const headers = { 'idempotency-key': `verb-${verb}` };
  const first = await harness.call('POST', path, { headers });
  const second = await harness.call('POST', path, { headers });
  expect(first.headers.get('operation-id')).toBeTruthy();
  expect([second.status, second.headers.get('operation-id')]).toEqual([200, first.headers.get('operation-id')]);
});

it('cap HT3 the purge of an organization by its slug is replayed when the slug leads nowhere', async () => {
  await harness.organization('brief');
  const purge = (key: string) =>
    harness.call('POST', '/v1/organizations/brief/purge', {
      body: { confirm: 'brief' },
      headers: { 'idempotency-key': key },
    });
  const first = await purge('brief');
  const second = await purge('brief');
  expect(first.headers.get('operation-id')).toBeTruthy();
  expect([second.status, second.headers.get('operation-id')]).toEqual([200, first.headers.get('operation-id')]);
  expect(second.text).toBe(first.text);
  expect((await purge('other')).status).toBe(404);
});

it('cap HT3 a patch is replayed without a second change', async () => {
  const patch = (displayName: string, key: string) =>
    harness.call<OrganizationView>('PATCH', '/v1/organizations/acme', {
      body: { displayName },
      headers: { 'idempotency-key': key },
    });
  const first = await patch('One', 'patch-1');
  await patch('Two', 'patch-2');
  const replayed = await patch('One', 'patch-1');
  expect(first.body.displayName).toBe('One');
  expect([replayed.status, replayed.body.displayName]).toEqual([200, 'Two']);
});

it.each(['', ' ', 'a b', 'x'.repeat(256), 'é', 'a\tb', 'one, two'])(
  'the key %j is refused as a header',
  async (key) => {
    const answer = await harness.call<{ errors?: object[] }>('POST', '/v1/organizations/acme/environments', {
      body: { slug: 'never', envType: 'test' },
      headers: { 'idempotency-key': key },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ in: 'header', pointer: '/idempotency-key' }]);
  },
);
