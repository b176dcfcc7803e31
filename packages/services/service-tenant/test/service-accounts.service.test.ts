import { createHash } from 'node:crypto';
import type { Principal } from '@envplane/spec';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import { calling, user } from './world/people.ts';
import { STORES } from './world/stores.ts';
import { DAY_MS, environmentRequest, openWorld, organizationRequest, type World } from './world/world.ts';

describe.each(STORES)('service accounts, on a %s store', (store) => {
  let world: World;
  let controlPlane: ControlPlane;
  let platform: EnvironmentProvisioningService;
  let count = 0;
  let org: { organizationId: string };
  let prod: string;
  let dev: string;
  let owner: EnvironmentProvisioningService;

  const as = (principal: Principal) => platform.as(calling(principal));
  const refused = (code: string, status: number) => ({ code, status });
  const keyOf = async (service: EnvironmentProvisioningService, id: string, days = 90) => {
    const { view, key } = await service.serviceAccounts.createKey(id, { expiresInDays: days });
    return { ...view, token: key?.reveal() ?? '' };
  };
  const authenticate = (token: string) => platform.serviceAccounts.authenticate(token);
  async function machine(
    role: 'owner' | 'admin' | 'member' | null = null,
    name = `m${Math.round(performance.now() * 1000)}`,
  ) {
    const { targetId } = await platform.serviceAccounts.create(org, { name, ...(role && { organizationRole: role }) });
    const { token } = await keyOf(platform, targetId);
    const principal = await authenticate(token);
    if (principal === 'invalid') throw new Error('a fresh key is not accepted');
    return { id: targetId, token, service: as(principal), principal };
  }

  beforeAll(async () => {
    world = await openWorld(store);
    controlPlane = await world.open();
    platform = controlPlane.service;
  });
  beforeEach(async () => {
    count += 1;
    const { defaultEnvironment } = await platform.provisionOrganization(organizationRequest(`o${count}`));
    org = { organizationId: defaultEnvironment.environment.organizationId };
    prod = defaultEnvironment.environment.id;
    dev = (await platform.provisionEnvironment(environmentRequest(org.organizationId))).environment.id;
    owner = as(user(`owner-of-o${count}`));
  });
  afterAll(() => world.close());

  it('cap T13 a key authenticates its account, and the store holds no usable part of it', async () => {
    const { id, token, principal } = await machine();
    expect(token).toMatch(/^envp_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    expect(principal).toEqual({
      kind: 'service',
      id,
      issuer: 'envplane',
      subject: id,
      organizationId: org.organizationId,
    });
    const { main } = await world.inspect();
    const { rows } = await main.select<{ hash: string }>('select * from sys_service_account_key', []);
    const secret = token.slice(22);
    expect(rows.map(({ hash }) => hash)).toContain(createHash('sha256').update(secret).digest('hex'));
    for (const table of ['sys_service_account_key', 'sys_audit_event', 'sys_idempotency_key', 'sys_outbox_event']) {
      expect(JSON.stringify((await main.select(`select * from ${table}`, [])).rows)).not.toContain(secret);
    }
  });

  it('sec S25 unknown, wrong, malformed, expired, revoked and disabled are one answer', async () => {
    const { id, token } = await machine();
    const { keyId, token: second } = await keyOf(platform, id);
    await platform.serviceAccounts.revokeKey(id, keyId);
    const { token: brief } = await keyOf(platform, id, 1);
    const elsewhere = await machine();
    const swapped = `${token.slice(0, 22)}${elsewhere.token.slice(22)}`;
    const flipped = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const bad of [
      '',
      'envp_',
      token.slice(1),
      `${token}x`,
      token.toUpperCase(),
      swapped,
      flipped,
      second,
      `envp_${'0'.repeat(16)}_${token.slice(22)}`,
      `envp_admin_${token.slice(22)}`,
    ]) {
      expect(await authenticate(bad), bad.slice(0, 22)).toBe('invalid');
    }
    expect(await authenticate(brief)).not.toBe('invalid');
    world.clock.advance(DAY_MS);
    expect(await authenticate(brief)).toBe('invalid');
    expect(await authenticate(token)).not.toBe('invalid');
    await platform.serviceAccounts.update(id, { status: 'disabled' });
    expect(await authenticate(token)).toBe('invalid');
    await platform.serviceAccounts.update(id, { status: 'active' });
    expect(await authenticate(token)).not.toBe('invalid');
    world.clock.advance(90 * DAY_MS);
    expect(await authenticate(token)).toBe('invalid');
  });

  it('five live keys overlap, a sixth is refused, also when they are asked for at once', async () => {
    const { targetId } = await platform.serviceAccounts.create(org, { name: 'rotating' });
    const made = await Promise.allSettled(Array.from({ length: 8 }, () => keyOf(platform, targetId, 30)));
    const keys = made.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(keys).toHaveLength(5);
    for (const each of made)
      if (each.status === 'rejected') expect(each.reason).toMatchObject(refused('quota_exceeded', 409));
    for (const { token } of keys) expect(await authenticate(token)).not.toBe('invalid');
    await platform.serviceAccounts.revokeKey(targetId, keys[0]?.keyId ?? '');
    await keyOf(platform, targetId);
    const { keys: shown } = await platform.serviceAccounts.get(targetId);
    expect(shown).toHaveLength(5);
    world.clock.advance(31 * DAY_MS);
    expect((await platform.serviceAccounts.get(targetId)).keys).toHaveLength(1);
  });

  it('a key is shown once, and not by a repeated request', async () => {
    const { targetId } = await owner.serviceAccounts.create(org, { name: 'ci' }, { idempotencyKey: 'a' });
    expect((await owner.serviceAccounts.create(org, { name: 'ci' }, { idempotencyKey: 'a' })).targetId).toBe(targetId);
    await expect(owner.serviceAccounts.create(org, { name: 'ci' })).rejects.toMatchObject(refused('name_taken', 409));
    const first = await owner.serviceAccounts.createKey(targetId, {}, { idempotencyKey: 'k' });
    const again = await owner.serviceAccounts.createKey(targetId, {}, { idempotencyKey: 'k' });
    expect(first.key).not.toBeNull();
    expect(again).toEqual({ view: first.view, key: null });
    expect(Date.parse(first.view.expiresAt) - Date.parse(first.view.createdAt)).toBe(90 * DAY_MS);
    expect((await owner.serviceAccounts.get(targetId)).keys).toHaveLength(1);
  });

  it('its last use is known to the hour', async () => {
    const { id, token } = await machine();
    const used = async () => (await platform.serviceAccounts.get(id)).keys[0]?.lastUsedAt;
    const first = await used();
    expect(first).not.toBeNull();
    world.clock.advance(60_000);
    await authenticate(token);
    expect(await used()).toBe(first);
    world.clock.advance(3_600_000);
    await authenticate(token);
    expect(await used()).not.toBe(first);
  });

  it('cap T13 it holds what it was given, in its organization alone', async () => {
    const bare = await machine();
    await expect(bare.service.environments.get(dev)).rejects.toMatchObject(refused('permission_denied', 403));
    await expect(bare.service.organizations.get(org.organizationId)).rejects.toMatchObject(
      refused('permission_denied', 403),
    );
    await owner.grants.add(dev, { serviceAccountId: bare.id, role: 'maker' });
    expect((await bare.service.environments.get(dev)).id).toBe(dev);
    await expect(bare.service.environments.suspend(dev)).rejects.toMatchObject(refused('permission_denied', 403));
    await expect(bare.service.environments.get(prod)).rejects.toMatchObject(refused('permission_denied', 403));
    expect((await bare.service.me.environments({ limit: 5 })).items).toMatchObject([{ id: dev, role: 'maker' }]);
    const foreign = await platform.provisionOrganization(organizationRequest(`foreign-${count}`));
    await expect(bare.service.environments.get(foreign.defaultEnvironment.environment.id)).rejects.toMatchObject(
      refused('not_found', 404),
    );

    const admin = await machine('admin');
    const created = await admin.service.provisionEnvironment(environmentRequest(org.organizationId, 'by-machine'));
    // A machine owns nothing: the organization's owners do.
    expect((await owner.members.list({ environmentId: created.environment.id }, {}, { limit: 5 })).items).toMatchObject(
      [{ userId: `owner-of-o${count}`, role: 'owner' }],
    );
    expect((await admin.service.organizations.list({ limit: 5 })).items.map(({ id }) => id)).toEqual([
      org.organizationId,
    ]);
    expect((await admin.service.environments.list(org.organizationId, {}, { limit: 5 })).items).toHaveLength(3);
  });

  it('cap R9 who makes a key, enables an account or gives a role has all of it to give', async () => {
    await platform.members.add(org, { userId: `admin${count}`, role: 'admin' });
    const admin = as(user(`admin${count}`));
    const escalation = refused('escalation', 403);
    await expect(admin.serviceAccounts.create(org, { name: 'x', organizationRole: 'owner' })).rejects.toMatchObject(
      escalation,
    );
    const { targetId } = await admin.serviceAccounts.create(org, { name: 'x', organizationRole: 'admin' });
    await admin.serviceAccounts.createKey(targetId);
    await expect(admin.grants.add(dev, { serviceAccountId: targetId, role: 'owner' })).rejects.toMatchObject(
      escalation,
    );
    await owner.grants.add(dev, { serviceAccountId: targetId, role: 'owner' });
    await expect(admin.serviceAccounts.createKey(targetId)).rejects.toMatchObject(escalation);
    await admin.serviceAccounts.update(targetId, { status: 'disabled' });
    await expect(admin.serviceAccounts.update(targetId, { status: 'active' })).rejects.toMatchObject(escalation);
    const [grant] = await owner.grants.list(dev);
    await expect(admin.grants.remove(dev, grant?.id ?? '')).rejects.toMatchObject(escalation);
    await expect(admin.serviceAccounts.update(targetId, { organizationRole: 'owner' })).rejects.toMatchObject(
      escalation,
    );
    await owner.serviceAccounts.update(targetId, { status: 'active', organizationRole: 'owner' });
    await expect(admin.serviceAccounts.update(targetId, { organizationRole: null })).rejects.toMatchObject(escalation);
    await owner.serviceAccounts.createKey(targetId);
  });

  it('a grant names an account of the same organization, once', async () => {
    const { id } = await machine();
    const foreign = await platform.provisionOrganization(organizationRequest(`foreign-${count}`));
    const there = foreign.defaultEnvironment.environment.id;
    const errors = new Set<string>();
    for (const serviceAccountId of [id, '0192f0c1-7b7e-7000-8000-000000000000']) {
      const error = await platform.grants
        .add(there, { serviceAccountId, role: 'reader' })
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject(refused('validation_failed', 422));
      errors.add(JSON.stringify(error));
    }
    expect([...errors]).toHaveLength(1);
    await owner.grants.add(dev, { serviceAccountId: id, role: 'reader' });
    await expect(owner.grants.add(dev, { serviceAccountId: id, role: 'maker' })).rejects.toMatchObject(
      refused('already_member', 409),
    );
  });

  it('sec S3 taking it back works at once, and withdraws tokens', async () => {
    const { id, service, token } = await machine();
    const { id: grantId } = await owner.grants.add(dev, { serviceAccountId: id, role: 'maker' });
    const epoch = async () => {
      const { main } = await world.inspect();
      const { rows } = await main.select<{ environment_id: string; subject: string; epoch: number }>(
        'select * from sys_token_epoch',
        [],
      );
      return rows.find((row) => row.environment_id === dev && row.subject === id)?.epoch ?? 0;
    };
    await service.environments.get(dev);
    await owner.serviceAccounts.update(id, { status: 'disabled' });
    await expect(service.environments.get(dev)).rejects.toMatchObject(refused('not_found', 404));
    expect(await epoch()).toBe(1);
    await owner.serviceAccounts.update(id, { status: 'active' });
    await owner.serviceAccounts.revokeKey(id, token.slice(5, 21));
    expect(await epoch()).toBe(2);
    await owner.serviceAccounts.revokeKey(id, token.slice(5, 21));
    expect(await epoch()).toBe(2);
    await owner.grants.remove(dev, grantId);
    expect(await epoch()).toBe(3);
    await expect(service.environments.get(dev)).rejects.toMatchObject(refused('permission_denied', 403));
    await expect(owner.grants.remove(dev, grantId)).rejects.toMatchObject(refused('not_found', 404));
    await expect(owner.serviceAccounts.revokeKey(id, '0'.repeat(16))).rejects.toMatchObject(refused('not_found', 404));
  });

  it('accounts of others are not there', async () => {
    const { id } = await machine();
    for (const who of [as(user('stranger')), (await machine()).service]) {
      const isInside = who !== undefined && (await who.me.describe()).kind === 'service';
      const expected = isInside ? refused('permission_denied', 403) : refused('not_found', 404);
      await expect(who.serviceAccounts.get(id)).rejects.toMatchObject(expected);
      await expect(who.serviceAccounts.update(id, { status: 'disabled' })).rejects.toMatchObject(expected);
      await expect(who.serviceAccounts.createKey(id)).rejects.toMatchObject(expected);
      await expect(who.serviceAccounts.revokeKey(id, '0'.repeat(16))).rejects.toMatchObject(expected);
      await expect(who.serviceAccounts.list(org, { limit: 5 })).rejects.toMatchObject(expected);
      await expect(who.serviceAccounts.list({ platform: true }, { limit: 5 })).rejects.toMatchObject(
        refused('permission_denied', 403),
      );
    }
  });

  it('the platform has its own, with roles on the platform', async () => {
    const { targetId } = await platform.serviceAccounts.create({ platform: true }, { name: `gateway-${count}` });
    const principal = await authenticate((await keyOf(platform, targetId)).token);
    expect(principal).toEqual({ kind: 'service', id: targetId, issuer: 'envplane', subject: targetId });
    const gateway = as(principal as Principal);
    await expect(gateway.tokenEpochs()).rejects.toMatchObject(refused('permission_denied', 403));
    const grant = await platform.platformGrants.add({ granteeType: 'service', granteeId: targetId, role: 'gateway' });
    expect((await gateway.tokenEpochs()).reset).toBe(true);
    await expect(gateway.environments.get(dev)).rejects.toMatchObject(refused('not_found', 404));
    await expect(platform.grants.add(dev, { serviceAccountId: targetId, role: 'reader' })).rejects.toMatchObject(
      refused('validation_failed', 422),
    );
    const own = await machine();
    await expect(
      platform.platformGrants.add({ granteeType: 'service', granteeId: own.id, role: 'auditor' }),
    ).rejects.toMatchObject(refused('validation_failed', 422));
    await platform.platformGrants.remove(grant.id);
    await expect(gateway.tokenEpochs()).rejects.toMatchObject(refused('permission_denied', 403));
    await expect(owner.serviceAccounts.get(targetId)).rejects.toMatchObject(refused('not_found', 404));
  });

  it('cap R9 an operator gives no more than an operator has', async () => {
    const id = `operator-${count}`;
    const { id: own } = await platform.platformGrants.add({ granteeType: 'user', granteeId: id, role: 'operator' });
    const operator = as(user(id));
    // An auditor reads which keys wrap what, and an operator does not.
    for (const role of ['administrator', 'auditor'] as const) {
      await expect(
        operator.platformGrants.add({ granteeType: 'user', granteeId: 'friend', role }),
      ).rejects.toMatchObject(refused('escalation', 403));
    }
    const edge = { granteeType: 'user', granteeId: `edge-${count}`, role: 'gateway' } as const;
    const { id: grantId } = await operator.platformGrants.add(edge);
    await expect(operator.platformGrants.add(edge)).rejects.toMatchObject(refused('already_member', 409));
    await operator.platformGrants.remove(grantId);
    const { targetId } = await platform.serviceAccounts.create({ platform: true }, { name: `root-${count}` });
    await platform.platformGrants.add({ granteeType: 'service', granteeId: targetId, role: 'administrator' });
    await expect(operator.serviceAccounts.createKey(targetId)).rejects.toMatchObject(refused('escalation', 403));
    await platform.platformGrants.remove(own);
    await expect(operator.platformGrants.list()).rejects.toMatchObject(refused('permission_denied', 403));
  });

  it('a role that an account gives to itself is recorded as such', async () => {
    const { id, service } = await machine('admin');
    const given = await service.grants.add(dev, { serviceAccountId: id, role: 'admin' });
    const { items } = await owner.auditEvents.list({ ...org, action: 'grant.self_granted' }, { limit: 5 });
    expect(items).toMatchObject([
      { actorKind: 'service', actorId: id, detail: { grantId: given.id, before: null, after: { role: 'admin' } } },
    ]);
  });

  it('every change is in the audit chain', async () => {
    const { id, token } = await machine('member', 'audited');
    const { id: grantId } = await owner.grants.add(dev, { serviceAccountId: id, role: 'maker' });
    await owner.serviceAccounts.update(id, { status: 'disabled' });
    await owner.serviceAccounts.revokeKey(id, token.slice(5, 21));
    await owner.grants.remove(dev, grantId);
    const { items } = await owner.auditEvents.list(org, { limit: 200 });
    const about = items.filter(({ detail }) => detail['serviceAccountId'] === id);
    expect(about.map(({ action }) => action)).toEqual([
      'service_account.created',
      'service_account.key_created',
      'grant.created',
      'service_account.updated',
      'service_account.key_revoked',
      'grant.removed',
    ]);
    expect(await owner.auditEvents.verify(org.organizationId)).toMatchObject({ ok: true });
  });

  it('goes with its organization', async () => {
    const { id, token } = await machine('admin');
    await owner.grants.add(dev, { serviceAccountId: id, role: 'maker' });
    const purged = await platform.organizations.purge(org.organizationId, { confirm: `o${count}` });
    if (purged.kind === 'accepted') await platform.operations.wait(purged.operationId ?? '', 30_000);
    await expect(platform.organizations.get(org.organizationId)).rejects.toMatchObject(refused('not_found', 404));
    expect(await authenticate(token)).toBe('invalid');
    const { main } = await world.inspect();
    for (const table of ['sys_service_account', 'sys_environment_grant']) {
      expect(JSON.stringify((await main.select(`select * from ${table}`, [])).rows)).not.toContain(id);
    }
  });
});

describe.each(STORES)('identities of other issuers, on a %s store', (store) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(store);
  });
  afterAll(() => world.close());

  it('the same pair is one user, two pairs are two, also when they come at once', async () => {
    const { service } = await world.open();
    const many = await Promise.all(Array.from({ length: 20 }, () => service.mapIdentity('https://a.example', 'ada')));
    expect(new Set(many).size).toBe(1);
    expect(await service.mapIdentity('https://a.example', 'ada')).toBe(many[0]);
    expect(await service.mapIdentity('https://b.example', 'ada')).not.toBe(many[0]);
    expect(await service.mapIdentity('https://a.example', 'bob')).not.toBe(many[0]);
  });
});
