import { Secret } from '@envplane/spec';
import { expect, it, onTestFinished, vi } from 'vitest';
import { violations } from './world/oracle.ts';
import { begin, controlPlane, environmentId, list, service, world } from './world/rotating.ts';
import { settle } from './world/world.ts';

const sealing = vi.hoisted(() => ({ isWrong: false }));
vi.mock('../src/secrets/sealing.ts', async (importOriginal) => {
  const { seal, ...rest } = await importOriginal<typeof import('../src/secrets/sealing.ts')>();
  const sealed: typeof seal = (secret, ...more) =>
    seal(sealing.isWrong ? new Secret(`not ${secret.reveal()}`) : secret, ...more);
  return { ...rest, seal: sealed };
});

it('I6 a secret is not the one to use unless it is what the store opens to', async () => {
  await begin();
  onTestFinished(() => world.close());
  const [before] = await list();
  sealing.isWrong = true;
  await service.credentials.rotate(environmentId);
  await controlPlane.worker.settle();
  sealing.isWrong = false;
  expect((await list()).filter(({ status }) => status === 'active')).toContainEqual(before);
  // What is stored is set then, and that is the one that works.
  await settle(world, controlPlane);
  expect(await violations(world, controlPlane)).toEqual([]);
});
