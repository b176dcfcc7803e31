import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HOSTS } from '@envplane/testkit/hosts';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const plugin = join(root, 'packages/services/control-plane/dist/plugin.js');

/** The built plugin in the application of this example. */
async function start(directory: string, version: string): Promise<{ app: ChildProcess; url: string }> {
  const command = ['--import', 'tsx', 'examples/host-plugin/application.ts', directory, version];
  const app = spawn(process.execPath, command, {
    cwd: root,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void app.kill('SIGKILL'));
  for await (const line of createInterface({ input: app.stdout as NodeJS.ReadableStream })) {
    const url = /^listening on (.+)$/.exec(line)?.[1];
    if (url !== undefined) return { app, url };
  }
  throw new Error('the application ended before it listened');
}

it.each(HOSTS)('notes of an environment are seen in it alone, in a host %s', async (version) => {
  const directory = mkdtempSync(join(tmpdir(), 'envplane-host-plugin-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const { app, url } = await start(directory, version);

  const call = async (user: string, method: string, path: string, body?: object, environmentId?: string) => {
    const headers: Record<string, string> = {
      authorization: `Bearer session-of-${user}`,
      ...(body && { 'content-type': 'application/json' }),
      ...(environmentId !== undefined && { 'x-environment-id': environmentId }),
    };
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: answer.status, body: (await answer.json()) as { id: string } };
  };

  // The socket of some hosts opens after they say that they have started.
  await expect.poll(() => call('ada', 'GET', '/notes').catch(() => null)).toEqual({ status: 200, body: [] });
  expect((await call('ada', 'POST', '/notes', { text: 'in production' })).status).toBe(201);

  const made = await call('ada', 'POST', '/v1/organizations/acme/environments', {
    slug: 'dev',
    envType: 'development',
  });
  expect(made).toMatchObject({ status: 201, body: { status: 'active' } });
  const dev = made.body.id;
  expect((await call('ada', 'POST', '/notes', { text: 'in development' }, dev)).status).toBe(201);
  expect((await call('ada', 'GET', '/notes')).body).toEqual([{ text: 'in production' }]);
  expect((await call('ada', 'GET', '/notes', undefined, dev)).body).toEqual([{ text: 'in development' }]);

  expect((await call('ada', 'PUT', '/v1/me/active-environment', { environmentId: dev })).status).toBe(200);
  expect((await call('ada', 'GET', '/notes')).body).toEqual([{ text: 'in development' }]);
  expect((await call('eve', 'GET', '/notes', undefined, dev)).status).toBe(403);
  expect((await call('eve', 'GET', '/notes')).status).toBe(404);

  refusesWhatThereIsOneOf(new Database(join(directory, 'envplane/control-plane.db')));

  app.kill('SIGTERM');
  expect(await once(app, 'exit')).toEqual([0, null]);
});

/** The tables of the registered objects, and what is unique in each. A second default environment is refused by the database itself. */
function refusesWhatThereIsOneOf(store: Database.Database): void {
  onTestFinished(() => void store.close());
  const unique = (table: string) =>
    store
      .prepare(
        `select group_concat(name, ' ') from (select i.name as "index", c.name from pragma_index_list(?) i, pragma_index_info(i.name) c
         where i."unique" and i.origin = 'c' order by i.name, c.seqno) group by "index"`,
      )
      .pluck()
      .all(table);
  const credential = 'environment_database_id principal authorization';
  expect({
    environment: unique('sys_environment').sort(),
    database: unique('sys_environment_database').sort(),
    credential: unique('sys_database_credential').sort(),
    member: unique('sys_environment_member').sort(),
  }).toEqual({
    environment: ['hostname', 'organization_id', 'organization_id slug'],
    database: [
      'bound_environment_id placement_ordinal',
      'database_name',
      'environment_id',
      'placement_id database_name',
      'placement_id external_uid',
    ],
    // Of the active ones, of the staged ones, and of all.
    credential: [credential, credential, `${credential} version`],
    member: ['environment_id user_id'],
  });
  const second = store.prepare(`update sys_environment set is_default = 1 where slug = 'dev'`);
  expect(() => second.run()).toThrow('UNIQUE constraint failed: sys_environment.organization_id');
}

it('nothing of the plugin keeps a process alive that has stopped it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'envplane-host-plugin-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  // As much of a host as the plugin needs: hosts keep timers of their own.
  const script = `const { createTenantPlugin } = await import(${JSON.stringify(plugin)});
    const quiet = () => undefined;
    const engine = { registerDriver: quiet, getDriverForObject: quiet, registry: { getAllObjects: () => [] } };
    const services = new Map(Object.entries({ manifest: { register: quiet }, objectql: engine }));
    const context = { logger: { debug: quiet, info: quiet, warn: quiet, error: console.error }, getService: (name) => services.get(name),
      registerService: (name, service) => services.set(name, service) };
    const tenant = createTenantPlugin({ dataDirectory: ${JSON.stringify(directory)}, registerLegacyTenantDatabase: false });
    await tenant.init(context);
    await tenant.start(context);
    await services.get('tenant.provisioning').provisionOrganization({ organizationId: 'acme', createdBy: 'ada' });
    await tenant.destroy();
    console.log('stopped');`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 20_000,
  });
  expect(stdout).toBe('stopped\n');
});

it('importing the plugin costs less than 150 ms of CPU', async () => {
  const measure = `const before = process.cpuUsage(); await import(${JSON.stringify(plugin)});
    const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000);`;
  const run = promisify(execFile);
  const measured = await Promise.all(
    [1, 2, 3].map(() => run(process.execPath, ['--input-type=module', '-e', measure])),
  );
  expect(Math.min(...measured.map(({ stdout }) => Number(stdout)))).toBeLessThan(150);
});
