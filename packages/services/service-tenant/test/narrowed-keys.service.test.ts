import type { Principal } from '@envplane/spec';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import { calling } from './world/people.ts';
import { STORES } from './world/stores.ts';
import { environmentRequest, openWorld, organizationRequest, type World } from './world/world.ts';

describe.each(STORES)('keys that are narrowed, on a %s store', (store) => {
  let world: World;
  let platform: EnvironmentProvisioningService;
  let organizationId: string;
  let prod: string;
  let dev: string;
  let count = 0;

  const as = (principal: Principal) => platform.as(calling(principal));
  const refusal = (code: string) => expect.objectContaining({ code });
  /** It holds everything of its organization and works in both environments; what a key leaves of that is asked here. */
  async function newAccount(): Promise<string> {
    const body = { name: `deployer ${++count}`, organizationRole: 'owner' } as const;
    const { targetId } = await platform.serviceAccounts.create({ organizationId }, body);
    for (const environmentId of [prod, dev]) {
      await platform.grants.add(environmentId, { serviceAccountId: targetId, role: 'admin' });
    }
    return targetId;
  }
  async function keyed(
    body: { permissions?: string[]; environmentIds?: string[] },
    account?: string,
  ): Promise<Principal> {
    const { key } = await platform.serviceAccounts.createKey(account ?? (await newAccount()), body);
    const principal = await platform.serviceAccounts.authenticate(key?.reveal() ?? '');
    if (principal === 'invalid') throw new Error('a fresh key is not accepted');
    return principal;
  }

  beforeAll(async () => {
    world = await openWorld(store);
    platform = (await world.open({ tokens: { issuer: () => 'https://envplane.test', algorithm: 'EdDSA' } })).service;
    const { defaultEnvironment } = await platform.provisionOrganization(organizationRequest());
    organizationId = defaultEnvironment.environment.organizationId;
    prod = defaultEnvironment.environment.id;
    dev = (await platform.provisionEnvironment(environmentRequest(organizationId))).environment.id;
  });
  afterAll(() => world.close());

  it('cap T13 a key without limits has all its account has', async () => {
    const principal = await keyed({});
    expect(principal.narrowedTo).toBeUndefined();
    await as(principal).environments.update(prod, { displayName: 'Production' });
    await as(principal).organizations.update(organizationId, { displayName: 'Acme' });
  });

  it('cap T13 narrowed to permissions it has those alone, wherever it asks', async () => {
    const principal = await keyed({ permissions: ['env:environment.read', 'env:data.*'] });
    const service = as(principal);
    expect((await service.environments.get(prod)).slug).toBe('prod');
    await expect(service.environments.update(prod, { displayName: 'x' })).rejects.toEqual(refusal('permission_denied'));
    await expect(service.organizations.update(organizationId, { displayName: 'x' })).rejects.toEqual(
      refusal('permission_denied'),
    );
    expect(await platform.gate.check(principal, dev, 'env:data.read')).toMatchObject({ allowed: true });
    expect(await platform.gate.check(principal, dev, 'env:connections.full_access')).toMatchObject({
      code: 'permission_denied',
    });
  });

  it('cap T13 narrowed to environments it has nothing outside of them, and they alone are in its lists', async () => {
    const principal = await keyed({ environmentIds: [dev] });
    const service = as(principal);
    await service.environments.update(dev, { displayName: 'Development' });
    await expect(service.environments.get(prod)).rejects.toEqual(refusal('permission_denied'));
    await expect(service.organizations.get(organizationId)).rejects.toEqual(refusal('permission_denied'));
    await expect(service.environments.provision(environmentRequest(organizationId, 'more'))).rejects.toEqual(
      refusal('permission_denied'),
    );
    expect(await platform.gate.check(principal, prod, 'env:data.read')).toMatchObject({ code: 'access_denied' });
    const mine = await service.me.environments({ limit: 10 });
    expect(mine.items.map(({ id }) => id)).toEqual([dev]);
    expect((await service.organizations.list({ limit: 10 })).items).toEqual([]);
    await expect(service.environments.list(organizationId, {}, { limit: 10 })).rejects.toEqual(
      refusal('permission_denied'),
    );
  });

  it('what one key was let through is not remembered for another of the same account', async () => {
    const account = await newAccount();
    const [wide, narrow] = [await keyed({}, account), await keyed({ environmentIds: [prod] }, account)];
    expect(await platform.gate.check(wide, dev, 'env:data.read')).toMatchObject({ allowed: true });
    expect(await platform.gate.check(narrow, dev, 'env:data.read')).toMatchObject({ allowed: false });
    expect(await platform.gate.check(narrow, prod, 'env:data.read')).toMatchObject({ allowed: true });
    expect(await platform.gate.check(wide, dev, 'env:data.read')).toMatchObject({ allowed: true });
  });

  it('cap T13 a token is made of what the key leaves', async () => {
    const principal = await keyed({ permissions: ['env:tokens.issue', 'env:data.read'], environmentIds: [dev] });
    const { accessToken } = await as(principal).issueToken(dev);
    expect(decodeJwt(accessToken)['permissions']).toEqual(['env:data.read', 'env:tokens.issue']);
    await expect(as(principal).issueToken(prod)).rejects.toEqual(refusal('permission_denied'));
  });

  it('cap R9 it hands on no more than it has: no wider key, no role beyond it', async () => {
    const manage = ['org:service_accounts.*', 'org:members.*', 'env:members.*'];
    const account = await newAccount();
    const service = as(await keyed({ permissions: manage }, account));
    await expect(service.serviceAccounts.createKey(account)).rejects.toEqual(refusal('escalation'));
    const place = { organizationId };
    await expect(service.members.add(place, { userId: 'eve', role: 'admin' })).rejects.toEqual(refusal('escalation'));
    const inside = { environmentId: dev };
    await expect(service.members.add(inside, { userId: 'eve', role: 'reader' })).rejects.toEqual(refusal('escalation'));
  });

  it('says what it is narrowed to, and refuses what narrows to nothing', async () => {
    const account = await newAccount();
    const { view } = await platform.serviceAccounts.createKey(account, { permissions: ['env:data.*'] });
    expect(view).toMatchObject({ permissions: ['env:data.*'], environmentIds: null });
    const { keys } = await platform.serviceAccounts.get(account);
    expect(keys.find(({ id }) => id === view.id)).toMatchObject({ permissions: ['env:data.*'], environmentIds: null });
    for (const [permissions, pointer] of [
      [['env:data.read', 'env:data.raed'], '/permissions/1'],
      [['data'], '/permissions/0'],
      [[], '/permissions'],
    ] as const) {
      await expect(
        platform.serviceAccounts.createKey(account, { permissions: [...permissions] }),
      ).rejects.toMatchObject({ code: 'validation_failed', details: { errors: [{ pointer }] } });
    }
    const elsewhere = '00000000-0000-7000-8000-000000000000';
    const owner = as({ kind: 'user', id: 'owner-of-acme', issuer: 'test', subject: 'owner-of-acme' });
    await expect(owner.serviceAccounts.createKey(account, { environmentIds: [elsewhere] })).rejects.toEqual(
      refusal('not_found'),
    );
  });
});
