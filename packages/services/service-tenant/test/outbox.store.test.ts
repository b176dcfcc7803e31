import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EnvplaneEvent } from '../src/outbox-dispatcher.ts';
import { forgetOldEvents } from '../src/store/outbox.ts';
import { transact } from '../src/store/transaction.ts';
import { STORES } from './world/stores.ts';
import { environmentRequest, finish, openWorld, organizationRequest, settle, type World } from './world/world.ts';

describe.each(STORES)('notifications on %s', (store) => {
  let world: World;
  let controlPlane: ControlPlane;

  beforeEach(async () => {
    world = await openWorld(store);
    controlPlane = await world.open();
  });
  afterEach(() => world.close());

  /** An organization with two environments that have been suspended and resumed, one after the other. */
  async function someLife() {
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { id: prod, organizationId } = defaultEnvironment.environment;
    const { environment } = await service.provisionEnvironment(environmentRequest(organizationId));
    for (const id of [prod, environment.id]) {
      world.clock.advance(1);
      await finish(service, service.environments.suspend(id));
      world.clock.advance(1);
      await finish(service, service.environments.resume(id));
    }
    await settle(world, controlPlane);
    return { prod, dev: environment.id };
  }

  const LIFE = ['environment.provisioned', 'environment.suspended', 'environment.resumed'];

  it('tell of every change that somebody waits for, in order for each environment, and name the type asked for', async () => {
    const all: EnvplaneEvent[] = [];
    const suspended: string[] = [];
    controlPlane.events.on('*', (event) => void all.push(event));
    controlPlane.events.on('environment.suspended', (event) => void suspended.push(event.environmentId ?? ''));
    const { prod, dev } = await someLife();
    await controlPlane.events.deliver();
    const typesOf = (id: string) => all.filter(({ environmentId }) => environmentId === id).map(({ type }) => type);
    expect(typesOf(prod)).toEqual(LIFE);
    expect(typesOf(dev)).toEqual(LIFE);
    expect(all.map(({ type }) => type)).toContain('organization.created');
    expect(suspended.sort()).toEqual([prod, dev].sort());
    const before = all.length;
    await controlPlane.events.deliver();
    expect(all).toHaveLength(before);
  });

  it('a handler that throws gets the event again, with the same id, before any later one of that environment', async () => {
    const { prod, dev } = await someLife();
    const seen: EnvplaneEvent[] = [];
    let failures = 2;
    controlPlane.events.on('*', (event) => {
      seen.push(event);
      if (event.environmentId === prod && failures > 0) {
        failures -= 1;
        throw new Error('not now');
      }
    });
    await controlPlane.events.deliver();
    const typesOf = (id: string) => seen.filter(({ environmentId }) => environmentId === id).map(({ type }) => type);
    expect(typesOf(prod)).toEqual(LIFE.slice(0, 1));
    expect(typesOf(dev)).toEqual(LIFE);
    await controlPlane.events.deliver();
    expect(typesOf(prod)).toEqual([LIFE[0], LIFE[0]]);
    await controlPlane.events.deliver();
    expect(typesOf(prod)).toEqual([LIFE[0], LIFE[0], ...LIFE]);
    expect(typesOf(dev)).toEqual(LIFE);
    const first = seen.filter(({ environmentId }) => environmentId === prod).slice(0, 3);
    expect(new Set(first.map(({ id }) => id)).size).toBe(1);
    const { main } = await world.inspect();
    const { rows } = await main.select<{ attempts: number }>(
      'select attempts from sys_outbox_event order by attempts desc',
      [],
    );
    expect(rows[0]?.attempts).toBe(2);
  });

  it('many that one environment cannot take hold up no other', async () => {
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { id: stuck, organizationId } = defaultEnvironment.environment;
    for (let index = 0; index < 60; index += 1) {
      await finish(service, service.environments.suspend(stuck));
      await finish(service, service.environments.resume(stuck));
    }
    const { environment } = await service.provisionEnvironment(environmentRequest(organizationId));
    await settle(world, controlPlane);
    const seen: EnvplaneEvent[] = [];
    controlPlane.events.on('*', (event) => {
      seen.push(event);
      if (event.environmentId === stuck) throw new Error('never');
    });
    await controlPlane.events.deliver();
    await controlPlane.events.deliver();
    const typesOf = (id: string) => seen.filter(({ environmentId }) => environmentId === id).map(({ type }) => type);
    expect(typesOf(environment.id)).toEqual(LIFE.slice(0, 1));
    expect(typesOf(stuck)).toEqual([LIFE[0], LIFE[0]]);
  });

  it('wait for the first handler, and 30 days at most', async () => {
    const { prod } = await someLife();
    await controlPlane.events.deliver();
    const { main } = await world.inspect();
    const forgetOld = () => transact(main, (tx) => forgetOldEvents({ ...tx, nowMs: world.clock.nowMs }));
    const undelivered = async () =>
      (await main.select('select id from sys_outbox_event where delivered_at is null', [])).rows.length;
    const waiting = await undelivered();
    expect(waiting).toBeGreaterThanOrEqual(2 * LIFE.length);
    world.clock.advance(30 * 24 * 3_600_000 - 60_000);
    await forgetOld();
    expect(await undelivered()).toBe(waiting);
    const types: string[] = [];
    controlPlane.events.on('*', (event) => void (event.environmentId === prod && types.push(event.type)));
    await controlPlane.events.deliver();
    expect(types).toEqual(LIFE);
    world.clock.advance(120_000);
    await forgetOld();
    expect((await main.select('select id from sys_outbox_event', [])).rows).toEqual([]);
  });

  it('what was committed before a process died is delivered by the next', async () => {
    const { prod } = await someLife();
    await controlPlane.close();
    controlPlane = await world.open();
    const types: string[] = [];
    controlPlane.events.on('*', (event) => void (event.environmentId === prod && types.push(event.type)));
    await controlPlane.events.deliver();
    expect(types).toEqual(LIFE);
  });

  it('sec S34 they carry ids and verbs, nothing else', async () => {
    const all: EnvplaneEvent[] = [];
    controlPlane.events.on('*', (event) => void all.push(event));
    await someLife();
    await controlPlane.events.deliver();
    const keys = new Set(all.flatMap(({ data }) => Object.keys(data)));
    expect([...keys].sort()).toEqual(['databaseId', 'operationId']);
  });
});
