import type { AuditEventView } from '@envplane/spec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../src/access/caller.ts';
import { controlPlaneObjects } from '../src/objects/index.ts';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import { PUBLISHED_MS } from '../src/store/signing-keys.ts';
import { STORES } from './world/stores.ts';
import { TOKENS } from './world/tokens.ts';
import {
  environmentRequest,
  finish,
  type MemoryDriver,
  openWorld,
  organizationRequest,
  settle,
  type World,
} from './world/world.ts';

/** Whoever calls here; the entries name them. */
const CALLER: Caller = {
  principal: { kind: 'platform', id: 'tester', issuer: 'envplane', subject: 'tester' },
  requestId: 'the-request',
  clientAddress: null,
};

/** What changes nothing, or only what was seen of the world. That somebody connected in this process is recorded behind it (ADR 48). */
const READING =
  /^(listVisible|failures|packages|get|list|verify|wait|watch|keySet|authenticate|authorizeConnection|connect|database|history|check)$/;
const NOUNS = [
  'organizations',
  'environments',
  'members',
  'serviceAccounts',
  'grants',
  'platformGrants',
  'operations',
  'signingKeys',
  'placements',
] as const;

interface Ids {
  organization: string;
  prod: string;
  dev: string;
  account: string;
  keyId: string;
  grant: string;
  platformGrant: string;
  kid: string;
  placement: string;
  failed: string;
}

type Step = [
  verb: string,
  action: string,
  run: (service: EnvironmentProvisioningService, ids: Ids) => Promise<unknown>,
];

const org = ({ organization }: Ids) => ({ organizationId: organization });
const env = ({ dev }: Ids) => ({ environmentId: dev });
const admin = { settings: { address: 'a' }, administrator: 'secret' };

/** Every verb that changes something, in an order in which each of them can, with what it is recorded as. */
const MUTATIONS: Step[] = [
  [
    'organizations.provision',
    'organization.provision',
    (service) => service.organizations.provision(organizationRequest('two')),
  ],
  [
    'organizations.update',
    'organization.update',
    (service, ids) => service.organizations.update(ids.organization, { plan: 'pro' }),
  ],
  [
    'environments.provision',
    'environment.provision',
    (service, ids) => service.environments.provision(environmentRequest(ids.organization, 'x')),
  ],
  [
    'environments.upsert',
    'environment.provision',
    (service, ids) => service.environments.upsert(ids.organization, 'up', { envType: 'test' }),
  ],
  [
    'environments.upsert',
    'environment.update',
    (service, ids) => service.environments.upsert(ids.organization, 'up', { envType: 'test', displayName: 'Up' }),
  ],
  [
    'environments.update',
    'environment.update',
    (service, ids) => service.environments.update(ids.dev, { displayName: 'Dev' }),
  ],
  [
    'environments.copy',
    'environment.copied',
    (service, ids) => service.environments.copy(ids.dev, { slug: 'copy', envType: 'test' }),
  ],
  ['environments.setDefault', 'environment.set_default', (service, ids) => service.environments.setDefault(ids.dev)],
  ['environments.reapply', 'environment.reapply', (service, ids) => service.environments.reapply(ids.dev)],
  ['environments.suspend', 'environment.suspend', (service, ids) => service.environments.suspend(ids.dev)],
  ['environments.resume', 'environment.resume', (service, ids) => service.environments.resume(ids.dev)],
  ['environments.archive', 'environment.archive', (service, ids) => service.environments.archive(ids.dev)],
  ['environments.restore', 'environment.restore', (service, ids) => service.environments.restore(ids.dev)],
  [
    'environments.describeConnection',
    'connection.opened',
    (service, ids) => service.environments.describeConnection(ids.dev),
  ],
  ['members.add', 'member.added', (service, ids) => service.members.add(env(ids), { userId: 'ada', role: 'reader' })],
  ['members.change', 'member.changed', (service, ids) => service.members.change(env(ids), 'ada', { role: 'admin' })],
  [
    'members.transferOwnership',
    'ownership.transferred',
    (service, ids) => service.members.transferOwnership(env(ids), { newOwnerUserId: 'ada' }),
  ],
  ['members.remove', 'member.removed', (service, ids) => service.members.remove(env(ids), 'owner-of-acme')],
  ['members.add', 'member.added', (service, ids) => service.members.add(org(ids), { userId: 'bob', role: 'member' })],
  [
    'members.transferOwnership',
    'ownership.transferred',
    (service, ids) => service.members.transferOwnership(org(ids), { newOwnerUserId: 'bob' }),
  ],
  ['members.remove', 'member.removed', (service, ids) => service.members.remove(org(ids), 'owner-of-acme')],
  [
    'serviceAccounts.create',
    'service_account.created',
    async (service, ids) => {
      ids.account = (await service.serviceAccounts.create(org(ids), { name: 'ci' })).targetId;
    },
  ],
  [
    'serviceAccounts.update',
    'service_account.updated',
    (service, ids) => service.serviceAccounts.update(ids.account, { organizationRole: 'admin' }),
  ],
  [
    'serviceAccounts.createKey',
    'service_account.key_created',
    async (service, ids) => {
      ids.keyId = (await service.serviceAccounts.createKey(ids.account)).view.keyId;
    },
  ],
  [
    'serviceAccounts.revokeKey',
    'service_account.key_revoked',
    (service, ids) => service.serviceAccounts.revokeKey(ids.account, ids.keyId),
  ],
  [
    'grants.add',
    'grant.created',
    async (service, ids) => {
      ids.grant = (await service.grants.add(ids.dev, { serviceAccountId: ids.account, role: 'reader' })).id;
    },
  ],
  ['grants.remove', 'grant.removed', (service, ids) => service.grants.remove(ids.dev, ids.grant)],
  [
    'platformGrants.add',
    'platform_grant.created',
    async (service, ids) => {
      ids.platformGrant = (
        await service.platformGrants.add({ granteeType: 'user', granteeId: 'ada', role: 'auditor' })
      ).id;
    },
  ],
  [
    'platformGrants.remove',
    'platform_grant.removed',
    (service, ids) => service.platformGrants.remove(ids.platformGrant),
  ],
  [
    'signingKeys.rotate',
    'signing_key.rotate',
    async (service, ids) => {
      ids.kid = (await service.signingKeys.rotate()).kid;
    },
  ],
  ['signingKeys.revoke', 'signing_key.revoke', (service, ids) => service.signingKeys.revoke(ids.kid)],
  [
    'placements.create',
    'placement.create',
    async (service, ids) => {
      ids.placement = (await service.placements.create({ name: 'a', driver: 'memory', ...admin })).targetId;
    },
  ],
  ['placements.update', 'placement.update', (service, ids) => service.placements.update(ids.placement, { weight: 7 })],
  [
    'placements.rotateAdministrator',
    'placement.rotate_administrator',
    (service, ids) => finish(service, service.placements.rotateAdministrator(ids.placement)),
  ],
  ['placements.drain', 'placement.drain', (service, ids) => service.placements.drain(ids.placement)],
  ['placements.activate', 'placement.activate', (service, ids) => service.placements.activate(ids.placement)],
  ['placements.drain', 'placement.drain', (service, ids) => service.placements.drain(ids.placement)],
  ['placements.retire', 'placement.retire', (service, ids) => service.placements.retire(ids.placement)],
  ['actAs', 'identity.acted_as', (service) => service.actAs('ada')],
  [
    'issueToken',
    'token.issue',
    async (service, ids) => service.as(await service.actAs('ada')).issueToken(ids.dev, { scope: 'env:data.read' }),
  ],
  ['environments.retry', 'environment.retry', (service, ids) => service.environments.retry(ids.failed)],
  [
    'operations.retry',
    'environment.retry',
    async (service, ids) => service.operations.retry(await operationOf(service, ids.failed)),
  ],
  [
    'operations.cancel',
    'operation.cancel',
    async (service, ids) => service.operations.cancel(await operationOf(service, ids.failed)),
  ],
  [
    'environments.purge',
    'environment.purge',
    (service, ids) => service.environments.purge(ids.prod, { confirm: 'prod' }),
  ],
  [
    'environments.forget',
    'environment.forget',
    (service, ids) => service.environments.forget(ids.prod, { confirm: 'prod' }),
  ],
  ['organizations.archive', 'organization.archive', (service, ids) => service.organizations.archive(ids.organization)],
  ['organizations.restore', 'organization.restore', (service, ids) => service.organizations.restore(ids.organization)],
  [
    'organizations.purge',
    'organization.purge',
    (service, ids) => service.organizations.purge(ids.organization, { confirm: 'acme' }),
  ],
];

/** A retry that fails again, so that the next one has something to do; a purge that does not end, so that forgetting has. */
function refusalFor(verb: string): 'quota_exceeded' | 'unavailable' | null {
  if (/retry$/.test(verb)) return 'quota_exceeded';
  return ['environments.purge', 'environments.forget'].includes(verb) ? 'unavailable' : null;
}

async function operationOf(service: EnvironmentProvisioningService, environmentId: string): Promise<string> {
  const { items } = await service.operations.list({ environmentId, status: 'failed' }, { limit: 1 });
  return items[0]?.id ?? '';
}

describe.each(STORES)('every mutation on %s', (store) => {
  let world: World<MemoryDriver>;
  beforeEach(async () => {
    world = await openWorld(store, 'memory');
    world.driver.provider.servers.set('a', { identity: 'a', administrator: 'secret', refusal: null });
  });
  afterEach(() => world.close());

  const execute = async (statement: string) => {
    const { main } = await world.inspect();
    await main.write(async (_query, _nowMs, run) => run(statement, []));
  };

  /** Whether an audit entry can be written. */
  async function refuseEntries(isRefused: boolean): Promise<void> {
    if (store === 'sqlite') {
      await execute(
        isRefused
          ? "create trigger refuse before insert on sys_audit_event begin select raise(abort, 'refused'); end"
          : 'drop trigger refuse',
      );
      return;
    }
    await execute(
      isRefused
        ? 'alter table sys_audit_event add constraint refuse check (false) not valid'
        : 'alter table sys_audit_event drop constraint refuse',
    );
  }

  async function everyRow(): Promise<Record<string, unknown>> {
    const { main } = await world.inspect();
    const tables = controlPlaneObjects.map(({ name }) => name);
    const read = async (table: string) => [table, (await main.select(`select * from ${table} order by 1, 2`, [])).rows];
    return Object.fromEntries(await Promise.all(tables.map(read)));
  }

  it('cap L2 is committed with its entry or not at all, and each of them has one', async () => {
    const controlPlane = await world.open({ tokens: TOKENS });
    const platform = controlPlane.service;
    const service = platform.as(CALLER);
    const { defaultEnvironment } = await platform.provisionOrganization(organizationRequest());
    const { id: prod, organizationId: organization } = defaultEnvironment.environment;
    const { environment: dev } = await platform.provisionEnvironment(environmentRequest(organization));
    world.driver.provider.refusals.push('quota_exceeded');
    const { targetId: failed } = await platform.environments.provision(environmentRequest(organization, 'failed'));
    await settle(world, controlPlane);
    world.clock.advance(PUBLISHED_MS);
    const ids: Ids = {
      organization,
      prod,
      dev: dev.id,
      failed,
      account: '',
      keyId: '',
      grant: '',
      platformGrant: '',
      kid: '',
      placement: '',
    };

    const entries = async (): Promise<AuditEventView[]> => {
      const chains = [undefined, organization].map(async (organizationId) => {
        const items: AuditEventView[] = [];
        for (let cursor: string | undefined; ; ) {
          const filter = organizationId === undefined ? {} : { organizationId };
          const page = await platform.auditEvents.list(filter, { limit: 200, cursor });
          items.push(...page.items);
          if (page.nextCursor === null) return items;
          cursor = page.nextCursor;
        }
      });
      return (await Promise.all(chains)).flat().filter(({ requestId }) => requestId === CALLER.requestId);
    };

    for (const [verb, action, run] of MUTATIONS) {
      world.driver.provider.refusal = refusalFor(verb);
      await controlPlane.worker.settle();
      const before = await everyRow();
      await refuseEntries(true);
      await expect(run(service, ids), verb).rejects.toThrow();
      await controlPlane.worker.settle();
      expect(await everyRow(), `${verb} without its entry`).toEqual(before);
      await refuseEntries(false);
      const known = new Set((await entries()).map(({ hash }) => hash));
      await run(service, ids);
      const made = (await entries()).filter(({ hash }) => !known.has(hash));
      // The organization of its own has another chain.
      if (verb !== 'organizations.provision') {
        expect(
          made.map((entry) => entry.action),
          verb,
        ).toContain(action);
        for (const entry of made)
          expect(entry, verb).toMatchObject({ actorKind: 'platform', actorId: 'tester', outcome: 'allow' });
      }
      await controlPlane.worker.settle();
    }
    expect(await platform.auditEvents.verify(organization)).toMatchObject({ ok: true });
    expect(await platform.auditEvents.verify(undefined)).toMatchObject({ ok: true });
    const verbs = NOUNS.flatMap((noun) => Object.keys(platform[noun]).map((verb) => `${noun}.${verb}`));
    const changing = verbs.filter((verb) => !READING.test(verb.split('.')[1] ?? ''));
    const covered = new Set(MUTATIONS.map(([verb]) => verb));
    expect(changing.filter((verb) => !covered.has(verb))).toEqual([]);
  });
});
