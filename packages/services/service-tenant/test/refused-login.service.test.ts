import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ControlPlane } from '../src/open-control-plane.ts';
import { finish, type MemoryDriver, openWorld, organizationRequest, type World } from './world/world.ts';

let world: World<MemoryDriver>;
let plane: ControlPlane;
let environmentId: string;
/** What happens when a credential was read, and before somebody logs in with it; once. */
let meanwhile: () => unknown;
/** How often somebody logged in with a credential that the store gave. */
let logins: number;

beforeEach(async () => {
  world = await openWorld('sqlite', 'memory');
  logins = 0;
  meanwhile = () => undefined;
  const adapter = world.driver.adapter();
  plane = await world.open({
    adapters: [
      {
        ...adapter,
        connect: async (...request) => {
          logins += 1;
          const happens = meanwhile;
          meanwhile = () => undefined;
          await happens();
          return adapter.connect(...request);
        },
      },
    ],
  });
  const { defaultEnvironment } = await plane.service.provisionOrganization(organizationRequest());
  environmentId = defaultEnvironment.environment.id;
});
afterEach(() => world.close());

const rotate = () => finish(plane.service, plane.service.credentials.rotate(environmentId, { urgency: 'emergency' }));

it('R5 a credential that is replaced between reading it and logging in is read again, and the caller sees nothing of it', async () => {
  meanwhile = rotate;
  const handle = await plane.service.connect(environmentId);
  expect(await handle.query('SELECT 1')).toHaveLength(1);
  expect(logins).toBe(2);
});

it('R5 a login that is refused although nothing was replaced is not tried again', async () => {
  meanwhile = () => {
    for (const { verifiers } of world.driver.provider.databases.values()) verifiers.clear();
  };
  await expect(plane.service.connect(environmentId)).rejects.toMatchObject({ code: 'unauthorized' });
  expect(logins).toBe(1);
});

it('R5 nor is one of an environment that was suspended meanwhile, and the caller is told that', async () => {
  meanwhile = async () => {
    await rotate();
    await finish(plane.service, plane.service.environments.suspend(environmentId));
    for (const database of world.driver.provider.databases.values()) database.cut = false;
  };
  await expect(plane.service.connect(environmentId)).rejects.toMatchObject({ code: 'environment_not_active' });
  expect(logins).toBe(1);
});
