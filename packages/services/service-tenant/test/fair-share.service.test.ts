import type { DatabaseAdapter } from '@envplane/spec';
import { expect, it, onTestFinished } from 'vitest';
import { holdAt } from './world/hold.ts';
import { STORES } from './world/stores.ts';
import { environmentRequest, openWorld, organizationRequest } from './world/world.ts';

/** More than one process works on at once. */
const FLOOD = 40;

it.each(STORES)('rel G17 on %s a flood of one organization leaves the next free place to another', async (store) => {
  const world = await openWorld(store);
  onTestFinished(() => world.close());
  const real = world.driver.adapter();
  const begun: string[] = [];
  const waiting: (() => void)[] = [];
  let isHeld = false;
  const held: DatabaseAdapter = {
    ...real,
    createDatabase: async (target, ...rest) => {
      if (isHeld) {
        begun.push(target.environmentId);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return real.createDatabase(target, ...rest);
    },
  };
  const controlPlane = await world.open({ adapters: [held] });
  const { service } = controlPlane;
  const [loud, quiet] = await Promise.all(
    ['loud', 'quiet'].map(async (slug) => {
      const { defaultEnvironment } = await service.provisionOrganization(organizationRequest(slug));
      return defaultEnvironment.environment.organizationId;
    }),
  );

  isHeld = true;
  for (let number = 0; number < FLOOD; number += 1) {
    await service.environments.provision(environmentRequest(loud ?? '', `flood-${number}`));
  }
  await expect.poll(() => begun.length).toBeGreaterThan(1);
  const places = begun.length;
  expect(places).toBeLessThan(FLOOD);
  const { targetId } = await service.environments.provision(environmentRequest(quiet ?? '', 'alone'));
  expect(begun).not.toContain(targetId);
  waiting.shift()?.();
  await expect.poll(() => begun.length).toBe(places + 1);
  expect(begun.at(-1)).toBe(targetId);
  isHeld = false;
  for (const release of waiting) release();
});

it.each(STORES)(
  'P1 on %s what a process accepts it claims with the change, and does while nothing can be looked for',
  async (store) => {
    const world = await openWorld(store, 'memory');
    onTestFinished(() => world.close());
    const hold = holdAt('cp.claim');
    const { service } = await world.open({ effect: hold.effect });
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    hold.arm();
    await hold.reached;
    const { operationId } = await service.credentials.rotate(defaultEnvironment.environment.id);
    expect(await service.operations.wait(operationId ?? '', 10_000)).toMatchObject({ status: 'succeeded' });
    await hold.release();
  },
);
