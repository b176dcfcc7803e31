import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import type { Place } from '../src/store/members.ts';
import { calling, user } from './world/people.ts';
import { STORES } from './world/stores.ts';
import { environmentRequest, openWorld, organizationRequest, type World } from './world/world.ts';

describe.each(STORES)('members, on a %s store', (store) => {
  let world: World;
  let controlPlane: ControlPlane;
  let platform: EnvironmentProvisioningService;
  let count = 0;
  let slug: string;
  let organization: Place & { organizationId: string };
  let prod: Place & { environmentId: string };
  let dev: Place & { environmentId: string };
  let owner: EnvironmentProvisioningService;

  const as = (id: string) => platform.as(calling(user(id)));
  const roles = async (place: Place) =>
    Object.fromEntries(
      (await platform.members.list(place, {}, { limit: 200 })).items.map(({ userId, role }) => [userId, role]),
    );
  const refused = (code: string, status: number, missing?: string[]) => ({
    code,
    status,
    ...(missing && { details: { missing } }),
  });
  const epochs = async (environmentId: string) => {
    const { main } = await world.inspect();
    const { rows } = await main.select<{ environment_id: string; subject: string; epoch: number }>(
      'select * from sys_token_epoch',
      [],
    );
    return Object.fromEntries(
      rows.filter((row) => row.environment_id === environmentId).map((row) => [row.subject, row.epoch]),
    );
  };
  const entries = async (action: string) => {
    const { items } = await platform.auditEvents.list(
      { organizationId: organization.organizationId, action },
      { limit: 200 },
    );
    return items;
  };

  beforeAll(async () => {
    world = await openWorld(store);
    controlPlane = await world.open();
    platform = controlPlane.service;
  });
  beforeEach(async () => {
    count += 1;
    slug = `members-${count}`;
    const { defaultEnvironment } = await platform.provisionOrganization(organizationRequest(slug));
    const { organizationId, id } = defaultEnvironment.environment;
    organization = { organizationId };
    prod = { environmentId: id };
    dev = { environmentId: (await platform.provisionEnvironment(environmentRequest(organizationId))).environment.id };
    owner = as(`owner-of-${slug}`);
  });
  afterAll(() => world.close());

  it('cap M1 are added, listed, changed and removed, and each is recorded', async () => {
    await owner.members.add(organization, { userId: 'ada', role: 'member' });
    await owner.members.add({ organizationId: slug }, { userId: 'bob', role: 'admin' });
    expect(await roles(organization)).toEqual({ [`owner-of-${slug}`]: 'owner', ada: 'member', bob: 'admin' });
    const seen = await owner.members.get(organization, 'ada');
    expect(seen).toMatchObject({ userId: 'ada', role: 'member', version: 1, invitedBy: `owner-of-${slug}` });
    await owner.members.change(organization, 'ada', { role: 'admin' }, { ifVersion: 1 });
    await expect(owner.members.change(organization, 'ada', { role: 'member' }, { ifVersion: 1 })).rejects.toMatchObject(
      refused('version_mismatch', 412),
    );
    await owner.members.change(organization, 'ada', { role: 'admin' });
    expect((await owner.members.get(organization, 'ada')).version).toBe(2);
    await owner.members.remove(organization, 'ada');
    await expect(owner.members.remove(organization, 'ada')).rejects.toMatchObject(refused('not_found', 404));
    await expect(owner.members.change(organization, 'nobody', { role: 'admin' })).rejects.toMatchObject(
      refused('not_found', 404),
    );
    const about = (await Promise.all(['member.added', 'member.changed', 'member.removed'].map(entries))).flat();
    expect(
      about
        .filter(({ detail }) => detail['userId'] === 'ada')
        .map(({ detail, actorId }) => [detail['before'], detail['after'], actorId]),
    ).toEqual([
      [null, { role: 'member' }, `owner-of-${slug}`],
      [{ role: 'member' }, { role: 'admin' }, `owner-of-${slug}`],
      [{ role: 'admin' }, null, `owner-of-${slug}`],
    ]);
    expect(await platform.auditEvents.verify(organization.organizationId)).toMatchObject({ ok: true });
  });

  it('cap C7 each change is told to who listens', async () => {
    const seen: unknown[] = [];
    for (const type of ['member.added', 'member.changed', 'member.removed'] as const) {
      controlPlane.events.on(type, (event) => {
        if (event.environmentId === dev.environmentId) seen.push([event.type, event.environmentId, event.data]);
      });
    }
    await owner.members.add(dev, { userId: 'eve', role: 'reader' });
    await owner.members.change(dev, 'eve', { role: 'maker' });
    await owner.members.remove(dev, 'eve');
    await controlPlane.events.deliver();
    expect(seen).toEqual([
      ['member.added', dev.environmentId, { userId: 'eve', role: 'reader', previousRole: null }],
      ['member.changed', dev.environmentId, { userId: 'eve', role: 'maker', previousRole: 'reader' }],
      ['member.removed', dev.environmentId, { userId: 'eve', role: null, previousRole: 'maker' }],
    ]);
  });

  it('a page goes on where it was, and may be limited to a role', async () => {
    for (const userId of ['a', 'b', 'c']) await owner.members.add(dev, { userId, role: 'reader' });
    const first = await owner.members.list(dev, { role: 'reader' }, { limit: 2 });
    expect(first.items.map(({ userId }) => userId)).toEqual(['a', 'b']);
    const cursor = first.nextCursor ?? '';
    const rest = await owner.members.list(dev, { role: 'reader' }, { limit: 2, cursor });
    expect(rest).toMatchObject({ items: [{ userId: 'c' }], nextCursor: null });
    await expect(owner.members.list(prod, { role: 'reader' }, { limit: 2, cursor })).rejects.toMatchObject({
      code: 'cursor_mismatch',
    });
  });

  it('cap R11 nobody is a member twice', async () => {
    await owner.members.add(dev, { userId: 'ada', role: 'reader' });
    await expect(owner.members.add(dev, { userId: 'ada', role: 'maker' })).rejects.toMatchObject(
      refused('already_member', 409),
    );
    const adds = Array.from({ length: 10 }, () =>
      owner.members.add(prod, { userId: 'ada', role: 'reader' }).then(
        () => 'added',
        (error: { code: string }) => error.code,
      ),
    );
    expect((await Promise.all(adds)).sort()).toEqual(
      [...Array.from({ length: 9 }, () => 'already_member'), 'added'].sort(),
    );
  });

  it('cap R6 a membership in one environment says nothing of another', async () => {
    await owner.members.add(dev, { userId: 'ada', role: 'owner' });
    await owner.members.add(prod, { userId: 'ada', role: 'reader' });
    await owner.members.remove(prod, 'ada');
    await as('ada').environments.get(dev.environmentId);
    await expect(as('ada').environments.get(prod.environmentId)).rejects.toMatchObject(refused('not_found', 404));
  });

  it('a repeated request is answered once', async () => {
    const options = { idempotencyKey: 'the-same' };
    const add = () => owner.members.add(dev, { userId: 'ada', role: 'reader' }, options);
    expect((await add()).replayed).toBe(false);
    expect((await add()).replayed).toBe(true);
    await expect(owner.members.add(dev, { userId: 'bob', role: 'reader' }, options)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    await owner.members.remove(dev, 'ada', { idempotencyKey: 'gone' });
    expect((await owner.members.remove(dev, 'ada', { idempotencyKey: 'gone' })).replayed).toBe(true);
    expect(await entries('member.added')).toHaveLength(1);
  });

  describe('cap R9 nobody hands on more than they have', () => {
    beforeEach(async () => {
      await owner.members.add(organization, { userId: 'admin', role: 'admin' });
      await owner.members.add(dev, { userId: 'dev-admin', role: 'admin' });
      await owner.members.add(dev, { userId: 'dev-maker', role: 'maker' });
    });

    it('of an organization', async () => {
      const admin = as('admin');
      const escalation = refused('escalation', 403, [
        'org:ownership.transfer',
        'env:environment.purge',
        'env:ownership.transfer',
      ]);
      const raised = { code: 'escalation', status: 403 };
      await expect(admin.members.add(organization, { userId: 'x', role: 'owner' })).rejects.toMatchObject(raised);
      await expect(admin.members.change(organization, 'admin', { role: 'owner' })).rejects.toMatchObject(raised);
      await expect(admin.members.change(organization, `owner-of-${slug}`, { role: 'member' })).rejects.toMatchObject(
        raised,
      );
      await expect(admin.members.remove(organization, `owner-of-${slug}`)).rejects.toMatchObject(raised);
      const error = (await admin.members
        .add(organization, { userId: 'x', role: 'owner' })
        .catch((reason: unknown) => reason)) as { details: { missing: string[] } };
      expect(escalation.details?.missing.every((each) => error.details.missing.includes(each))).toBe(true);
      await admin.members.add(organization, { userId: 'x', role: 'admin' });
    });

    it('of an environment', async () => {
      const raised = { code: 'escalation', status: 403 };
      for (const id of ['dev-admin', 'admin']) {
        await expect(as(id).members.add(dev, { userId: 'x', role: 'owner' })).rejects.toMatchObject(raised);
        await expect(as(id).members.change(dev, 'dev-maker', { role: 'owner' })).rejects.toMatchObject(raised);
        await expect(as(id).members.remove(dev, `owner-of-${slug}`)).rejects.toMatchObject(raised);
        await expect(as(id).members.change(dev, `owner-of-${slug}`, { role: 'reader' })).rejects.toMatchObject(raised);
        await as(id).members.add(dev, { userId: `by-${id}`, role: 'admin' });
        await as(id).members.remove(dev, `by-${id}`);
      }
      await expect(as('dev-maker').members.add(dev, { userId: 'x', role: 'guest' })).rejects.toMatchObject({
        code: 'permission_denied',
      });
      await expect(as('dev-maker').members.list(dev, {}, { limit: 5 })).rejects.toMatchObject({
        code: 'permission_denied',
      });
    });

    it('cap AP2 who manages an environment may join it, and that is recorded as such', async () => {
      await expect(as('admin').connect(dev.environmentId)).rejects.toMatchObject({ status: 403 });
      await as('admin').members.add(dev, { userId: 'admin', role: 'admin' });
      await (await as('admin').connect(dev.environmentId)).query('select 1');
      expect(await entries('member.self_granted')).toMatchObject([
        { actorId: 'admin', environmentId: dev.environmentId, detail: { userId: 'admin' } },
      ]);
    });

    it('cap AP2 raising one’s own role is recorded as a grant to oneself, lowering it is not', async () => {
      const own = async () =>
        (await entries('member.self_granted')).map(({ actorId, detail }) => [
          actorId,
          detail['before'],
          detail['after'],
        ]);
      await as('admin').members.add(dev, { userId: 'admin', role: 'reader' });
      await as('admin').members.change(dev, 'admin', { role: 'admin' });
      await as('admin').members.change(dev, 'admin', { role: 'maker' });
      await owner.members.change(dev, 'admin', { role: 'admin' });
      const byAdmin = [
        ['admin', null, { role: 'reader' }],
        ['admin', { role: 'reader' }, { role: 'admin' }],
      ];
      expect(await own()).toEqual(byAdmin);
      expect(await entries('member.changed')).toHaveLength(2);
      // Whoever hands an environment over to themselves gets everything in it.
      await owner.members.add(dev, { userId: 'ada', role: 'owner' });
      await as('ada').members.remove(dev, `owner-of-${slug}`);
      await owner.members.add(dev, { userId: `owner-of-${slug}`, role: 'guest' });
      await owner.members.transferOwnership(dev, { newOwnerUserId: `owner-of-${slug}` });
      expect(await entries('ownership.transferred')).toHaveLength(1);
      expect(await own()).toEqual([
        ...byAdmin,
        [`owner-of-${slug}`, null, { role: 'guest' }],
        [`owner-of-${slug}`, { role: 'guest' }, { role: 'owner' }],
      ]);
    });
  });

  describe('cap R11 the last owner', () => {
    it('cannot leave, be removed or be demoted', async () => {
      const last = refused('last_owner', 409);
      for (const place of [organization, dev]) {
        await expect(owner.members.remove(place, `owner-of-${slug}`)).rejects.toMatchObject(last);
        await expect(owner.members.change(place, `owner-of-${slug}`, { role: 'admin' })).rejects.toMatchObject(last);
        await expect(platform.members.remove(place, `owner-of-${slug}`)).rejects.toMatchObject(last);
      }
      expect(await roles(organization)).toEqual({ [`owner-of-${slug}`]: 'owner' });
      expect(await entries('member.removed')).toEqual([]);
    });

    it.each(['organization', 'environment'] as const)('of an %s stays, though a hundred go at once', async (kind) => {
      const place = kind === 'organization' ? organization : dev;
      const users = Array.from({ length: 99 }, (_each, index) => `owner-${index}`);
      for (const userId of users) await platform.members.add(place, { userId, role: 'owner' });
      users.push(`owner-of-${slug}`);
      const outcomes = await Promise.all(
        users.map((userId, index) => {
          const call =
            index % 2 === 0
              ? platform.members.remove(place, userId)
              : platform.members.change(place, userId, { role: 'admin' } as never);
          return call.then(
            () => 'done',
            (error: { code: string }) => error.code,
          );
        }),
      );
      expect(outcomes.filter((each) => each === 'done')).toHaveLength(99);
      expect(outcomes.filter((each) => each === 'last_owner')).toHaveLength(1);
      expect(Object.values(await roles(place)).filter((role) => role === 'owner')).toHaveLength(1);
      expect(await platform.auditEvents.verify(organization.organizationId)).toMatchObject({ ok: true });
    });
  });

  it('anyone may leave, a guest as well', async () => {
    await owner.members.add(dev, { userId: 'guest', role: 'guest' });
    await owner.members.add(organization, { userId: 'member', role: 'member' });
    expect(await as('guest').members.get(dev, 'guest')).toMatchObject({ role: 'guest' });
    await as('guest').members.remove(dev, 'guest');
    await as('member').members.remove(organization, 'member');
    await expect(as('member').organizations.get(slug)).rejects.toMatchObject(refused('not_found', 404));
    await expect(as('stranger').members.remove(dev, 'stranger')).rejects.toMatchObject(refused('not_found', 404));
  });

  it('cap M4 who leaves an organization leaves its environments, and nobody else’s', async () => {
    const elsewhere = await platform.provisionOrganization(organizationRequest(`${slug}-else`));
    const foreign = { environmentId: elsewhere.defaultEnvironment.environment.id };
    await platform.members.add(foreign, { userId: 'ada', role: 'reader' });
    await owner.members.add(organization, { userId: 'ada', role: 'admin' });
    await owner.members.add(prod, { userId: 'ada', role: 'reader' });
    // She is the only owner of this one.
    const own = await as('ada').provisionEnvironment(environmentRequest(organization.organizationId, 'own'));
    await owner.members.remove(organization, 'ada');
    for (const { environmentId } of [prod, dev, { environmentId: own.environment.id }]) {
      await expect(as('ada').environments.get(environmentId)).rejects.toMatchObject(refused('not_found', 404));
      expect(await epochs(environmentId)).toMatchObject({ ada: 1 });
    }
    await as('ada').environments.get(foreign.environmentId);
    expect(await epochs(foreign.environmentId)).toEqual({});
    const removed = await entries('member.removed');
    expect(
      removed
        .map(({ environmentId, detail }) => [environmentId, detail['because'] ?? null, detail['ownersLeft'] ?? null])
        .sort(),
    ).toEqual(
      [
        [null, null, null],
        [prod.environmentId, 'organization', true],
        [own.environment.id, 'organization', false],
      ].sort(),
    );
    // Its organization's owner is still in charge of it.
    await owner.members.add({ environmentId: own.environment.id }, { userId: 'bob', role: 'owner' });
  });

  describe('cap M2 ownership', () => {
    it('is handed over in one transaction, recorded with both sides, and withdraws both tokens', async () => {
      await owner.members.add(dev, { userId: 'ada', role: 'reader' });
      await owner.members.transferOwnership(dev, { newOwnerUserId: 'ada', previousOwnerRole: 'maker' });
      expect(await roles(dev)).toEqual({ [`owner-of-${slug}`]: 'maker', ada: 'owner' });
      expect(await epochs(dev.environmentId)).toEqual({ ada: 1, [`owner-of-${slug}`]: 1 });
      expect(await entries('ownership.transferred')).toMatchObject([
        {
          environmentId: dev.environmentId,
          detail: {
            before: { ada: 'reader', [`owner-of-${slug}`]: 'owner' },
            after: { ada: 'owner', [`owner-of-${slug}`]: 'maker' },
          },
        },
      ]);
    });

    it('goes to a member only, and the previous owner stays as admin', async () => {
      await expect(owner.members.transferOwnership(organization, { newOwnerUserId: 'ada' })).rejects.toMatchObject(
        refused('not_found', 404),
      );
      await owner.members.add(organization, { userId: 'ada', role: 'member' });
      await owner.members.transferOwnership(organization, { newOwnerUserId: 'ada' });
      expect(await roles(organization)).toEqual({ [`owner-of-${slug}`]: 'admin', ada: 'owner' });
      await expect(
        owner.members.transferOwnership(organization, { newOwnerUserId: `owner-of-${slug}` }),
      ).rejects.toMatchObject({
        code: 'permission_denied',
        details: { missing: ['org:ownership.transfer'] },
      });
    });

    it('is taken by the organization’s owner where it is clear from whom', async () => {
      const made = await as('maker-of-things')
        .environments.get(dev.environmentId)
        .catch(() => null);
      expect(made).toBeNull();
      await owner.members.add(organization, { userId: 'ada', role: 'admin' });
      const own = await as('ada').provisionEnvironment(environmentRequest(organization.organizationId, 'hers'));
      const place = { environmentId: own.environment.id };
      await owner.members.add(place, { userId: 'bob', role: 'reader' });
      await owner.members.transferOwnership(place, { newOwnerUserId: 'bob' });
      expect(await roles(place)).toEqual({ ada: 'admin', bob: 'owner' });
      await owner.members.add(place, { userId: 'cyd', role: 'owner' });
      await expect(owner.members.transferOwnership(place, { newOwnerUserId: 'ada' })).rejects.toMatchObject({
        code: 'invalid_state',
      });
    });

    it('two handing over at once leave one owner', async () => {
      for (const userId of ['ada', 'bob']) await owner.members.add(dev, { userId, role: 'reader' });
      await Promise.allSettled(
        ['ada', 'bob'].map((newOwnerUserId) => platform.members.transferOwnership(dev, { newOwnerUserId })),
      );
      expect(Object.values(await roles(dev)).filter((role) => role === 'owner')).toHaveLength(1);
    });
  });

  it('sec S3 a narrowed role withdraws tokens: in one environment, or in all of the organization', async () => {
    await owner.members.add(dev, { userId: 'ada', role: 'maker' });
    await owner.members.add(organization, { userId: 'bob', role: 'admin' });
    expect(await epochs(dev.environmentId)).toEqual({});
    await owner.members.change(dev, 'ada', { role: 'reader' });
    await owner.members.change(organization, 'bob', { role: 'member' });
    expect(await epochs(dev.environmentId)).toEqual({ ada: 1, bob: 1 });
    expect(await epochs(prod.environmentId)).toEqual({ bob: 1 });
  });

  it.each([
    { userId: '', role: 'reader' },
    { userId: 'a\u0000b', role: 'reader' },
    { userId: 'ada', role: 'king' },
    { userId: 'ada', role: 'member' },
    { userId: 'ada', role: 'reader', id: 'x' },
    {},
  ])('%j is no member', async (body) => {
    await expect(owner.members.add(dev, body as never)).rejects.toMatchObject(refused('validation_failed', 422));
  });
});
