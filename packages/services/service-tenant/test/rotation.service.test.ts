import type { DatabaseHandle } from '@envplane/spec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdAt } from './world/hold.ts';
import { readRows, violations } from './world/oracle.ts';
import {
  begin,
  controlPlane,
  environmentId,
  GRACE_MS,
  held,
  list,
  ONE_PAGE,
  OUTCOME,
  open,
  operations,
  pass,
  reopen,
  rotate,
  service,
  states,
  stepsOf,
  world,
} from './world/rotating.ts';
import { finish, settle } from './world/world.ts';

afterEach(() => world.close());

describe('cap RO1 a rotation', () => {
  beforeEach(() => begin());

  it('of a database that is purged in its grace leaves nothing that runs', async () => {
    const { result } = await rotate();
    await service.environments.purge(environmentId, { confirm: 'prod' });
    await settle(world, controlPlane);
    const revocation = await service.operations.get(String(result?.['revocationOperationId']));
    expect(revocation.status).toBe('succeeded');
    expect(stepsOf(revocation)).toEqual(['revoke skipped', 'prove skipped', 'drain skipped']);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('ends with the new one in use; the old one works for its grace, and is refused afterwards', async () => {
    const before = await readRows(world);
    const environment = await service.environments.get(environmentId);
    const operation = await rotate();
    expect(operation).toMatchObject({ kind: 'credential.rotate', status: 'succeeded', warnings: [] });
    expect(stepsOf(operation)).toEqual(['stage succeeded', 'set succeeded', 'test succeeded', 'flip succeeded']);
    expect(await states()).toEqual(['active', 'retiring']);
    expect(await open()).toEqual([true, true]);
    const [active] = await list();
    const after = await service.environments.get(environmentId);
    // What addresses the database stays as it is; what shows the credential is another version.
    expect(after.database).toEqual(environment.database);
    expect(after.credential?.id).not.toBe(environment.credential?.id);
    expect(after.version).toBeGreaterThan(environment.version + 1);
    expect((await service.environments.describeConnection(environmentId)).credentialId).toBe(after.credential?.id);
    expect(operation.result).toMatchObject({
      replaced: expect.arrayContaining([
        expect.objectContaining({ id: environment.credential?.id, validUntil: expect.any(String) }),
      ]),
      credentials: expect.arrayContaining([expect.objectContaining({ id: active?.id, version: 2 })]),
    });

    await pass(GRACE_MS - 5_000);
    expect(await open()).toEqual([true, true]);
    await pass(6_000);
    expect(await open()).toEqual([false, true]);
    expect(await states()).toEqual(['active', 'revoked']);
    const revocation = await service.operations.get(String(operation.result?.['revocationOperationId']));
    expect(revocation).toMatchObject({ kind: 'credential.revoke', status: 'running', createdBy: operation.createdBy });
    expect(stepsOf(revocation)).toEqual(['revoke succeeded', 'prove succeeded', 'drain running']);
    await settle(world, controlPlane);
    expect(stepsOf(await service.operations.get(revocation.id))).toContain('drain succeeded');
    expect(await violations(world, controlPlane)).toEqual([]);
    const physical = ({
      id,
      database_name,
      database_url,
      external_uid,
      phase,
    }: (typeof before)['databases'][number]) => [id, database_name, database_url, external_uid, phase];
    expect((await readRows(world)).databases.map(physical)).toEqual(before.databases.map(physical));
  });

  it('is told of: accepted, rotated and revoked are in the audit log and, for who listens, events', async () => {
    const heard: string[] = [];
    for (const type of ['credential.rotated', 'credential.revoked'] as const) {
      controlPlane.events.on(type, async (event) => void heard.push(event.type));
    }
    await rotate();
    await settle(world, controlPlane);
    await controlPlane.events.deliver();
    expect(heard).toEqual(['credential.rotated', 'credential.revoked']);
    const { organizationId } = await service.environments.get(environmentId);
    const { items } = await service.auditEvents.list({ organizationId }, ONE_PAGE);
    const told = items.filter(({ action }) => action.startsWith('credential.'));
    expect(told.map(({ action }) => action)).toEqual(['credential.rotate', 'credential.rotated', 'credential.revoked']);
    expect(JSON.stringify([items, await operations(), await list()])).not.toContain('canary');
  });

  it('I2 sets nothing that is not committed, and the old one is the one to use until the new one is proved', async () => {
    const hold = await held('me.login');
    hold.arm();
    const using = await service.environments.describeConnection(environmentId);
    await service.credentials.rotate(environmentId);
    await hold.reached;
    const { credentials } = await readRows(world);
    const staged = credentials.filter(({ state }) => state === 'staged');
    expect(staged.map(({ enc_format, version, slot }) => [enc_format, version, slot])).toEqual([
      [1, 2, 1],
      [1, 2, 1],
    ]);
    expect((await service.environments.describeConnection(environmentId)).credentialId).toBe(using.credentialId);
    expect(await open()).toEqual([true, true]);
    expect((await list()).map(({ status }) => status).sort()).toEqual(['active', 'active', 'rotating', 'rotating']);
    await hold.release();
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('is refused with the operation while another one, or the grace of one, is under way', async () => {
    const first = await service.credentials.rotate(environmentId);
    const again = service.credentials.rotate(environmentId);
    const busy = { code: 'operation_in_progress', status: 423 };
    await expect(again).rejects.toMatchObject({ ...busy, details: { operationId: first.operationId } });
    const { result } = await service.operations.wait(first.operationId ?? '', 10_000);
    const inGrace = service.credentials.rotate(environmentId);
    await expect(inGrace).rejects.toMatchObject({
      ...busy,
      details: { operationId: result?.['revocationOperationId'], retryAfterMs: GRACE_MS },
    });
    // The grace holds up nothing else.
    await finish(service, service.environments.suspend(environmentId));
    await finish(service, service.environments.resume(environmentId));
    await pass(GRACE_MS + 1);
    expect((await rotate()).status).toBe('succeeded');
  });

  it('cap IV2 of many at once one is accepted, and one is active', async () => {
    const requests = await Promise.allSettled(
      Array.from({ length: 12 }, () => service.credentials.rotate(environmentId, { graceSeconds: 0 })),
    );
    expect(requests.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('warns of a grace that is shorter than clients remember a credential', async () => {
    expect((await rotate({ graceSeconds: 74 })).warnings).toEqual(['short_grace']);
    await pass(75_000);
    expect((await rotate({ graceSeconds: 75 })).warnings).toEqual([]);
  });

  it('alternates between two slots; sessions of a slot that is needed again end first, all others stay', async () => {
    const alive = (handle: DatabaseHandle) => handle.query('SELECT 1').then(...OUTCOME);
    const sessions = [await world.login(environmentId)];
    await rotate();
    sessions.push(await world.login(environmentId));
    await pass(GRACE_MS + 1);
    expect(await open()).toEqual([false, true]);
    expect(await Promise.all(sessions.map(alive))).toEqual([true, true]);
    await rotate();
    sessions.push(await world.login(environmentId));
    expect(await Promise.all(sessions.map(alive))).toEqual([false, true, true]);
    const { credentials } = await readRows(world);
    const used = credentials.filter(({ authorization }) => authorization === 'full_access');
    expect(used.map(({ version, slot, state }) => [version, slot, state])).toEqual([
      [1, 0, 'revoked'],
      [2, 1, 'retiring'],
      [3, 0, 'active'],
    ]);
    await settle(world, controlPlane);
    expect(await Promise.all(sessions.map(alive))).toEqual([false, false, true]);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('R7 one that still opens the database when it should not is not called revoked, and refused again', async () => {
    const hold = await held('me.refused');
    await rotate();
    const [database] = world.driver.provider.databases.values();
    const both = new Map(database?.verifiers);
    hold.arm();
    world.clock.advance(GRACE_MS + 1);
    const passing = controlPlane.worker.settle();
    await hold.reached;
    // A request that was delayed on its way arrives.
    if (database) database.verifiers = both;
    await hold.release();
    await passing;
    expect(await states()).toEqual(['active', 'retiring']);
    await settle(world, controlPlane);
    expect(await states()).toEqual(['active', 'revoked']);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('R5 connections of the service change over: new ones use the new credential, who has an old one keeps it for the grace', async () => {
    const old = await service.connect(environmentId);
    await rotate();
    const next = await service.connect(environmentId);
    expect(next).not.toBe(old);
    expect(await old.query('SELECT 1')).toHaveLength(1);
    await pass(GRACE_MS + 1);
    await expect
      .poll(() =>
        old.query('SELECT 1').then(
          () => 'open',
          ({ message }) => message,
        ),
      )
      .toBe('The connection is closed.');
    expect(await next.query('SELECT 1')).toHaveLength(1);
    expect(await service.connect(environmentId)).toBe(next);
  });

  it('a credential whose time ends while its environment is suspended or archived does not come back with it', async () => {
    await rotate();
    await finish(service, service.environments.archive(environmentId));
    await pass(GRACE_MS + 1);
    const logins: boolean[][] = [];
    const resumed = holdAt('me.uncut');
    await controlPlane.close();
    await reopen({ effect: resumed.effect });
    resumed.arm();
    const restoring = finish(service, service.environments.restore(environmentId));
    await resumed.reached;
    const [database] = [...world.driver.provider.databases.values()];
    logins.push([database?.verifiers.size === 2]);
    await resumed.release();
    await restoring;
    expect(logins).toEqual([[true]]);
    await settle(world, controlPlane);
    expect(await open()).toEqual([false, true]);
    expect(await violations(world, controlPlane)).toEqual([]);
  });
});
