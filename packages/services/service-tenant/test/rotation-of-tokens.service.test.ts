import { AdapterError } from '@envplane/spec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EffectHook } from '../src/provisioning/failpoints.ts';
import { violations } from './world/oracle.ts';
import {
  begin,
  controlPlane,
  environmentId,
  held,
  list,
  ONE_PAGE,
  open,
  reopen,
  rotate,
  service,
  states,
  stepsOf,
  works,
  world,
} from './world/rotating.ts';
import { DAY_MS, finish, settle } from './world/world.ts';

afterEach(() => world.close());

describe('where the provider chooses the secret', () => {
  beforeEach(() => begin('minted'));

  it('the old token works until it expires, the operation says so, and the next rotation does not wait for it', async () => {
    expect(await rotate()).toMatchObject({ status: 'succeeded', warnings: ['valid_until_expiry'] });
    const [newest, replaced] = (await list()).filter(({ authorization }) => authorization === 'full_access');
    expect(replaced).toMatchObject({ state: 'retiring', retireAfter: replaced?.expiresAt });
    expect(newest?.state).toBe('active');
    expect(await rotate()).toMatchObject({ status: 'succeeded' });
    expect(await open()).toEqual([true, true, true]);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('where none can be ended before it expires an emergency and a revocation say so', async () => {
    await rotate();
    await controlPlane.close();
    world.driver.provider.withdraws = false;
    await reopen();
    const unsupported = { code: 'unsupported', status: 422 };
    await expect(rotate({ urgency: 'emergency' })).rejects.toMatchObject(unsupported);
    for (const { id } of await list()) {
      await expect(service.credentials.revoke(environmentId, id)).rejects.toMatchObject(unsupported);
    }
  });
});

describe('cap RO3 an emergency where the provider can only end all tokens of a database at once', () => {
  const RADIUS = { kind: 'database', environments: 1 };
  const STEPS = ['withdraw', 'prove', 'stage', 'test', 'flip'];
  beforeEach(() => begin('minted'));
  const rotateNow = () => service.credentials.rotate(environmentId, { urgency: 'emergency' });
  const end = async () => {
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane)).toEqual([]);
  };
  const withdrawals = () => world.driver.provider.withdrawals;

  it('says so before anything is done, ends them with their sessions, also the one in its grace, and gives new ones', async () => {
    await rotate();
    const hold = await held('me.withdraw');
    await world.remember();
    const [writing, reading] = [await world.login(environmentId), await world.login(environmentId, 'read_only')];
    hold.arm();
    const { operationId } = await rotateNow();
    await hold.reached;
    expect(await service.operations.get(operationId ?? '')).toMatchObject({ status: 'running', blastRadius: RADIUS });
    expect(await open()).toEqual([true, true]);
    await hold.release();
    const operation = await service.operations.wait(operationId ?? '', 30_000);
    expect(operation).toMatchObject({ status: 'succeeded', blastRadius: RADIUS });
    expect(stepsOf(operation)).toEqual(STEPS.map((name) => `${name} succeeded`));
    expect(operation.result?.['replaced']).toHaveLength(2);
    expect(await Promise.all([writing, reading].map(works))).toEqual([false, false]);
    expect(await open()).toEqual([false, false, true]);
    expect(await states()).toEqual(['active', 'revoked', 'revoked']);
    const { organizationId } = await service.environments.get(environmentId);
    const events = (await service.auditEvents.list({ organizationId, environmentId }, ONE_PAGE)).items;
    const asked = events.filter(({ action }) => action === 'credential.rotate').map(({ detail }) => detail);
    expect(asked).toContainEqual({ urgency: 'emergency', blastRadius: RADIUS });
    expect(events.filter(({ action }) => action === 'credential.revoked')).toHaveLength(1);
    await end();
  });

  it.each(['active', 'retiring'])(
    'cap CR4 revoking one that is %s is that emergency, for every authorization',
    async (state) => {
      await rotate();
      await world.remember();
      const one = (await list()).find((each) => each.state === state && each.authorization === 'read_only');
      const operation = await finish(service, service.credentials.revoke(environmentId, one?.id ?? ''));
      expect(operation).toMatchObject({ kind: 'credential.rotate', status: 'succeeded', blastRadius: RADIUS });
      expect(await open()).toEqual([false, false, true]);
      expect((await list()).map((each) => `${each.authorization} ${each.state}`).sort()).toEqual(
        ['full_access', 'read_only'].flatMap((each) => [`${each} active`, `${each} revoked`, `${each} revoked`]),
      );
      await end();
    },
  );

  it('what a rotation has staged is ended with the others, and not used', async () => {
    const hold = await held('me.login');
    hold.arm();
    const { operationId } = await service.credentials.rotate(environmentId);
    await hold.reached;
    const taking = finish(service, rotateNow());
    await expect.poll(async () => (await service.operations.get(operationId ?? '')).status).toBe('cancelled');
    await hold.release();
    expect(await taking).toMatchObject({ status: 'succeeded' });
    expect(await states()).toEqual(['active', 'failed', 'revoked']);
    await end();
  });

  it('refused by the provider it fails with nothing ended, and can be asked for again', async () => {
    const { provider } = world.driver;
    provider.refusals.push('unauthorized');
    const refused = await finish(service, rotateNow());
    expect(refused).toMatchObject({ status: 'failed', error: { code: 'unauthorized' } });
    expect(await open()).toEqual([true]);
    await end();
    expect(await finish(service, rotateNow())).toMatchObject({ status: 'succeeded' });
    expect(await open()).toEqual([false, true]);
  });

  it('T2 a provider that agrees and ends nothing is not believed: nothing new is made, and it is asked again', async () => {
    await controlPlane.close();
    let isDeaf = true;
    const effect: EffectHook = async (name, run) =>
      name === 'me.withdraw' && isDeaf ? (undefined as Awaited<ReturnType<typeof run>>) : run();
    await reopen({ effect });
    const { operationId } = await rotateNow();
    await controlPlane.worker.settle();
    const waiting = await service.operations.get(operationId ?? '');
    expect(waiting).toMatchObject({ status: 'running', nextAttemptAt: expect.any(String) });
    expect(stepsOf(waiting).slice(0, 2)).toEqual(['withdraw succeeded', 'prove running']);
    expect(await states()).toEqual(['active']);
    isDeaf = false;
    await end();
    expect(await open()).toEqual([false, true]);
  });

  it('refused when an earlier call has ended them unseen it goes on: there is nothing to go back to', async () => {
    await controlPlane.close();
    let isBlind = true;
    const effect: EffectHook = async (name, run) => {
      if (name === 'me.refused' && isBlind) throw new AdapterError('unavailable', 'It cannot be told.');
      return run();
    };
    await reopen({ effect });
    const { operationId } = await rotateNow();
    await controlPlane.worker.settle();
    expect(withdrawals()).toBe(1);
    world.driver.provider.refusals.push('unauthorized');
    world.clock.advance(DAY_MS);
    await controlPlane.worker.settle();
    expect(world.driver.provider.refusals).toEqual([]);
    expect((await service.operations.get(operationId ?? '')).status).toBe('running');
    isBlind = false;
    await end();
    expect(await open()).toEqual([false, true]);
  });

  it('once they are ended there is no way back: refused for good and for days it goes on, cannot be cancelled, and is asked once', async () => {
    const { provider } = world.driver;
    const hold = await held('me.mint');
    hold.arm();
    const { operationId } = await rotateNow();
    await hold.reached;
    provider.refusal = 'quota_exceeded';
    await hold.release();
    const status = async () => (await service.operations.get(operationId ?? '')).status;
    for (let day = 0; day < 3; day += 1) {
      await controlPlane.worker.settle();
      expect(await status()).toBe('running');
      world.clock.advance(DAY_MS);
    }
    await expect(service.operations.cancel(operationId ?? '')).rejects.toMatchObject({ code: 'invalid_state' });
    provider.refusal = null;
    await end();
    expect(await status()).toBe('succeeded');
    expect(withdrawals()).toBe(1);
  });

  it('the one that is to take the place cannot be revoked', async () => {
    const hold = await held('me.login');
    hold.arm();
    const rotating = finish(service, rotateNow());
    await hold.reached;
    const staged = (await list()).find(({ state }) => state === 'staged');
    await expect(service.credentials.revoke(environmentId, staged?.id ?? '')).rejects.toMatchObject({
      code: 'invalid_state',
    });
    await hold.release();
    expect(await rotating).toMatchObject({ status: 'succeeded' });
    await end();
  });

  it.each([
    ['before they are ended', 'me.withdraw', 1],
    ['when they are ended and nobody knows', 'cp.withdrawn', 1],
    ['when new ones are staged', 'me.login', 1],
  ])('archived %s it has none on its way in; restored, it has new ones', async (_when, boundary, times) => {
    const hold = await held(boundary);
    hold.arm();
    const { operationId } = await rotateNow();
    await hold.reached;
    const archiving = finish(service, service.environments.archive(environmentId));
    await expect.poll(async () => (await service.operations.get(operationId ?? '')).status).toBe('cancelled');
    await hold.release();
    expect(await archiving).toMatchObject({ status: 'succeeded' });
    await end();
    expect(await finish(service, service.environments.restore(environmentId))).toMatchObject({ status: 'succeeded' });
    await settle(world, controlPlane);
    expect((await open()).at(0)).toBe(false);
    expect((await states())[0]).toBe('active');
    expect(withdrawals()).toBe(times);
    await end();
  });
});
