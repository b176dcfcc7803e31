import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRows, violations } from './world/oracle.ts';
import {
  begin,
  controlPlane,
  environmentId,
  held,
  list,
  open,
  operations,
  rotate,
  service,
  states,
  stepsOf,
  works,
  world,
} from './world/rotating.ts';
import { finish, settle } from './world/world.ts';

afterEach(() => world.close());

describe('cap RO3 an emergency', () => {
  beforeEach(() => begin());
  const emergency = () => rotate({ urgency: 'emergency' });

  it('refuses the old one and ends its sessions before it is over, in one operation', async () => {
    const [writing, reading] = [await world.login(environmentId), await world.login(environmentId, 'read_only')];
    const operation = await emergency();
    expect(stepsOf(operation)).toEqual(
      ['stage', 'set', 'test', 'flip', 'revoke', 'prove'].map((name) => `${name} succeeded`),
    );
    expect(await works(writing)).toBe(false);
    expect(await works(reading)).toBe(false);
    expect(await open()).toEqual([false, true]);
    expect(await states()).toEqual(['active', 'revoked']);
    expect((await operations()).map(({ kind }) => kind)).not.toContain('credential.revoke');
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('in the grace of a rotation ends both old ones, and their sessions', async () => {
    const first = await world.login(environmentId);
    await rotate();
    const second = await world.login(environmentId);
    await world.remember();
    await emergency();
    expect(await Promise.all([first, second].map(works))).toEqual([false, false]);
    expect(await open()).toEqual([false, false, true]);
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane)).toEqual([]);
    expect((await operations()).map(({ status }) => status)).toEqual([
      'succeeded',
      'succeeded',
      'succeeded',
      'succeeded',
    ]);
  });

  it('takes over what another rotation has staged, which ends as cancelled', async () => {
    const hold = await held('me.set');
    hold.arm();
    const { operationId } = await service.credentials.rotate(environmentId);
    await hold.reached;
    const taking = emergency();
    await expect.poll(async () => (await service.operations.get(operationId ?? '')).status).toBe('cancelled');
    await hold.release();
    expect(await taking).toMatchObject({ status: 'succeeded' });
    expect(await open()).toEqual([false, true]);
    expect((await list()).map(({ version }) => version).sort()).toEqual([1, 1, 2, 2]);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('has no grace, and is for what serves', async () => {
    const both = { urgency: 'emergency', graceSeconds: 1 } as const;
    await expect(rotate(both)).rejects.toMatchObject({
      code: 'validation_failed',
      details: { errors: [{ pointer: '/graceSeconds' }] },
    });
    await finish(service, service.environments.suspend(environmentId));
    await expect(emergency()).rejects.toMatchObject({ code: 'invalid_state', details: { allowed: ['active'] } });
  });
});

describe('cap CR4 revoking one credential', () => {
  beforeEach(() => begin());
  const idOf = async (state: string, authorization = 'full_access') =>
    (await list()).find((each) => each.state === state && each.authorization === authorization)?.id ?? '';
  const revoke = (id: string) => service.credentials.revoke(environmentId, id);

  it('the active one is replaced at once, and the other authorization stays as it is', async () => {
    const session = await world.login(environmentId, 'read_only');
    expect(await finish(service, revoke(await idOf('active', 'read_only')))).toMatchObject({
      kind: 'credential.rotate',
      status: 'succeeded',
    });
    expect(await works(session)).toBe(false);
    expect(
      (await list()).map(({ authorization, state, version }) => `${authorization} ${state} ${version}`).sort(),
    ).toEqual(['full_access active 1', 'read_only active 2', 'read_only revoked 1']);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('one in its grace is refused at once', async () => {
    const { result } = await rotate({ graceSeconds: 600 });
    const accepted = await revoke(await idOf('retiring'));
    expect(accepted.operationId).toBe(result?.['revocationOperationId']);
    await controlPlane.worker.settle();
    expect(await open()).toEqual([false, true]);
    expect(await states()).toEqual(['active', 'revoked']);
    expect(await idOf('retiring', 'read_only')).not.toBe('');
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('one that is staged ends its rotation', async () => {
    const hold = await held('me.login');
    hold.arm();
    const { operationId } = await service.credentials.rotate(environmentId);
    await hold.reached;
    await world.remember();
    const revoking = finish(service, revoke(await idOf('staged')));
    await hold.release();
    expect(await revoking).toMatchObject({ kind: 'credential.revoke', status: 'succeeded' });
    expect(await service.operations.get(operationId ?? '')).toMatchObject({ status: 'cancelled' });
    expect(await states()).toEqual(['failed', 'active']);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('one that is revoked stays as it is, and one that is not there is not found', async () => {
    await rotate({ urgency: 'emergency' });
    const before = await readRows(world);
    expect(await revoke(await idOf('revoked'))).toMatchObject({ operationId: null });
    expect((await readRows(world)).credentials).toEqual(before.credentials);
    await expect(revoke('0198f000-0000-7000-8000-000000000000')).rejects.toMatchObject({ code: 'not_found' });
  });
});
