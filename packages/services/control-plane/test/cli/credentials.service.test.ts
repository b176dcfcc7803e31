import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionView } from '@envplane/spec';
import { isLetIn, startPostgres, startSqld } from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, cleanUp, newDataDirectory, type RunningService, run, startService } from '../process/service-process.ts';

let server: Awaited<ReturnType<typeof startSqld>>;
let cluster: Awaited<ReturnType<typeof startPostgres>>;
let service: RunningService;
beforeAll(async () => {
  [server, cluster] = await Promise.all([startSqld(), startPostgres()]);
  service = await startService(newDataDirectory(), {
    ENVPLANE_POSTGRES_ADMIN_URL: cluster.adminUrl,
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
  const wish = { slug: 'dev', envType: 'development', driver: 'postgres' };
  await call(service, 'POST', '/v1/organizations/acme/environments', wish, { prefer: 'wait=30' });
});
afterAll(async () => {
  await cleanUp();
  await Promise.all([server.stop(), cluster.stop()]);
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

const reveal = async (): Promise<ConnectionView> =>
  JSON.parse((await cred('reveal', 'acme/prod', '-o', 'json')).stdout);

describe('cred', () => {
  it('cap RO1 list, rotate and reveal: both secrets work in the grace, and no command but reveal prints one', async () => {
    const before = await reveal();
    expect(await isLetIn(before)).toBe(true);
    const rotated = await cred('rotate', 'acme/prod', '--grace-seconds', '600');
    expect(rotated.code).toBe(0);
    expect(rotated.stderr).toContain('stage');
    const listed = await cred('list', 'acme/prod');
    expect(listed.stdout).toMatch(/AUTHORIZATION +VERSION +STATE/);
    expect((await list()).map(({ version, state }) => `${version} ${state}`)).toEqual(['2 active', '1 retiring']);
    const after = await reveal();
    expect(after.secret).not.toBe(before.secret);
    expect(await Promise.all([before, after].map((each) => isLetIn(each)))).toEqual([true, true]);
    for (const { stdout, stderr } of [rotated, listed]) {
      expect(stdout + stderr).not.toContain(before.secret);
      expect(stdout + stderr).not.toContain(after.secret);
    }
  });

  it('cap RO3 an emergency refuses what was handed out before', async () => {
    const before = await reveal();
    expect((await cred('rotate', 'acme/prod', '--urgency', 'emergency')).code).toBe(0);
    expect(await isLetIn(before)).toBe(false);
    expect(await isLetIn(await reveal())).toBe(true);
  });

  it('cap CR4, UX3 revoke asks for the slug in production, and leaves one that works', async () => {
    const before = await reveal();
    const active = (await list()).find(({ state }) => state === 'active');
    const unasked = await cred('revoke', 'acme/prod', active?.id ?? '', '--yes');
    expect(unasked.code).toBe(2);
    expect(await isLetIn(before)).toBe(true);
    expect((await cred('revoke', 'acme/prod', active?.id ?? '', '--yes', '--confirm', 'prod')).code).toBe(0);
    expect(await isLetIn(before)).toBe(false);
    expect(await isLetIn(await reveal())).toBe(true);
  });
});

describe('a secret touches no disk', () => {
  /** Where a command could leave something: its home, its working directory, the directory of temporary files. */
  const places = { HOME: 'home', TMPDIR: 'tmp', CWD: 'cwd' };
  let root: string;
  let variables: Record<string, string>;
  beforeAll(() => {
    root = newDataDirectory();
    for (const name of Object.values(places)) mkdirSync(join(root, name), { recursive: true });
    const { HOME, TMPDIR } = places;
    variables = {
      ...{ ENVPLANE_URL: service.url, ENVPLANE_TOKEN: service.token() },
      ...{ HOME: join(root, HOME), TMPDIR: join(root, TMPDIR), SEARCHED: root },
    };
  });

  const env = (...args: string[]) => run(['env', ...args], variables, join(root, places.CWD));
  const holding = (secret: string) =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path, 'latin1').includes(secret));

  /** Looks for its own password while the command that started it is there: in files, and in what that was started with. */
  const LOOK = `
    const { readdirSync, readFileSync } = require('node:fs');
    const files = readdirSync(process.env.SEARCHED, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    const paths = [...files.map((each) => each.parentPath + '/' + each.name), '/proc/' + process.ppid + '/cmdline'];
    const { PGPASSWORD, PGUSER, PGHOST, DATABASE_URL } = process.env;
    const found = paths.filter((path) => readFileSync(path, 'latin1').includes(PGPASSWORD));
    console.log(JSON.stringify({ PGPASSWORD, PGUSER, PGHOST, DATABASE_URL, found }));`;

  it('sec S29 cap UX4 while exec runs a command, and afterwards', async () => {
    const ran = await env('exec', 'acme/dev', '--', process.execPath, '-e', LOOK);
    expect(ran.code).toBe(0);
    const { found, PGPASSWORD: secret, PGUSER: user, DATABASE_URL: url } = JSON.parse(ran.stdout);
    expect(await isLetIn({ driver: 'postgres', url, user, secret, namespace: null })).toBe(true);
    expect(found).toEqual([]);
    expect(holding(secret)).toEqual([]);
    expect(ran.stderr).not.toContain(secret);
  });

  it('sec S29 cap UX4 with pull, but in the file that is asked for, which is private; connect calls everything the same', async () => {
    const printed = await env('pull', 'acme/dev');
    const secret = /^PGPASSWORD=(.+)$/m.exec(printed.stdout)?.[1] ?? '';
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(holding(secret)).toEqual([]);
    const shown = await env('connect', 'acme/dev', '-o', 'env', '--show');
    const named = (text: string) => text.match(/^DATABASE_(URL|USER|SECRET)=.*$/gm);
    expect(named(shown.stdout)).toHaveLength(3);
    expect(named(shown.stdout)?.sort()).toEqual(named(printed.stdout)?.sort());
    expect(holding(secret)).toEqual([]);
    const file = join(root, places.CWD, '.env.local');
    const written = await env('pull', 'acme/dev', '--file', file);
    expect(written.stdout + written.stderr).not.toContain(secret);
    expect(holding(secret)).toEqual([file]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
