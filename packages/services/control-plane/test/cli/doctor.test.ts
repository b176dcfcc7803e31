import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlacementView } from '@envplane/spec';
import Database from 'better-sqlite3';
import { afterAll, expect, it } from 'vitest';
import { verdictOf } from '../../src/cli/doctor.ts';
import { call, cleanUp, newDataDirectory, run, startService } from '../process/service-process.ts';

afterAll(cleanUp);

const STORE = ['control-plane.db', 'keys.db'];

interface Check {
  name: string;
  status: string;
  detail: string;
}

it('cap DR4 after a restore the doctor holds what deletes, names what is newer, and lets go when a person has decided', async () => {
  const dataDirectory = newDataDirectory();
  const doctor = async (...options: string[]) => {
    const { code, stdout } = await run(['doctor', ...options, '-o', 'json'], { ENVPLANE_DATA_DIR: dataDirectory });
    const { checks } = JSON.parse(stdout) as { checks: Check[] };
    return { code, checks, of: (name: string) => checks.find((check) => check.name.startsWith(name)) };
  };
  const first = await startService(dataDirectory);
  const organization = { slug: 'acme', displayName: 'Acme', ownerUserId: 'owner' };
  expect((await call(first, 'POST', '/v1/organizations', organization)).status).toBe(201);
  first.kill('SIGTERM');
  await first.ended;
  for (const file of STORE) copyFileSync(join(dataDirectory, file), join(dataDirectory, `${file}.backup`));

  const second = await startService(dataDirectory);
  const environment = { slug: 'newer', envType: 'development' };
  const made = await call(second, 'POST', '/v1/organizations/acme/environments', environment);
  expect(made.status).toBe(201);
  second.kill('SIGTERM');
  await second.ended;
  for (const file of STORE) {
    for (const side of ['-wal', '-shm']) rmSync(join(dataDirectory, file + side), { force: true });
    copyFileSync(join(dataDirectory, `${file}.backup`), join(dataDirectory, file));
  }

  const restored = await doctor('--after-restore');
  expect(restored.code).toBe(7);
  expect(restored.of('hold')).toMatchObject({ status: 'drift', detail: expect.stringContaining('nothing is deleted') });
  expect(restored.of('logins')).toMatchObject({ detail: expect.stringMatching(/^1 databases open; 0 do not/) });
  const [, databaseName = ''] = /^database (\w+)$/.exec(restored.of('database ')?.name ?? '') ?? [];
  expect(restored.of('database ')?.detail).toContain(`envplane inventory adopt sqlite ${databaseName}`);
  // The same without a service, and without saying that anything was restored.
  const looked = await doctor();
  expect(looked.code).toBe(7);
  expect(looked.of(`database ${databaseName}`)).toMatchObject({ status: 'drift' });
  expect(looked.of('store')).toMatchObject({ status: 'ok' });

  const third = await startService(dataDirectory);
  const args = ['inventory', 'adopt', 'sqlite', databaseName, 'acme', '--slug', 'newer'];
  expect(await run(args, { ENVPLANE_DATA_DIR: dataDirectory })).toMatchObject({ code: 0 });
  const healed = await doctor('--after-restore');
  expect(healed.checks.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(healed.of('hold')).toMatchObject({ detail: expect.stringContaining('ended') });
  expect(healed.code).toBe(0);
  const { status, body } = await call(third, 'GET', '/v1/inventory');
  expect({ status, body }).toMatchObject({ status: 200, body: { hold: null, restoreGeneration: 3, quarantined: [] } });

  const id = (await call(third, 'GET', '/v1/organizations/acme/environments')).body.items[0]?.['id'];
  expect((await call(third, 'PATCH', `/v1/environments/${id}`, { storageLimitMb: 1 })).status).toBe(200);
  const { url } = (await call(third, 'POST', `/v1/environments/${id}/connection`, {})).body as unknown as {
    url: string;
  };
  const database = new Database(fileURLToPath(url));
  database.exec('create table blob (bytes blob); insert into blob values (zeroblob(1100000))');
  database.close();
  const full = await doctor();
  expect(full.checks.filter(({ status }) => status !== 'ok')).toMatchObject([
    { name: 'acme/prod', status: 'drift', detail: expect.stringContaining('larger than its limit of 1 MB') },
  ]);
});

it('cap DR1 the doctor says when the clock of a placement differs', () => {
  const found = { ok: true, code: null, detail: null, durationMs: 3, placement: { status: 'ok' } as PlacementView };
  expect(verdictOf({ ...found, clockSkewMs: -30_000 })).toEqual({ status: 'ok', detail: 'ok, 3 ms' });
  expect(verdictOf({ ...found, clockSkewMs: -61_000 })).toEqual({
    status: 'drift',
    detail: 'ok, 3 ms; its clock differs by 61 s',
  });
});

it('cap DR1 the doctor says that there is no store, and makes none', async () => {
  const dataDirectory = newDataDirectory();
  const { stdout, code } = await run(['doctor', '-o', 'json'], { ENVPLANE_DATA_DIR: dataDirectory });
  expect(code).toBe(0);
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  expect(checks.map(({ name }) => name)).not.toContain('store');
});
