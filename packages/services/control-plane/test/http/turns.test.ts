import { expect, it, onTestFinished } from 'vitest';
import { startHarness } from './harness.ts';

it('rel G17 whom an organization keeps waiting is told when to come again, and others are not hindered', async () => {
  // One in twenty seconds: the second one would wait for longer than anybody is kept.
  const harness = await startHarness({}, Date.now, { environmentsPerSecond: 0.05 });
  onTestFinished(() => harness.close());
  for (const slug of ['loud', 'quiet']) await harness.organization(slug);
  const create = (organization: string, slug: string) =>
    harness.call('POST', `/v1/organizations/${organization}/environments`, { body: { slug, envType: 'test' } });

  expect(await create('loud', 'first')).toMatchObject({ status: 201 });
  const refused = await create('loud', 'second');
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(7);
  const { body: first } = await harness.call<{ items: { id: string; slug: string }[] }>(
    'GET',
    '/v1/organizations/loud/environments',
  );
  const copy = { body: { slug: 'copy', envType: 'test' } };
  expect(await harness.call('POST', `/v1/environments/${first.items[0]?.id}/copy`, copy)).toMatchObject({
    status: 429,
  });
  expect(await create('quiet', 'first')).toMatchObject({ status: 201 });
  const { body } = await harness.call<{ items: { slug: string }[] }>('GET', '/v1/organizations/loud/environments');
  expect(body.items.map(({ slug }) => slug).sort()).toEqual(['first', 'prod']);
});
