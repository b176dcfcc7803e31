import type { HistoryEntryView } from '@envplane/spec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import { calling, user } from './world/people.ts';
import { STORES } from './world/stores.ts';
import { environmentRequest, finish, openWorld, organizationRequest, settle, type World } from './world/world.ts';

describe.each(STORES)('the history of an environment on %s', (store) => {
  let world: World;
  let controlPlane: ControlPlane;
  let platform: EnvironmentProvisioningService;
  let organizationId: string;
  let prod: string;
  let dev: string;

  const as = (id: string) => platform.as({ ...calling(user(id)), requestId: `request-of-${id}` });
  const owner = () => as('owner-of-acme');

  async function history(service: EnvironmentProvisioningService, id: string): Promise<HistoryEntryView[]> {
    const { items, nextCursor } = await service.environments.history(id, { limit: 200 });
    expect(nextCursor).toBeNull();
    return items.reverse();
  }

  beforeEach(async () => {
    world = await openWorld(store);
    controlPlane = await world.open();
    platform = controlPlane.service;
    const { defaultEnvironment } = await platform.provisionOrganization(organizationRequest());
    ({ id: prod, organizationId } = defaultEnvironment.environment);
    dev = (await owner().provisionEnvironment(environmentRequest(organizationId))).environment.id;
    await settle(world, controlPlane);
  });
  afterEach(() => world.close());

  it('cap AU1 tells who did what, when, for which request, and what was before and after', async () => {
    const service = owner();
    world.clock.advance(60_000);
    const changedAtMs = world.clock.nowMs;
    await service.environments.update(dev, {
      slug: 'qa',
      displayName: 'Secret plans',
      storageLimitMb: 512,
      metadata: { note: 'x' },
    });
    await service.members.add({ environmentId: dev }, { userId: 'bob', role: 'reader' });
    await service.members.change({ environmentId: dev }, 'bob', { role: 'maker' });
    await as('bob').members.remove({ environmentId: dev }, 'bob');
    await service.environments.setDefault(dev);
    await finish(platform, service.environments.suspend(dev));
    await finish(platform, service.environments.resume(dev));
    await finish(platform, service.environments.copy(dev, { slug: 'copy', envType: 'test', schemaOnly: true }));
    await finish(platform, service.environments.archive(dev));
    await finish(platform, service.environments.restore(dev));
    await settle(world, controlPlane);
    const entries = await history(service, dev);
    const told = entries.map(({ actorId, action, before, after }) => [actorId, action, before, after]);
    const [ada, bob] = ['owner-of-acme', 'bob'];
    const made = expect.objectContaining({
      slug: 'dev',
      envType: 'development',
      isDefault: false,
      driver: 'sqlite',
      storageLimitMb: 1024,
    });
    expect(told).toEqual([
      [ada, 'environment.provision', null, made],
      ['reconciler', 'environment.provisioned', { status: 'provisioning' }, { status: 'active' }],
      [ada, 'environment.update', { slug: 'dev', storageLimitMb: 1024 }, { slug: 'qa', storageLimitMb: 512 }],
      [ada, 'member.added', null, { role: 'reader' }],
      [ada, 'member.changed', { role: 'reader' }, { role: 'maker' }],
      [bob, 'member.removed', { role: 'maker' }, null],
      [ada, 'environment.set_default', { isDefault: false }, { isDefault: true }],
      [ada, 'environment.suspend', { status: 'active' }, { status: 'suspended' }],
      ['reconciler', 'environment.suspended', null, null],
      [ada, 'environment.resume', { status: 'suspended' }, { status: 'active' }],
      ['reconciler', 'environment.resumed', { status: 'suspended' }, { status: 'active' }],
      [ada, 'environment.copied', null, null],
      [ada, 'environment.archive', { status: 'active' }, { status: 'archived' }],
      ['reconciler', 'environment.archived', null, null],
      [ada, 'environment.restore', { status: 'archived' }, { status: 'active' }],
      ['reconciler', 'environment.restored', { status: 'archived' }, { status: 'active' }],
    ]);
    const update = entries.find(({ action }) => action === 'environment.update');
    expect(update).toMatchObject({
      requestId: 'request-of-owner-of-acme',
      outcome: 'allow',
      occurredAt: new Date(changedAtMs).toISOString(),
    });
    // Of what people wrote freely it says that it changed; an entry cannot be taken back.
    expect(update?.detail).toEqual({ changed: ['slug', 'displayName', 'metadata', 'storageLimitMb'] });
    expect(JSON.stringify(entries)).not.toMatch(/Secret plans|note/);
    expect((await history(service, prod)).map(({ action, after }) => [action, after])).toEqual([
      ['environment.provision', expect.objectContaining({ slug: 'prod', isDefault: true })],
      ['environment.provisioned', { status: 'active' }],
      ['environment.set_default', { isDefault: false }],
    ]);
  });

  it('cap AU1 comes newest first and page by page, each entry once', async () => {
    for (let index = 0; index < 8; index += 1) await owner().environments.update(dev, { storageLimitMb: 100 - index });
    const whole = (await owner().environments.history(dev, { limit: 200 })).items;
    expect(whole.map(({ seq }) => seq)).toEqual(whole.map(({ seq }) => seq).sort((a, b) => b - a));
    const seen: HistoryEntryView[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await owner().environments.history(dev, { limit: 3, cursor });
      seen.push(...page.items);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(whole);
    const { nextCursor } = await owner().environments.history(dev, { limit: 1 });
    await expect(owner().environments.history(prod, { limit: 1, cursor: nextCursor ?? '' })).rejects.toMatchObject({
      code: 'cursor_mismatch',
    });
  });

  it('cap L1, AU1 is for who runs the environment, and after its purge for who may read the audit log of its organization', async () => {
    await platform.members.add({ organizationId }, { userId: 'admin', role: 'admin' });
    await platform.members.add({ organizationId }, { userId: 'member', role: 'member' });
    for (const [userId, role] of [
      ['boss', 'owner'],
      ['chief', 'admin'],
      ['maker', 'maker'],
      ['reader', 'reader'],
    ] as const) {
      await platform.members.add({ environmentId: dev }, { userId, role });
    }
    await platform.platformGrants.add({ granteeType: 'user', granteeId: 'auditor', role: 'auditor' });
    const answer = (id: string) =>
      as(id)
        .environments.history(dev, { limit: 200 })
        .then(
          ({ items }) => items.find(({ outcome }) => outcome === 'allow')?.action,
          ({ code, details }) => [code, ...(details.missing ?? [])].join(' '),
        );
    const everybody = ['owner-of-acme', 'admin', 'member', 'boss', 'chief', 'maker', 'reader', 'auditor', 'stranger'];
    const answers = async () =>
      Object.fromEntries(await Promise.all(everybody.map(async (id) => [id, await answer(id)])));
    const denied = 'permission_denied env:audit.read';
    expect(await answers()).toEqual({
      'owner-of-acme': 'member.added',
      admin: 'member.added',
      member: denied,
      boss: 'member.added',
      chief: 'member.added',
      maker: denied,
      reader: denied,
      auditor: 'member.added',
      stranger: 'not_found',
    });
    await finish(platform, as('boss').environments.purge(dev, { confirm: 'dev' }));
    await settle(world, controlPlane);
    await expect(platform.environments.get(dev)).rejects.toMatchObject({ code: 'not_found' });
    expect(await answers()).toEqual({
      'owner-of-acme': 'environment.purged',
      admin: 'environment.purged',
      member: denied,
      boss: 'not_found',
      chief: 'not_found',
      maker: 'not_found',
      reader: 'not_found',
      auditor: 'environment.purged',
      stranger: 'not_found',
    });
    const entries = (await history(owner(), dev)).filter(({ outcome }) => outcome === 'allow');
    expect(entries[0]).toMatchObject({ action: 'environment.provision', after: { slug: 'dev' } });
    expect(entries.slice(-2)).toMatchObject([
      { actorId: 'boss', action: 'environment.purge', before: { slug: 'dev', status: 'active' }, after: null },
      { actorId: 'reconciler', action: 'environment.purged', before: { status: 'archived' }, after: null },
    ]);
    await finish(platform, platform.organizations.purge(organizationId, { confirm: 'acme' }));
    await settle(world, controlPlane);
    expect([await answer('owner-of-acme'), await answer('auditor')]).toEqual(['not_found', 'environment.purged']);
  });

  it('there is none of what never was', async () => {
    for (const id of ['0192f0c1-7b7e-7000-8000-000000000000', 'x', '']) {
      await expect(platform.environments.history(id, { limit: 1 }), id).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});
