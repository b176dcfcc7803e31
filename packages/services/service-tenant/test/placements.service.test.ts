import { ControlPlaneError, Secret } from '@envplane/spec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seal, unseal } from '../src/secrets/sealing.ts';
import { STORES } from './world/stores.ts';
import {
  environmentRequest,
  finish,
  type MemoryDriver,
  openWorld,
  organizationRequest,
  type World,
} from './world/world.ts';

const SECRET = 'canary-of-the-administrator';
const OTHER_SECRET = 'canary-of-the-next-administrator';

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof ControlPlaneError ? error.code : String(error)),
  );

describe.each(STORES)('placements on %s', (store) => {
  let world: World<MemoryDriver>;
  const logged: string[] = [];
  const write = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }));
  const logger = { debug: write, info: write, warn: write, error: write };

  beforeEach(async () => {
    logged.length = 0;
    world = await openWorld(store, 'memory');
    for (const name of ['a', 'b']) {
      world.driver.provider.servers.set(name, { identity: name, administrator: SECRET, refusal: null });
    }
  });
  afterEach(() => world.close());

  const serverOf = (address: string) => {
    const server = world.driver.provider.servers.get(address);
    if (!server) throw new Error('no such server');
    return server;
  };

  /** A control plane with an organization and the placements a and b, and `memory` drained away. */
  async function open(body: object = {}) {
    const { service } = await world.open({ logger });
    const { targetId: organizationId } = await service.organizations.provision(organizationRequest());
    await finish(service, service.organizations.archive(organizationId));
    await service.placements.drain('memory');
    const { targetId: a } = await service.placements.create({ ...createBody('a'), ...body });
    const accepted = await service.organizations.provision({ ...organizationRequest('umbrella'), placement: a });
    await finish(service, Promise.resolve(accepted));
    return { service, organizationId: accepted.targetId, a };
  }
  const createBody = (address: string) => ({
    name: address,
    driver: 'memory',
    settings: { address },
    administrator: SECRET,
  });

  async function dump(): Promise<string> {
    const { main, keys } = await world.inspect();
    const tables = ['sys_placement', 'sys_audit_event', 'sys_idempotency_key', 'sys_outbox_event', 'sys_operation'];
    const rows = await Promise.all(tables.map((table) => main.select(`select * from ${table}`, [])));
    const secrets = await keys.select('select * from sys_environment_key', []);
    return JSON.stringify([rows.map((result) => result.rows), secrets.rows]);
  }

  it('sec S26 the administrator is sealed in the store and in no answer, event, log line or error', async () => {
    const { service } = await world.open({ logger });
    const { targetId } = await service.placements.create(createBody('a'), { idempotencyKey: 'one' });
    const again = await service.placements.create(createBody('a'), { idempotencyKey: 'one' });
    expect(again.targetId).toBe(targetId);
    const view = await service.placements.get('a');
    expect(view).toMatchObject({ id: targetId, administrator: 'sealed', status: 'ok', databases: 0, version: 1 });
    serverOf('a').administrator = OTHER_SECRET;
    const failures = [
      await service.placements.update('a', { administrator: `${SECRET}x` }).catch((error: unknown) => error),
      await service.placements.create(createBody('nowhere')).catch((error: unknown) => error),
      await service.placements
        .create({ ...createBody('b'), settings: { url: `postgres://admin:${SECRET}@db` } })
        .catch((error: unknown) => error),
    ];
    expect(failures.map((error) => (error as ControlPlaneError).code)).toEqual([
      'validation_failed',
      'provider_unavailable',
      'validation_failed',
    ]);
    await service.placements.check('a');
    const events = await service.auditEvents.list({}, { limit: 100 });
    const shown = [view, events, failures.map((error) => [error, (error as ControlPlaneError).details]), logged];
    expect(JSON.stringify(shown) + (await dump())).not.toContain('canary');
    expect(events.items.map(({ action, targetKind, targetId: id }) => [action, targetKind, id])).toContainEqual([
      'placement.create',
      'placement',
      targetId,
    ]);
  });

  it('sec S23 a sealed administrator moved to another placement is refused', async () => {
    const dek = new Uint8Array(32).fill(7);
    const context = { installationId: 'abc234', placementId: 'a', version: 1 };
    const sealed = await seal(new Secret(SECRET), dek, context);
    expect((await unseal(sealed, dek, context)).reveal()).toBe(SECRET);
    await expect(unseal(sealed, dek, { ...context, placementId: 'b' })).rejects.toThrow('belongs to another row');

    const { service } = await world.open();
    await service.placements.create(createBody('a'));
    await service.placements.create(createBody('b'));
    const { main } = await world.inspect();
    await main.write(async (_query, _nowMs, execute) => {
      const columns = ['administrator_ciphertext', 'administrator_key_ciphertext', 'kek_id'];
      const sets = columns.map((column) => `${column} = (select ${column} from sys_placement where name = 'a')`);
      await execute(`update sys_placement set ${sets.join(', ')} where name = 'b'`, []);
    });
    expect(await service.placements.check('a')).toMatchObject({ ok: true });
    expect(await service.placements.check('b')).toMatchObject({ ok: false, code: 'unavailable' });
  });

  it('a secret of the environment is read there and its value is not stored', async () => {
    const { service } = await world.open({
      administratorVariable: (name) => (name === 'ENVPLANE_PLACEMENT_A' ? new Secret(SECRET) : undefined),
    });
    const { administrator: _secret, ...body } = createBody('a');
    await service.placements.create({ ...body, administratorVariable: 'ENVPLANE_PLACEMENT_A' });
    expect(await service.placements.check('a')).toMatchObject({
      ok: true,
      placement: { administrator: 'environment' },
    });
    expect(await dump()).not.toContain(SECRET);
    expect(await codeOf(service.placements.update('a', { administratorVariable: 'ENVPLANE_PLACEMENT_B' }))).toBe(
      'provider_unavailable',
    );
    expect(await codeOf(service.placements.update('a', { administratorVariable: 'ENVPLANE_ADMIN_TOKEN' }))).toBe(
      'validation_failed',
    );
  });

  it('the next process opens what this one sealed and works there', async () => {
    const { organizationId, a } = await open();
    const next = await world.open();
    const operation = await finish(
      next.service,
      next.service.environments.provision({ ...environmentRequest(organizationId), placement: 'a' }),
    );
    expect(operation.status).toBe('succeeded');
    expect((await next.service.placements.get(a)).databases).toBe(2);
  });

  it('of concurrent provisions against capacity 1 one is accepted', async () => {
    const { service, organizationId } = await open({ capacity: 2 });
    const replica = await world.open();
    const codes = await Promise.all(
      Array.from({ length: 6 }, (_, index) => {
        const { environments } = index % 2 === 0 ? service : replica.service;
        return codeOf(environments.provision({ ...environmentRequest(organizationId, `e${index}`), placement: 'a' }));
      }),
    );
    expect(codes.sort()).toEqual(['done', ...Array<string>(5).fill('quota_exceeded')]);
    expect(await service.placements.get('a')).toMatchObject({ databases: 2, capacity: 2 });
  });

  it('what is full by the time of the commit is passed over for one that has room', async () => {
    const { service, organizationId } = await open({ capacity: 3 });
    await service.placements.create({ ...createBody('b') });
    const replica = await world.open();
    const codes = await Promise.all(
      Array.from({ length: 6 }, (_, index) => {
        const { environments } = index % 2 === 0 ? service : replica.service;
        return codeOf(environments.provision(environmentRequest(organizationId, `e${index}`)));
      }),
    );
    expect(codes).toEqual(Array<string>(6).fill('done'));
    const [a, b] = await Promise.all([service.placements.get('a'), service.placements.get('b')]);
    expect(a.databases + b.databases).toBe(7);
    expect(a.databases).toBeLessThanOrEqual(3);
  });

  it('a new database goes to the least loaded placement for its weight, of the region that is asked for', async () => {
    const { service, organizationId, a } = await open({ weight: 100, region: 'north' });
    const { targetId: b } = await service.placements.create({ ...createBody('b'), weight: 300, region: 'south' });
    const place = async (slug: string, more: object = {}) => {
      await service.environments.provision({ ...environmentRequest(organizationId, slug), ...more });
      const [inA, inB] = await Promise.all([service.placements.get(a), service.placements.get(b)]);
      return [inA.databases, inB.databases];
    };
    // a holds one already.
    expect(await place('e1')).toEqual([1, 1]);
    expect(await place('e2')).toEqual([1, 2]);
    expect(await place('e3')).toEqual([1, 3]);
    expect(await place('e4', { region: 'north' })).toEqual([2, 3]);
    expect(await place('e5', { placement: b })).toEqual([2, 4]);
    await service.placements.update('a', { weight: 0 });
    expect(await place('e6')).toEqual([2, 5]);
    expect(await place('e7', { placement: 'a' })).toEqual([3, 5]);
    expect(await codeOf(place('e8', { region: 'nowhere' }))).toBe('validation_failed');
  });

  it('one that drains takes none until it is activated, and goes on with those it has', async () => {
    const { service, organizationId } = await open();
    await service.placements.drain('a');
    expect(await codeOf(service.environments.provision(environmentRequest(organizationId)))).toBe('validation_failed');
    const [environment] = (await service.environments.list(organizationId, {}, { limit: 1 })).items;
    expect((await finish(service, service.environments.suspend(environment?.id ?? ''))).status).toBe('succeeded');
    await service.placements.activate('a');
    expect(await service.placements.get('a')).toMatchObject({ status: 'ok', version: 3 });
    expect(await codeOf(service.environments.provision(environmentRequest(organizationId)))).toBe('done');
  });

  it('only an empty one can be retired; its secret goes with it, its name and its place do not come back as it', async () => {
    const { service } = await open();
    expect(await codeOf(service.placements.retire('a'))).toBe('invalid_state');
    await service.placements.create(createBody('b'));
    await service.placements.retire('b');
    expect(await service.placements.get('b')).toMatchObject({ status: 'retired', administrator: 'none' });
    const codes = [
      service.placements.activate('b'),
      service.placements.update('b', { weight: 1 }),
      service.placements.check('b'),
      service.placements.create(createBody('b')),
    ];
    expect(await Promise.all(codes.map(codeOf))).toEqual([
      'invalid_state',
      'invalid_state',
      'invalid_state',
      'name_taken',
    ]);
    const { main } = await world.inspect();
    const { rows } = await main.select(
      "select administrator_ciphertext as a, administrator_key_ciphertext as b, kek_id as c from sys_placement where name = 'b'",
      [],
    );
    expect(rows).toEqual([{ a: null, b: null, c: null }]);
  });

  it('a provision and a retirement at the same time: never a database on a retired placement', async () => {
    const { service, organizationId } = await open();
    const replica = await world.open();
    for (let round = 0; round < 8; round += 1) {
      const name = `round-${round}`;
      world.driver.provider.servers.set(name, { identity: name, administrator: SECRET, refusal: null });
      await service.placements.create(createBody(name));
      const request = { ...environmentRequest(organizationId, `r${round}`), placement: name };
      const outcomes = await Promise.all([
        codeOf(service.environments.provision(request)),
        codeOf(replica.service.placements.retire(name)),
      ]);
      const { status, databases } = await service.placements.get(name);
      expect([status === 'retired', databases], String(outcomes)).toEqual(
        outcomes[1] === 'done' ? [true, 0] : [false, 1],
      );
    }
  });

  it('other settings or another administrator must lead to the same place', async () => {
    const { service } = await open();
    expect(await codeOf(service.placements.update('a', { settings: { address: 'b' } }))).toBe('invalid_state');
    expect(await codeOf(service.placements.create({ ...createBody('a'), name: 'again' }))).toBe('invalid_state');
    serverOf('a').administrator = OTHER_SECRET;
    await service.placements.update('a', { administrator: OTHER_SECRET });
    expect(await service.placements.check('a')).toMatchObject({ ok: true });
    expect(await codeOf(service.placements.update('a', { weight: 1 }, { ifVersion: 1 }))).toBe('version_mismatch');
  });

  it('one that cannot be reached takes none, is looked at again, and keeps nothing else from starting', async () => {
    const { service, organizationId } = await open();
    const server = serverOf('a');
    server.refusal = 'unavailable';
    expect(await service.placements.check('a')).toMatchObject({ ok: false, code: 'unavailable' });
    expect(await codeOf(service.environments.provision(environmentRequest(organizationId)))).toBe(
      'provider_unavailable',
    );
    const memory = serverOf('memory');
    memory.refusal = 'unavailable';
    const next = await world.open({ logger });
    expect(await next.health()).toMatchObject({ store: true, unreachablePlacements: 1 });
    server.refusal = null;
    memory.refusal = null;
    expect(await next.service.placements.check('a')).toMatchObject({ ok: true, placement: { status: 'ok' } });
    expect(await codeOf(service.environments.provision(environmentRequest(organizationId)))).toBe('done');
  });

  it('a configured one that is another place, or refuses us, ends the start; one that is down does not', async () => {
    const placements = [{ name: 'main', driver: 'memory', settings: { address: 'a' }, administratorVariable: 'A' }];
    const administratorVariable = () => new Secret(SECRET);
    const start = () => world.open({ placements, administratorVariable });
    const server = serverOf('a');
    server.refusal = 'unavailable';
    const down = await start();
    expect(await down.service.placements.get('main')).toMatchObject({ status: 'unreachable' });
    server.refusal = null;
    expect(await (await start()).service.placements.get('main')).toMatchObject({ status: 'ok' });
    server.identity = 'another';
    await expect(start()).rejects.toThrow('another place');
    server.identity = 'a';
    server.administrator = OTHER_SECRET;
    await expect(start()).rejects.toThrow('placement main cannot be used');
  });

  it('one that was added and turns out to be another place is not touched', async () => {
    const { service, organizationId } = await open();
    serverOf('a').identity = 'another';
    expect(await service.placements.check('a')).toMatchObject({ ok: false, code: 'conflict' });
    const before = await world.survey();
    const [environment] = (await service.environments.list(organizationId, {}, { limit: 1 })).items;
    const { operationId } = await service.environments.suspend(environment?.id ?? '');
    expect((await service.operations.wait(operationId ?? '', 300)).status).toBe('running');
    expect(await world.survey()).toEqual(before);
    serverOf('a').identity = 'a';
    expect(await service.placements.check('a')).toMatchObject({ ok: true, code: null });
  });

  it('sec S1 only a platform administrator reads or changes them', async () => {
    const { service } = await world.open();
    const ada = service.as({
      principal: { kind: 'user', id: 'ada', issuer: 'test', subject: 'ada' },
      requestId: null,
      clientAddress: null,
    });
    const { placements } = ada;
    const calls = [
      placements.list(),
      placements.get('memory'),
      placements.create(createBody('a')),
      placements.update('memory', { weight: 1 }),
      placements.check('memory'),
      ...(['drain', 'activate', 'retire'] as const).map(async (verb) => placements[verb]('memory')),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(calls.map(() => 'permission_denied'));
  });
});
