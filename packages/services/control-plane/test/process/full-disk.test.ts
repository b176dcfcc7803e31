import { statSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { call, cleanUp, newDataDirectory, run, startService, until } from './service-process.ts';

afterEach(cleanUp);

const ROOM = 200_000;
const MOST = 100;

it('cap OP4 without room on the disk a service says so and lives; with room again everything is as it was answered', async () => {
  const variables = { ENVPLANE_ENVIRONMENTS_PER_SECOND: '1000' };
  const dataDirectory = newDataDirectory();
  const first = await startService(dataDirectory, variables);
  await call(first, 'POST', '/v1/organizations', { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' });
  first.kill('SIGTERM');
  await first.ended;
  const { size } = statSync(`${dataDirectory}/control-plane.db`);

  const create = (service: typeof first, index: number) =>
    call(
      service,
      'POST',
      '/v1/organizations/acme/environments',
      { slug: `number-${index}`, envType: 'test' },
      { 'idempotency-key': `create.${index}` },
    );
  const full = await startService(dataDirectory, variables, 'serve', size + ROOM);
  const statuses: number[] = [];
  while (statuses.at(-1) !== 503 && statuses.length < MOST) {
    statuses.push((await create(full, statuses.length)).status);
  }
  expect(statuses.at(-1)).toBe(503);
  expect((await create(full, statuses.length)).body).toMatchObject({ code: 'store_unavailable' });
  const listed = await call(full, 'GET', '/v1/organizations/acme/environments');
  expect(listed.status).toBe(200);
  expect(listed.body.items.length).toBeGreaterThanOrEqual(statuses.filter((status) => status < 300).length);
  full.kill('SIGTERM');
  await full.ended;

  const again = await startService(dataDirectory, variables);
  const slugs = ['prod'];
  for (const index of statuses.keys()) {
    expect((await create(again, index)).status, `number-${index}`).toBeLessThan(300);
    slugs.push(`number-${index}`);
  }
  const all = await until('all are active', async () => {
    const { items } = (await call(again, 'GET', '/v1/organizations/acme/environments?limit=200')).body;
    return items.every(({ status }) => status === 'active') && items;
  });
  expect(all.map(({ slug }) => slug).sort()).toEqual(slugs.sort());
  const checked = await run(['doctor', '-o', 'json'], {
    ENVPLANE_DATA_DIR: dataDirectory,
    ENVPLANE_URL: again.url,
    ENVPLANE_TOKEN: again.token(),
  });
  const { checks } = JSON.parse(checked.stdout) as { checks: { status: string }[] };
  expect(checks.filter(({ status }) => status !== 'ok' && status !== 'skipped')).toEqual([]);
});
