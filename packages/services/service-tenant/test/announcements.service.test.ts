import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import { finish, type MemoryDriver, openWorld, organizationRequest, type World } from './world/world.ts';

let world: World<MemoryDriver>;
beforeEach(async () => {
  world = await openWorld('postgres', 'memory');
});
afterEach(() => world.close());

async function openIn(plane: ControlPlane): Promise<number> {
  const { open, leaving } = (await plane.figures()).connections;
  return open + leaving;
}
const closedIn = (plane: ControlPlane) => expect.poll(() => openIn(plane), { timeout: 1_000, interval: 20 }).toBe(0);

/** Two processes, and an environment that the first has a connection to. */
async function heldHere(): Promise<{ here: ControlPlane; there: ControlPlane; id: string }> {
  const [here, there] = [await world.open(), await world.open()];
  const { defaultEnvironment } = await there.service.provisionOrganization(organizationRequest());
  const { id } = defaultEnvironment.environment;
  const handle = await here.service.connect(id);
  await handle.query('SELECT 1');
  expect(await openIn(here)).toBe(1);
  await expect.poll(() => listeners()).toHaveLength(1);
  return { here, there, id };
}

it('cap RT4 a connection that another process cut off is closed here within a second, though nobody asks for it', async () => {
  const { here, there, id } = await heldHere();
  await finish(there.service, there.service.environments.suspend(id));
  await closedIn(here);
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

it('cap RT4 so is one whose credential another process replaced in an emergency, and the next one is another', async () => {
  const { here, there, id } = await heldHere();
  await finish(there.service, there.service.credentials.rotate(id, { urgency: 'emergency' }));
  await closedIn(here);
  expect(await (await here.service.connect(id)).query('SELECT 1')).toHaveLength(1);
});

it('cap RT4 so is one to an environment that another process purges', async () => {
  const { here, there, id } = await heldHere();
  await there.service.environments.purge(id, { confirm: 'prod' });
  await closedIn(here);
  await expect(here.service.connect(id)).rejects.toMatchObject({ code: 'environment_not_active' });
});

it('cap RT4 what was said while the connection that hears was broken is found out when it is there again', async () => {
  const { here, id } = await heldHere();
  // Said to nobody, like what is announced in between.
  await suspendUnheard(id);
  const { main } = await world.inspect();
  const [deaf] = await listeners();
  await main.select('select pg_terminate_backend($1)', [deaf]);
  await closedIn(here);
  await expect.poll(() => listeners()).not.toContain(deaf);
});

it('cap RT4 what was never heard is read within a second', async () => {
  const here = await world.open();
  const { defaultEnvironment } = await here.service.provisionOrganization(organizationRequest());
  const { id } = defaultEnvironment.environment;
  await here.service.connect(id);
  await suspendUnheard(id);
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

async function suspendUnheard(id: string): Promise<void> {
  const { main } = await world.inspect();
  await main.write(async (_query, _nowMs, execute) => {
    await execute("update sys_environment set status = 'suspended' where id = $1", [id]);
  });
}

/** Processes of the server whose sessions wait for announcements. */
async function listeners(): Promise<number[]> {
  const { main } = await world.inspect();
  const { rows } = await main.select<{ pid: number }>(
    "select pid from pg_stat_activity where datname = current_database() and query ilike 'listen%'",
    [],
  );
  return rows.map(({ pid }) => pid);
}
