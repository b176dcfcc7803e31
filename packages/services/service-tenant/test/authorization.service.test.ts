import type { Principal } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import { transact } from '../src/store/transaction.ts';
import { user } from './world/people.ts';
import { STORES } from './world/stores.ts';
import { environmentRequest, finish, openWorld, organizationRequest, type World } from './world/world.ts';

describe.each(STORES)('who may do what, on a %s store', (store) => {
  let world: World;
  let controlPlane: ControlPlane;
  let platform: EnvironmentProvisioningService;
  let acme: { id: string; prod: string; dev: string };
  let other: { id: string; prod: string; dev: string };

  const as = (id: string) => platform.as({ principal: user(id), requestId: null, clientAddress: null });

  async function organization(slug: string) {
    const { defaultEnvironment } = await platform.provisionOrganization(organizationRequest(slug));
    const { id: prod, organizationId: id } = defaultEnvironment.environment;
    const { environment } = await platform.provisionEnvironment(environmentRequest(id));
    return { id, prod, dev: environment.id };
  }

  const row = (userId: string, role: string) => ({
    id: `${userId}-${role}-${Math.round(performance.now() * 1e6)}`,
    user_id: userId,
    role: role as never,
    invited_by: 'tester',
    created_at: 1,
    updated_at: 1,
    version: 1,
  });
  async function inOrganization(organizationId: string, userId: string, role: string) {
    const { main } = await world.inspect();
    await transact(main, (tx) =>
      tx.insert('sys_organization_member', { ...row(userId, role), organization_id: organizationId }),
    );
  }
  async function inEnvironment(environmentId: string, userId: string, role: string) {
    const { main } = await world.inspect();
    await transact(main, (tx) =>
      tx.insert('sys_environment_member', { ...row(userId, role), environment_id: environmentId }),
    );
  }
  async function onPlatform(userId: string, role: string) {
    const { main } = await world.inspect();
    await transact(main, (tx) =>
      tx.insert('sys_platform_grant', {
        id: userId,
        grantee_type: 'user',
        grantee_id: userId,
        role: role as never,
        created_by: 'tester',
        created_at: 1,
      }),
    );
  }

  beforeAll(async () => {
    world = await openWorld(store);
    controlPlane = await world.open();
    platform = controlPlane.service;
    acme = await organization('acme');
    other = await organization('other');
    await inOrganization(acme.id, 'admin', 'admin');
    await inOrganization(acme.id, 'member', 'member');
    for (const role of ['admin', 'maker', 'reader', 'guest']) await inEnvironment(acme.dev, `dev-${role}`, role);
    for (const role of ['administrator', 'operator', 'auditor', 'gateway']) await onPlatform(role, role);
  });
  afterAll(() => world.close());

  const NOT_FOUND = { code: 'not_found', status: 404 };
  const denied = (missing: string) => ({ code: 'permission_denied', status: 403, details: { missing: [missing] } });

  it('sec S1 unknown, foreign, malformed and not-joined are one error', async () => {
    const errors = new Set<string>();
    const outside: [string, string][] = [
      ['stranger', acme.dev],
      ['owner-of-other', acme.dev],
      ['dev-admin', acme.prod],
      ['dev-admin', other.prod],
      ['admin', other.prod],
      ['gateway', acme.dev],
      ['admin', '0192f0c1-7b7e-7000-8000-000000000000'],
      ['operator', '0192f0c1-7b7e-7000-8000-000000000000'],
      ['admin', 'x'],
      ['admin', 'a\u0000b'],
      ['admin', '\ud800'],
      ['', acme.dev],
    ];
    for (const [id, environmentId] of outside) {
      const service = as(id);
      const calls = [
        () => service.environments.get(environmentId),
        () => service.environments.suspend(environmentId),
        () => service.environments.update(environmentId, {}),
        () => service.environments.purge(environmentId, { confirm: 'dev' }),
        () => service.environments.setDefault(environmentId),
        () => service.environments.describeConnection(environmentId),
        () => service.environments.database(environmentId),
        () => service.environments.copy(environmentId, { slug: 'x', envType: 'test' }),
        () => service.environments.retry(environmentId),
      ];
      for (const call of calls) {
        const error = await call().then(
          () => 'no error',
          (reason: unknown) => reason as Error,
        );
        expect(error, `${id} ${environmentId}`).toMatchObject(NOT_FOUND);
        errors.add(JSON.stringify([(error as Error).message, { ...(error as Error) }]));
      }
    }
    expect([...errors]).toHaveLength(1);
  });

  it('sec S1 the same statement is run for what exists and for what does not', async () => {
    const { main } = await world.inspect();
    const { createAccessReads } = await import('../src/store/access.ts');
    const seen: [string, number][] = [];
    const reads = createAccessReads({
      ...main,
      select: (text, values) => {
        seen.push([text, values.length]);
        return main.select(text, values);
      },
    });
    for (const id of [acme.dev, other.dev, '0192f0c1-7b7e-7000-8000-000000000000', 'x']) {
      await reads.rolesAt(user('stranger'), { environmentId: id });
    }
    expect(seen).toHaveLength(4);
    expect(new Set(seen.map((each) => JSON.stringify(each))).size).toBe(1);
  });

  it('inside without the permission is 403 and says what is missing', async () => {
    await expect(as('dev-reader').environments.update(acme.dev, {})).rejects.toMatchObject(
      denied('env:environment.update'),
    );
    await expect(as('member').environments.get(acme.dev)).rejects.toMatchObject(denied('env:environment.read'));
    await expect(as('dev-guest').environments.get(acme.dev)).rejects.toMatchObject(denied('env:environment.read'));
    await expect(as('dev-admin').environments.setDefault(acme.dev)).rejects.toMatchObject(
      denied('org:environments.set_default'),
    );
    await expect(as('auditor').environments.get(acme.dev)).rejects.toMatchObject(denied('env:environment.read'));
    await expect(as('admin').environments.purge(acme.dev, { confirm: 'x' })).rejects.toMatchObject(
      denied('env:environment.purge'),
    );
    await expect(as('stranger').organizations.provision(organizationRequest('mine'))).rejects.toMatchObject(
      denied('platform:organizations.create'),
    );
  });

  it('cap AP2 whoever manages an environment has no connection to it', async () => {
    for (const id of ['owner-of-acme', 'admin', 'operator']) {
      await as(id).environments.get(acme.dev);
      // The owner of the organization is a member of both environments: its first owner.
      if (id === 'owner-of-acme') continue;
      await expect(as(id).environments.describeConnection(acme.dev)).rejects.toMatchObject(
        denied('env:connections.full_access'),
      );
      await expect(as(id).connect(acme.dev)).rejects.toMatchObject({ status: 403 });
      await expect(as(id).environments.copy(acme.dev, { slug: 'stolen', envType: 'test' })).rejects.toMatchObject(
        denied('env:data.read'),
      );
    }
  });

  it('cap G7 a role in one environment is none in another', async () => {
    await as('dev-admin').environments.get(acme.dev);
    await expect(as('dev-admin').environments.get(acme.prod)).rejects.toMatchObject(NOT_FOUND);
    await expect(as('dev-admin').organizations.get(acme.id)).rejects.toMatchObject(NOT_FOUND);
    await expect(as('dev-admin').organizations.get('acme')).rejects.toMatchObject(NOT_FOUND);
    await expect(as('dev-admin').environments.list('acme', {}, { limit: 10 })).rejects.toMatchObject(NOT_FOUND);
  });

  it('cap S1 plans, limits, archive and purge of an organization are the platform’s', async () => {
    const owner = as('owner-of-acme');
    await expect(owner.organizations.update('acme', { plan: 'pro' })).rejects.toMatchObject(
      denied('platform:quotas.update'),
    );
    await expect(owner.organizations.archive('acme')).rejects.toMatchObject(denied('platform:organizations.archive'));
    await expect(owner.organizations.purge('acme', { confirm: 'acme' })).rejects.toMatchObject(
      denied('platform:organizations.purge'),
    );
    await expect(owner.environments.update(acme.dev, { plan: 'pro' })).rejects.toMatchObject(
      denied('platform:quotas.update'),
    );
    await expect(owner.environments.update(acme.dev, { storageLimitMb: 4_096 })).rejects.toMatchObject(
      denied('platform:quotas.update'),
    );
    await expect(
      owner.environments.provision({ ...environmentRequest(acme.id, 'big'), storageLimitMb: 4_096 }),
    ).rejects.toMatchObject(denied('platform:quotas.update'));
    await owner.organizations.update('acme', { displayName: 'Acme Corporation' });
    await owner.environments.update(acme.dev, { storageLimitMb: 512 });
    await as('operator').environments.update(acme.dev, { storageLimitMb: 1_024 });
  });

  it('lists hold what the caller may read, and nothing else', async () => {
    const names = async (id: string) => (await as(id).organizations.list({ limit: 50 })).items.map(({ slug }) => slug);
    expect(await names('owner-of-acme')).toEqual(['acme']);
    expect(await names('member')).toEqual(['acme']);
    expect(await names('dev-admin')).toEqual([]);
    expect(await names('stranger')).toEqual([]);
    expect(await names('gateway')).toEqual([]);
    expect(await names('auditor')).toEqual(['acme', 'other']);
    const environments = async (id: string) =>
      (await as(id).environments.list('acme', {}, { limit: 50 })).items.map(({ slug }) => slug);
    expect(await environments('owner-of-acme')).toEqual(['prod', 'dev']);
    expect(await environments('admin')).toEqual(['prod', 'dev']);
    expect(await environments('member')).toEqual([]);
    await inEnvironment(acme.dev, 'member', 'reader');
    expect(await environments('member')).toEqual(['dev']);
    const operations = async (id: string, filter = {}) =>
      new Set((await as(id).operations.list(filter, { limit: 200 })).items.map(({ target }) => target.id));
    expect(await operations('stranger')).toEqual(new Set());
    expect(await operations('dev-reader')).toEqual(new Set());
    expect(await operations('dev-maker')).toEqual(new Set([acme.dev]));
    expect(await operations('dev-maker', { environmentId: acme.prod })).toEqual(new Set());
    expect(await operations('admin')).toEqual(new Set([acme.id, acme.dev]));
    expect(await operations('auditor')).toEqual(new Set([acme.id, acme.dev, other.id, other.dev]));
  });

  it('cap L1 an audit chain is read by its own organization and the platform', async () => {
    const read = (id: string, organizationId?: string) =>
      as(id).auditEvents.list({ ...(organizationId && { organizationId }) }, { limit: 5 });
    expect((await read('admin', acme.id)).items.every((each) => each.organizationId === acme.id)).toBe(true);
    expect((await read('admin', 'acme')).items.length).toBeGreaterThan(0);
    await expect(read('member', acme.id)).rejects.toMatchObject(denied('org:audit.read'));
    await expect(read('admin', other.id)).rejects.toMatchObject(NOT_FOUND);
    await expect(read('stranger', 'nobody')).rejects.toMatchObject(NOT_FOUND);
    await expect(read('admin')).rejects.toMatchObject(denied('platform:audit.read'));
    expect((await read('auditor', other.id)).items.length).toBeGreaterThan(0);
    expect((await read('auditor', 'gone-long-ago')).items).toEqual([]);
    expect(await as('admin').auditEvents.verify(acme.id)).toMatchObject({ ok: true });
    await expect(as('admin').auditEvents.verify(other.id)).rejects.toMatchObject(NOT_FOUND);
  });

  it('operations are seen by who may see what they are about', async () => {
    const { items } = await platform.operations.list({ environmentId: acme.dev }, { limit: 1 });
    const id = items[0]?.id ?? '';
    expect((await as('dev-maker').operations.get(id)).id).toBe(id);
    expect((await as('dev-maker').operations.wait(id, 0)).id).toBe(id);
    await expect(as('dev-reader').operations.get(id)).rejects.toMatchObject(denied('env:operations.read'));
    await expect(as('dev-maker').operations.cancel(id)).rejects.toMatchObject(denied('env:operations.manage'));
    for (const call of [
      () => as('stranger').operations.get(id),
      () => as('stranger').operations.wait(id, 0),
      () => as('stranger').operations.retry(id),
      () => as('owner-of-other').operations.cancel(id),
      () => as('owner-of-other').operations.watch(id, 0, AbortSignal.timeout(1_000)).next(),
    ]) {
      await expect(call()).rejects.toMatchObject(NOT_FOUND);
    }
  });

  it('who creates an environment owns it; what the platform creates, the organization’s owners do', async () => {
    const created = await as('admin').provisionEnvironment({
      ...environmentRequest(acme.id, 'mine'),
      createdBy: 'somebody-else',
    });
    expect(created.environment.createdBy).toBe('admin');
    await (await as('admin').connect(created.environment.id)).query('select 1');
    await (await as('owner-of-acme').connect(acme.dev)).query('select 1');
    await expect(as('owner-of-acme').connect(created.environment.id)).rejects.toMatchObject({ status: 403 });
  });

  it('an owner who purges is told by the same receipt again, also when nothing is left', async () => {
    const owner = as('owner-of-acme');
    const { environment } = await owner.provisionEnvironment(environmentRequest(acme.id, 'gone'));
    const operation = await finish(platform, owner.environments.purge(environment.id, { confirm: 'gone' }));
    expect(operation.status).toBe('succeeded');
    expect(await owner.environments.purge(environment.id, { confirm: 'gone' })).toEqual({
      kind: 'receipt',
      receipt: operation.result,
    });
    await expect(owner.environments.get(environment.id)).rejects.toMatchObject(NOT_FOUND);
    await expect(as('stranger').environments.purge(environment.id, { confirm: 'gone' })).rejects.toMatchObject(
      NOT_FOUND,
    );
  });

  it('platform roles hold on the platform what their templates say', async () => {
    expect((await as('operator').placements.list()).length).toBeGreaterThan(0);
    expect((await as('auditor').placements.list()).length).toBeGreaterThan(0);
    await expect(as('auditor').placements.drain('sqlite')).rejects.toMatchObject(denied('platform:placements.manage'));
    await expect(as('gateway').placements.list()).rejects.toMatchObject(denied('platform:placements.read'));
    await as('operator').organizations.update('acme', { plan: 'pro' });
    await as('administrator').environments.describeConnection(acme.dev);
  });

  it('sec S3 a right that is taken away is gone with the next call', async () => {
    const { main } = await world.inspect();
    await inEnvironment(acme.prod, 'leaver', 'admin');
    await as('leaver').environments.get(acme.prod);
    await transact(main, (tx) =>
      tx.query.deleteFrom('sys_environment_member').where('user_id', '=', 'leaver').execute(),
    );
    await expect(as('leaver').environments.get(acme.prod)).rejects.toMatchObject(NOT_FOUND);
  });

  it('whoever acts as a user has that user’s rights, and is recorded', async () => {
    const principal: Principal = { ...user('admin'), actor: { kind: 'platform', id: 'platform' } };
    const acting = platform.as({ principal, requestId: null, clientAddress: null });
    await expect(acting.environments.get(other.prod)).rejects.toMatchObject(NOT_FOUND);
    await acting.environments.update(acme.dev, { displayName: 'Seen' });
    const { items } = await platform.auditEvents.list(
      { organizationId: acme.id, action: 'environment.update' },
      { limit: 200 },
    );
    expect(items.at(-1)).toMatchObject({ actorKind: 'platform', actorId: 'platform', actingFor: 'admin' });
  });
});
