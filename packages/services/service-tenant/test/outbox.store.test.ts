import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EnvplaneEvent } from '../src/outbox-dispatcher.ts';
import { enqueueEvent, forgetOldEvents } from '../src/store/outbox.ts';
import { transact } from '../src/store/transaction.ts';
import { STORES } from './world/stores.ts';
import { environmentRequest, finish, openWorld, organizationRequest, settle, type World } from './world/world.ts';

describe('several processes on one store', () => {
  let world: World;

  beforeEach(async () => {
    world = await openWorld('postgres');
  });
  afterEach(() => world.close());

  it('deliver one at a time, so that each event is handled once and in order, and one that dies lets go', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let reached = () => {};
    const first = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const seen: string[] = [];
    const slow = await world.open({
      handlers: {
        '*': async ({ type }) => {
          reached();
          await held;
          seen.push(`slow ${type}`);
        },
      },
    });
    const { defaultEnvironment } = await slow.service.provisionOrganization(organizationRequest());
    await settle(world, slow);
    const { id } = defaultEnvironment.environment;
    const delivered = slow.events.deliver();
    await first;
    // While the first event is in the hands of one process, the other takes none, not even those behind it.
    const quick = await world.open({ handlers: { '*': ({ type }) => void seen.push(`quick ${type}`) } });
    await finish(quick.service, quick.service.environments.suspend(id));
    await quick.events.deliver();
    expect(seen).toEqual([]);
    release();
    await delivered;
    await quick.events.deliver();
    expect(seen.map((each) => each.split(' ')[1])).toEqual([
      'organization.created',
      'environment.provisioned',
      'environment.suspended',
    ]);
    // A process whose connections are gone holds nothing.
    await finish(quick.service, quick.service.environments.resume(id));
    await slow.close();
    await quick.events.deliver();
    expect(seen.at(-1)).toBe('quick environment.resumed');
  });
});

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

  it.each([
    ['an environment', 'that environment'],
    ['an environment', 'the organization'],
    ['the organization', 'an environment'],
    ['the organization', 'the organization'],
  ])('many that wait for one of %s which nobody takes, all of %s, hold up no other', async (failing, waiting) => {
    const { main } = await world.inspect();
    const enqueue = (organization_id: string, of: string, count: number) =>
      transact(main, async (tx) => {
        const environment_id = of.includes('environment') ? `${organization_id}-env` : null;
        const entry = {
          organization_id,
          environment_id,
          type: 'environment.suspended',
          actor: {},
          payload: {},
        } as const;
        for (let index = 0; index < count; index += 1) await enqueueEvent(tx, entry);
      });
    await enqueue('stuck', failing, 1);
    await enqueue('stuck', waiting, 150);
    await enqueue('free', 'an environment', 1);
    const seen: string[] = [];
    controlPlane.events.on('*', ({ organizationId }) => {
      seen.push(organizationId);
      if (organizationId === 'stuck') throw new Error('never');
    });
    await controlPlane.events.deliver();
    await controlPlane.events.deliver();
    expect(seen.sort()).toEqual(['free', 'stuck', 'stuck']);
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

  it('cap C7 what a process handled and died before it could say so is handled again by the next, with the same id', async () => {
    const { prod } = await someLife();
    const { main } = await world.inspect();
    const execute = (statement: string) => main.write(async (_query, _nowMs, run) => run(statement, []));
    await (store === 'sqlite'
      ? execute("create trigger refuse before update on sys_outbox_event begin select raise(abort, 'no'); end")
      : execute('alter table sys_outbox_event add constraint refuse check (delivered_at is null) not valid'));
    const seen: EnvplaneEvent[] = [];
    const take = (event: EnvplaneEvent) => void (event.environmentId === prod && seen.push(event));
    controlPlane.events.on('*', take);
    await expect(controlPlane.events.deliver()).rejects.toThrow();
    expect(seen.map(({ type }) => type)).toEqual(LIFE);
    await controlPlane.close();
    await (store === 'sqlite'
      ? execute('drop trigger refuse')
      : execute('alter table sys_outbox_event drop constraint refuse'));
    // Registered before anything is delivered: the next process misses nothing.
    controlPlane = await world.open({ handlers: { '*': take } });
    await controlPlane.events.deliver();
    expect(seen.map(({ id }) => id)).toEqual([...seen.slice(0, 3), ...seen.slice(0, 3)].map(({ id }) => id));
    await controlPlane.events.deliver();
    expect(seen).toHaveLength(6);
  });

  it('keep the order of the changes where the clock was set back between them', async () => {
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { id } = defaultEnvironment.environment;
    world.clock.advance(60_000);
    await finish(service, service.environments.suspend(id));
    world.clock.advance(-30_000);
    await finish(service, service.environments.resume(id));
    await settle(world, controlPlane);
    const seen: EnvplaneEvent[] = [];
    controlPlane.events.on('*', (event) => void (event.environmentId === id && seen.push(event)));
    await controlPlane.events.deliver();
    expect(seen.map(({ type }) => type)).toEqual(LIFE);
    expect(Date.parse(seen[2]?.occurredAt ?? '')).toBeLessThan(Date.parse(seen[1]?.occurredAt ?? ''));
  });

  it('what is about an organization keeps its place among everything else of it; another organization waits for nothing', async () => {
    const { service } = controlPlane;
    const seen: string[] = [];
    const names = new Map<string, string>();
    const name = ({ organizationId, environmentId, type }: EnvplaneEvent) =>
      `${names.get(environmentId ?? organizationId)} ${type}`;
    let refused = 'acme organization.created';
    // With what was delivered by itself since.
    const deliver = async () => {
      await controlPlane.events.deliver();
      return seen.splice(0).sort();
    };
    for (const slug of ['acme', 'other']) {
      const { defaultEnvironment } = await service.provisionOrganization(organizationRequest(slug));
      const { id, organizationId } = defaultEnvironment.environment;
      names.set(organizationId, slug).set(id, `${slug}/prod`);
      const { environment } = await service.provisionEnvironment(environmentRequest(organizationId));
      names.set(environment.id, `${slug}/dev`);
    }
    controlPlane.events.on('*', (event) => {
      if (name(event) === refused) throw new Error('not now');
      seen.push(name(event));
    });
    const made = (slug: string) => [
      `${slug} organization.created`,
      `${slug}/dev environment.provisioned`,
      `${slug}/prod environment.provisioned`,
    ];
    expect(await deliver()).toEqual(made('other'));
    expect(await deliver()).toEqual([]);
    refused = '';
    expect(await deliver()).toEqual(made('acme'));

    refused = 'acme/dev environment.purged';
    const acme = [...names].find(([, slug]) => slug === 'acme')?.[0] ?? '';
    await finish(service, service.organizations.purge(acme, { confirm: 'acme' }));
    const purged = (await deliver()).filter((event) => event.endsWith('.purged'));
    expect(purged).toEqual(['acme/prod environment.purged']);
    expect(await deliver()).toEqual([]);
    refused = '';
    expect(await deliver()).toEqual(['acme organization.purged', 'acme/dev environment.purged']);
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
