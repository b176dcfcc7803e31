import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import {
  call,
  cleanUp,
  newDataDirectory,
  type RunningService,
  refusedStart,
  root,
  run,
  startService,
} from './service-process.ts';

afterEach(cleanUp);

const databases = (dataDirectory: string) =>
  readdirSync(join(dataDirectory, 'environments'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.db'),
  );

async function environmentsOf(service: RunningService): Promise<{ id: string; slug: string; status: string }[]> {
  return (await call(service, 'GET', '/v1/organizations/acme/environments')).body.items;
}

async function stop(service: RunningService): Promise<void> {
  service.kill('SIGTERM');
  expect(await service.ended).toMatchObject({ code: 0, signal: null });
}

const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** Matches what a document shows: ids, addresses and durations may be others, and `…` stands for anything. */
function likeness(shown: string): RegExp {
  const variable = /(file:\S+|http:\S+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+ ms|\d+\.\d+ s|…)/;
  const parts = shown.split(variable).map((part) => {
    if (part === '…') return '[^]*';
    if (/^(file|http):/.test(part)) return `${part.slice(0, 5)}\\S+`;
    if (/ m?s$/.test(part)) return part.replace(/[\d.]+/, '[\\d.]+');
    return variable.test(part) ? '[0-9a-f-]{36}' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}\\s*$`);
}

describe('dev', () => {
  it('cap UX1 a first start makes one organization with two environments, each with a database file', async () => {
    const service = await startService(newDataDirectory(), {}, 'dev');
    const { stdout, stderr } = service.output();
    expect(stdout).toBe(`envplane listening on ${service.url}\n`);
    expect(stderr).toContain(join(service.dataDirectory, 'admin-token'));
    expect((await call(service, 'GET', '/v1/organizations')).body.items).toMatchObject([
      { slug: 'acme', displayName: 'Acme' },
    ]);
    expect(await environmentsOf(service)).toMatchObject([
      { slug: 'prod', envType: 'production', isDefault: true, status: 'active' },
      { slug: 'dev', envType: 'development', isDefault: false, status: 'active' },
    ]);
    expect(databases(service.dataDirectory)).toHaveLength(2);
  });

  it('cap UX1 the three commands it suggests work as they stand, and print what the README shows', async () => {
    const service = await startService(newDataDirectory(), {}, 'dev');
    const suggested = /Try next:\n([\s\S]*?)\n\n/.exec(service.output().stderr)?.[1]?.split('\n') ?? [];
    const shown = [...readme.matchAll(/^\$ \.\/envplane (.+)\n([\s\S]+?)\n(?=\n|```)/gm)];
    expect(suggested).toHaveLength(3);
    for (const [index, command] of suggested.entries()) {
      const [, line = '', output = ''] = shown[index] ?? [];
      expect(command).toContain(line);
      const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command.trim()], {
        cwd: root,
        env: { PATH: process.env['PATH'] },
      });
      expect(stderr + stdout).toMatch(likeness(output));
    }
    expect((await environmentsOf(service)).map(({ slug }) => slug)).toEqual(['prod', 'dev', 'staging']);
  });

  it('a second start changes nothing', async () => {
    const dataDirectory = newDataDirectory();
    const first = await startService(dataDirectory, {}, 'dev');
    const before = await environmentsOf(first);
    const token = first.token();
    await stop(first);
    const again = await startService(dataDirectory, {}, 'dev');
    expect(await environmentsOf(again)).toEqual(before);
    expect(again.token()).toBe(token);
    expect(databases(dataDirectory)).toHaveLength(2);
  });

  it('completes a first start that died half-way', async () => {
    const dataDirectory = newDataDirectory();
    await expect(
      startService(dataDirectory, { ENVPLANE_FAILPOINTS: 'cp.accept=crash-before@2' }, 'dev'),
    ).rejects.toThrow();
    const service = await startService(dataDirectory, {}, 'dev');
    expect((await environmentsOf(service)).map(({ slug, status }) => [slug, status])).toEqual([
      ['prod', 'active'],
      ['dev', 'active'],
    ]);
  });

  it('does not bring back what was removed on purpose', async () => {
    const dataDirectory = newDataDirectory();
    const first = await startService(dataDirectory, {}, 'dev');
    const dev = (await environmentsOf(first)).find(({ slug }) => slug === 'dev');
    expect(await call(first, 'POST', `/v1/environments/${dev?.id}/purge`, { confirm: 'dev' })).toMatchObject({
      status: 200,
    });
    await stop(first);
    const second = await startService(dataDirectory, {}, 'dev');
    expect((await environmentsOf(second)).map(({ slug }) => slug)).toEqual(['prod']);
  });
});

describe('serve', () => {
  it('cap OP4 makes an empty service whose files only their owner can read', async () => {
    const service = await startService(newDataDirectory());
    expect(service.output().stdout).toBe(`envplane listening on ${service.url}\n`);
    expect((await call(service, 'GET', '/v1/organizations')).body.items).toEqual([]);
    const mode = (name: string) => statSync(join(service.dataDirectory, name)).mode & 0o777;
    expect(mode('.')).toBe(0o700);
    for (const file of ['admin-token', 'local-key.json', 'control-plane.db', 'keys.db']) expect(mode(file)).toBe(0o600);
  });

  it('says in one line which setting is wrong, and does not start', async () => {
    const cases: [Record<string, string>, RegExp][] = [
      [{ ENVPLANE_PROT: '1' }, /^error: ENVPLANE_PROT is not a setting/],
      [{ ENVPLANE_PORT: '99999' }, /^error: ENVPLANE_PORT must be a port/],
      [{ ENVPLANE_DEFAULT_DRIVER: 'mysql' }, /^error: ENVPLANE_DEFAULT_DRIVER must be one of.* sqlite/],
      [
        { ENVPLANE_FAILPOINTS: 'cp.accept=crash-before', NODE_ENV: 'production' },
        /^error: ENVPLANE_FAILPOINTS is for tests/,
      ],
      [{ ENVPLANE_FAILPOINTS: 'cp.acept=crash-before' }, /^error: ENVPLANE_FAILPOINTS names no failpoint/],
    ];
    for (const [variables, message] of cases) {
      const { code, stdout, stderr } = await refusedStart(newDataDirectory(), variables);
      expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, stdout: '', lines: 1 });
      expect(stderr).toMatch(message);
    }
  });

  it('says so when the address is taken, and releases the data directory', async () => {
    const first = await startService(newDataDirectory());
    const dataDirectory = newDataDirectory();
    const port = new URL(first.url).port;
    const { code, stderr } = await refusedStart(dataDirectory, { ENVPLANE_PORT: port });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('EADDRINUSE') });
    expect(readdirSync(dataDirectory).filter((name) => name.startsWith('service.lock'))).toEqual([]);
  });
});

it('help and version end with 0, wrong usage with 2 and a suggestion', async () => {
  const [help, version, flag, verb, none] = await Promise.all(
    [['--help'], ['--version'], ['env', 'list', 'acme', '--limt', '3'], ['env', 'creat'], ['env']].map((args) =>
      run(args),
    ),
  );
  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('serve'), stderr: '' });
  expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect(flag).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--limit') });
  expect(verb).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('create') });
  expect(none).toMatchObject({ code: 2, stdout: '' });
});
