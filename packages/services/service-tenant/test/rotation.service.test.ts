import { AdapterError, type DatabaseHandle, type OperationView } from '@envplane/spec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EffectHook } from '../src/provisioning/failpoints.ts';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import { holdAt } from './world/hold.ts';
import { readRows, violations } from './world/oracle.ts';
import {
  BEYOND_LEASE_MS,
  DAY_MS,
  finish,
  type MemoryDriver,
  openWorld,
  organizationRequest,
  settle,
  type World,
} from './world/world.ts';

const GRACE_MS = 120_000;
const ONE_PAGE = { limit: 100 };

let world: World<MemoryDriver>;
let controlPlane: ControlPlane;
let service: EnvironmentProvisioningService;
let environmentId: string;

async function begin(kind: 'memory' | 'minted' = 'memory', options: Parameters<World['open']>[0] = {}): Promise<void> {
  world = await openWorld('sqlite', kind);
  controlPlane = await world.open(options);
  service = controlPlane.service;
  const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
  environmentId = defaultEnvironment.environment.id;
  await world.remember();
}
afterEach(() => world.close());

const rotate = (body = {}): Promise<OperationView> => finish(service, service.credentials.rotate(environmentId, body));
const list = async () => (await service.credentials.list(environmentId, ONE_PAGE)).items;
const operations = async () => (await service.operations.list({ environmentId }, ONE_PAGE)).items;
const stepsOf = ({ steps }: OperationView) => steps.map(({ name, status }) => `${name} ${status}`);

/** Of every secret seen so far, oldest first: whether it opens the database now. */
async function open(): Promise<boolean[]> {
  await world.remember();
  const { credentials } = await readRows(world);
  const versions = new Map(credentials.map(({ id, version }) => [id, version]));
  const known = [...world.remembered].filter(([id]) =>
    credentials.some((row) => row.id === id && row.authorization === 'full_access'),
  );
  known.sort(([a], [b]) => (versions.get(a) ?? 0) - (versions.get(b) ?? 0));
  return Promise.all(known.map(async ([, { login }]) => login().then(works, () => false)));
}

const OUTCOME = [() => true, () => false] as const;

async function works(handle: DatabaseHandle): Promise<boolean> {
  const answered = await handle.query('SELECT 1').then(...OUTCOME);
  await handle.close();
  return answered;
}

async function pass(ms: number): Promise<void> {
  world.clock.advance(ms);
  await controlPlane.worker.settle();
}

/** The full-access credentials, the newest first. */
const states = async () =>
  (await list()).filter(({ authorization }) => authorization === 'full_access').map(({ state }) => state);

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
    await controlPlane.close();
    const hold = holdAt('me.login');
    controlPlane = await world.open({ effect: hold.effect });
    service = controlPlane.service;
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
    await controlPlane.close();
    const hold = holdAt('me.refused');
    controlPlane = await world.open({ effect: hold.effect });
    service = controlPlane.service;
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
    controlPlane = await world.open({ effect: resumed.effect });
    service = controlPlane.service;
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
    controlPlane = await world.open({ effect });
    service = controlPlane.service;
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
    await controlPlane.close();
    const hold = holdAt('me.login');
    controlPlane = await world.open({ effect: hold.effect });
    service = controlPlane.service;
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
    await controlPlane.close();
    const hold = holdAt('me.login');
    controlPlane = await world.open({ effect: hold.effect });
    service = controlPlane.service;
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
    await controlPlane.close();
    const hold = holdAt('me.set');
    controlPlane = await world.open({ effect: hold.effect });
    service = controlPlane.service;
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
    await controlPlane.close();
    const hold = holdAt('me.login');
    controlPlane = await world.open({ effect: hold.effect });
    service = controlPlane.service;
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
    controlPlane = await world.open();
    service = controlPlane.service;
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
  const held = async (...at: Parameters<typeof holdAt>) => {
    await controlPlane.close();
    const hold = holdAt(...at);
    controlPlane = await world.open({ effect: hold.effect });
    service = controlPlane.service;
    return hold;
  };
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
    controlPlane = await world.open({ effect });
    service = controlPlane.service;
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
    controlPlane = await world.open({ effect });
    service = controlPlane.service;
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
