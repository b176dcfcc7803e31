import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EffectHook } from '../src/provisioning/failpoints.ts';
import { violations } from './world/oracle.ts';
import {
  begin,
  controlPlane,
  environmentId,
  held,
  list,
  open,
  pass,
  reopen,
  rotate,
  service,
  states,
  world,
} from './world/rotating.ts';
import { BEYOND_LEASE_MS, DAY_MS, finish, settle } from './world/world.ts';

afterEach(() => world.close());

describe('a rotation that does not come to its end', () => {
  beforeEach(() => begin());

  it('R3 goes on when the provider is back, and the old one works meanwhile', async () => {
    world.driver.provider.refusals.push('unavailable', 'rate_limited', 'unavailable');
    const { operationId } = await service.credentials.rotate(environmentId);
    await controlPlane.worker.settle();
    const waiting = await service.operations.get(operationId ?? '');
    expect(waiting).toMatchObject({ status: 'running', nextAttemptAt: expect.any(String) });
    expect(waiting.steps.find(({ name }) => name === 'set')).toMatchObject({ error: { code: 'unavailable' } });
    expect(await open()).toEqual([true, false]);
    await settle(world, controlPlane);
    expect(await service.operations.get(operationId ?? '')).toMatchObject({ status: 'succeeded' });
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('R3 a new one that does not open the database is not used, although the provider took it', async () => {
    await controlPlane.close();
    let isForgetful = true;
    /** Says that it has set what it was given, and knows the slots of before alone. */
    const effect: EffectHook = async (name, run) => {
      const result = await run();
      if (name !== 'me.set' || !isForgetful) return result;
      for (const { verifiers } of world.driver.provider.databases.values()) {
        for (const [secret, { slot }] of verifiers) if (slot === 1) verifiers.delete(secret);
      }
      return result;
    };
    await reopen({ effect });
    const { credentialId } = await service.environments.describeConnection(environmentId);
    const { operationId } = await service.credentials.rotate(environmentId);
    await controlPlane.worker.settle();
    const waiting = await service.operations.get(operationId ?? '');
    expect(waiting).toMatchObject({ status: 'running', nextAttemptAt: expect.any(String) });
    expect(waiting.steps.find(({ name }) => name === 'test')).toMatchObject({ error: { code: 'unauthorized' } });
    expect(await states()).toEqual(['staged', 'active']);
    expect(await open()).toEqual([true, false]);
    expect((await service.environments.describeConnection(environmentId)).credentialId).toBe(credentialId);
    isForgetful = false;
    await settle(world, controlPlane);
    expect(await service.operations.get(operationId ?? '')).toMatchObject({ status: 'succeeded' });
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('R2 refused definitively it fails with the reason, the old one stays, and what was staged is never usable', async () => {
    world.driver.provider.refusals.push('unauthorized');
    const operation = await rotate();
    expect(operation).toMatchObject({ status: 'failed', error: { code: 'unauthorized' } });
    expect(await states()).toEqual(['failed', 'active']);
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane)).toEqual([]);
    expect((await service.environments.get(environmentId)).status).toBe('active');
    expect(await rotate()).toMatchObject({ status: 'succeeded' });
    expect((await list())[0]).toMatchObject({ state: 'active', version: 3 });
  });

  it('is given up after a day without a usable answer', async () => {
    world.driver.provider.refusal = 'unavailable';
    const { operationId } = await service.credentials.rotate(environmentId);
    await controlPlane.worker.settle();
    await pass(DAY_MS + 1);
    expect(await service.operations.get(operationId ?? '')).toMatchObject({
      status: 'failed',
      error: { code: 'gave_up' },
    });
    world.driver.provider.refusal = null;
    await settle(world, controlPlane);
    await pass(BEYOND_LEASE_MS);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('cancelled before its credentials are used it leaves the old ones, and what was set is closed', async () => {
    const hold = await held('me.login');
    hold.arm();
    const { operationId } = await service.credentials.rotate(environmentId);
    await hold.reached;
    expect(await open()).toEqual([true, true]);
    const cancelling = finish(service, service.operations.cancel(operationId ?? ''));
    await hold.release();
    expect(await cancelling).toMatchObject({ kind: 'credential.revoke', status: 'succeeded' });
    expect(await service.operations.get(operationId ?? '')).toMatchObject({ status: 'cancelled' });
    expect(await open()).toEqual([true, false]);
    expect(await violations(world, controlPlane)).toEqual([]);
    const [done] = await Promise.allSettled([service.operations.cancel((await rotate()).id)]);
    expect(done).toMatchObject({ reason: { code: 'invalid_state' } });
  });

  it('gives way to an archive, and the restored environment has the old ones', async () => {
    const hold = await held('me.login');
    hold.arm();
    const { operationId } = await service.credentials.rotate(environmentId);
    await hold.reached;
    await world.remember();
    const archiving = finish(service, service.environments.archive(environmentId));
    await hold.release();
    await archiving;
    expect(await service.operations.get(operationId ?? '')).toMatchObject({ status: 'cancelled' });
    await finish(service, service.environments.restore(environmentId));
    await settle(world, controlPlane);
    expect(await open()).toEqual([true, false]);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('I5 goes on where it was when a database that was lost is back', async () => {
    const { databases } = world.driver.provider;
    const [[name, database] = ['', undefined]] = [...databases];
    databases.delete(name);
    const { operationId } = await service.credentials.rotate(environmentId);
    await settle(world, controlPlane);
    expect(await service.operations.get(operationId ?? '')).toMatchObject({
      status: 'failed',
      error: { code: 'lost' },
    });
    if (database) databases.set(name, database);
    const retried = await finish(service, service.operations.retry(operationId ?? ''));
    expect(retried).toMatchObject({ id: operationId, status: 'succeeded' });
    await settle(world, controlPlane);
    expect(await states()).toEqual(['active', 'revoked']);
    expect(await violations(world, controlPlane)).toEqual([]);
  });
});
