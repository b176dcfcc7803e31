import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import {
  environmentRequest,
  finish,
  type MemoryDriver,
  openWorld,
  organizationRequest,
  type World,
} from './world/world.ts';

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
  await expect.poll(() => listeners()).toHaveLength(2);
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
  // Whether it is still on its way out by now is chance.
  await expect(here.service.connect(id)).rejects.toMatchObject({
    code: expect.stringMatching(/^(environment_not_active|not_found)$/),
  });
});

it('cap RT4 what was said while the connection that hears was broken is found out when it is there again', async () => {
  const { here, id } = await heldHere();
  // Said to nobody, like what is announced in between.
  await suspendUnheard(id);
  const { main } = await world.inspect();
  const deaf = await listeners();
  for (const pid of deaf) await main.select('select pg_terminate_backend($1)', [pid]);
  await closedIn(here);
  expect(await listeners()).not.toEqual(expect.arrayContaining(deaf));
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

it('a process that is told of something due looks for it at once, and does not wait for its next look', async () => {
  const { worker } = await world.open();
  await expect.poll(() => listeners()).toHaveLength(1);
  const { main } = await world.inspect();
  const began = performance.now();
  for (let told = 0; told < 8; told += 1) {
    const toldMs = performance.now();
    main.announcements?.announce('due');
    const hasLooked = () => worker.heartbeatAgeMs() < performance.now() - toldMs;
    await expect.poll(hasLooked, { timeout: 5_000, interval: 5 }).toBe(true);
  }
  // By itself it looks once a second.
  expect(performance.now() - began).toBeLessThan(4_000);
});

it('a process tells the others of what it has no place for, and of nothing that it has been told', async () => {
  const told: string[] = [];
  const { main } = await world.inspect();
  await main.announcements?.hear(
    (text) => void told.push(text),
    () => undefined,
  );
  const { worker, service } = await world.open();
  worker.wake();
  worker.heard();
  const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
  const { id } = defaultEnvironment.environment;
  // What was announced before has been heard by then.
  await expect.poll(() => told).toContain(id);
  await finish(service, service.environments.suspend(id));
  const places = [];
  for (let place = worker.reserve(); place; place = worker.reserve()) places.push(place);
  worker.heard();
  // Accepted, although nobody works on it here.
  await service.environments.resume(id);
  await expect.poll(() => told.at(-1)).toBe('due');
  expect(told.indexOf('due')).toBe(told.length - 1);
  for (const { release } of places) release();
});

it('cap OP4 a process that is stopping finishes what it has begun, and leaves what it accepts meanwhile to another', async () => {
  const real = world.driver.adapter();
  const waiting: (() => void)[] = [];
  let isHeld = false;
  const createDatabase: typeof real.createDatabase = async (...call) => {
    if (isHeld) await new Promise<void>((resolve) => waiting.push(resolve));
    return real.createDatabase(...call);
  };
  const stopping = await world.open({ adapters: [{ ...real, createDatabase }] });
  const { defaultEnvironment } = await stopping.service.provisionOrganization(organizationRequest());
  const { organizationId } = defaultEnvironment.environment;
  isHeld = true;
  const begun = await stopping.service.environments.provision(environmentRequest(organizationId, 'begun'));
  await expect.poll(() => waiting).toHaveLength(1);
  const other = await world.open();

  const stopped = stopping.worker.stop(30_000);
  const left = await stopping.service.environments.provision(environmentRequest(organizationId, 'left'));
  await finish(other.service, Promise.resolve(left));
  isHeld = false;
  waiting[0]?.();
  await stopped;

  const { main } = await world.inspect();
  const { rows } = await main.select(
    'select bound_environment_id as id, phase, lease_owner, fence_epoch from sys_environment_database where environment_id <> $1',
    [defaultEnvironment.environment.id],
  );
  // The clock stands still: nothing was taken over because a lease ended.
  expect(rows).toHaveLength(2);
  expect(rows).toEqual(
    expect.arrayContaining([
      { id: begun.targetId, phase: 'ready', lease_owner: null, fence_epoch: 1 },
      { id: left.targetId, phase: 'ready', lease_owner: null, fence_epoch: expect.any(Number) },
    ]),
  );
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
