import type { ProvisionEnvironmentRequest } from '@envplane/spec';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import { readRows, violations } from './world/oracle.ts';
import { STORES } from './world/stores.ts';
import {
  DAY_MS,
  environmentRequest,
  finish,
  openWorld,
  organizationRequest,
  settle,
  type World,
} from './world/world.ts';

/** Waiting for what is under way may move the clock by minutes. */
const HOUR_MS = 3_600_000;

describe.each(STORES)('%s store', (store) => {
  let world: World;
  let controlPlane: ControlPlane;
  let service: EnvironmentProvisioningService;
  let organizations = 0;

  beforeAll(async () => {
    world = await openWorld(store);
    controlPlane = await world.open();
    service = controlPlane.service;
  });
  afterEach(async () => {
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane)).toEqual([]);
  });
  afterAll(() => world.close());

  /** An organization of the test's own, with its default environment `prod`. */
  async function newOrganization() {
    organizations += 1;
    const slug = `org-${organizations}`;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest(slug));
    return { slug, id: defaultEnvironment.environment.organizationId, prod: defaultEnvironment.environment.id };
  }

  async function newEnvironment(organization: string, fields: Partial<ProvisionEnvironmentRequest> = {}) {
    const { environment } = await service.provisionEnvironment({ ...environmentRequest(organization), ...fields });
    return environment;
  }

  const rowOf = async (environmentId: string) => {
    const { databases } = await readRows(world);
    return databases.find((row) => row.environment_id === environmentId);
  };

  describe('creating', () => {
    it('cap L1 answers with an environment that serves: a connection writes and reads', async () => {
      const { prod } = await newOrganization();
      const handle = await service.connect(prod);
      await handle.exec('CREATE TABLE t (x)');
      await handle.exec('INSERT INTO t VALUES (?)', [42]);
      expect(await handle.query('SELECT x FROM t')).toEqual([{ x: 42 }]);
    });

    it('returns what the rows say, and takes the defaults of the schema', async () => {
      const { id } = await newOrganization();
      const response = await service.provisionEnvironment({
        ...environmentRequest(id, 'qa'),
        envType: 'test',
        hostname: 'QA.Example.com.',
        metadata: { team: 'ü', nested: { list: [1, null, true] } },
        storageLimitMb: 5,
      });
      expect(response.environment).toMatchObject({
        slug: 'qa',
        displayName: 'qa',
        envType: 'test',
        isDefault: false,
        plan: 'free',
        status: 'active',
        hostname: 'qa.example.com',
        visibility: 'private',
        metadata: { team: 'ü', nested: { list: [1, null, true] } },
      });
      expect(response.database).toMatchObject({ driver: 'sqlite', storageLimitMb: 5 });
      expect(response.credential).toMatchObject({ status: 'active', authorization: 'full_access' });
      const read = await service.environments.get(response.environment.id);
      expect(read.database).toMatchObject({ id: response.database.id, databaseUrl: response.database.databaseUrl });
    });

    it('sec S32 eight concurrent requests for one organization make one, with one default environment and one database', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, () => service.provisionOrganization(organizationRequest('contended'))),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'slug_taken', status: 409 });
      }
      const rows = await readRows(world);
      const [organization, ...others] = rows.organizations.filter(({ slug }) => slug === 'contended');
      expect(others).toEqual([]);
      const environments = rows.environments.filter((row) => row.organization_id === organization?.id);
      expect(environments.map(({ is_default }) => is_default)).toEqual([true]);
      expect(rows.databases.filter((row) => row.organization_id === organization?.id)).toHaveLength(1);
    });

    it('sec S32 25 concurrent requests for one slug make one environment', async () => {
      const { id } = await newOrganization();
      const results = await Promise.allSettled(
        Array.from({ length: 25 }, () => service.environments.provision(environmentRequest(id))),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'slug_taken' });
      }
      const { items } = await service.environments.list(id, {}, { limit: 50 });
      expect(items.map(({ slug }) => slug)).toEqual(['prod', 'dev']);
    });

    it('rel G10 one idempotency key sent 50 times at once makes one environment, and every answer names it', async () => {
      const { id } = await newOrganization();
      const request = { ...environmentRequest(id), idempotencyKey: 'fifty' };
      const answers = await Promise.all(Array.from({ length: 50 }, () => service.environments.provision(request)));
      expect(new Set(answers.map(({ targetId, operationId }) => `${targetId} ${operationId}`)).size).toBe(1);
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
      const later = await service.environments.provision(request);
      expect(later).toMatchObject({ targetId: answers[0]?.targetId, replayed: true });
      await expect(service.environments.provision({ ...request, slug: 'other' })).rejects.toMatchObject({
        code: 'idempotency_key_reused',
        status: 422,
      });
    });

    it('an idempotency key is forgotten after a day', async () => {
      const { id } = await newOrganization();
      const first = await service.environments.provision({ ...environmentRequest(id), idempotencyKey: 'day' });
      world.clock.advance(DAY_MS + 1);
      await settle(world, controlPlane);
      const second = await service.environments.provision({ ...environmentRequest(id, 'x'), idempotencyKey: 'day' });
      expect(second.targetId).not.toBe(first.targetId);
    });

    it('refuses what is not valid with a pointer, and an unknown organization or driver', async () => {
      const { id } = await newOrganization();
      await expect(service.environments.provision({ ...environmentRequest(id), slug: '../x' })).rejects.toMatchObject({
        code: 'validation_failed',
        details: { errors: [{ in: 'body', pointer: '/slug' }] },
      });
      await expect(service.environments.provision(environmentRequest('nobody'))).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(
        service.environments.provision({ ...environmentRequest(id), driver: 'oracle' }),
      ).rejects.toMatchObject({
        code: 'driver_not_configured',
      });
      await expect(
        service.environments.provision({ ...environmentRequest(id), placement: 'elsewhere' }),
      ).rejects.toMatchObject({ code: 'validation_failed' });
      await expect(service.environments.provision({ ...environmentRequest(id), region: 'moon' })).rejects.toMatchObject(
        {
          code: 'validation_failed',
        },
      );
    });

    it('a second default or a hostname that is taken is refused by name', async () => {
      const { id } = await newOrganization();
      await newEnvironment(id, { slug: 'a', hostname: 'taken.example.com' });
      await expect(
        service.environments.provision({ ...environmentRequest(id, 'b'), isDefault: true }),
      ).rejects.toMatchObject({ code: 'default_taken' });
      await expect(
        service.environments.provision({ ...environmentRequest(id, 'b'), hostname: 'TAKEN.example.com' }),
      ).rejects.toMatchObject({ code: 'hostname_taken' });
    });
  });

  describe('changing', () => {
    it('update changes what is named, raises the version once, and a repetition changes nothing', async () => {
      const { id } = await newOrganization();
      const { id: environmentId } = await newEnvironment(id);
      const before = await service.environments.get(environmentId);
      const body = { displayName: 'Dev!', slug: 'dev2', metadata: { a: 1 }, storageLimitMb: 7 };
      await service.environments.update(environmentId, body, { ifVersion: before.version });
      await settle(world, controlPlane);
      const after = await service.environments.get(environmentId);
      expect(after).toMatchObject({
        displayName: 'Dev!',
        slug: 'dev2',
        metadata: { a: 1 },
        version: before.version + 1,
      });
      expect(after.database).toMatchObject({ storageLimitMb: 7, databaseName: before.database.databaseName });
      await service.environments.update(environmentId, body);
      expect((await service.environments.get(environmentId)).version).toBe(after.version);
      await expect(
        service.environments.update(environmentId, { displayName: 'late' }, { ifVersion: before.version }),
      ).rejects.toMatchObject({ code: 'version_mismatch', status: 412 });
    });

    it('two updates that saw the same version: one is refused', async () => {
      const { prod } = await newOrganization();
      const { version } = await service.environments.get(prod);
      const results = await Promise.allSettled(
        ['a', 'b'].map((displayName) => service.environments.update(prod, { displayName }, { ifVersion: version })),
      );
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it('upsert creates once, then changes; what cannot change is named', async () => {
      const { id } = await newOrganization();
      const first = await service.environments.upsert(id, 'up', { envType: 'test' });
      expect(first.created).toBe(true);
      await settle(world, controlPlane);
      const second = await service.environments.upsert(id, 'up', { envType: 'test', displayName: 'Up' });
      expect(second).toMatchObject({ created: false, targetId: first.targetId });
      expect(await service.environments.get(first.targetId)).toMatchObject({ displayName: 'Up', envType: 'test' });
      await expect(
        service.environments.upsert(id, 'up', { envType: 'production', isDefault: true }),
      ).rejects.toMatchObject({
        code: 'unsupported',
        details: { errors: [{ pointer: '/envType' }, { pointer: '/isDefault' }] },
      });
    });

    it('set-default moves the mark at once: concurrent readers see exactly one', async () => {
      const { id, prod } = await newOrganization();
      const other = await newEnvironment(id);
      const { main } = await world.inspect();
      let reading = true;
      const seen = new Set<number>();
      const reader = (async () => {
        while (reading) {
          const rows = await main.read
            .selectFrom('sys_environment')
            .select('is_default')
            .where('organization_id', '=', id)
            .execute();
          seen.add(rows.filter((row) => row.is_default).length);
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
      for (let round = 0; round < 20; round += 1) {
        await service.environments.setDefault(round % 2 === 0 ? other.id : prod);
      }
      await Promise.all([other.id, prod, other.id].map((target) => service.environments.setDefault(target)));
      reading = false;
      await reader;
      expect([...seen]).toEqual([1]);
      expect((await service.organizations.get(id)).defaultEnvironmentId).toBe(
        (await readRows(world)).environments.find((row) => row.organization_id === id && row.is_default)?.id,
      );
    });

    it('lists by filter in pages that a new environment does not disturb, and refuses a cursor of another list', async () => {
      const { id } = await newOrganization();
      for (const slug of ['a', 'b', 'c']) await newEnvironment(id, { slug });
      const first = await service.environments.list(id, {}, { limit: 2 });
      await newEnvironment(id, { slug: 'd' });
      const rest = await service.environments.list(id, {}, { limit: 10, cursor: first.nextCursor ?? '' });
      expect([...first.items, ...rest.items].map(({ slug }) => slug)).toEqual(['prod', 'a', 'b', 'c', 'd']);
      expect(rest.nextCursor).toBeNull();
      const production = await service.environments.list(id, { envType: 'production' }, { limit: 10 });
      expect(production.items.map(({ slug }) => slug)).toEqual(['prod']);
      await expect(
        service.environments.list(id, { status: 'active' }, { limit: 10, cursor: first.nextCursor ?? '' }),
      ).rejects.toMatchObject({ code: 'cursor_mismatch' });
      await expect(service.environments.list(id, {}, { limit: 10, cursor: 'AAAA' })).rejects.toMatchObject({
        code: 'cursor_invalid',
      });
    });
  });

  describe('suspending, archiving, purging', () => {
    it('suspend cuts off at the commit, resume lets in again with the same data', async () => {
      const { prod } = await newOrganization();
      const handle = await service.connect(prod);
      await handle.exec('CREATE TABLE t (x)');
      await service.environments.suspend(prod);
      await expect(service.connect(prod)).rejects.toMatchObject({ code: 'environment_not_active', status: 403 });
      await settle(world, controlPlane);
      await expect(handle.query('SELECT 1')).rejects.toMatchObject({ code: 'unavailable' });
      expect((await finish(service, service.environments.resume(prod))).status).toBe('succeeded');
      expect(await (await service.connect(prod)).query('SELECT * FROM t')).toEqual([]);
    });

    it('archive and restore keep every byte, the address and the credential (sec S31)', async () => {
      const { prod } = await newOrganization();
      const before = await service.environments.get(prod);
      const handle = await service.connect(prod);
      await handle.exec('CREATE TABLE t (x)');
      await handle.exec('INSERT INTO t VALUES (randomblob(10000))');
      const digest = await handle.one('SELECT hex(x) AS x FROM t');
      await finish(service, service.environments.archive(prod));
      await expect(handle.query('SELECT 1')).rejects.toMatchObject({ code: 'unavailable' });
      await finish(service, service.environments.restore(prod));
      const after = await service.environments.get(prod);
      expect(after.database.databaseUrl).toBe(before.database.databaseUrl);
      expect(after.credential?.id).toBe(before.credential?.id);
      expect(await (await service.connect(prod)).one('SELECT hex(x) AS x FROM t')).toEqual(digest);
    });

    it('I7 purge removes every trace and answers the same receipt when asked again; the slug is free, the name is not', async () => {
      const { id } = await newOrganization();
      const { id: environmentId } = await newEnvironment(id);
      const name = (await rowOf(environmentId))?.database_name ?? '';
      const operation = await finish(service, service.environments.purge(environmentId, { confirm: 'dev' }));
      expect(operation.status).toBe('succeeded');
      const { leavesBehind } = world.driver.adapter();
      const { remaining } = operation.result as { remaining: string[] };
      expect(leavesBehind.length).toBeGreaterThan(0);
      expect(remaining).toEqual([
        ...leavesBehind,
        expect.stringContaining('data key'),
        expect.stringContaining('key store'),
      ]);
      await expect(service.environments.get(environmentId)).rejects.toMatchObject({ code: 'not_found' });
      await expect(service.environments.suspend(environmentId)).rejects.toMatchObject({ code: 'not_found' });
      expect((await world.survey()).filter((object) => object.includes(name))).toEqual([]);
      const again = await service.environments.purge(environmentId, { confirm: 'dev' });
      expect(again).toEqual({ kind: 'receipt', receipt: operation.result });
      await expect(service.environments.purge(environmentId, { confirm: 'wrong' })).rejects.toMatchObject({
        code: 'confirmation_mismatch',
      });
      const successor = await newEnvironment(id);
      expect((await rowOf(successor.id))?.database_name).not.toBe(name);
    });

    it('sec S31 a wrong confirmation, protection, or being the default leaves every row as it is', async () => {
      const { id, prod } = await newOrganization();
      const { id: environmentId } = await newEnvironment(id);
      await service.environments.update(environmentId, { deletionProtection: true });
      const before = await readRows(world);
      await expect(service.environments.purge(environmentId, { confirm: 'prod' })).rejects.toMatchObject({
        code: 'confirmation_mismatch',
        status: 422,
      });
      await expect(service.environments.purge(environmentId, { confirm: 'dev' })).rejects.toMatchObject({
        code: 'deletion_protected',
        status: 409,
      });
      await expect(service.environments.archive(environmentId)).rejects.toMatchObject({ code: 'deletion_protected' });
      await expect(service.environments.purge(prod, { confirm: 'prod' })).rejects.toMatchObject({
        code: 'is_default',
        status: 409,
      });
      expect(await readRows(world)).toEqual(before);
    });

    it('cap IV1 a create that comes between the decision to purge the default and its commit keeps the default', async () => {
      const { id, prod } = await newOrganization();
      const held = await world.open({
        effect: async (name, run) => {
          if (name === 'cp.change') await service.environments.provision(environmentRequest(id));
          return run();
        },
      });
      const purge = held.service.environments.purge(prod, { confirm: 'prod' });
      await expect(purge).rejects.toMatchObject({ code: 'is_default' });
      await held.close();
      expect((await service.environments.get(prod)).status).toBe('active');
    });

    it('cap IV1 whoever comes first, a purge of the default or a create: what is left has exactly one default', async () => {
      const other = await world.open();
      for (let round = 0; round < 4; round += 1) {
        const { id, prod } = await newOrganization();
        const purge = () => other.service.environments.purge(prod, { confirm: 'prod' });
        const create = () => service.environments.provision(environmentRequest(id));
        // Begun in both orders, through two control planes that share nothing but the store.
        const begun = round % 2 === 0 ? [purge(), create()] : [create(), purge()].reverse();
        const [purged, made] = await Promise.allSettled(begun);
        expect(made?.status).toBe('fulfilled');
        // Each goes on with what it accepted: the clock may only be moved when the other one has let go.
        await other.worker.settle();
        await settle(world, controlPlane);
        const left = (await readRows(world)).environments.filter((row) => row.organization_id === id);
        expect(left.map((row) => [row.slug, row.is_default]).sort()).toEqual(
          purged?.status === 'fulfilled'
            ? [['dev', true]]
            : [
                ['dev', false],
                ['prod', true],
              ],
        );
      }
      await other.close();
    });

    it('an archived environment is purged when its grace is over, and not before: 7 days, 30 for production', async () => {
      const { id, prod } = await newOrganization();
      const { id: environmentId } = await newEnvironment(id);
      await finish(service, service.environments.archive(environmentId));
      await finish(service, service.environments.archive(prod));
      world.clock.advance(7 * DAY_MS - HOUR_MS);
      // Whoever looks earlier, for another reason, leaves it.
      await service.environments.update(environmentId, { storageLimitMb: 9 });
      await settle(world, controlPlane);
      expect((await service.environments.get(environmentId)).status).toBe('archived');
      world.clock.advance(2 * HOUR_MS);
      await settle(world, controlPlane);
      await expect(service.environments.get(environmentId)).rejects.toMatchObject({ code: 'not_found' });
      expect((await service.environments.get(prod)).status).toBe('archived');
      world.clock.advance(23 * DAY_MS);
      await settle(world, controlPlane);
      await expect(service.environments.get(prod)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('protection set after archiving stops the grace; taken off, the whole grace begins again', async () => {
      const { id } = await newOrganization();
      const { id: environmentId } = await newEnvironment(id);
      await finish(service, service.environments.archive(environmentId));
      world.clock.advance(6 * DAY_MS);
      await service.environments.update(environmentId, { deletionProtection: true });
      world.clock.advance(60 * DAY_MS);
      await settle(world, controlPlane);
      expect((await service.environments.get(environmentId)).status).toBe('archived');
      await service.environments.update(environmentId, { deletionProtection: false });
      world.clock.advance(7 * DAY_MS - HOUR_MS);
      await settle(world, controlPlane);
      expect((await service.environments.get(environmentId)).status).toBe('archived');
      world.clock.advance(2 * HOUR_MS);
      await settle(world, controlPlane);
      await expect(service.environments.get(environmentId)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('each verb is refused in states it is not for, with the states it is for', async () => {
      const { id } = await newOrganization();
      const { id: environmentId } = await newEnvironment(id);
      const refused = (allowed: string[]) => ({ code: 'invalid_state', details: { allowed } });
      await expect(service.environments.restore(environmentId)).resolves.toMatchObject({ operationId: null });
      await expect(service.environments.resume(environmentId)).resolves.toMatchObject({ operationId: null });
      await expect(service.environments.retry(environmentId)).rejects.toMatchObject(refused(['failed']));
      await finish(service, service.environments.suspend(environmentId));
      await expect(service.environments.restore(environmentId)).rejects.toMatchObject(refused(['archived']));
      await finish(service, service.environments.archive(environmentId));
      await expect(service.environments.suspend(environmentId)).rejects.toMatchObject(refused(['active']));
      await expect(service.environments.resume(environmentId)).rejects.toMatchObject(refused(['suspended']));
      await expect(service.environments.setDefault(environmentId)).rejects.toMatchObject(
        refused(['active', 'provisioning', 'suspended']),
      );
      await expect(service.environments.copy(environmentId, { slug: 'x', envType: 'test' })).rejects.toMatchObject(
        refused(['active', 'suspended']),
      );
      await expect(service.environments.describeConnection(environmentId, {})).rejects.toMatchObject(
        refused(['active']),
      );
    });
  });

  describe('copying', () => {
    it('a copy has the rows of its source, its own address, key, credential and marker, and they part from then on', async () => {
      const { prod } = await newOrganization();
      const source = await service.connect(prod);
      await source.exec('CREATE TABLE t (x)');
      await source.exec("INSERT INTO t VALUES ('shared')");
      const { targetId } = await service.environments.copy(prod, { slug: 'copy', envType: 'test' });
      await settle(world, controlPlane);
      const copy = await service.connect(targetId);
      await copy.exec("INSERT INTO t VALUES ('mine')");
      expect(await source.query('SELECT x FROM t')).toEqual([{ x: 'shared' }]);
      expect(await copy.query('SELECT x FROM t')).toEqual([{ x: 'shared' }, { x: 'mine' }]);
      const [a, b] = [await rowOf(prod), await rowOf(targetId)];
      expect(a?.encryption_key_id).not.toBe(b?.encryption_key_id);
      expect(a?.database_name).not.toBe(b?.database_name);
      await finish(service, service.environments.purge(targetId, { confirm: 'copy' }));
      expect(await source.query('SELECT x FROM t')).toEqual([{ x: 'shared' }]);
    });

    it('a copy of the schema has the tables and no row', async () => {
      const { prod } = await newOrganization();
      const source = await service.connect(prod);
      await source.exec('CREATE TABLE t (x)');
      await source.exec('INSERT INTO t VALUES (1)');
      const { targetId } = await service.environments.copy(prod, { slug: 'bare', envType: 'test', schemaOnly: true });
      await settle(world, controlPlane);
      expect(await (await service.connect(targetId)).query('SELECT * FROM t')).toEqual([]);
    });
  });

  it('I9 the status of every row is the projection of its phase and wish, whatever the tests did', async () => {
    const { environments } = await readRows(world);
    expect(environments.length).toBeGreaterThan(20);
    expect(await violations(world, controlPlane)).toEqual([]);
  });
});
