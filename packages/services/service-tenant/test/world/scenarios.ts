import { expect } from 'vitest';
import type { EnvironmentProvisioningService } from '../../src/service.ts';
import { findRow } from '../../src/store/transaction.ts';
import { MemoryDriver } from './drivers.ts';
import type { Scenario } from './enumerate.ts';
import type { MemoryProvider } from './memory-provider.ts';
import { readRows } from './oracle.ts';
import { environmentRequest, finish, organizationRequest, readNotes, type World, writeNote } from './world.ts';

/** The client's key: the same in every repetition. */
const KEY = { idempotencyKey: 'the-same-key' };

/** An organization whose default environment has a note in it. */
async function withOrganization(world: World, service: EnvironmentProvisioningService): Promise<string> {
  const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
  await writeNote(world, defaultEnvironment.environment.id);
  return defaultEnvironment.environment.id;
}

async function statusOf(service: EnvironmentProvisioningService, environmentId: string): Promise<string> {
  return (await service.environments.get(environmentId)).status;
}

/** Nobody gets in now, whatever they hold. */
async function expectShut(service: EnvironmentProvisioningService, environmentId: string): Promise<void> {
  await expect(service.connect(environmentId)).rejects.toMatchObject({ code: 'environment_not_active' });
}

async function expectIntact(world: World, environmentId: string): Promise<void> {
  expect(await readNotes(world, environmentId)).toEqual([environmentId]);
}

export const createOrganization: Scenario = {
  title: 'create an organization',
  drivers: ['sqlite', 'memory'],
  prepare: async () => '',
  act: (service) => service.organizations.provision({ ...organizationRequest(), ...KEY }),
  verify: async (world) => {
    const { organizations, environments, databases } = await readRows(world);
    expect(organizations.map(({ slug }) => slug)).toEqual(['acme']);
    expect(environments.map(({ slug, status, is_default }) => [slug, status, is_default])).toEqual([
      ['prod', 'active', true],
    ]);
    expect(databases).toHaveLength(1);
  },
};

export const createEnvironment: Scenario = {
  title: 'create an environment',
  drivers: ['sqlite', 'memory'],
  prepare: withOrganization,
  act: (service) => service.environments.provision({ ...environmentRequest('acme'), ...KEY }),
  verify: async (world, _service, environmentId) => {
    const { environments } = await readRows(world);
    expect(environments.map(({ slug, status }) => [slug, status]).sort()).toEqual([
      ['dev', 'active'],
      ['prod', 'active'],
    ]);
    await expectIntact(world, environmentId);
  },
};

export const suspend: Scenario = {
  title: 'suspend',
  drivers: ['sqlite', 'memory'],
  prepare: withOrganization,
  act: (service, environmentId) => service.environments.suspend(environmentId, KEY),
  verify: async (_world, service, environmentId) => {
    expect(await statusOf(service, environmentId)).toBe('suspended');
    await expectShut(service, environmentId);
  },
};

export const resume: Scenario = {
  title: 'resume',
  drivers: ['sqlite', 'memory'],
  prepare: async (world, service) => {
    const environmentId = await withOrganization(world, service);
    await finish(service, service.environments.suspend(environmentId));
    return environmentId;
  },
  act: (service, environmentId) => service.environments.resume(environmentId, KEY),
  verify: async (world, service, environmentId) => {
    expect(await statusOf(service, environmentId)).toBe('active');
    await expectIntact(world, environmentId);
  },
};

export const archive: Scenario = {
  title: 'archive',
  drivers: ['sqlite', 'memory'],
  prepare: withOrganization,
  act: (service, environmentId) => service.environments.archive(environmentId, KEY),
  verify: async (_world, service, environmentId) => {
    expect(await statusOf(service, environmentId)).toBe('archived');
    await expectShut(service, environmentId);
  },
};

const withArchived: Scenario['prepare'] = async (world, service) => {
  const environmentId = await withOrganization(world, service);
  await finish(service, service.environments.archive(environmentId));
  return environmentId;
};

export const restore: Scenario = {
  title: 'restore',
  drivers: ['sqlite', 'memory'],
  prepare: withArchived,
  act: (service, environmentId) => service.environments.restore(environmentId, KEY),
  verify: async (world, service, environmentId) => {
    expect(await statusOf(service, environmentId)).toBe('active');
    await expectIntact(world, environmentId);
  },
};

const purgeOf = (title: string, prepare: Scenario['prepare']): Scenario => ({
  title,
  drivers: ['sqlite', 'memory'],
  prepare,
  act: (service, environmentId) => service.environments.purge(environmentId, { confirm: 'prod' }, KEY),
  verify: async (world, service, environmentId) => {
    await expect(service.environments.get(environmentId)).rejects.toMatchObject({ code: 'not_found' });
    expect(await world.survey()).toEqual([]);
    const { environments, databases, credentials, keys } = await readRows(world);
    expect([...environments, ...databases, ...credentials]).toEqual([]);
    expect(keys.map((key) => key.environment_id)).not.toContain(environmentId);
  },
});

export const purge = purgeOf('purge a live environment', withOrganization);
export const purgeArchived = purgeOf('purge an archived environment', withArchived);

const copyOf = (schemaOnly: boolean): Scenario => ({
  title: schemaOnly ? 'copy the schema' : 'copy',
  drivers: ['sqlite', 'memory'],
  prepare: withOrganization,
  act: (service, environmentId) =>
    service.environments.copy(environmentId, { slug: 'copy', envType: 'test', schemaOnly }, KEY),
  verify: async (world, _service, environmentId) => {
    const { environments } = await readRows(world);
    expect(environments.map(({ slug, status }) => [slug, status]).sort()).toEqual([
      ['copy', 'active'],
      ['prod', 'active'],
    ]);
    const copied = environments.find(({ slug }) => slug === 'copy');
    expect(await readNotes(world, copied?.id ?? '')).toEqual(schemaOnly ? [] : [environmentId]);
    await expectIntact(world, environmentId);
  },
});

export const copy = copyOf(false);
export const copySchema = copyOf(true);

/** The provider chooses the secret; a second one comes with the resumption only if the first was lost. */
export const createMinted: Scenario = {
  ...createEnvironment,
  title: 'create with a minted secret',
  drivers: ['minted'],
};
export const resumeMinted: Scenario = { ...resume, title: 'resume with a minted secret', drivers: ['minted'] };

/** Each authorization has a credential that nobody knew before; what was in the database is still there. */
async function expectReplaced(world: World, environmentId: string): Promise<void> {
  const { credentials, environments } = await readRows(world);
  const active = credentials.filter(({ state }) => state === 'active');
  expect(active.map(({ authorization, version }) => [authorization, version]).sort()).toEqual([
    ['full_access', 2],
    ['read_only', 2],
  ]);
  expect(environments.map(({ status }) => status)).toEqual(['active']);
  await expectIntact(world, environmentId);
}

export const rotate: Scenario = {
  title: 'rotate',
  drivers: ['memory', 'minted'],
  prepare: withOrganization,
  act: (service, environmentId) => service.credentials.rotate(environmentId, {}, KEY),
  verify: (world, _service, environmentId) => expectReplaced(world, environmentId),
};

export const rotateInEmergency: Scenario = {
  title: 'rotate in an emergency',
  drivers: ['memory', 'minted'],
  prepare: withOrganization,
  act: (service, environmentId) => service.credentials.rotate(environmentId, { urgency: 'emergency' }, KEY),
  verify: (world, _service, environmentId) => expectReplaced(world, environmentId),
};

/** A placement whose administrator is sealed in the store. */
export const rotateAdministrator: Scenario = {
  title: 'replace an administrator',
  drivers: ['memory'],
  prepare: async (world, service) => {
    memoryOf(world).servers.set('a', { identity: 'a', administrator: 'canary-first', refusal: null });
    const body = { name: 'a', driver: 'memory', settings: { address: 'a' }, administrator: 'canary-first' };
    const { targetId } = await service.placements.create(body);
    return targetId;
  },
  act: (service, placementId) => service.placements.rotateAdministrator(placementId, { urgency: 'emergency' }, KEY),
  verify: async (world, service, placementId) => {
    const server = memoryOf(world).servers.get('a');
    expect(server?.administrator).toMatch(/^canary-administrator-/);
    expect(server?.ended).toBeGreaterThan(0);
    expect(await service.placements.check(placementId)).toMatchObject({ ok: true });
    const { main } = await world.inspect();
    const row = await findRow(main, 'sys_placement', { id: placementId });
    expect(row).toMatchObject({ next_administrator_ciphertext: null, rotation_operation_id: null });
  },
};

function memoryOf(world: World): MemoryProvider {
  if (!(world.driver instanceof MemoryDriver)) throw new TypeError('only the provider in memory has such servers');
  return world.driver.provider;
}

const creatingAt = (title: string, trouble: (provider: MemoryProvider) => void, status: string): Scenario => ({
  title,
  drivers: ['memory'],
  prepare: async (world, service) => {
    const environmentId = await withOrganization(world, service);
    trouble(memoryOf(world));
    return environmentId;
  },
  act: createEnvironment.act,
  verify: async (world) => {
    const { environments, operations } = await readRows(world);
    expect(environments.find(({ slug }) => slug === 'dev')).toMatchObject({ status });
    const inOrder = operations.sort((a, b) => a.created_at - b.created_at || a.id.localeCompare(b.id));
    expect(inOrder.map((operation) => [operation.status, operation.error?.code ?? null])).toEqual([
      ['succeeded', null],
      status === 'failed' ? ['failed', 'quota_exceeded'] : ['succeeded', null],
    ]);
  },
});

export const createRefused = creatingAt(
  'create where the provider is full',
  (provider) => {
    provider.refusal = 'quota_exceeded';
  },
  'failed',
);

export const createUnreachable = creatingAt(
  'create where the provider answers late',
  (provider) => {
    provider.refusals.push('unavailable', 'rate_limited');
  },
  'active',
);

export const rotateEncryptionKey: Scenario = {
  title: 'rotate the key-encryption key',
  drivers: ['memory'],
  prepare: withOrganization,
  act: (service) => service.encryptionKeys.rotate(KEY),
  verify: async (world, service, environmentId) => {
    const [current, ...older] = await service.encryptionKeys.list();
    expect(current).toMatchObject({ encryptor: 'local', current: true });
    expect(older).toEqual([]);
    expect(current?.dataKeys).toBe((await readRows(world)).keys.length + 1);
    await expectIntact(world, environmentId);
  },
};
