import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import { holdAt } from './world/hold.ts';
import { readRows, violations } from './world/oracle.ts';
import { STORES } from './world/stores.ts';
import {
  environmentRequest,
  finish,
  type MemoryDriver,
  openWorld,
  organizationRequest,
  settle,
  type World,
} from './world/world.ts';

describe.each(STORES)('a provider that mints its secrets, %s store', (store) => {
  let world: World<MemoryDriver>;
  let controlPlane: ControlPlane;

  beforeEach(async () => {
    world = await openWorld(store, 'minted');
  });
  afterEach(async () => {
    await settle(world, controlPlane);
    expect(await violations(world, controlPlane)).toEqual([]);
    await world.close();
  });

  const provision = async () => {
    const { defaultEnvironment } = await controlPlane.service.provisionOrganization(organizationRequest());
    return defaultEnvironment;
  };

  /** The same for each authorization. */
  const credentialsOf = async () => {
    const rows = (await readRows(world)).credentials.sort((a, b) => a.version - b.version);
    const [full, reading] = ['full_access', 'read_only'].map((wanted) =>
      rows.filter(({ authorization }) => authorization === wanted).map(({ state, version }) => `${state} ${version}`),
    );
    expect(full).toEqual(reading);
    return full;
  };

  /** How many secrets the provider accepts for its only database. */
  const accepted = () => [...world.driver.provider.databases.values()].map(({ verifiers }) => verifiers.size);

  it('I2 commits the sealed token with its expiry before anybody logs in with it', async () => {
    const hold = holdAt('me.login');
    hold.arm();
    controlPlane = await world.open({ effect: hold.effect });
    await controlPlane.service.organizations.provision(organizationRequest());
    await hold.reached;
    const [credential] = (await readRows(world)).credentials;
    expect(credential).toMatchObject({ state: 'staged', kind: 'token', enc_format: 1, expires_at: expect.any(Number) });
    expect(credential?.secret_ciphertext).not.toContain('canary');
    await hold.release();
    await settle(world, controlPlane);
    expect(await credentialsOf()).toEqual(['active 1']);
  });

  it('I6 resuming proves the token in use and leaves no second one behind', async () => {
    controlPlane = await world.open();
    const { environment } = await provision();
    await finish(controlPlane.service, controlPlane.service.environments.suspend(environment.id));
    await finish(controlPlane.service, controlPlane.service.environments.resume(environment.id));
    expect(await credentialsOf()).toEqual(['active 1']);
    expect(accepted()).toEqual([2]);
  });

  it('I9 a token that was refused is replaced by the retry', async () => {
    const hold = holdAt('me.login');
    controlPlane = await world.open({ effect: hold.effect });
    const { service } = controlPlane;
    hold.arm();
    const { targetId, operationId } = await service.organizations.provision(organizationRequest());
    await hold.reached;
    for (const { verifiers } of world.driver.provider.databases.values()) verifiers.clear();
    await hold.release();
    expect(await service.operations.wait(operationId ?? '', 30_000)).toMatchObject({
      status: 'failed',
      error: { code: 'unauthorized' },
    });
    const [environment] = (await readRows(world)).environments;
    await service.environments.retry(environment?.id ?? '');
    expect(await service.operations.wait(operationId ?? '', 30_000)).toMatchObject({ status: 'succeeded' });
    expect(await credentialsOf()).toEqual(['failed 1', 'active 2']);
    const [refused] = (await readRows(world)).credentials.filter(({ state }) => state === 'failed');
    expect(refused).toMatchObject({ status: 'revoked', secret_ciphertext: '' });
    expect(targetId).toBe(environment?.organization_id);
  });

  it('I3 a wish that changes while the token is minted leads to one active credential', async () => {
    const hold = holdAt('cp.stage-minted');
    controlPlane = await world.open({ effect: hold.effect });
    const { service } = controlPlane;
    const { environment } = await provision();
    await settle(world, controlPlane);
    hold.arm();
    const { targetId } = await service.environments.provision(environmentRequest(environment.organizationId));
    await hold.reached;
    await service.environments.update(targetId, { storageLimitMb: 3 });
    await hold.release();
    await settle(world, controlPlane);
    expect((await service.environments.get(targetId)).status).toBe('active');
    expect(await credentialsOf()).toEqual(['active 1', 'active 1']);
  });
});
