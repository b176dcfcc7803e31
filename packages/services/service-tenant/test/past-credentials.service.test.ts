import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { transact } from '../src/store/transaction.ts';
import { credentialsOf } from '../src/store/work.ts';
import { readRows, violations } from './world/oracle.ts';
import { finish, type MemoryDriver, openWorld, organizationRequest, settle, type World } from './world/world.ts';

let world: World<MemoryDriver>;
afterEach(() => world.close());

it.each(['sqlite', 'postgres'] as const)(
  'who works on a database reads what is still of use of its credentials, however many there were (%s store)',
  async (store) => {
    world = await openWorld(store, 'memory');
    const controlPlane = await world.open();
    const { service } = controlPlane;
    const { defaultEnvironment } = await service.provisionOrganization(organizationRequest());
    const { id: environmentId } = defaultEnvironment.environment;
    for (let round = 0; round < 4; round += 1) {
      await finish(service, service.credentials.rotate(environmentId, { graceSeconds: 0 }));
      await settle(world, controlPlane);
      world.clock.advance(16 * 60_000);
      await settle(world, controlPlane);
    }
    // The last of its authorization is one that is over.
    await controlPlane.close();
    const failing = await world.open();
    world.driver.provider.refusals.push('invalid_request');
    await finish(failing.service, failing.service.credentials.rotate(environmentId)).catch(() => undefined);
    await settle(world, failing);
    const { credentials, databases } = await readRows(world);
    const { main } = await world.inspect();
    const read = await transact(main, (tx) => credentialsOf(tx, databases[0]?.id ?? ''));
    expect(credentials).toHaveLength(12);
    const seen = read.filter(({ drain_at: drainAt }) => drainAt === null).map((row) => [row.version, row.state]);
    expect(seen).toEqual([5, 5, 6, 6].map((version) => [version, version === 5 ? 'active' : 'failed']));

    const oldest = credentials.find(({ version }) => version === 1);
    const revoke = (id: string) => failing.service.credentials.revoke(environmentId, id);
    expect(await revoke(oldest?.id ?? '')).toMatchObject({ operationId: null });
    await expect(revoke(randomUUID())).rejects.toMatchObject({ code: 'not_found' });
    expect(await violations(world, failing)).toEqual([]);
  },
);
