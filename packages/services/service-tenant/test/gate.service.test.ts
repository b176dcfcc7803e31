import { type DatabaseAdapter, definePermissions, type Principal } from '@envplane/spec';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createExpansion } from '../src/access/held.ts';
import { noMeter } from '../src/metrics.ts';
import type { ControlPlane } from '../src/open-control-plane.ts';
import { type Admission, createGate, type Refusal, type Verdict } from '../src/routing/gate.ts';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import { createAccessReads } from '../src/store/access.ts';
import { calling, user } from './world/people.ts';
import { STORES } from './world/stores.ts';
import { environmentRequest, finish, openWorld, organizationRequest, settle, type World } from './world/world.ts';

const UNKNOWN = '0192f0c1-7b7e-7000-8000-000000000000';
const permissions = definePermissions({
  blog: {
    'posts.read': { description: 'Read posts.', roles: ['reader', 'maker', 'admin'] },
    'posts.write': { description: 'Write posts.', roles: ['maker', 'admin'] },
  },
});

describe.each(STORES)('the gate, on a %s store', (store) => {
  let world: World;
  let controlPlane: ControlPlane;
  let platform: EnvironmentProvisioningService;
  /** Databases that were connected to. */
  let connected: string[];
  let count = 0;
  let org: { organizationId: string };
  let dev: string;
  let prod: string;

  const check = (id: string, environmentId: string, permission = 'blog:posts.read'): Promise<Verdict> =>
    platform.gate.check(user(id), environmentId, permission);
  const place = () => ({ environmentId: dev });
  const add = (userId: string, role: string) => platform.members.add(place(), { userId, role });

  beforeAll(async () => {
    world = await openWorld(store);
    connected = [];
    const real = world.driver.adapter();
    const watched: DatabaseAdapter = {
      ...real,
      connect: (target, ...rest) => {
        connected.push(target.databaseName);
        return real.connect(target, ...rest);
      },
    };
    controlPlane = await world.open({ adapters: [watched], permissions });
    platform = controlPlane.service;
  });
  beforeEach(async () => {
    count += 1;
    const { defaultEnvironment } = await platform.provisionOrganization(organizationRequest(`gate-${count}`));
    org = { organizationId: defaultEnvironment.environment.organizationId };
    prod = defaultEnvironment.environment.id;
    dev = (await platform.provisionEnvironment(environmentRequest(org.organizationId))).environment.id;
    connected.length = 0;
  });
  afterAll(() => world.close());

  it('cap G5 says who somebody is there and what they hold', async () => {
    await add('ada', 'reader');
    expect(await check('ada', dev)).toEqual({
      allowed: true,
      organizationId: org.organizationId,
      environmentId: dev,
      member: true,
      role: 'reader',
      permissions: ['env:environment.read', 'env:tokens.issue', 'env:data.read', 'blog:posts.read'],
      services: { blog: { enabled: true } },
      readOnly: false,
      epochs: { environment: 0, subject: 0 },
    });
    await platform.members.change(place(), 'ada', { role: 'maker' });
    expect(await check('ada', dev, 'blog:posts.write')).toMatchObject({ role: 'maker', epochs: { subject: 1 } });
  });

  it('cap G6 unknown, foreign, malformed and not joined are one refusal', async () => {
    await platform.members.add(org, { userId: 'member', role: 'member' });
    const other = await platform.provisionOrganization(organizationRequest(`gate-other-${count}`));
    const refusals = [
      await check('stranger', dev),
      await check('member', dev),
      await check(`owner-of-gate-${count}`, other.defaultEnvironment.environment.id),
      await check('ada', UNKNOWN),
      await check('ada', 'x'),
      await check('ada', 'a\u0000b'),
      await platform.gate.check(
        { kind: 'platform', id: 'platform', issuer: 'envplane', subject: 'platform' },
        UNKNOWN,
        'env:data.read',
      ),
    ];
    for (const refusal of refusals) expect(refusal).toEqual({ allowed: false, status: 403, code: 'access_denied' });
    expect(connected).toEqual([]);
  });

  it('cap R5 a member without the permission is told which', async () => {
    await add('ada', 'reader');
    await add('guest', 'guest');
    const missing = (permission: string) => ({
      allowed: false,
      status: 403,
      code: 'permission_denied',
      missing: [permission],
    });
    expect(await check('ada', dev, 'blog:posts.write')).toEqual(missing('blog:posts.write'));
    expect(await check('guest', dev)).toEqual(missing('blog:posts.read'));
    for (const unknown of [
      'blog:posts.delete',
      'blog:posts.*',
      '*',
      'blog:*',
      '',
      'org:members.read',
      'platform:audit.read',
    ]) {
      expect(await check(`owner-of-gate-${count}`, dev, unknown), unknown).toEqual(missing(unknown));
    }
  });

  it('cap AP2 who manages an environment is let in by a membership alone', async () => {
    await platform.members.add(org, { userId: 'admin', role: 'admin' });
    expect(await check('admin', dev, 'env:data.read')).toMatchObject({ allowed: false, code: 'permission_denied' });
    await platform.as(calling(user('admin'))).members.add(place(), { userId: 'admin', role: 'admin' });
    expect(await check('admin', dev, 'env:data.read')).toMatchObject({ allowed: true, role: 'admin' });
    expect(connected).toEqual([]);
  });

  it('cap G4 a refused request opens no connection, one that is let in opens one', async () => {
    await add('ada', 'reader');
    for (const id of ['stranger', 'ada']) {
      const verdict = await check(id, dev, id === 'ada' ? 'blog:posts.write' : 'blog:posts.read');
      await expect(platform.environments.connect(verdict as never)).rejects.toThrow(TypeError);
      await expect(platform.as(calling(user(id))).connect(dev)).rejects.toMatchObject({ details: expect.anything() });
    }
    expect(connected).toEqual([]);
    const verdict = (await check('ada', dev)) as Admission;
    await (await platform.environments.connect(verdict)).query('select 1');
    expect(connected).toHaveLength(1);
  });

  it('cap G9 any state but active refuses data, its owner as well, and tells members only', async () => {
    const owner = `owner-of-gate-${count}`;
    const verdict = (await check(owner, dev)) as Admission;
    await finish(platform, platform.environments.suspend(dev));
    expect(await check(owner, dev)).toEqual({
      allowed: false,
      status: 403,
      code: 'environment_not_active',
      state: 'suspended',
    });
    expect(await check('stranger', dev)).toEqual({ allowed: false, status: 403, code: 'access_denied' });
    await expect(platform.environments.connect(verdict)).rejects.toMatchObject({
      code: 'environment_not_active',
      details: { state: 'suspended' },
    });
    await finish(platform, platform.environments.resume(dev));
    expect(await check(owner, dev)).toMatchObject({ allowed: true });
    await platform.environments.connect(verdict);
    await finish(platform, platform.environments.purge(dev, { confirm: 'dev' }));
    expect(await check(owner, dev)).toEqual({ allowed: false, status: 403, code: 'access_denied' });
    await settle(world, controlPlane);
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['a membership that ends', () => platform.members.remove(place(), 'ada')],
    ['a role that is narrowed', () => platform.members.change(place(), 'ada', { role: 'guest' })],
    ['an organization that is left', () => platform.members.remove(org, 'ada')],
    ['an organization that is archived', () => platform.organizations.archive(org.organizationId)],
    ['an environment that is suspended', () => platform.environments.suspend(dev)],
  ])('sec S3 %s is known to the next request, remembered or not, and to a verdict of before', async (_name, end) => {
    await platform.members.add(org, { userId: 'ada', role: 'member' });
    await add('ada', 'reader');
    const verdict = (await check('ada', dev)) as Admission;
    await platform.environments.connect(verdict);
    expect(await check('ada', dev)).toBe(verdict);
    await end('ada');
    expect(await check('ada', dev)).toMatchObject({ allowed: false });
    await expect(platform.environments.connect(verdict)).rejects.toMatchObject({ status: 403 });
    await settle(world, controlPlane);
  });

  it('sec S3 a machine that loses its role or its account is refused at once', async () => {
    const { targetId } = await platform.serviceAccounts.create(org, { name: 'm' });
    const machine: Principal = {
      kind: 'service',
      id: targetId,
      issuer: 'envplane',
      subject: targetId,
      organizationId: org.organizationId,
    };
    const ask = () => platform.gate.check(machine, dev, 'blog:posts.read');
    expect(await ask()).toMatchObject({ code: 'access_denied' });
    const { id } = await platform.grants.add(dev, { serviceAccountId: targetId, role: 'reader' });
    expect(await ask()).toMatchObject({ allowed: true, member: true, role: 'reader' });
    await platform.serviceAccounts.update(targetId, { status: 'disabled' });
    expect(await ask()).toMatchObject({ code: 'access_denied' });
    await platform.serviceAccounts.update(targetId, { status: 'active' });
    expect(await ask()).toMatchObject({ allowed: true });
    await platform.grants.remove(dev, id);
    expect(await ask()).toMatchObject({ code: 'access_denied' });
    const { id: grant } = await platform.platformGrants.add({
      granteeType: 'user',
      granteeId: `root-${count}`,
      role: 'administrator',
    });
    expect(await check(`root-${count}`, dev)).toMatchObject({ allowed: true, member: false });
    await platform.platformGrants.remove(grant);
    expect(await check(`root-${count}`, dev)).toMatchObject({ code: 'access_denied' });
  });

  it('a verdict that was made up, copied or was none opens nothing', async () => {
    await add('ada', 'reader');
    const real = (await check('ada', dev)) as Admission;
    const refusal = (await check('stranger', dev)) as Refusal;
    for (const forged of [
      { ...real },
      structuredClone(real),
      Object.create(real),
      refusal,
      {},
      { ...real, environmentId: prod },
    ]) {
      await expect(platform.environments.connect(forged as never)).rejects.toThrow(TypeError);
    }
    expect(() => Object.assign(real, { environmentId: prod })).toThrow(TypeError);
    expect(connected).toEqual([]);
  });

  it('cap L1 a connection that is handed out in this process is recorded for who got it, once an hour', async () => {
    await add('ada', 'maker');
    const entries = async () => {
      const { items } = await platform.auditEvents.list({ ...org, action: 'connection.opened' }, { limit: 50 });
      // Each is recorded by itself: who comes first is not promised.
      return items.map(({ actorId, environmentId, detail }) => [actorId, environmentId, detail]).sort();
    };
    const verdict = await check('ada', dev);
    if (!verdict.allowed) throw new Error('she is a member');
    expect(await entries()).toEqual([]);
    const detail = { authorization: 'full_access', inProcess: true };
    for (let round = 0; round < 3; round += 1) await platform.environments.connect(verdict);
    await platform.connect(dev);
    const told = [
      ['ada', dev, detail],
      ['in-process', dev, detail],
    ];
    expect(await entries()).toEqual(told);
    world.clock.advance(3_600_000);
    await platform.environments.connect(verdict);
    expect(await entries()).toEqual([told[0], ...told]);
  });

  it('a store that takes no entry keeps nobody from a connection: it is recorded with a later one', async () => {
    const entries = async () => {
      const { items } = await platform.auditEvents.list({ ...org, action: 'connection.opened' }, { limit: 50 });
      return items.map(({ actorId }) => actorId);
    };
    const { main } = await world.inspect();
    const rename = (from: string, to: string) =>
      main.write(async (_query, _nowMs, run) => run(`alter table ${from} rename to ${to}`, []));
    await rename('sys_audit_event', 'aside');
    const handle = await platform.connect(dev);
    expect(await handle.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    // Reading waits for what was noted before.
    await expect(entries()).rejects.toThrow();
    await rename('aside', 'sys_audit_event');
    expect(await entries()).toEqual([]);
    await platform.connect(dev);
    expect(await entries()).toEqual(['in-process']);
  });

  describe('what is remembered', () => {
    function counting() {
      let statements = 0;
      let fails = false;
      const opened = world.inspect().then(({ main }) => {
        const access = createAccessReads({
          ...main,
          select: (text, values) => {
            statements += 1;
            return fails
              ? Promise.reject(Object.assign(new Error('down'), { code: 'ECONNREFUSED' }))
              : main.select(text, values);
          },
        });
        return createGate({
          access,
          expand: createExpansion(permissions),
          catalogue: permissions,
          meter: noMeter,
          denials: { note: () => {} },
        });
      });
      return {
        opened,
        taken: () => {
          const taken = statements;
          statements = 0;
          return taken;
        },
        fail: () => {
          fails = true;
        },
      };
    }

    it('cap F2 one statement, then none, then one after a change', async () => {
      await add('ada', 'reader');
      const { opened, taken } = counting();
      const gate = await opened;
      const ask = () => gate.check(calling(user('ada')), dev, 'blog:posts.read');
      const counts: number[] = [];
      for (const between of [
        () => {},
        () => {},
        () => gate.forget({ environmentId: dev }),
        () => {},
        () => gate.forget(org),
        () => gate.forget('everything'),
        () => gate.forget({ environmentId: prod }),
      ]) {
        between();
        expect(await ask()).toMatchObject({ allowed: true });
        counts.push(taken());
      }
      expect(counts).toEqual([1, 0, 1, 0, 1, 1, 0]);
    });

    it('refusals are not remembered: who is let in comes in at once', async () => {
      await add('ada', 'reader');
      const { opened, taken } = counting();
      const gate = await opened;
      for (const [id, permission] of [
        ['stranger', 'blog:posts.read'],
        ['ada', 'blog:posts.write'],
      ] as const) {
        for (let round = 0; round < 3; round++) {
          expect(await gate.check(calling(user(id)), dev, permission)).toMatchObject({ allowed: false });
          expect(taken()).toBe(1);
        }
      }
    });

    it('what changes while it is read is not remembered', async () => {
      await add('ada', 'reader');
      const { opened, taken } = counting();
      const gate = await opened;
      const first = gate.check(calling(user('ada')), dev, 'blog:posts.read');
      gate.forget({ environmentId: dev });
      expect(await first).toMatchObject({ allowed: true });
      await gate.check(calling(user('ada')), dev, 'blog:posts.read');
      expect(taken()).toBe(2);
    });

    it('one user’s is not another’s, whatever their ids look like', async () => {
      const { opened } = counting();
      const gate = await opened;
      await add('ada user bob', 'owner');
      expect(await gate.check(calling(user('ada user bob')), dev, 'blog:posts.read')).toMatchObject({ allowed: true });
      expect(await gate.check(calling(user('bob')), `${dev} user ada`, 'blog:posts.read')).toMatchObject({
        code: 'access_denied',
      });
      expect(
        await gate.check(calling({ ...user('ada user bob'), kind: 'service' }), dev, 'blog:posts.read'),
      ).toMatchObject({
        code: 'access_denied',
      });
    });

    it('cap G8 a store that cannot be read lets nobody in', async () => {
      await add('ada', 'reader');
      const { opened, fail } = counting();
      const gate = await opened;
      const verdict = (await gate.check(calling(user('ada')), dev, 'blog:posts.read')) as Admission;
      fail();
      expect(await gate.check(calling(user('bob')), dev, 'blog:posts.read')).toEqual({
        allowed: false,
        status: 503,
        code: 'store_unavailable',
      });
      gate.forget({ environmentId: dev });
      await expect(gate.enter(verdict)).rejects.toMatchObject({ code: 'store_unavailable' });
    });
  });
});
