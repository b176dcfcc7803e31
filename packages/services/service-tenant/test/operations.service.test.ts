import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import { type Hold, holdAt } from './world/hold.ts';
import { readRows, violations } from './world/oracle.ts';
import { STORES } from './world/stores.ts';
import { environmentRequest, finish, openWorld, organizationRequest, settle, type World } from './world/world.ts';

describe.each(STORES)('%s store', (store) => {
  let world: World;
  let controlPlane: ControlPlane;
  let service: EnvironmentProvisioningService;
  let hold: Hold;
  let organizationId: string;
  let prod: string;

  beforeEach(async () => {
    world = await openWorld(store);
  });
  afterEach(async () => {
    await hold.release();
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane)).toEqual([]);
    await world.close();
  });

  /** A control plane with one organization, whose worker will stop at a boundary. */
  async function stopAt(name: string): Promise<void> {
    hold = holdAt(name);
    controlPlane = await world.open({ effect: hold.effect });
    service = controlPlane.service;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    ({ organizationId, id: prod } = defaultEnvironment.environment);
    await settle(world, controlPlane);
    hold.arm();
  }

  const operationsOf = async (environmentId: string) => {
    const { operations } = await readRows(world);
    return operations
      .filter((operation) => operation.environment_id === environmentId)
      .sort((a, b) => a.id.localeCompare(b.id))
      .map(({ kind, status }) => `${kind} ${status}`);
  };

  describe('one writer per environment', () => {
    it('while an operation runs another verb is refused, with the operation to wait for', async () => {
      await stopAt('cp.phase');
      const { operationId } = await service.environments.suspend(prod);
      await hold.reached;
      const locked = { code: 'operation_in_progress', status: 423, details: { operationId } };
      await expect(service.environments.suspend(prod)).rejects.toMatchObject(locked);
      await expect(service.environments.resume(prod)).rejects.toMatchObject(locked);
      await expect(service.environments.restore(prod)).rejects.toMatchObject(locked);
    });

    it.each([
      ['archive', 'archived'],
      ['purge', 'gone'],
    ] as const)('%s is accepted at any time, and what it supersedes ends cancelled', async (verb, end) => {
      await stopAt('sq.link');
      const { targetId } = await service.environments.provision(environmentRequest(organizationId));
      await hold.reached;
      await (verb === 'archive'
        ? service.environments.archive(targetId)
        : service.environments.purge(targetId, { confirm: 'dev' }));
      await hold.release();
      await settle(world, controlPlane);
      expect(await operationsOf(targetId)).toEqual([
        'environment.provision cancelled',
        `environment.${verb} succeeded`,
      ]);
      const status = await service.environments.get(targetId).then(
        (environment) => environment.status,
        (error) => (error.code === 'not_found' ? 'gone' : error),
      );
      expect(status).toBe(end);
    });

    it('a purge supersedes an archive that is under way', async () => {
      await stopAt('sq.trash');
      await service.environments.archive(prod);
      await hold.reached;
      await service.environments.purge(prod, { confirm: 'prod' });
      await hold.release();
      await settle(world, controlPlane);
      expect((await operationsOf(prod)).slice(1)).toEqual([
        'environment.archive cancelled',
        'environment.purge succeeded',
      ]);
      expect(await world.survey()).toEqual([]);
    });
  });

  describe('cancel', () => {
    it('a create becomes a purge: nothing physical remains', async () => {
      await stopAt('sq.fsync');
      const { targetId, operationId } = await service.environments.provision(environmentRequest(organizationId));
      await hold.reached;
      expect(await world.survey()).toHaveLength(3);
      const cleanUp = await service.operations.cancel(operationId ?? '');
      await hold.release();
      expect((await finish(service, Promise.resolve(cleanUp))).kind).toBe('environment.purge');
      expect(await operationsOf(targetId)).toEqual(['environment.provision cancelled', 'environment.purge succeeded']);
      expect(await world.survey()).toHaveLength(1);
    });

    it('rel G10 with the key of the request that did it, it is answered as then, also when nothing is left', async () => {
      await stopAt('sq.fsync');
      const { operationId } = await service.environments.provision(environmentRequest(organizationId));
      await hold.reached;
      const cancel = (key?: string) =>
        service.operations.cancel(operationId ?? '', key === undefined ? {} : { idempotencyKey: key });
      const first = await cancel('mine');
      await hold.release();
      await finish(service, Promise.resolve(first));
      await settle(world, controlPlane);
      await expect(service.environments.get(first.targetId)).rejects.toMatchObject({ code: 'not_found' });
      expect(await cancel('mine')).toEqual({ ...first, replayed: true });
      for (const other of ['other', undefined])
        await expect(cancel(other)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('a purge before its point of no return becomes a restore; afterwards it is refused', async () => {
      await stopAt('cp.delete-intent');
      const purge = await service.environments.purge(prod, { confirm: 'prod' });
      if (purge.kind !== 'accepted') throw new Error('a receipt for what is there');
      await hold.reached;
      await service.operations.cancel(purge.operationId ?? '');
      await hold.release();
      await settle(world, controlPlane);
      expect((await operationsOf(prod)).slice(1)).toEqual([
        'environment.purge cancelled',
        'environment.restore succeeded',
      ]);
      expect((await service.environments.get(prod)).status).toBe('active');
    });

    it('past the point of no return, finished, or superseded: refused', async () => {
      await stopAt('sq.unlink');
      const [first] = (await readRows(world)).operations;
      const refused = { code: 'invalid_state', status: 409 };
      await expect(service.operations.cancel(first?.id ?? '')).rejects.toMatchObject(refused);
      const purge = await service.environments.purge(prod, { confirm: 'prod' });
      if (purge.kind !== 'accepted') throw new Error('a receipt for what is there');
      await hold.reached;
      await expect(service.operations.cancel(purge.operationId ?? '')).rejects.toMatchObject(refused);
      await expect(service.operations.cancel('nothing')).rejects.toMatchObject({ code: 'not_found' });
    });

    it('the first environment of an organization goes with it', async () => {
      await stopAt('sq.link');
      const { operationId } = await service.organizations.provision(organizationRequest('second'));
      await hold.reached;
      await expect(service.operations.cancel(operationId ?? '')).rejects.toMatchObject({ code: 'invalid_state' });
    });

    it('a part of the purge of an organization cannot be cancelled alone', async () => {
      await stopAt('cp.phase');
      await service.organizations.purge(organizationId, { confirm: 'acme' });
      await hold.reached;
      const part = (await readRows(world)).operations.find((operation) => operation.kind === 'environment.purge');
      await expect(service.operations.cancel(part?.id ?? '')).rejects.toMatchObject({ code: 'invalid_state' });
    });
  });

  it('an operation on an organization ends cancelled when one of its parts was superseded, and tells which', async () => {
    await stopAt('sq.trash');
    const { environment } = await service.provisionEnvironment(environmentRequest(organizationId));
    const archive = await service.organizations.archive(organizationId);
    const stepsNow = async () => {
      const { steps } = await service.operations.get(archive.operationId ?? '');
      return Object.fromEntries(steps.map(({ name, status }) => [name, status]));
    };
    expect(Object.keys(await stepsNow()).sort()).toEqual([prod, environment.id].sort());
    await hold.reached;
    // One of the two was stopped, whichever came first; the other one ends.
    await expect.poll(async () => Object.values(await stepsNow()).filter((it) => it === 'succeeded')).toHaveLength(1);
    const [[stopped = ''] = []] = Object.entries(await stepsNow()).filter(([, status]) => status !== 'succeeded');
    const other = stopped === prod ? environment.id : prod;
    // The default environment goes last.
    if (stopped === prod) await finish(service, service.environments.purge(other, { confirm: 'dev' }));
    await service.environments.purge(stopped, { confirm: stopped === prod ? 'prod' : 'dev' });
    await hold.release();
    await settle(world, controlPlane);
    const ended = await service.operations.get(archive.operationId ?? '');
    expect(ended).toMatchObject({ status: 'cancelled', done: true, error: null, result: null });
    expect(await stepsNow()).toEqual({ [other]: 'succeeded', [stopped]: 'skipped' });
  });

  it('watch tells every version once, in order, and ends with the operation', async () => {
    await stopAt('sq.link');
    const { operationId } = await service.environments.provision(environmentRequest(organizationId));
    await hold.reached;
    const seen: [version: number, status: string][] = [];
    const watching = (async () => {
      for await (const { version, operation } of service.operations.watch(
        operationId ?? '',
        0,
        new AbortController().signal,
      )) {
        seen.push([version, operation.status]);
      }
    })();
    await hold.release();
    await watching;
    expect(seen.at(-1)?.[1]).toBe('succeeded');
    expect(seen.map(([version]) => version)).toEqual(
      [...new Set(seen.map(([version]) => version))].sort((a, b) => a - b),
    );
  });

  it('wait returns the operation as it is when the time is over', async () => {
    await stopAt('sq.link');
    const { operationId } = await service.environments.provision(environmentRequest(organizationId));
    await hold.reached;
    expect(await service.operations.wait(operationId ?? '', 1)).toMatchObject({ status: 'running', done: false });
    await hold.release();
    expect(await service.operations.wait(operationId ?? '', 30_000)).toMatchObject({ status: 'succeeded', done: true });
  });
});
