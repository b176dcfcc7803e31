import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import { readRows, violations } from './world/oracle.ts';
import { STORES } from './world/stores.ts';
import { environmentRequest, finish, openWorld, organizationRequest, settle, type World } from './world/world.ts';

describe.each(STORES)('%s store', (store) => {
  let world: World;
  let controlPlane: ControlPlane;
  let service: EnvironmentProvisioningService;
  let organizations = 0;

  beforeAll(async () => {
    world = await openWorld(store);
    controlPlane = await world.open();
    service = controlPlane.service;
  });
  afterEach(async () => {
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane)).toEqual([]);
  });
  afterAll(() => world.close());

  /** An organization with environments `prod` (default) and `dev`. */
  async function newOrganization() {
    organizations += 1;
    const slug = `org-${organizations}`;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest(slug));
    const { id: prod, organizationId: id } = defaultEnvironment.environment;
    const { environment } = await service.provisionEnvironment(environmentRequest(id));
    return { slug, id, prod, dev: environment.id };
  }

  const statuses = async (organizationId: string) => {
    const { items } = await service.environments.list(organizationId, {}, { limit: 10 });
    return items.map(({ slug, status }) => `${slug} ${status}`);
  };

  it('cap L1 one request makes organization, owner, default environment and its owner', async () => {
    const { id, prod } = await newOrganization();
    expect(await service.organizations.get(id)).toMatchObject({
      status: 'active',
      defaultEnvironmentId: prod,
      plan: 'free',
    });
    const { members } = await readRows(world);
    expect(members.find((member) => member.environment_id === prod)).toMatchObject({
      role: 'owner',
      user_id: /^owner-of-/,
    });
  });

  it('an organization is found by id and by slug; its plan and name change, with the version', async () => {
    const { id, slug } = await newOrganization();
    const { version } = await service.organizations.get(slug);
    await service.organizations.update(slug, { displayName: 'Renamed', plan: 'pro' }, { ifVersion: version });
    expect(await service.organizations.get(id)).toMatchObject({
      displayName: 'Renamed',
      plan: 'pro',
      version: version + 1,
    });
    await expect(service.organizations.update(id, { plan: 'free' }, { ifVersion: version })).rejects.toMatchObject({
      code: 'version_mismatch',
    });
    await expect(service.organizations.get('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('lists organizations page by page, in order of creation', async () => {
    const created = [(await newOrganization()).slug, (await newOrganization()).slug];
    const slugs: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await service.organizations.list({ limit: 2, cursor });
      slugs.push(...page.items.map(({ slug }) => slug));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(slugs.slice(-2)).toEqual(created);
    expect(new Set(slugs).size).toBe(slugs.length);
  });

  it('an organization that exists gets a default environment when it has none, and no second one', async () => {
    const { id, prod, dev } = await newOrganization();
    const again = (defaultEnvSlug: string) =>
      service.provisionOrganization({ organizationId: id, defaultEnvSlug, createdBy: 'tester' });
    // Two rules refuse it, and the engines do not look at them in the same order.
    await expect(again('prod')).rejects.toMatchObject({ code: expect.stringMatching(/^(slug|default)_taken$/) });
    await expect(again('main')).rejects.toMatchObject({ code: 'default_taken' });
    await finish(service, service.environments.purge(dev, { confirm: 'dev' }));
    await finish(service, service.environments.purge(prod, { confirm: 'prod' }));
    const { defaultEnvironment } = await again('main');
    expect(defaultEnvironment.environment).toMatchObject({ slug: 'main', isDefault: true, organizationId: id });
    await expect(
      service.provisionOrganization({ organizationId: 'nobody', createdBy: 'tester' }),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('archive takes every environment out of use and new ones in no more; restore brings back those it took', async () => {
    const { id, dev } = await newOrganization();
    await finish(service, service.environments.archive(dev));
    await finish(service, service.environments.restore(dev));
    expect((await finish(service, service.organizations.archive(id))).status).toBe('succeeded');
    expect(await statuses(id)).toEqual(['prod archived', 'dev archived']);
    await expect(service.environments.provision(environmentRequest(id, 'new'))).rejects.toMatchObject({
      code: 'invalid_state',
      details: { allowed: ['active'] },
    });
    expect((await finish(service, service.organizations.restore(id))).status).toBe('succeeded');
    expect(await statuses(id)).toEqual(['prod active', 'dev active']);
    expect((await service.organizations.get(id)).status).toBe('active');
  });

  it('purge removes environments and organization, frees the slug, and answers the same receipt when asked again', async () => {
    const { id, slug } = await newOrganization();
    await expect(service.organizations.purge(id, { confirm: 'wrong' })).rejects.toMatchObject({
      code: 'confirmation_mismatch',
    });
    expect((await service.organizations.get(id)).status).toBe('active');
    const operation = await finish(service, service.organizations.purge(id, { confirm: slug }));
    expect(operation).toMatchObject({ status: 'succeeded', result: { organizationId: id } });
    expect(operation.steps.map((step) => step.status)).toEqual(['succeeded', 'succeeded']);
    await expect(service.organizations.get(id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await service.organizations.purge(id, { confirm: slug })).toEqual({
      kind: 'receipt',
      receipt: operation.result,
    });
    expect(await service.auditEvents.verify(id)).toMatchObject({ ok: true });
    await service.provisionOrganization(organizationRequest(slug));
  });

  it('rel G10 a purge by slug that is repeated with its key answers the same, also when the slug is another’s', async () => {
    const { id, slug } = await newOrganization();
    const purge = () => service.organizations.purge(slug, { confirm: slug }, { idempotencyKey: `purge-${slug}` });
    const first = await purge();
    const { id: operationId, result } = await finish(service, Promise.resolve(first));
    expect(result).toMatchObject({ organizationId: id });
    const again = { kind: 'accepted', targetId: id, operationId, replayed: true };
    expect(await purge()).toEqual(again);
    await expect(service.organizations.purge(slug, { confirm: slug })).rejects.toMatchObject({ code: 'not_found' });
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest(slug));
    expect(await purge()).toEqual(again);
    expect((await service.organizations.get(slug)).id).toBe(defaultEnvironment.environment.organizationId);
  });

  it('a restore of which a part fails is failed with its reason, and done once that part is retried', async () => {
    const { id, dev } = await newOrganization();
    await finish(service, service.organizations.archive(id));
    const { databases } = await readRows(world);
    const trash = join(
      world.directory,
      'data',
      databases.find((row) => row.environment_id === dev)?.organization_scope ?? '',
    );
    const hidden = join(world.directory, `hidden-${id}`);
    renameSync(trash, hidden);
    const restore = await service.organizations.restore(id);
    await settle(world, controlPlane);
    const failed = await service.operations.get(restore.operationId ?? '');
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'lost' } });
    expect(failed.steps.map(({ status, error }) => [status, error?.code])).toEqual([
      ['failed', 'lost'],
      ['failed', 'lost'],
    ]);
    await expect(service.operations.retry(failed.id)).rejects.toMatchObject({ code: 'invalid_state' });
    const { items } = await service.operations.list({ organizationId: id, status: 'failed' }, { limit: 10 });
    const [first, second] = items.filter(({ kind }) => kind === 'environment.restore');
    const retried = await service.operations.retry(first?.id ?? '');
    expect(await service.operations.get(failed.id)).toMatchObject({ status: 'running', done: false, error: null });
    renameSync(hidden, trash);
    await settle(world, controlPlane);
    await finish(service, Promise.resolve(retried));
    expect((await service.operations.get(failed.id)).status).toBe('failed');
    await finish(service, service.operations.retry(second?.id ?? ''));
    const ended = await service.operations.get(failed.id);
    expect(ended).toMatchObject({ status: 'succeeded', error: null });
    expect(ended.steps.map(({ status, error }) => [status, error])).toEqual([
      ['succeeded', null],
      ['succeeded', null],
    ]);
  });

  it('sec S31 one protected environment keeps the whole organization: no row changes', async () => {
    const { id, slug, dev } = await newOrganization();
    await service.environments.update(dev, { deletionProtection: true });
    const before = await readRows(world);
    await expect(service.organizations.archive(id)).rejects.toMatchObject({ code: 'deletion_protected' });
    await expect(service.organizations.purge(id, { confirm: slug })).rejects.toMatchObject({
      code: 'deletion_protected',
    });
    expect(await readRows(world)).toEqual(before);
  });
});
