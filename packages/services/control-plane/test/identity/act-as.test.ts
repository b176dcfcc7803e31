import { ControlPlaneError, type Principal } from '@envplane/spec';
import { testIdentity, withUser } from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actAs } from '../../src/http/middleware/act-as.ts';
import { type Harness, startHarness } from '../http/harness.ts';

const platform: Principal = { kind: 'platform', id: 'console', issuer: 'envplane', subject: 'console' };
const account: Principal = { ...platform, kind: 'service', id: 'account', subject: 'account' };
const callerOf = (principal: Principal) => ({ principal, requestId: 'r', clientAddress: '203.0.113.0/24' });
const named = (userId: string) => new Headers({ 'x-envplane-act-as': userId });

describe('acting as a user', () => {
  let harness: Harness;
  let elapsedMs = 0;
  beforeAll(async () => {
    harness = await startHarness({ identity: [testIdentity()] }, () => Date.now() + elapsedMs);
  });
  afterAll(() => harness.close());

  async function act(principal: Principal | string, userId: string, path = '/v1/drivers') {
    const headers = { 'x-envplane-act-as': userId };
    const answer = await withUser(principal, () => harness.call('GET', path, { token: null, headers }));
    return { status: answer.status, code: answer.body['code'], answer };
  }

  it('cap AP3 is that user, with the actor beside', async () => {
    expect(await harness.controlPlane.service.as(callerOf(platform)).actAs('ada')).toEqual({
      ...callerOf(platform),
      principal: {
        kind: 'user',
        id: 'ada',
        issuer: 'envplane',
        subject: 'ada',
        actor: { kind: 'platform', id: 'console' },
      },
    });
  });

  it('cap AP3 gives the rights of the user alone, not those of the actor', async () => {
    const { id } = await withUser(platform, () => harness.organization('acted'));
    const path = `/v1/organizations/${id}`;
    expect((await withUser(platform, () => harness.call('GET', path))).status).toBe(200);
    // Ada made it; nobody else is in it.
    expect((await act(platform, 'ada', path)).status).toBe(200);
    expect((await act(platform, 'bob', path)).status).toBe(404);
    expect(await act(platform, 'ada')).toMatchObject({ status: 403, code: 'permission_denied' });
  });

  it('cap AP3 is recorded as the actor’s, for that user', async () => {
    const { id } = await withUser(platform, () => harness.organization('recorded-as'));
    const headers = { 'x-envplane-act-as': 'ada' };
    const body = { displayName: 'Renamed' };
    const answer = await withUser(platform, () =>
      harness.call('PATCH', `/v1/organizations/${id}`, { token: null, headers, body }),
    );
    expect(answer.status).toBe(200);
    const { items } = await harness.controlPlane.service.auditEvents.list({ organizationId: id }, { limit: 50 });
    const actors = items.filter(({ actorId }) => actorId === 'console');
    expect(actors.map(({ actorKind, actingFor, action }) => [actorKind, actingFor, action])).toEqual([
      ['platform', null, 'organization.provision'],
      ['platform', null, 'environment.provision'],
      ['platform', 'ada', 'organization.update'],
    ]);
  });

  it('cap AP3 leaves a trace when nothing is changed, once an hour for each of the two', async () => {
    const traces = async () =>
      (await harness.controlPlane.service.auditEvents.list({ action: 'identity.acted_as' }, { limit: 200 })).items
        .filter(({ targetId }) => targetId === 'dan' || targetId === 'eve')
        .map(({ actorId, actingFor, targetKind, requestId }) => [actorId, actingFor, targetKind, requestId !== null]);
    const console2 = { ...platform, id: 'console-2', subject: 'console-2' };
    for (const [actor, user] of [
      [platform, 'dan'],
      [platform, 'dan'],
      [platform, 'eve'],
      [console2, 'dan'],
    ] as const) {
      await act(actor, user, '/v1/me');
    }
    const told = [
      ['console', 'dan', 'user', true],
      ['console', 'eve', 'user', true],
      ['console-2', 'dan', 'user', true],
    ];
    expect(await traces()).toEqual(told);
    elapsedMs += 3_600_000;
    await act(platform, 'dan', '/v1/me');
    expect(await traces()).toEqual([...told, told[0]]);
    await act('ada', 'dan', '/v1/me');
    expect(await traces()).toHaveLength(4);
  });

  it.each<[string, Principal | string]>([
    ['a user', 'ada'],
    ['a user who names themselves', 'bob'],
    ['a service account without the permission', account],
  ])('cap AP3 is refused for %s', async (_, principal) => {
    expect(await act(principal, 'bob')).toMatchObject({ status: 403, code: 'act_as_not_allowed' });
  });

  it('a store that cannot tell who may is 503', async () => {
    const down = () => Promise.reject(new ControlPlaneError('store_unavailable', 'The store does not answer.'));
    await expect(actAs(named('ada'), callerOf(account), down)).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('sec S1 who may not act as a user learns nothing of the header’s form', async () => {
    expect((await act('ada', '')).code).toBe('act_as_not_allowed');
    const { status, answer } = await act(platform, 'x'.repeat(256));
    expect(status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ in: 'header', pointer: '/x-envplane-act-as' }] });
    expect((await act(platform, '')).status).toBe(422);
  });

  it('cap AP3 needs a credential like everything else, and is nothing to a public route', async () => {
    const headers = { 'x-envplane-act-as': 'ada' };
    expect((await harness.call('GET', '/v1/drivers', { token: null, headers })).status).toBe(401);
    expect((await harness.call('GET', '/version', { token: null, headers })).status).toBe(200);
  });
});
