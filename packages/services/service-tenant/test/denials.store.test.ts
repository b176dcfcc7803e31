import type { AuditEventView } from '@envplane/spec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import { transact } from '../src/store/transaction.ts';
import { STORES } from './world/stores.ts';
import { TOKENS, user } from './world/tokens.ts';
import { environmentRequest, openWorld, organizationRequest, settle, type World } from './world/world.ts';

const UNKNOWN = '0192f0c1-7b7e-7000-8000-00000000dead';
const MINUTE_MS = 60_000;

describe.each(STORES)('refusals on %s', (store) => {
  let world: World;
  let controlPlane: ControlPlane;
  let platform: EnvironmentProvisioningService;
  let organizationId: string;
  let prod: string;
  let dev: string;

  const as = (id: string, requestId = `of-${id}`) =>
    platform.as({ ...user(id), requestId, clientAddress: '203.0.113.0/24' });
  /** What was recorded in a chain; that of the platform without an organization. */
  async function denials(of?: string): Promise<AuditEventView[]> {
    const filter = { outcome: 'deny' as const, ...(of !== undefined && { organizationId: of }) };
    return (await platform.auditEvents.list(filter, { limit: 200 })).items;
  }
  const summary = ({ actorId, reason, environmentId, targetKind, targetId, detail }: AuditEventView) => [
    actorId,
    reason,
    environmentId,
    `${targetKind} ${targetId}`,
    detail['missing'],
    detail['count'],
  ];
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'allowed',
      ({ code }: { code: string }) => code,
    );

  beforeEach(async () => {
    world = await openWorld(store);
    controlPlane = await world.open({ tokens: TOKENS });
    platform = controlPlane.service;
    const { defaultEnvironment } = await platform.provisionOrganization(organizationRequest());
    ({ id: prod, organizationId } = defaultEnvironment.environment);
    dev = (await platform.provisionEnvironment(environmentRequest(organizationId))).environment.id;
    await platform.members.add({ environmentId: dev }, { userId: 'rob', role: 'reader' });
    await platform.members.add({ organizationId }, { userId: 'adam', role: 'admin' });
    await settle(world, controlPlane);
  });
  afterEach(() => world.close());

  it('cap L3 each of them is in the audit log: who, what was missing, where, why; and each is told', async () => {
    const events: unknown[] = [];
    controlPlane.events.on('security.access_denied', ({ organizationId: of, environmentId, actor, data }) => {
      events.push([of, environmentId, actor, data]);
    });
    const { id: accountId } = await platform.serviceAccounts
      .create({ organizationId }, { name: 'boss', organizationRole: 'owner' })
      .then(({ targetId }) => ({ id: targetId }));
    const calls: [() => Promise<unknown>, code: string, who: string, where: string | null, missing: string[]][] = [
      [() => as('eve').environments.get(dev), 'not_found', 'eve', dev, ['env:environment.read']],
      [() => as('rob').environments.get(prod), 'not_found', 'rob', prod, ['env:environment.read']],
      [() => as('rob').environments.suspend(dev), 'permission_denied', 'rob', dev, ['env:environment.suspend']],
      [() => as('eve').organizations.get('acme'), 'not_found', 'eve', null, ['org:organization.read']],
      [() => as('rob').gate.require(dev, 'env:data.write'), 'permission_denied', 'rob', dev, ['env:data.write']],
      [() => as('eve').gate.require(dev, 'env:data.write'), 'access_denied', 'eve', dev, ['env:data.write']],
      [() => as('eve').connect(dev), 'not_found', 'eve', dev, ['env:connections.full_access']],
      [() => as('eve').issueToken(dev), 'not_found', 'eve', dev, ['env:tokens.issue']],
      [() => as('rob').issueToken(dev, { scope: 'env:data.write' }), 'invalid_scope', 'rob', dev, ['env:data.write']],
      [
        () => as('adam').environments.copy(dev, { slug: 'x', envType: 'test' }),
        'permission_denied',
        'adam',
        dev,
        ['env:data.read'],
      ],
      [
        () => as('adam').environments.update(dev, { plan: 'pro' }),
        'permission_denied',
        'adam',
        dev,
        ['platform:quotas.update'],
      ],
      [() => as('adam').serviceAccounts.createKey(accountId), 'escalation', 'adam', null, ['org:ownership.transfer']],
    ];
    for (const [call, code] of calls) expect(await codeOf(call())).toBe(code);
    const escalating = as('adam').members.add({ environmentId: dev }, { userId: 'x', role: 'owner' });
    expect(await codeOf(escalating)).toBe('escalation');
    const inOrganization = (await denials(organizationId)).map(summary);
    const expected = calls.map(([, code, who, where, missing]) => [
      who,
      code,
      where,
      where === null ? `organization ${organizationId}` : `environment ${where}`,
      missing.length === 1 && code === 'escalation' ? expect.arrayContaining(missing) : missing,
      1,
    ]);
    expect(inOrganization.slice(0, -1)).toEqual(expected);
    expect(inOrganization.at(-1)).toEqual([
      'adam',
      'escalation',
      dev,
      `environment ${dev}`,
      expect.arrayContaining(['env:environment.purge']),
      1,
    ]);
    const [first] = await denials(organizationId);
    expect(first).toMatchObject({
      action: 'access.denied',
      outcome: 'deny',
      requestId: 'of-eve',
      clientAddress: '203.0.113.0/24',
      detail: { firstAt: new Date(world.clock.nowMs).toISOString(), lastAt: new Date(world.clock.nowMs).toISOString() },
    });

    // What belongs to no organization is the platform's to know.
    expect(await codeOf(as('rob').organizations.provision(organizationRequest('mine')))).toBe('permission_denied');
    expect(await codeOf(as('rob').actAs('adam'))).toBe('permission_denied');
    expect(await codeOf(as('rob').environments.get(UNKNOWN))).toBe('not_found');
    expect((await denials()).map(summary)).toEqual([
      ['rob', 'permission_denied', null, 'platform platform', ['platform:organizations.create'], 1],
      ['rob', 'permission_denied', null, 'platform platform', ['platform:identities.act_as'], 1],
      ['rob', 'not_found', null, 'platform platform', ['env:environment.read'], 1],
    ]);
    await controlPlane.events.deliver();
    expect(events).toHaveLength(calls.length + 4);
    expect(events[0]).toEqual([
      organizationId,
      dev,
      { kind: 'user', id: 'eve' },
      { reason: 'not_found', missing: ['env:environment.read'], count: 1 },
    ]);
    expect(events.at(-1)).toMatchObject(['platform', null, { id: 'rob' }, { reason: 'not_found' }]);
    expect((await platform.environments.history(dev, { limit: 200 })).items.map(({ action }) => action)).toContain(
      'access.denied',
    );
    expect(await platform.auditEvents.verify(organizationId)).toMatchObject({ ok: true });
  });

  it('cap L3 who is let in, whose request is not valid, and what is not active leave none', async () => {
    await as('rob').environments.get(dev);
    await as('rob').gate.require(dev, 'env:data.read');
    await as('rob').issueToken(dev, { scope: 'env:data.read' });
    await codeOf(as('rob').issueToken(dev, { scope: ' ' }));
    await codeOf(platform.environments.get(UNKNOWN));
    await codeOf(platform.connect(UNKNOWN));
    await codeOf(as('adam').environments.update(dev, { slug: '!' }));
    await platform.environments.suspend(dev);
    expect(await codeOf(as('rob').gate.require(dev, 'env:data.read'))).toBe('environment_not_active');
    expect([await denials(organizationId), await denials()]).toEqual([[], []]);
  });

  it('cap L3 of what somebody makes up nothing is kept', async () => {
    const made = 'made-up-by-eve';
    for (const call of [
      () => as('eve').environments.get(made),
      () => as('eve').gate.require(made, `${made}:x.y`),
      () => as('rob').gate.require(dev, `${made}:x.y`),
      () => as('eve').organizations.get(made),
      () => as('rob').issueToken(dev, { scope: `${made} env:data.write` }),
    ]) {
      expect(await codeOf(call())).not.toBe('allowed');
    }
    const entries = [...(await denials()), ...(await denials(organizationId))];
    expect(entries).toHaveLength(5);
    const { main } = await world.inspect();
    const { rows } = await main.select('select detail, target_id, payload from sys_audit_event, sys_outbox_event', []);
    expect(JSON.stringify([entries, rows])).not.toContain(made);
  });

  it('cap L3 the same again is counted, and told once a minute with its count', async () => {
    const refuse = () => codeOf(as('eve').environments.get(dev));
    const counts = async () => (await denials(organizationId)).map(({ detail }) => Number(detail['count']));
    const beganMs = world.clock.nowMs;
    await refuse();
    expect(await counts()).toEqual([1]);
    for (let index = 1; index <= 40; index += 1) {
      world.clock.advance(1_000);
      await refuse();
      if (index % 10 === 0) expect(await counts()).toEqual([1]);
    }
    world.clock.advance(MINUTE_MS);
    const [, again] = await denials(organizationId);
    expect(again).toMatchObject({
      detail: {
        count: 40,
        firstAt: new Date(beganMs + 1_000).toISOString(),
        lastAt: new Date(beganMs + 40_000).toISOString(),
      },
    });
    // After a minute in which nothing came, the next is told at once.
    world.clock.advance(2 * MINUTE_MS);
    expect(await counts()).toEqual([1, 40]);
    await refuse();
    expect(await counts()).toEqual([1, 40, 1]);
  });

  it('sec S30 cap L3 a flood of one, over everything there is, costs a bounded number of entries and loses no count', async () => {
    const permissions = platform
      .permissions()
      .flatMap(({ permission, scope }) => (scope === 'env' ? [permission] : []));
    let asked = 0;
    for (const permission of permissions) {
      for (const environmentId of [dev, prod]) {
        await codeOf(as('eve').gate.require(environmentId, permission));
        asked += 1;
      }
      await codeOf(as('eve').gate.require(UNKNOWN, permission));
    }
    const entries = [...(await denials(organizationId)), ...(await denials())];
    const byReason = (reason: string) => entries.filter((entry) => entry.reason === reason);
    expect(asked).toBeGreaterThan(30);
    expect(byReason('access_denied')).toHaveLength(20);
    expect(byReason('several').map(summary)).toEqual([
      ['eve', 'several', null, `organization ${organizationId}`, [], expect.any(Number)],
      ['eve', 'several', null, 'platform platform', [], expect.any(Number)],
    ]);
    expect(entries).toHaveLength(22);
    world.clock.advance(MINUTE_MS);
    const later = [...(await denials(organizationId)), ...(await denials())];
    expect(later.length).toBeLessThanOrEqual(24);
    const counted = later.reduce((sum, { detail }) => sum + Number(detail['count']), 0);
    expect(counted).toBe(asked + permissions.length);
    // Somebody else is recorded beside it in full.
    await codeOf(as('mallory').environments.get(dev));
    expect((await denials(organizationId)).map(summary)).toContainEqual([
      'mallory',
      'not_found',
      dev,
      `environment ${dev}`,
      ['env:environment.read'],
      1,
    ]);
  });

  it('cap L3 nobody who is refused waits for the entry, and what cannot be written now is written later', async () => {
    const { main } = await world.inspect();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    // The writer of the store, or the head of the chain, is somebody else's.
    const holding = transact(main, async (tx) => {
      await tx.update('sys_audit_head', { chain: organizationId }, { chain: organizationId });
      await held;
    });
    for (const id of [dev, prod, UNKNOWN]) expect(await codeOf(as('eve').environments.get(id))).toBe('not_found');
    release();
    await holding;
    const execute = (statement: string) => main.write(async (_query, _nowMs, run) => run(statement, []));
    await (store === 'sqlite'
      ? execute("create trigger refuse before insert on sys_outbox_event begin select raise(abort, 'no'); end")
      : execute('alter table sys_outbox_event add constraint refuse check (false) not valid'));
    const ofMallory = async () =>
      (await denials(organizationId))
        .filter(({ actorId }) => actorId === 'mallory')
        .map(({ detail }) => detail['count']);
    for (let index = 0; index < 3; index += 1) await codeOf(as('mallory').environments.get(dev));
    expect(await ofMallory()).toEqual([]);
    await (store === 'sqlite'
      ? execute('drop trigger refuse')
      : execute('alter table sys_outbox_event drop constraint refuse'));
    world.clock.advance(1_000);
    expect(await ofMallory()).toEqual([3]);
  });

  it('cap L3 a process that is stopped writes what it still has', async () => {
    await codeOf(as('eve').environments.get(dev));
    await denials(organizationId);
    for (let index = 0; index < 7; index += 1) await codeOf(as('eve').environments.get(dev));
    await controlPlane.close();
    platform = (await world.open()).service;
    expect((await denials(organizationId)).map(({ detail }) => detail['count'])).toEqual([1, 7]);
  });

  it('cap AP3 who acts as a user is named with the user', async () => {
    await codeOf(platform.as(await platform.actAs('eve')).environments.get(dev));
    expect(await denials(organizationId)).toMatchObject([
      { actorKind: 'platform', actorId: 'in-process', actingFor: 'eve' },
    ]);
  });
});

describe('refusals of many', () => {
  it('sec S30 cap L3 are bounded as well, and so is what they take of memory; none is lost from the count', async () => {
    const world = await openWorld('sqlite');
    const controlPlane = await world.open();
    const platform = controlPlane.service;
    const { defaultEnvironment } = await platform.provisionOrganization(organizationRequest());
    const { id, organizationId } = defaultEnvironment.environment;
    const { main } = await world.inspect();
    const recorded = async () => {
      await platform.auditEvents.list({ organizationId }, { limit: 1 });
      const { rows } = await main.select<{ actor_id: string; detail: { count: number } }>(
        "select actor_id, detail from sys_audit_event where action = 'access.denied' order by chain, seq",
        [],
      );
      return rows.map((row) => [row.actor_id, row.detail.count] as const);
    };
    const refuse = (who: string) =>
      expect(platform.as(user(who)).environments.get(id)).rejects.toMatchObject({ code: 'not_found' });
    for (let index = 0; index < 700; index += 1) await refuse(`bot-${index}`);
    await recorded();
    world.clock.advance(MINUTE_MS);
    const told = await recorded();
    const [bots, several] = [told.filter(([who]) => who !== 'several'), told.filter(([who]) => who === 'several')];
    expect(bots).toHaveLength(500);
    expect(several.length).toBeLessThanOrEqual(2);
    expect(told.reduce((sum, [, count]) => sum + count, 0)).toBe(700);
    // After its minute there is room again.
    world.clock.advance(MINUTE_MS);
    await recorded();
    await refuse('late');
    expect(await recorded()).toContainEqual(['late', 1]);
    await world.close();
  });
});
