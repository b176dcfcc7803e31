import type { ConnectionView } from '@envplane/spec';
import { runWithStockClient, startSqld } from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, cleanUp, newDataDirectory, type RunningService, run, startService } from '../process/service-process.ts';

let server: Awaited<ReturnType<typeof startSqld>>;
let service: RunningService;
beforeAll(async () => {
  server = await startSqld();
  service = await startService(newDataDirectory(), {
    ENVPLANE_LIBSQL_URL: server.url,
    ENVPLANE_LIBSQL_ADMIN_URL: server.adminUrl,
    ENVPLANE_LIBSQL_ADMIN_KEY: server.administrator.reveal(),
  });
  await call(service, 'POST', '/v1/organizations', {
    slug: 'acme',
    displayName: 'Acme',
    ownerUserId: 'ada',
    defaultEnvironment: { driver: 'libsql' },
  });
});
afterAll(async () => {
  await cleanUp();
  await server.stop();
});

const cred = (...args: string[]) =>
  run(['cred', ...args], { ENVPLANE_URL: service.url, ENVPLANE_TOKEN: service.token() });

interface Credential {
  id: string;
  authorization: string;
  version: number;
  state: string;
}
const list = async (): Promise<Credential[]> =>
  JSON.parse((await cred('list', 'acme/prod', '-o', 'json')).stdout).items.filter(
    ({ authorization }: Credential) => authorization === 'full_access',
  );

/** Whether what `cred reveal` printed opens the database. */
const opens = (connection: ConnectionView): Promise<boolean> =>
  runWithStockClient(connection, 'SELECT 1').then(
    () => true,
    () => false,
  );

const reveal = async () => JSON.parse((await cred('reveal', 'acme/prod', '-o', 'json')).stdout);

describe('cred', () => {
  it('cap RO1 list, rotate and reveal: both secrets work in the grace, and no command but reveal prints one', async () => {
    const before = await reveal();
    expect(await opens(before)).toBe(true);
    const rotated = await cred('rotate', 'acme/prod', '--grace-seconds', '600');
    expect(rotated.code).toBe(0);
    expect(rotated.stderr).toContain('stage');
    const listed = await cred('list', 'acme/prod');
    expect(listed.stdout).toMatch(/AUTHORIZATION +VERSION +STATE/);
    expect((await list()).map(({ version, state }) => `${version} ${state}`)).toEqual(['2 active', '1 retiring']);
    const after = await reveal();
    expect(after.secret).not.toBe(before.secret);
    expect(await Promise.all([before, after].map(opens))).toEqual([true, true]);
    for (const { stdout, stderr } of [rotated, listed]) {
      expect(stdout + stderr).not.toContain(before.secret);
      expect(stdout + stderr).not.toContain(after.secret);
    }
  });

  it('cap RO3 an emergency refuses what was handed out before', async () => {
    const before = await reveal();
    expect((await cred('rotate', 'acme/prod', '--urgency', 'emergency')).code).toBe(0);
    expect(await opens(before)).toBe(false);
    expect(await opens(await reveal())).toBe(true);
  });

  it('cap CR4, UX3 revoke asks for the slug in production, and leaves one that works', async () => {
    const before = await reveal();
    const active = (await list()).find(({ state }) => state === 'active');
    const unasked = await cred('revoke', 'acme/prod', active?.id ?? '', '--yes');
    expect(unasked.code).toBe(2);
    expect(await opens(before)).toBe(true);
    expect((await cred('revoke', 'acme/prod', active?.id ?? '', '--yes', '--confirm', 'prod')).code).toBe(0);
    expect(await opens(before)).toBe(false);
    expect(await opens(await reveal())).toBe(true);
  });
});
