import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { call, cleanUp, newDataDirectory, refusedStart, run, startService } from './service-process.ts';

afterEach(cleanUp);

/** A data directory that a service has used and left. */
async function usedDataDirectory(): Promise<string> {
  const dataDirectory = newDataDirectory();
  const service = await startService(dataDirectory);
  service.kill('SIGTERM');
  await service.ended;
  return dataDirectory;
}

describe('the key file', () => {
  const other = JSON.stringify({
    version: 1,
    primary: 'local-other',
    keys: [{ id: 'local-other', createdAt: new Date(0).toISOString(), key: Buffer.alloc(32, 7).toString('base64') }],
  });

  const damages: [what: string, damage: (path: string) => void, told: string][] = [
    ['missing', (path) => rmSync(path), 'missing'],
    ['readable by others', (path) => chmodSync(path, 0o644), 'open to other users'],
    ['another one', (path) => writeFileSync(path, other), 'not in the key file'],
    ['malformed', (path) => writeFileSync(path, '{'), 'malformed'],
    [
      'a link',
      (path) => {
        renameSync(path, `${path}.real`);
        symlinkSync(`${path}.real`, path);
      },
      'not a regular file',
    ],
  ];

  it('sec S23 a store with data keys does not start when it is missing, open, another one, malformed or a link', async () => {
    const dataDirectory = await usedDataDirectory();
    const path = join(dataDirectory, 'local-key.json');
    const original = readFileSync(path);
    for (const [what, damage, told] of damages) {
      damage(path);
      const { code, stdout, stderr } = await refusedStart(dataDirectory);
      expect({ code, stdout, stderr }, what).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining(told) });
      rmSync(path, { force: true });
      writeFileSync(path, original, { mode: 0o600 });
    }
    const restored = await startService(dataDirectory);
    expect((await call(restored, 'GET', '/readyz')).status).toBe(200);
  });
});

describe('the administrator token', () => {
  it('sec S25 a variable replaces the token of the file, which is not written', async () => {
    const dataDirectory = await usedDataDirectory();
    const old = readFileSync(join(dataDirectory, 'admin-token'), 'utf8');
    const chosen = 'a-token-that-was-chosen-by-an-operator';
    const service = await startService(dataDirectory, { ENVPLANE_ADMIN_TOKEN: chosen });
    const status = async (token: string) =>
      (await fetch(`${service.url}/v1/organizations`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await status(chosen)).toBe(200);
    expect(await status(old.trim())).toBe(401);
    expect(await status(`${chosen}x`)).toBe(401);
    expect(readFileSync(join(dataDirectory, 'admin-token'), 'utf8')).toBe(old);
  });

  it('sec S25 with the variable set from the first start there is no file', async () => {
    const service = await startService(newDataDirectory(), {
      ENVPLANE_ADMIN_TOKEN: 'a-token-that-was-chosen-by-an-operator',
    });
    expect(existsSync(join(service.dataDirectory, 'admin-token'))).toBe(false);
  });

  it('is not taken from a file that others can read', async () => {
    const dataDirectory = await usedDataDirectory();
    chmodSync(join(dataDirectory, 'admin-token'), 0o644);
    const { code, stderr } = await refusedStart(dataDirectory);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('chmod it to 0600') });
  });
});

describe('the data directory', () => {
  it('sec S41 has one service; the second one names the first and does not start', async () => {
    const first = await startService(newDataDirectory());
    const { code, stdout, stderr } = await refusedStart(first.dataDirectory);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`in use by process ${first.pid}`),
    });
    expect((await call(first, 'GET', '/readyz')).status).toBe(200);
  });

  it('sec S41 is free again after a stop, with nothing of the lock left behind', async () => {
    const dataDirectory = await usedDataDirectory();
    expect(readdirSync(dataDirectory).filter((name) => name.includes('lock'))).toEqual([]);
  });

  it('sec S41 of several that start at once exactly one gets it', async () => {
    const dataDirectory = await usedDataDirectory();
    const starts = await Promise.allSettled(Array.from({ length: 4 }, () => startService(dataDirectory)));
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each([
    ['was killed', (_pid: number) => undefined],
    ['had a pid that is somebody else’s now', () => `${process.pid} 1`],
  ])('sec S41 is taken over from a service that %s', async (_case, owner) => {
    const first = await startService(newDataDirectory());
    first.kill('SIGKILL');
    await first.ended;
    const lock = join(first.dataDirectory, 'service.lock');
    expect(existsSync(lock)).toBe(true);
    const rewritten = owner(first.pid);
    if (rewritten !== undefined) writeFileSync(join(lock, 'owner'), rewritten);
    const second = await startService(first.dataDirectory);
    expect(readFileSync(join(lock, 'owner'), 'utf8')).toMatch(new RegExp(`^${second.pid} `));
  });

  it('sec S41 is closed when it was open, and refused when everybody could write to it', async () => {
    const open = newDataDirectory();
    mkdirSync(open, { mode: 0o755 });
    await startService(open);
    const { stdout } = await run(['doctor', '-o', 'json'], { ENVPLANE_DATA_DIR: open });
    expect(JSON.parse(stdout).checks).toContainEqual({ name: 'data directory', status: 'ok', detail: open });

    const shared = newDataDirectory();
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    expect(await refusedStart(shared)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Everybody can write'),
    });
  });
});
