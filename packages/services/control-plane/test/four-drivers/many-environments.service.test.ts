import type { EnvironmentView, OperationView, Page } from '@envplane/spec';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AllDrivers, DRIVERS, startAllDrivers } from './all-drivers.ts';

const ENVIRONMENTS = 500;
const ORGANIZATIONS = 20;
const CONCURRENCY = 16;
/** Longer than any provider's settle time. */
const SETTLED_MS = 20 * 60_000;
/** A deadline against hanging, not a figure. */
const PATIENCE = { timeout: 300_000, interval: 500 };

let world: AllDrivers;
beforeAll(async () => {
  world = await startAllDrivers();
});
afterAll(() => world.close());

it(`${ENVIRONMENTS} environments over four drivers, ${CONCURRENCY} at a time, then purged: the servers are as they were`, async () => {
  const { call } = world;
  const create = (organization: string, number: number) =>
    call('POST', `/v1/organizations/${organization}/environments`, {
      slug: `env-${number}`,
      envType: 'preview',
      driver: DRIVERS[number % DRIVERS.length],
    });
  // What a placement is given once stays with it, and so does a neighbour.
  await call('POST', '/v1/organizations', { slug: 'neighbour', displayName: 'Neighbour', ownerUserId: 'ada' });
  await atATime(numbered(DRIVERS.length), (number) => create('neighbour', number));
  const first = await world.inventory();
  // Every organization brings a default environment of its own.
  await atATime(numbered(ORGANIZATIONS), (number) =>
    call('POST', '/v1/organizations', {
      slug: `org-${number}`,
      displayName: `Organization ${number}`,
      ownerUserId: 'ada',
      defaultEnvironment: { driver: DRIVERS[number % DRIVERS.length] },
    }),
  );
  await atATime(numbered(ENVIRONMENTS - ORGANIZATIONS), (number) => create(`org-${number % ORGANIZATIONS}`, number));
  await expectFinished();
  const made = await Promise.all(
    numbered(ORGANIZATIONS).map((number) =>
      call<Page<EnvironmentView>>('GET', `/v1/organizations/org-${number}/environments?limit=200`),
    ),
  );
  const environments = made.flatMap(({ items }) => items);
  expect(environments).toHaveLength(ENVIRONMENTS);
  expect(environments.filter(({ status }) => status !== 'active')).toEqual([]);
  const beyondFirst = async () => {
    const now = await world.inventory();
    return ['databases', 'namespaces', 'cloud'].map((name) => (now[name]?.length ?? 0) - (first[name]?.length ?? 0));
  };
  expect(await beyondFirst()).toEqual([125, 125, 125]);

  await atATime(
    environments.filter(({ isDefault }) => !isDefault),
    ({ id, slug }) => call('POST', `/v1/environments/${id}/purge`, { confirm: slug }),
  );
  await expect.poll(beyondFirst, PATIENCE).toEqual([5, 5, 5]);
  await expectFinished();
  await atATime(numbered(ORGANIZATIONS), (number) =>
    call('POST', `/v1/organizations/org-${number}/purge`, { confirm: `org-${number}` }),
  );
  await expect.poll(world.inventory, PATIENCE).toEqual(first);
  await expectFinished();
  expect((await call<Page<object>>('GET', '/v1/organizations')).items).toMatchObject([{ slug: 'neighbour' }]);
  expect(await world.inventory()).toEqual(first);
}, 900_000);

/** Nothing goes on any more, and nothing has failed. When nothing changes, settle times are what is waited for. */
async function expectFinished(): Promise<void> {
  const operations = async (status: string) =>
    (await world.call<Page<OperationView>>('GET', `/v1/operations?limit=200&status=${status}`)).items;
  let before = 0;
  let unchanged = 0;
  const running = async () => {
    const { length } = await operations('running');
    unchanged = length === before ? unchanged + 1 : 0;
    before = length;
    // Not at every poll: what is under way would find its lease over, again and again.
    if (unchanged % 20 === 10) world.skip(SETTLED_MS);
    return length;
  };
  await expect.poll(running, PATIENCE).toBe(0);
  for (const status of ['queued', 'failed', 'cancelled']) expect(await operations(status)).toEqual([]);
}

const numbered = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

async function atATime<Item, Result>(items: readonly Item[], task: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await task(items[index] as Item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  return results;
}
