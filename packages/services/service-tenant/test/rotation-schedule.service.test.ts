import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rotationDueAt } from '../src/credentials/scheduled-rotation.ts';
import type { ControlPlane } from '../src/open-control-plane.ts';
import type { EnvironmentProvisioningService } from '../src/service.ts';
import { violations } from './world/oracle.ts';
import {
  DAY_MS,
  environmentRequest,
  type MemoryDriver,
  openWorld,
  organizationRequest,
  settle,
  type World,
} from './world/world.ts';

const ONE_PAGE = { limit: 100 };

describe('when a credential is replaced by itself', () => {
  const credential = { id: '0198-000000', activated_at: 1_000, expires_at: null, days: 10 };

  it('is at the end of the days, or up to a tenth of them before: not all at once', () => {
    expect(rotationDueAt(credential)).toBe(1_000 + 10 * DAY_MS);
    expect(rotationDueAt({ ...credential, id: '0198-ffffff' })).toBe(1_000 + 9 * DAY_MS);
    expect(rotationDueAt({ ...credential, id: '0198-7fffff' })).toBeGreaterThan(1_000 + 9.4 * DAY_MS);
  });

  it('is never without a policy, and after a third of its life for what expires, whatever the policy', () => {
    for (const days of [null, 0]) {
      expect(rotationDueAt({ ...credential, days })).toBeNull();
      expect(rotationDueAt({ ...credential, days, expires_at: 1_000 + 90 * DAY_MS })).toBe(1_000 + 30 * DAY_MS);
    }
    expect(rotationDueAt({ ...credential, days: 40, expires_at: 1_000 + 90 * DAY_MS })).toBe(1_000 + 30 * DAY_MS);
    expect(rotationDueAt({ ...credential, expires_at: 1_000 + 90 * DAY_MS })).toBe(1_000 + 10 * DAY_MS);
    expect(rotationDueAt({ ...credential, activated_at: null })).toBeNull();
  });
});

describe('cap RO4 a policy', () => {
  let world: World<MemoryDriver>;
  let controlPlane: ControlPlane;
  let service: EnvironmentProvisioningService;
  let organizationId: string;
  let environmentId: string;
  let logged: Record<string, unknown>[];

  async function begin(kind: 'memory' | 'minted'): Promise<void> {
    world = await openWorld('sqlite', kind);
    logged = [];
    const log = (fields: Record<string, unknown>) => void logged.push(fields);
    controlPlane = await world.open({ logger: { debug: log, info: log, warn: log, error: log } });
    service = controlPlane.service;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    ({ organizationId, id: environmentId } = defaultEnvironment.environment);
  }
  beforeEach(() => begin('memory'));
  afterEach(() => world.close());

  const versions = async (id = environmentId) =>
    (await service.credentials.list(id, ONE_PAGE)).items
      .filter(({ authorization, state }) => authorization === 'full_access' && state === 'active')
      .map(({ version }) => version);

  async function pass(days: number): Promise<void> {
    world.clock.advance(days * DAY_MS);
    // One round to look and begin, and those that it takes.
    for (let round = 0; round < 4; round += 1) await controlPlane.worker.settle();
  }

  it('of an environment replaces its credentials each time the days are over, as the scheduler', async () => {
    await service.environments.update(environmentId, { credentialRotationDays: 30 });
    await pass(26);
    expect(await versions()).toEqual([1]);
    await pass(4.1);
    expect(await versions()).toEqual([2]);
    await pass(30.1);
    expect(await versions()).toEqual([3]);
    const { items } = await service.operations.list({ environmentId }, ONE_PAGE);
    expect(items.filter(({ kind }) => kind === 'credential.rotate').map(({ createdBy }) => createdBy)).toEqual([
      'scheduler',
      'scheduler',
    ]);
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane)).toEqual([]);
  });

  it('of the organization is that of environments that have none; 0 keeps one out of it', async () => {
    const { environment: other } = await service.provisionEnvironment(environmentRequest(organizationId));
    await service.organizations.update(organizationId, { credentialRotationDays: 30 });
    await service.environments.update(other.id, { credentialRotationDays: 0 });
    await pass(31);
    expect([await versions(), await versions(other.id)]).toEqual([[2], [1]]);
    await service.environments.update(other.id, { credentialRotationDays: null });
    await pass(0);
    expect(await versions(other.id)).toEqual([2]);
  });

  it('waits while an environment is suspended, and while the grace of the last rotation runs', async () => {
    await service.environments.update(environmentId, { credentialRotationDays: 1 });
    await service.environments.suspend(environmentId);
    await pass(3);
    expect(await versions()).toEqual([1]);
    await service.environments.resume(environmentId);
    await pass(0);
    expect(await versions()).toEqual([2]);
  });

  it('is kept for who stands behind one that cannot be rotated here, which is said', async () => {
    const { environment: other } = await service.provisionEnvironment(environmentRequest(organizationId));
    await service.organizations.update(organizationId, { credentialRotationDays: 30 });
    const { main } = await world.inspect();
    // The default environment has the lower id and is looked at first.
    await main.write(async (_query, _nowMs, execute) => {
      const driver = "update sys_environment_database set driver = 'elsewhere' where environment_id = ?";
      await execute(driver, [environmentId]);
    });
    await pass(31);
    expect([await versions(), await versions(other.id)]).toEqual([[1], [2]]);
    const skipped = logged.filter(({ event }) => event === 'rotation.skipped');
    const { items } = await service.credentials.list(environmentId, ONE_PAGE);
    const first = items.find(({ authorization }) => authorization === 'full_access');
    expect(skipped.length).toBeGreaterThan(0);
    for (const line of skipped) expect(line).toMatchObject({ credentialId: first?.id, environmentId });
  });

  it('is not needed for what expires', async () => {
    await world.close();
    await begin('minted');
    await pass(31);
    expect(await versions()).toEqual([2]);
  });
});
