import { existsSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { call, cleanUp, newDataDirectory, startService, until } from './service-process.ts';

afterEach(cleanUp);

const organization = { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' };

it('cap OP4 SIGTERM lets the request under way finish, then the process ends with 0', async () => {
  const dataDirectory = newDataDirectory();
  const service = await startService(dataDirectory, { ENVPLANE_FAILPOINTS: 'sq.tmp=delay' });
  const answer = call(service, 'POST', '/v1/organizations', organization, { prefer: 'wait=30' });
  await until(
    'the work is under way',
    async () => (await call(service, 'GET', '/v1/operations')).body.items.length === 1,
  );
  service.kill('SIGTERM');
  const { status } = await answer;
  expect([201, 202]).toContain(status);
  expect(await service.ended).toMatchObject({ code: 0, signal: null });
  expect(existsSync(`${dataDirectory}/service.lock`)).toBe(false);

  const again = await startService(dataDirectory);
  const settled = await until('the work is done', async () => {
    const [environment] = (await call(again, 'GET', '/v1/organizations/acme/environments')).body.items;
    return environment?.status === 'active' && environment;
  });
  expect(settled).toMatchObject({ slug: 'prod', status: 'active' });
});

it('cap OP4 an idle service ends at once although clients keep connections open', async () => {
  const service = await startService(newDataDirectory());
  // fetch keeps the connection for a next request.
  await call(service, 'GET', '/livez');
  const asked = performance.now();
  service.kill('SIGINT');
  expect(await service.ended).toMatchObject({ code: 0, signal: null });
  expect(performance.now() - asked).toBeLessThan(4_000);
});

it.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('a second %s ends the process at once', async (signal, code) => {
  const service = await startService(newDataDirectory(), { ENVPLANE_FAILPOINTS: 'sq.tmp=hang' });
  await call(service, 'POST', '/v1/organizations', organization, { prefer: 'respond-async' });
  service.kill(signal);
  await until('it is stopping', async () => service.output().stderr.includes('service.stopping'));
  service.kill(signal);
  expect(await service.ended).toMatchObject({ code, signal: null });
});

it('a request that was cut by SIGKILL is known to the next start', async () => {
  const dataDirectory = newDataDirectory();
  const service = await startService(dataDirectory, { ENVPLANE_FAILPOINTS: 'sq.link=crash-after' });
  await expect(call(service, 'POST', '/v1/organizations', organization)).rejects.toThrow();
  expect(await service.ended).toMatchObject({ signal: 'SIGKILL' });

  const again = await startService(dataDirectory);
  const operation = await until(
    'the operation is known',
    async () => (await call(again, 'GET', '/v1/operations')).body.items[0],
  );
  expect(operation).toMatchObject({ kind: 'organization.provision' });
});
