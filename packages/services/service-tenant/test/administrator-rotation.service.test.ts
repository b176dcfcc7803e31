import { randomBytes } from 'node:crypto';
import { postgresAdapter, postgresEffects } from '@envplane/adapters/postgres';
import { ControlPlaneError, type Placement, Secret } from '@envplane/spec';
import { adapterContext, startPostgres } from '@envplane/testkit';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EffectHook } from '../src/provisioning/failpoints.ts';
import { findRow } from '../src/store/transaction.ts';
import { type Scenario, surviveEach } from './world/enumerate.ts';
import { STORES, type StoreKind } from './world/stores.ts';
import { finish, openWorld, organizationRequest, settle, type World } from './world/world.ts';

let server: Awaited<ReturnType<typeof startPostgres>>;
let superuser: postgres.Sql;
const worlds: World[] = [];

beforeAll(async () => {
  server = await startPostgres();
  superuser = postgres(server.adminUrl, { max: 2, onnotice: () => undefined });
  // The one that sets the server up owns what the others work with.
  await superuser`create role first_administrator login createdb createrole`;
  await superuser`grant connect on database postgres to first_administrator`;
  await superuser.unsafe('revoke connect on database postgres from public');
  await superuser.unsafe('revoke connect on database template1 from public');
});
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});
afterAll(async () => {
  await superuser.end();
  await server.stop();
});

interface Administrator {
  user: string;
  password: string;
}

/** A new password for the administrator, or a new administrator where the rights do not matter. */
async function administrator(user = `admin_${randomBytes(6).toString('hex')}`): Promise<Administrator> {
  const password = randomBytes(24).toString('base64url');
  if (user !== 'first_administrator') await superuser.unsafe(`create role ${user} login superuser`);
  await superuser.unsafe(`alter role ${user} password '${password}'`);
  return { user, password };
}

/** A client of its own, as somebody who has the password opens one. */
function session({ user, password }: Administrator): postgres.Sql {
  const { hostname, port } = new URL(server.adminUrl);
  return postgres({
    ...{ host: hostname, port: Number(port), database: 'postgres', user, password },
    ...{ max: 1, fetch_types: false, onnotice: () => undefined, backoff: false as never },
  });
}

async function isLetIn(who: Administrator): Promise<boolean> {
  const sql = session(who);
  try {
    await sql`select 1`;
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '28P01') return false;
    throw error;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Worlds that share an administrator have clocks of their own. */
async function forgetFence(): Promise<void> {
  const sql = postgres(server.adminUrl, { max: 1, database: 'envplane_fence' });
  await sql`delete from public.fence where name = 'administrator first_administrator'`;
  await sql.end();
}

/** Environments are files unless they ask for this server. */
async function worldOn(store: StoreKind): Promise<World> {
  const world = await openWorld(store, 'sqlite');
  const open: World['open'] = (options) =>
    world.open({
      adapters: [world.driver.adapter(), postgresAdapter()],
      placements: [{ name: 'sqlite', driver: 'sqlite' }],
      administratorVariable: () => new Secret('of the environment'),
      ...options,
    });
  return { ...world, open };
}

const placementOf = ({ user, password }: Administrator) => {
  const address = new URL(server.adminUrl);
  return {
    name: 'cluster',
    driver: 'postgres',
    settings: { url: `postgres://${user}@${address.host}/postgres` },
    administrator: password,
  };
};

async function opened(store: StoreKind, options: Parameters<World['open']>[0] = {}) {
  const world = await worldOn(store);
  worlds.push(world);
  const plane = await world.open(options);
  const who = await administrator('first_administrator');
  const { targetId: placementId } = await plane.service.placements.create(placementOf(who));
  await forgetFence();
  return { world, plane, who, placementId };
}

const provisionThere = async (plane: ControlPlane, slug: string) =>
  finish(plane.service, plane.service.organizations.provision({ ...organizationRequest(slug), placement: 'cluster' }));

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof ControlPlaneError ? error.code : String(error)),
  );

describe.each(STORES)('cap RO5 the administrator of a placement, %s store', (store) => {
  it('is replaced by one that nobody else knows: the server refuses the old one, and work there goes on', async () => {
    const { world, plane, who, placementId } = await opened(store);
    await provisionThere(plane, 'acme');
    const before = await plane.service.placements.get(placementId);
    const old = session(who);
    await old`select 1`;
    const operation = await finish(plane.service, plane.service.placements.rotateAdministrator('cluster'));
    expect(operation).toMatchObject({
      ...{
        kind: 'placement.rotate_administrator',
        status: 'succeeded',
        target: { type: 'placement', id: placementId },
      },
      steps: ['stage', 'set', 'test', 'prove', 'flip'].map((name) => ({ name, status: 'succeeded' })),
    });
    expect(await isLetIn(who)).toBe(false);
    // Only an emergency ends what it had opened.
    expect(await old`select 1 as one`).toEqual([{ one: 1 }]);
    await old.end();
    expect(await plane.service.placements.check('cluster')).toMatchObject({ ok: true });
    expect((await provisionThere(plane, 'umbrella')).status).toBe('succeeded');
    const { version, ...after } = await plane.service.placements.get(placementId);
    expect({ ...after, databases: 1 }).toEqual({ ...before, version: undefined });
    expect(version).toBeGreaterThan(before.version);
    const { items } = await plane.service.auditEvents.list({}, { limit: 20 });
    const about = items
      .filter(({ targetId }) => targetId === placementId)
      .map(({ action, actorId }) => [action, actorId]);
    expect(about).toEqual([
      ['placement.create', 'in-process'],
      ['placement.rotate_administrator', 'in-process'],
      ['placement.administrator_rotated', 'reconciler'],
    ]);
    // The next process has nothing but the store.
    await plane.close();
    const next = await world.open();
    expect(await next.service.placements.check('cluster')).toMatchObject({ ok: true });
  });

  it('is replaced in an emergency with an end to all it had opened', async () => {
    const { plane, who } = await opened(store);
    const old = session(who);
    await old`select 1`;
    const rotation = plane.service.placements.rotateAdministrator('cluster', { urgency: 'emergency' });
    const operation = await finish(plane.service, rotation);
    expect(operation.steps.map(({ name, status }) => `${name} ${status}`)).toContain('drain succeeded');
    const { user } = who;
    expect(
      await superuser`select 1 from pg_stat_activity where usename = ${user} and datname <> 'envplane_fence'`,
    ).toEqual([]);
    await old.end({ timeout: 0 });
    expect(await plane.service.placements.check('cluster')).toMatchObject({ ok: true });
  });

  it('another process that meets the moment between set and flip waits and goes on', async () => {
    let release = () => {};
    let arrive = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const effect: EffectHook = async (name, run) => {
      const result = await run();
      if (name === 'pg.administrator-set') {
        arrive();
        await held;
      }
      return result;
    };
    const { world, plane, placementId } = await opened(store, { effect });
    const rotation = await plane.service.placements.rotateAdministrator('cluster');
    await arrived;
    // Not before: it would take the rotation up itself.
    const other = await world.open();
    // Sessions of before are not used again: who comes now has to log in.
    const { operationId } = await other.service.organizations.provision({
      ...organizationRequest('acme'),
      placement: 'cluster',
    });
    await expect
      .poll(async () => (await other.service.operations.get(operationId ?? '')).steps.find(({ error }) => error)?.error)
      .toMatchObject({ code: 'unavailable' });
    expect(await codeOf(plane.service.placements.update('cluster', { administrator: 'another' }))).not.toBe('done');
    release();
    await finish(plane.service, Promise.resolve(rotation));
    await settle(world, other);
    expect(await other.service.operations.get(operationId ?? '')).toMatchObject({ status: 'succeeded' });
    expect(await other.service.placements.check(placementId)).toMatchObject({ ok: true });
    expect((await other.service.placements.get(placementId)).status).toBe('ok');
  });

  it('that the server refuses, or that was changed by hand, stays what it is in the row; another one can be handed in', async () => {
    const { world, plane, placementId } = await opened(store);
    const now = await administrator('first_administrator');
    const operation = await finish(plane.service, plane.service.placements.rotateAdministrator('cluster'));
    expect(operation).toMatchObject({ status: 'failed', error: { code: 'unauthorized' } });
    expect(await isLetIn(now)).toBe(true);
    const { main } = await world.inspect();
    expect(await findRow(main, 'sys_placement', { id: placementId })).toMatchObject({
      ...{ next_administrator_ciphertext: null, rotation_operation_id: null, rotation_due_at: null },
    });
    expect(await codeOf(plane.service.operations.retry(operation.id))).toBe('invalid_state');
    await plane.service.placements.update('cluster', { administrator: now.password });
    const again = await finish(plane.service, plane.service.placements.rotateAdministrator('cluster'));
    expect(again.status).toBe('succeeded');
    expect(await isLetIn(now)).toBe(false);
  });

  it('is not replaced where the service has none of its own, or one is being replaced', async () => {
    const { plane, who } = await opened(store, { effect: stoppedAt('cp.administrator-claim') });
    const rotate = (name: string) => codeOf(plane.service.placements.rotateAdministrator(name));
    expect(await rotate('sqlite')).toBe('unsupported');
    expect(await rotate('nowhere')).toBe('not_found');
    expect(await rotate('cluster')).toBe('done');
    expect(await rotate('cluster')).toBe('operation_in_progress');
    const { update, retire } = plane.service.placements;
    expect(await codeOf(update('cluster', { administrator: who.password }))).toBe('operation_in_progress');
    expect(await codeOf(retire('cluster'))).toBe('operation_in_progress');
    expect(await codeOf(update('cluster', { weight: 5 }))).toBe('done');
  });
});

/** An effect that never comes to its end. */
const stoppedAt =
  (stopped: string): EffectHook =>
  async (name, run) => {
    if (name === stopped) throw new Error('stopped');
    return run();
  };

it('cap RO5 a secret of the environment of the process is the operator’s to change', async () => {
  const who = await administrator('first_administrator');
  const world = await worldOn('sqlite');
  worlds.push(world);
  const { service } = await world.open({ administratorVariable: () => new Secret(who.password) });
  const { administrator: _secret, ...body } = placementOf(who);
  await service.placements.create({ ...body, administratorVariable: 'ENVPLANE_PLACEMENT_A' });
  await expect(service.placements.rotateAdministrator('cluster')).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('ENVPLANE_PLACEMENT_A'),
  });
  expect(await isLetIn(who)).toBe(true);
  await service.placements.update('cluster', { administrator: who.password });
  expect((await finish(service, service.placements.rotateAdministrator('cluster'))).status).toBe('succeeded');
});

it('cap RO5 that the store itself logs in as is not replaced: nobody would get in to read the new secret', async () => {
  const name = `admin_${randomBytes(6).toString('hex')}`;
  const { host, username, password } = new URL(inject('postgresAdminUrl'));
  const shared = postgres(inject('postgresAdminUrl'), { max: 1, onnotice: () => undefined });
  await shared.unsafe(`create role ${name} login superuser password 'of its own'`);
  await shared.end();
  const world = await worldOn('postgres');
  worlds.push(world);
  const { service } = await world.open();
  const place = (user: string, administrator: string) => ({
    ...{ name: user, driver: 'postgres', administrator },
    settings: { url: `postgres://${user}@${host}/postgres` },
  });
  await service.placements.create(place(username, decodeURIComponent(password)));
  await expect(service.placements.rotateAdministrator(username)).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining(`logs in as "${username}"`),
  });
  const elsewhere = await worldOn('postgres');
  worlds.push(elsewhere);
  const apart = (await elsewhere.open()).service;
  await apart.placements.create(place(name, 'of its own'));
  expect((await finish(apart, apart.placements.rotateAdministrator(name))).status).toBe('succeeded');
});

it('rel F3 what an overtaken rotation still sends changes nothing', async () => {
  const adapter = postgresAdapter();
  const facet = adapter.administrator;
  if (!facet) throw new Error('the driver sets no administrators');
  const who = await administrator('first_administrator');
  const { settings } = placementOf(who);
  const placement: Placement = {
    ...{ id: 'p', name: 'cluster', driver: 'postgres', region: 'local', settings },
    administrator: new Secret(who.password),
  };
  await adapter.checkPlacement(placement);
  await forgetFence();
  const [newer, late] = [facet.generateSecret(), facet.generateSecret()];
  const at = 7;
  await facet.setAdministrator(placement, newer, adapterContext({ fence: { epoch: at + 1 } }));
  const now = { ...placement, administrator: newer };
  await expect(facet.setAdministrator(now, late, adapterContext({ fence: { epoch: at } }))).rejects.toMatchObject({
    isStale: true,
  });
  expect(await facet.isAdministratorAccepted(now, adapterContext())).toBe(true);
  await adapter.close();
});

/** The secret of the row is the only one that works. */
const rotation = (who: () => Administrator): Scenario => ({
  title: 'replace an administrator',
  drivers: [],
  prepare: async (_world, service) => (await service.placements.create(placementOf(who()))).targetId,
  act: (service, placementId) =>
    service.placements.rotateAdministrator(placementId, { urgency: 'emergency' }, { idempotencyKey: 'the-same-key' }),
  verify: async (world, service, placementId) => {
    const { main } = await world.inspect();
    const row = await findRow(main, 'sys_placement', { id: placementId });
    expect(row).toMatchObject({ next_administrator_ciphertext: null, rotation_operation_id: null });
    expect(await service.placements.check(placementId)).toMatchObject({ ok: true });
    expect(await isLetIn(who())).toBe(false);
  },
});

describe.each(STORES)('rel G1 %s store', (store) => {
  it('cap RO5 a crash at any boundary leaves one administrator that works', { timeout: 300_000 }, async () => {
    let who: Administrator;
    const open = async () => {
      who = await administrator();
      return worldOn(store);
    };
    const { boundaries } = await surviveEach(
      open,
      rotation(() => who),
      ['crash-after'],
      1,
    );
    const names = boundaries.map(({ name }) => name);
    for (const name of ['cp.administrator-stage', 'cp.administrator-flip', ...ofAdministrators]) {
      expect(names).toContain(name);
    }
  });
});

const ofAdministrators = Object.keys(postgresEffects).filter((name) => name.startsWith('pg.administrator'));
