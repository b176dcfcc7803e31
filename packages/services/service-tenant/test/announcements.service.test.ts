import { afterEach, beforeEach, expect, it } from 'vitest';
import { finish, type MemoryDriver, openWorld, organizationRequest, type World } from './world/world.ts';

let world: World<MemoryDriver>;
beforeEach(async () => {
  world = await openWorld('postgres', 'memory');
});
afterEach(() => world.close());

const openIn = async (plane: Awaited<ReturnType<World['open']>>) => (await plane.figures()).connections.open;

it('cap RT4 a connection that another process cut off is closed here within a second, though nobody asks for it', async () => {
  const [here, there] = [await world.open(), await world.open()];
  const { defaultEnvironment } = await there.service.provisionOrganization(organizationRequest());
  const { id } = defaultEnvironment.environment;
  const handle = await here.service.connect(id);
  await handle.query('SELECT 1');
  expect(await openIn(here)).toBe(1);
  await expect.poll(() => listeners()).toBeGreaterThan(0);
  await finish(there.service, there.service.environments.suspend(id));
  await expect.poll(() => openIn(here), { timeout: 1_000, interval: 20 }).toBe(0);
  await expect(here.service.connect(id)).rejects.toMatchObject({ code: 'environment_not_active' });
  await finish(there.service, there.service.environments.resume(id));
  await expect
    .poll(
      () =>
        here.service.connect(id).then(
          () => 'open',
          () => 'refused',
        ),
      { timeout: 1_000, interval: 20 },
    )
    .toBe('open');
});

it('cap RT4 what was never heard is read within a second', async () => {
  const here = await world.open();
  const { defaultEnvironment } = await here.service.provisionOrganization(organizationRequest());
  const { id } = defaultEnvironment.environment;
  await here.service.connect(id);
  const { main } = await world.inspect();
  await main.write(async (_query, _nowMs, execute) => {
    await execute("update sys_environment set status = 'suspended' where id = $1", [id]);
  });
  await expect
    .poll(
      () =>
        here.service.connect(id).then(
          () => 'open',
          ({ code }) => code,
        ),
      { timeout: 1_500, interval: 20 },
    )
    .toBe('environment_not_active');
});

/** Sessions that wait for announcements. */
async function listeners(): Promise<number> {
  const { main } = await world.inspect();
  const { rows } = await main.select(
    "select 1 from pg_stat_activity where datname = current_database() and query ilike 'listen%'",
    [],
  );
  return rows.length;
}
