import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AdapterError } from '@envplane/spec';
import { afterEach, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EffectHook } from '../src/provisioning/failpoints.ts';
import { holdAt } from './world/hold.ts';
import { readRows, violations } from './world/oracle.ts';
import { STORES } from './world/stores.ts';
import {
  DAY_MS,
  environmentRequest,
  finish,
  type MemoryDriver,
  openWorld,
  organizationRequest,
  readNotes,
  settle,
  type World,
  writeNote,
} from './world/world.ts';

/** Longer than the longest time between two looks at a settled database. */
const NEXT_LOOK_MS = 13 * 60_000;
const MINUTE_MS = 60_000;

describe.each(STORES)('%s store', (store) => {
  let world: World;
  let controlPlane: ControlPlane;

  afterEach(async () => {
    await world.close();
  });

  async function withOrganization(effect?: EffectHook) {
    controlPlane = await world.open(effect && { effect });
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    await settle(world, controlPlane);
    const { id: environmentId, organizationId } = defaultEnvironment.environment;
    return { service, environmentId, organizationId };
  }

  const databaseOf = async (environmentId: string) => {
    const row = (await readRows(world)).databases.find((database) => database.environment_id === environmentId);
    if (!row) throw new Error('there is no such environment');
    return row;
  };

  const liveFileOf = async (environmentId: string) => {
    const { organization_scope, database_name } = await databaseOf(environmentId);
    return join(world.directory, 'data', organization_scope, `${database_name}.db`);
  };

  async function passTime(ms: number): Promise<void> {
    world.clock.advance(ms);
    await controlPlane.worker.settle();
  }

  describe('something foreign stands under the name', () => {
    /** Puts a file there after the name was issued and before anything was created. */
    async function conflict(copyOf?: string) {
      world = await openWorld(store);
      const hold = holdAt('sq.observe', 0);
      const { service, environmentId, organizationId } = await withOrganization(hold.effect);
      await writeNote(world, environmentId);
      hold.arm();
      const { targetId, operationId } = copyOf
        ? await service.environments.copy(environmentId, { slug: copyOf, envType: 'test' })
        : await service.environments.provision(environmentRequest(organizationId));
      await hold.reached;
      const file = await liveFileOf(targetId);
      writeFileSync(file, 'the letters of somebody else');
      await hold.release();
      const failed = await service.operations.wait(operationId ?? '', 30_000);
      return { service, environmentId, targetId, operationId: operationId ?? '', file, failed };
    }

    it('I10 phase conflict, with a reason; it is not touched; retry takes the next name', async () => {
      const { service, targetId, operationId, file, failed } = await conflict();
      expect(failed).toMatchObject({ status: 'failed', error: { code: 'conflict' } });
      expect(await databaseOf(targetId)).toMatchObject({ phase: 'conflict', placement_ordinal: 0 });
      expect((await service.environments.get(targetId)).status).toBe('failed');
      await service.operations.retry(operationId);
      expect(await service.operations.wait(operationId, 30_000)).toMatchObject({ status: 'succeeded', error: null });
      expect(await databaseOf(targetId)).toMatchObject({ phase: 'ready', placement_ordinal: 1 });
      expect(await liveFileOf(targetId)).not.toBe(file);
      expect(readFileSync(file, 'utf8')).toBe('the letters of somebody else');
      expect(await readNotes(world, targetId)).toBeNull();
    });

    it('a copy that met it is a copy after the retry, too', async () => {
      const { service, environmentId, targetId, operationId } = await conflict('copy');
      await service.operations.retry(operationId);
      expect(await service.operations.wait(operationId, 30_000)).toMatchObject({ status: 'succeeded' });
      expect(await readNotes(world, targetId)).toEqual([environmentId]);
    });

    it('I10 purging the environment leaves it where it is', async () => {
      const { service, targetId, file } = await conflict();
      const purge = await finish(service, service.environments.purge(targetId, { confirm: 'dev' }));
      expect(purge.status).toBe('succeeded');
      expect(readFileSync(file, 'utf8')).toBe('the letters of somebody else');
    });

    it('where there was data before, retry is refused: another name would begin empty', async () => {
      world = await openWorld(store);
      const { service, environmentId } = await withOrganization();
      const file = await liveFileOf(environmentId);
      renameSync(file, `${file}.aside`);
      writeFileSync(file, 'the letters of somebody else');
      await passTime(NEXT_LOOK_MS);
      expect(await databaseOf(environmentId)).toMatchObject({ phase: 'conflict' });
      await expect(service.environments.retry(environmentId)).rejects.toMatchObject({ code: 'invalid_state' });
      expect(readFileSync(file, 'utf8')).toBe('the letters of somebody else');
    });
  });

  describe('a confirmed database is missing', () => {
    it('I5 three looks at least a minute apart make it lost; it is never created again; found again it serves again', async () => {
      world = await openWorld(store);
      const { service, environmentId } = await withOrganization();
      await writeNote(world, environmentId);
      const file = await liveFileOf(environmentId);
      renameSync(file, join(world.directory, 'aside'));
      await passTime(NEXT_LOOK_MS);
      expect((await service.environments.get(environmentId)).status).toBe('active');
      await passTime(MINUTE_MS - 1);
      expect(await databaseOf(environmentId)).toMatchObject({ absent_count: 1 });
      await passTime(1);
      expect(await databaseOf(environmentId)).toMatchObject({ absent_count: 2, phase: 'ready' });
      await passTime(MINUTE_MS);
      expect(await databaseOf(environmentId)).toMatchObject({ phase: 'lost', last_error_code: 'lost' });
      expect((await service.environments.get(environmentId)).status).toBe('failed');
      expect(await world.survey()).toEqual([]);

      await service.environments.retry(environmentId);
      for (let look = 0; look < 4; look += 1) await passTime(MINUTE_MS);
      expect(await databaseOf(environmentId)).toMatchObject({ phase: 'lost' });
      expect(await world.survey()).toEqual([]);

      renameSync(join(world.directory, 'aside'), file);
      await service.environments.retry(environmentId);
      await settle(world, controlPlane);
      expect(await readNotes(world, environmentId)).toEqual([environmentId]);
      expect(await violations(world, controlPlane)).toEqual([]);
    });

    it('one absence is forgotten when it is seen again', async () => {
      world = await openWorld(store);
      const { environmentId } = await withOrganization();
      const file = await liveFileOf(environmentId);
      renameSync(file, join(world.directory, 'aside'));
      await passTime(NEXT_LOOK_MS);
      renameSync(join(world.directory, 'aside'), file);
      await passTime(MINUTE_MS);
      expect(await databaseOf(environmentId)).toMatchObject({ absent_count: 0, phase: 'ready' });
    });

    it('I5 resuming does not create it either, and purging it ends in a receipt', async () => {
      world = await openWorld(store);
      const { service, environmentId } = await withOrganization();
      await finish(service, service.environments.suspend(environmentId));
      rmSync(await liveFileOf(environmentId));
      await service.environments.resume(environmentId);
      await settle(world, controlPlane);
      expect(await databaseOf(environmentId)).toMatchObject({ phase: 'lost' });
      expect(await world.survey()).toEqual([]);
      const purge = await finish(service, service.environments.purge(environmentId, { confirm: 'prod' }));
      expect(purge).toMatchObject({ status: 'succeeded', result: { environmentId } });
    });

    it('I5 not even when it vanishes in the middle of the resumption', async () => {
      world = await openWorld(store);
      // The second look of a resumption is the one before hardening.
      const hold = holdAt('sq.observe', 1);
      const { service, environmentId } = await withOrganization(hold.effect);
      await finish(service, service.environments.suspend(environmentId));
      hold.arm();
      await service.environments.resume(environmentId);
      await hold.reached;
      rmSync(await liveFileOf(environmentId));
      await hold.release();
      await settle(world, controlPlane);
      expect(await world.survey()).toEqual([]);
      expect(await databaseOf(environmentId)).toMatchObject({ phase: 'lost' });
    });

    it('I5 a row that was confirmed leads to no creation, whatever phase somebody put it in', async () => {
      world = await openWorld(store);
      const { environmentId } = await withOrganization();
      rmSync(await liveFileOf(environmentId));
      const { main } = await world.inspect();
      await main.write((_query, _nowMs, execute) =>
        execute("update sys_environment_database set phase = 'creating', due_at = created_at", []),
      );
      await passTime(0);
      expect(await world.survey()).toEqual([]);
      expect(await databaseOf(environmentId)).toMatchObject({ phase: 'creating', last_error_code: 'unavailable' });
    });
  });

  describe('the provider refuses or does not answer', () => {
    it('I4 a definitive refusal fails with its reason, nothing is left, and retry finishes the same operation', async () => {
      world = await openWorld(store);
      let refuse = false;
      const effect: EffectHook = async (name, run) => {
        if (refuse && name === 'sq.tmp')
          throw new AdapterError('invalid_request', 'The data directory does not permit this.');
        return run();
      };
      const { service, organizationId } = await withOrganization(effect);
      refuse = true;
      await expect(service.provisionEnvironment(environmentRequest(organizationId))).rejects.toMatchObject({
        code: 'operation_failed',
        status: 409,
      });
      const { items } = await service.operations.list({ status: 'failed' }, { limit: 10 });
      expect(items).toMatchObject([{ error: { code: 'invalid_request', title: expect.any(String) } }]);
      expect(items[0]?.steps).toMatchObject([
        { name: 'create', status: 'failed', error: { code: 'invalid_request' } },
        {},
        {},
      ]);
      expect(await world.survey()).toHaveLength(1);
      refuse = false;
      await service.operations.retry(items[0]?.id ?? '');
      expect(await service.operations.wait(items[0]?.id ?? '', 30_000)).toMatchObject({
        status: 'succeeded',
        error: null,
      });
      await settle(world, controlPlane);
      expect(await violations(world, controlPlane)).toEqual([]);
    });

    it('rel G10 cancel and retry with the key of a request that was answered give that answer again', async () => {
      const memory = await openMemory();
      // So that what the cancellation starts is still there when it is repeated.
      const hold = holdAt('cp.tombstone');
      const { service, organizationId } = await withOrganization(hold.effect);
      hold.arm();
      memory.provider.refusal = 'quota_exceeded';
      const { operationId } = await service.environments.provision(environmentRequest(organizationId));
      await service.operations.wait(operationId ?? '', 30_000);
      const retry = () => service.operations.retry(operationId ?? '', { idempotencyKey: 'retry' });
      const first = await retry();
      await service.operations.wait(operationId ?? '', 30_000);
      expect(await retry()).toEqual({ ...first, replayed: true });
      const cancel = () => service.operations.cancel(operationId ?? '', { idempotencyKey: 'cancel' });
      const cancelled = await cancel();
      expect(await cancel()).toEqual({ ...cancelled, replayed: true });
      await hold.release();
    });

    it('I4 what is not definitive is tried again by itself, at the times the operation shows, never sooner than asked', async () => {
      const { provider } = await openMemory();
      const { service, organizationId } = await withOrganization();
      provider.refusal = 'unavailable';
      const { operationId } = await service.environments.provision(environmentRequest(organizationId));
      await controlPlane.worker.settle();
      const waiting = await service.operations.get(operationId ?? '');
      expect(waiting).toMatchObject({
        status: 'running',
        steps: [{ status: 'running', error: { code: 'unavailable' } }, {}, {}],
      });
      expect(Date.parse(waiting.nextAttemptAt ?? '')).toBeGreaterThanOrEqual(world.clock.nowMs);
      await passTime(23 * 3_600_000);
      expect((await service.operations.get(operationId ?? '')).status).toBe('running');
      provider.refusal = null;
      await passTime(MINUTE_MS);
      expect((await service.operations.get(operationId ?? '')).status).toBe('succeeded');
    });

    it('after a day a create is given up, with that reason; it stays owned, and retry still works', async () => {
      const { provider } = await openMemory();
      const { service, organizationId } = await withOrganization();
      provider.refusal = 'unavailable';
      const { operationId } = await service.environments.provision(environmentRequest(organizationId));
      await controlPlane.worker.settle();
      await passTime(DAY_MS + 1);
      expect(await service.operations.get(operationId ?? '')).toMatchObject({
        status: 'failed',
        error: { code: 'gave_up' },
      });
      provider.refusal = null;
      await service.operations.retry(operationId ?? '');
      await settle(world, controlPlane);
      expect((await service.operations.get(operationId ?? '')).status).toBe('succeeded');
      expect(await violations(world, controlPlane)).toEqual([]);
    });

    it('a purge never gives up', async () => {
      const { provider } = await openMemory();
      const { service, environmentId } = await withOrganization();
      provider.refusal = 'quota_exceeded';
      const purge = await service.environments.purge(environmentId, { confirm: 'prod' });
      if (purge.kind !== 'accepted') throw new Error('a receipt for what is there');
      for (let day = 0; day < 3; day += 1) await passTime(DAY_MS);
      expect((await service.operations.get(purge.operationId ?? '')).status).toBe('running');
      provider.refusal = null;
      await settle(world, controlPlane);
      expect((await service.operations.get(purge.operationId ?? '')).status).toBe('succeeded');
      expect(await violations(world, controlPlane)).toEqual([]);
    });

    it('a resume that was refused comes through with the retry: the tenant is let in again', async () => {
      const { provider } = await openMemory();
      const { service, environmentId } = await withOrganization();
      await finish(service, service.environments.suspend(environmentId));
      provider.refusals.push('quota_exceeded');
      const resume = await finish(service, service.environments.resume(environmentId));
      expect(resume).toMatchObject({ status: 'failed', error: { code: 'quota_exceeded' } });
      await service.operations.retry(resume.id);
      expect(await service.operations.wait(resume.id, 30_000)).toMatchObject({ status: 'succeeded' });
      expect(await violations(world, controlPlane)).toEqual([]);
    });

    it.each([
      ['created', 'creating'],
      ['copied', 'securing'],
    ] as const)('P6 what was %s stands as %s until its first credentials are proved', async (way, phase) => {
      await openMemory();
      const hold = holdAt('me.set');
      const { service, environmentId, organizationId } = await withOrganization(hold.effect);
      hold.arm();
      const { targetId, operationId } =
        way === 'created'
          ? await service.environments.provision(environmentRequest(organizationId))
          : await service.environments.copy(environmentId, { slug: 'copy', envType: 'test' });
      await hold.reached;
      expect(await databaseOf(targetId)).toMatchObject({
        phase,
        external_uid: way === 'created' ? null : expect.any(String),
      });
      await hold.release();
      expect(await service.operations.wait(operationId ?? '', 30_000)).toMatchObject({ status: 'succeeded' });
      expect(await databaseOf(targetId)).toMatchObject({ phase: 'ready', external_uid: expect.any(String) });
      expect(await violations(world, controlPlane)).toEqual([]);
    });

    it('a copy whose source was purged meanwhile fails with that reason', async () => {
      world = await openWorld(store);
      const hold = holdAt('cp.phase');
      const { service, organizationId } = await withOrganization(hold.effect);
      const { environment } = await service.provisionEnvironment(environmentRequest(organizationId));
      hold.arm();
      const copy = await service.environments.copy(environment.id, { slug: 'copy', envType: 'test' });
      await hold.reached;
      const { service: replica } = await world.open();
      await finish(replica, replica.environments.purge(environment.id, { confirm: 'dev' }));
      await hold.release();
      await settle(world, controlPlane);
      expect(await service.operations.get(copy.operationId ?? '')).toMatchObject({
        status: 'failed',
        error: { code: 'source_missing' },
      });
      expect(await violations(world, controlPlane)).toEqual([]);
    });
  });

  it('sec S32 a create that passed its checks before the organization was archived or purged does not outlive it', async () => {
    for (const verb of ['archive', 'purge'] as const) {
      world = await openWorld(store);
      const hold = holdAt('cp.accept');
      const { service, organizationId } = await withOrganization(hold.effect);
      hold.arm();
      const late = service.environments.provision(environmentRequest(organizationId));
      await hold.reached;
      await (verb === 'archive'
        ? service.organizations.archive(organizationId)
        : service.organizations.purge(organizationId, { confirm: 'acme' }));
      void hold.release();
      await expect(late).rejects.toMatchObject({ code: 'invalid_state' });
      await settle(world, controlPlane);
      expect(await violations(world, controlPlane)).toEqual([]);
      await world.close();
    }
    world = await openWorld(store);
  });

  async function openMemory(): Promise<MemoryDriver> {
    const opened = await openWorld(store, 'memory');
    world = opened;
    return opened.driver;
  }
});
