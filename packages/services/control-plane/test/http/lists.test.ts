import type { EnvironmentView, OrganizationView } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.organization('acme');
  for (let index = 0; index < 9; index += 1)
    await harness.environment('acme', `env-${index}`, index % 2 ? 'sqlite' : 'guarded');
});
afterAll(() => harness.close());

interface Page {
  items: EnvironmentView[];
  nextCursor: string | null;
}
const list = '/v1/organizations/acme/environments';
const get = async (query: string) => (await harness.call<Page>('GET', `${list}?${query}`)).body;

describe('paging', () => {
  it('cap HT5 sees everything once, in order', async () => {
    const all = (await get('limit=200')).items.map(({ slug }) => slug);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page = await get(`limit=4${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      seen.push(...page.items.map(({ slug }) => slug));
      cursor = page.nextCursor;
    }
    expect(all).toHaveLength(10);
    expect(seen).toEqual(all);
  });

  it('cap HT5 is stable while others insert', async () => {
    const { nextCursor, items } = await get('limit=5');
    const before = (await get('limit=200')).items.map(({ slug }) => slug);
    await harness.environment('acme', 'inserted');
    const rest = await get(`limit=200&cursor=${nextCursor}`);
    expect([...items, ...rest.items].map(({ slug }) => slug)).toEqual([...before, 'inserted']);
  });

  it('cap HT5 a cursor belongs to its filters', async () => {
    const { nextCursor } = await get('limit=2&driver=sqlite');
    expect(
      (await get(`limit=50&driver=sqlite&cursor=${nextCursor}`)).items.every(
        ({ database }) => database.driver === 'sqlite',
      ),
    ).toBe(true);
    for (const query of ['driver=guarded', '', 'driver=sqlite&envType=test']) {
      const answer = await harness.call('GET', `${list}?${query}&cursor=${nextCursor}`.replace('?&', '?'));
      expect([answer.status, answer.body['code']]).toEqual([400, 'cursor_mismatch']);
    }
  });

  it.each([
    'x',
    '',
    'bnVsbA',
    'W10',
    'e30',
    'WzEse30sIltdIl0',
    '%00',
    'WzEsbnVsbCwiW10iXQ',
    '../..',
    'a'.repeat(3_000),
  ])('cap HT5 the cursor %s is refused', async (cursor) => {
    for (const path of [list, '/v1/organizations', '/v1/operations', '/v1/audit-events']) {
      const answer = await harness.call('GET', `${path}?cursor=${cursor}`);
      expect([answer.status, answer.body['code']]).toEqual([400, 'cursor_invalid']);
    }
  });

  it.each(['0', '201', '-1', '1.5', 'x', '', 'null', '1e9'])('cap HT5 limit=%s is refused', async (limit) => {
    const answer = await harness.call<{ errors: object[] }>('GET', `${list}?limit=${limit}`);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ in: 'query', pointer: '/limit' }]);
  });

  it('cap HT5 organizations, operations and audit events are paged alike', async () => {
    await harness.organization('second');
    const organizations = await harness.call<{ items: OrganizationView[]; nextCursor: string }>(
      'GET',
      '/v1/organizations?limit=1',
    );
    const next = await harness.call<{ items: OrganizationView[]; nextCursor: null }>(
      'GET',
      `/v1/organizations?limit=1&cursor=${organizations.body.nextCursor}`,
    );
    expect([organizations.body.items[0]?.slug, next.body.items[0]?.slug, next.body.nextCursor]).toEqual([
      'acme',
      'second',
      null,
    ]);
    const { id } = organizations.body.items[0] as OrganizationView;
    for (const path of ['/v1/operations?limit=3', `/v1/audit-events?limit=3&organizationId=${id}`]) {
      const first = await harness.call<{ items: object[]; nextCursor: string }>('GET', path);
      const second = await harness.call<{ items: object[] }>('GET', `${path}&cursor=${first.body.nextCursor}`);
      const all = await harness.call<{ items: object[] }>('GET', path.replace('limit=3', 'limit=6'));
      expect([...first.body.items, ...second.body.items]).toEqual(all.body.items);
    }
  });
});

describe('filters', () => {
  it('narrow the list', async () => {
    expect((await get('driver=guarded')).items).toHaveLength(5);
    expect((await get('envType=production')).items.map(({ slug }) => slug)).toEqual(['prod']);
    expect((await get('status=archived')).items).toEqual([]);
    expect((await get('driver=unknown')).items).toEqual([]);
  });

  it.each([
    'envType=x',
    'status=x',
    'unknown=1',
    'driver=',
    '__proto__=1',
    'constructor=1',
    'limit=1&limit=2',
    'driver[]=sqlite',
    '%00=1',
    'driver=%00',
  ])('sec S5 %s is refused', async (query) => {
    const answer = await harness.call<{ errors: { in: string }[] }>('GET', `${list}?${query}`);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0]?.in).toBe('query');
  });
});
