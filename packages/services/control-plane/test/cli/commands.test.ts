import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { contractCommands } from '../../src/cli/contract.ts';
import { contract } from '../../src/http/app.ts';
import {
  call,
  cleanUp,
  type Finished,
  newDataDirectory,
  type RunningService,
  run,
  runInBackground,
  startService,
  until,
} from '../process/service-process.ts';

let service: RunningService;
beforeAll(async () => {
  // Slow enough that work is seen under way, fast enough to wait for.
  service = await startService(newDataDirectory(), { ENVPLANE_FAILPOINTS: 'sq.tmp=delay' }, 'dev');
});
afterAll(cleanUp);

const envplane = (...args: string[]): Promise<Finished> => run(args, { ENVPLANE_DATA_DIR: service.dataDirectory });

describe('output', () => {
  it('cap UX2 a list is a table, JSON as the API gives it, or YAML; all on stdout', async () => {
    const [table, json, yaml] = await Promise.all(
      ['table', 'json', 'yaml'].map((format) => envplane('env', 'list', 'acme', '-o', format)),
    );
    const { body } = await call(service, 'GET', '/v1/organizations/acme/environments');
    expect(table?.stdout.split('\n')[0]).toMatch(/^SLUG +TYPE +STATUS +DEFAULT +DRIVER +ID$/);
    expect(table?.stdout).toMatch(/^prod +production +active +true +sqlite /m);
    expect(JSON.parse(json?.stdout ?? '')).toEqual(body);
    expect(parse(yaml?.stdout ?? '')).toEqual(body);
    for (const result of [table, json, yaml]) expect(result).toMatchObject({ code: 0, stderr: '' });
  });

  it('cap UX2 -o env prints lines that a shell reads, and no list', async () => {
    const { stdout, stderr } = await envplane('env', 'get', 'acme/prod', '-o', 'env');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^ENV_SLUG=prod$/m);
    expect(stdout).toMatch(/^ENV_DATABASE_DRIVER=sqlite$/m);
    expect(stdout).not.toMatch(/null|undefined/);
    for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^[A-Z][A-Z0-9_]*=/);
    expect(await envplane('env', 'list', 'acme', '-o', 'env')).toMatchObject({ code: 2, stdout: '' });
  });

  it('-q and JSON leave stderr to errors', async () => {
    const quiet = await envplane('env', 'update', 'acme/prod', '--display-name', 'Live', '-q');
    const json = await envplane('env', 'update', 'acme/prod', '--display-name', 'Production', '-o', 'json');
    expect(quiet).toMatchObject({ code: 0, stderr: '' });
    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({ displayName: 'Production' });
  });

  it('cap O1, O3 a request is a page of its own, its parts in a table below', async () => {
    const id = 'from-the-command-line';
    await call(service, 'GET', '/v1/organizations', undefined, { 'x-request-id': id });
    const [trace, asked] = await Promise.all([envplane('trace', id), envplane('store-calls', '--request-id', id)]);
    expect(trace).toMatchObject({ code: 0, stderr: '' });
    expect(trace.stdout).toMatch(/^requestId +from-the-command-line$/m);
    expect(trace.stdout).toMatch(/^\nHOP +PLANE +START +MS +ENVIRONMENT$/m);
    expect(trace.stdout).toMatch(/^authenticate +directory +[\d.]+ +[\d.]+ +-$/m);
    expect(asked.stdout).toMatch(
      /^TIME +PLANE .* STATEMENT\n\S+ +directory +- +query .*from-the-command-line +select /,
    );
    expect((await envplane('trace', 'nothing')).code).toBe(4);
  });

  it('pages say how to go on', async () => {
    const first = await envplane('env', 'list', 'acme', '--limit', '1');
    const cursor = /--cursor (\S+)/.exec(first.stderr)?.[1] ?? '';
    const second = await envplane('env', 'list', 'acme', '--limit', '1', '--cursor', cursor);
    expect(first.stdout).toContain('prod');
    expect(second.stdout).toContain('dev');
  });
});

describe('exit codes', () => {
  it.each([
    ['usage: an unknown flag', ['env', 'list', 'acme', '--limt', '1'], 2],
    ['usage: a value that is none', ['env', 'create', 'acme', '--slug', 'x', '--env-type', 'prod'], 2],
    ['usage: a missing option', ['env', 'create', 'acme'], 2],
    ['usage: a reference that is none', ['env', 'get', 'acme'], 2],
    [
      'usage: refused by the API as invalid',
      ['env', 'create', 'acme', '--slug', 'Not-A-Slug', '--env-type', 'test'],
      2,
    ],
    ['not found: an organization', ['org', 'get', 'nobody'], 4],
    ['not found: an environment', ['env', 'get', 'acme/nothing'], 4],
    ['conflict: a taken slug', ['env', 'create', 'acme', '--slug', 'prod', '--env-type', 'test'], 5],
    [
      'failed: a driver that is not there',
      ['env', 'create', 'acme', '--slug', 'x', '--env-type', 'test', '--driver', 'nope'],
      1,
    ],
    ['failed: no service', ['org', 'list', '--url', 'http://127.0.0.1:9'], 1],
  ])('cap UX2 %s', async (_case, args, code) => {
    const result = await envplane(...args);
    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(/^(→ .*\n)?error: /) });
  });

  it('cap UX2 authentication', async () => {
    const result = await run(['org', 'list'], { ENVPLANE_URL: service.url, ENVPLANE_TOKEN: 'wrong' });
    expect(result).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('code invalid_token') });
    expect(await run(['org', 'list'], { ENVPLANE_URL: service.url, ENVPLANE_DATA_DIR: '/nonexistent' })).toMatchObject({
      code: 3,
    });
  });

  it('an error names title, detail, code, request and the option it is about; -o json prints the problem itself', async () => {
    const args = [
      'org',
      'create',
      '--slug',
      'Bad',
      '--display-name',
      'x',
      '--owner-user-id',
      'u',
      '--default-environment-slug',
      'Bad',
    ];
    const text = await envplane(...args);
    expect(text.stderr).toMatch(
      /^error: The request is not valid\. .*\n {2}--slug {2}.*\n {2}--default-environment-slug {2}.*\n {2}code validation_failed, request [\w-]+\n$/,
    );
    const json = await envplane(...args, '-o', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      status: 422,
      code: 'validation_failed',
      requestId: expect.any(String),
    });
  });
});

describe('waiting', () => {
  it('shows each step and prints what was made', async () => {
    const { code, stdout, stderr } = await envplane('env', 'create', 'acme', '--slug', 'waited', '--env-type', 'test');
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^→ acme at http:\S+\n {2}create succeeded \(\d+ ms\)\n {2}secure succeeded.*\n {2}verify succeeded.*\nDone in \d+\.\d\d s\.\n$/,
    );
    expect(stdout).toMatch(/^status +active$/m);
  });

  it('--no-wait prints the operation, op watch follows it to its end', async () => {
    const { code, stdout } = await envplane(
      'env',
      'create',
      'acme',
      '--slug',
      'later',
      '--env-type',
      'test',
      '--no-wait',
      '-o',
      'json',
    );
    const { id, done } = JSON.parse(stdout);
    expect({ code, done }).toEqual({ code: 0, done: false });
    const watched = await envplane('op', 'watch', id, '-o', 'json');
    expect(watched.code).toBe(0);
    expect(JSON.parse(watched.stdout)).toMatchObject({ id, status: 'succeeded' });
  });

  it('--timeout ends with 6 and Ctrl-C with 130; the work goes on either way', async () => {
    const stuck = await startService(newDataDirectory(), { ENVPLANE_FAILPOINTS: 'sq.tmp=hang' });
    const variables = { ENVPLANE_DATA_DIR: stuck.dataDirectory };
    const create = (slug: string) => ['org', 'create', '--slug', slug, '--display-name', 'x', '--owner-user-id', 'ada'];
    const late = await run([...create('late'), '--timeout', '0.05'], variables);
    expect(late).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringMatching(/envplane op watch [0-9a-f-]{36}\n$/),
    });

    const { child, ended } = runInBackground(create('detached'), variables);
    await until('both are accepted', async () => stuck.output().stderr.match(/"status":202/g)?.length === 2);
    await until('the command follows its operation', async () =>
      // The stream, and the request that asks.
      (await (await fetch(`${stuck.url}/metrics`)).text()).includes('http_server_active_requests 2'),
    );
    child.kill('SIGINT');
    const { items } = (await call(stuck, 'GET', '/v1/operations')).body;
    expect(items.map(({ status }) => status)).toEqual(['running', 'running']);
    const told = `Detached; the operation goes on: envplane op watch ${items[0]?.id}`;
    expect(await ended).toMatchObject({ code: 130, stdout: '', stderr: expect.stringContaining(told) });
  });

  it('an operation that does not succeed ends with 1', async () => {
    const stuck = await startService(newDataDirectory(), { ENVPLANE_FAILPOINTS: 'sq.tmp=hang@3' }, 'dev');
    const variables = { ENVPLANE_DATA_DIR: stuck.dataDirectory };
    const create = ['env', 'create', 'acme', '--slug', 'stuck', '--env-type', 'test', '--no-wait'];
    const { id } = JSON.parse((await run([...create, '-o', 'json'], variables)).stdout);
    expect(await run(['op', 'cancel', id, '--no-wait'], variables)).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await run(['op', 'watch', id, '-o', 'json'], variables);
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'error: The operation was cancelled.\n' });
    expect(JSON.parse(stdout)).toMatchObject({ id, status: 'cancelled' });
  });
});

describe('guard rails', () => {
  it.each([
    ['purge', 'acme/prod', []],
    ['purge', 'acme/prod', ['--yes']],
    ['archive', 'acme/prod', []],
    ['suspend', 'acme/prod', ['--yes']],
  ])('cap UX3 %s %s %j is not done, and the flag is named', async (verb, target, flags) => {
    const result = await envplane('env', verb, target, ...flags);
    expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--yes --confirm prod') });
    expect((await envplane('env', 'get', target, '-o', 'env')).stdout).toContain('ENV_STATUS=active');
  });

  it('cap UX3 a confirmation of something else is refused', async () => {
    const result = await envplane('env', 'suspend', 'acme/prod', '--yes', '--confirm', 'dev');
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('--confirm dev does not match') });
  });

  it('cap UX3 with its slug it is done; outside production --yes is enough; an organization always needs its slug', async () => {
    expect(await envplane('env', 'suspend', 'acme/prod', '--yes', '--confirm', 'prod')).toMatchObject({ code: 0 });
    expect(await envplane('env', 'resume', 'acme/prod')).toMatchObject({ code: 0 });
    expect(await envplane('env', 'create', 'acme', '--slug', 'gone', '--env-type', 'test')).toMatchObject({ code: 0 });
    const { items } = (await call(service, 'GET', '/v1/organizations/acme/environments')).body;
    const id = items.find(({ slug }) => slug === 'gone')?.id ?? '';
    expect(await envplane('env', 'purge', 'acme/gone')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes'),
    });
    const purged = await envplane('env', 'purge', id, '--yes', '-o', 'json');
    expect(purged.code).toBe(0);
    const again = await envplane('env', 'purge', id, '--yes', '--confirm', 'gone', '-o', 'json');
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(purged.stdout));
    expect(await envplane('org', 'purge', 'acme', '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--confirm acme'),
    });
  });
});

describe('which service', () => {
  it('a flag wins over the variable, that over the nearest .envplane.json; none of them takes the local token elsewhere', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'envplane-project-'));
    try {
      const dead = 'http://127.0.0.1:9';
      const variables = { ENVPLANE_DATA_DIR: service.dataDirectory, HOME: directory };
      writeFileSync(join(directory, '.envplane.json'), JSON.stringify({ url: dead }));
      expect(await run(['org', 'list'], variables, directory)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(dead),
      });
      expect(await run(['org', 'list'], { ...variables, ENVPLANE_URL: service.url }, directory)).toMatchObject({
        code: 0,
      });
      const flagged = ['org', 'list', '--url', service.url];
      expect(await run(flagged, { ...variables, ENVPLANE_URL: dead }, directory)).toMatchObject({ code: 0 });
      writeFileSync(join(directory, '.envplane.json'), JSON.stringify({ url: service.url, token: 'x' }));
      expect(await run(['org', 'list'], variables, directory)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('holds a secret'),
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('which organization and environment', () => {
  it('are those of .envplane.json where none is named, by id or slug; production and what interrupts are always named', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'envplane-project-'));
    try {
      const { items } = (await call(service, 'GET', '/v1/organizations/acme/environments')).body;
      const idOf = (slug: string) => items.find((environment) => environment.slug === slug)?.id;
      const variables = { ENVPLANE_DATA_DIR: service.dataDirectory, HOME: directory };
      const inside = (environmentId: string | undefined) => {
        const folder = mkdtempSync(join(directory, 'project-'));
        const content = { url: service.url, organizationId: 'acme', environmentId };
        writeFileSync(join(folder, '.envplane.json'), JSON.stringify(content));
        return (...args: string[]) => run(args, variables, folder);
      };
      const [dev, prod] = [inside(idOf('dev')), inside('acme/prod')];
      const [read, listed, elsewhere, archived, production] = await Promise.all([
        dev('env', 'get', '-o', 'json'),
        dev('env', 'list'),
        dev('env', 'get', '--url', service.url),
        dev('env', 'archive', '--yes'),
        prod('env', 'get'),
      ]);
      expect(JSON.parse(read?.stdout ?? '')).toMatchObject({ id: idOf('dev'), slug: 'dev' });
      expect(listed).toMatchObject({ code: 0, stderr: expect.stringContaining('acme, as ') });
      expect(listed?.stdout).toMatch(/^prod /m);
      const unnamed = { code: 2, stdout: '', stderr: expect.stringContaining("missing required argument 'env'") };
      expect([elsewhere, archived]).toEqual([expect.objectContaining(unnamed), expect.objectContaining(unnamed)]);
      expect(production).toMatchObject({ code: 2, stderr: expect.stringContaining('name a production environment') });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

it('--debug says how long each request took, and nothing that was sent', async () => {
  const { code, stdout, stderr } = await envplane('env', 'list', 'acme', '--status', 'active', '-o', 'json', '--debug');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).items).not.toEqual([]);
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(
    /^debug: [\d.]+ ms {2}GET \/v1\/organizations\/acme\/environments 200, request [\w-]+, .*\bdur=/,
  );
  expect(lines[1]).toMatch(/^debug: [\d.]+ ms {2}in all$/);
});

interface Report {
  settings: { name: string; source: string; value: string }[];
  checks: { name: string; status: string; detail: string }[];
}

describe('doctor', () => {
  it('asks the service that holds the data directory, and changes nothing', async () => {
    const before = (await call(service, 'GET', '/v1/audit-events')).body;
    const { code, stdout } = await envplane('doctor', '-o', 'json');
    const { settings, checks }: Report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(new Set(checks.map(({ status }) => status))).toEqual(new Set(['ok']));
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'data directory',
        'key file',
        'admin token',
        'store',
        'encryptor',
        'reconciler',
        'databases',
      ]),
    );
    expect(settings).toContainEqual({ name: 'ENVPLANE_PORT', source: 'default', value: '4600' });
    expect((await call(service, 'GET', '/v1/audit-events')).body).toEqual(before);
  });

  it('ends with 7 when a database that should serve is gone', async () => {
    expect(await envplane('env', 'create', 'acme', '--slug', 'lost', '--env-type', 'test')).toMatchObject({ code: 0 });
    const { stdout } = await envplane('env', 'connect', 'acme/lost', '-o', 'json');
    rmSync(new URL(JSON.parse(stdout).url));
    const { code, stdout: report } = await envplane('doctor', '-o', 'json');
    expect(code).toBe(7);
    expect((JSON.parse(report) as Report).checks).toContainEqual(
      expect.objectContaining({ name: 'acme/lost', status: 'drift' }),
    );
  });

  it('says what it could not look at while no service runs', async () => {
    const { code, stdout } = await run(['doctor', '-o', 'json'], { ENVPLANE_DATA_DIR: newDataDirectory() });
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Report).checks.map(({ status }) => status)).toEqual(['skipped', 'skipped']);
  });
});

it('every command of the contract is a command, and the other way round', () => {
  const declared = Object.values(contract).flatMap((routes) =>
    Object.values(routes).flatMap((route) => route['x-envplane'].command ?? []),
  );
  expect(
    contractCommands()
      .map(({ noun, verb }) => `${noun} ${verb}`.trim())
      .sort(),
  ).toEqual(declared.sort());
});

it('completion knows nouns, verbs and flags', async () => {
  expect((await envplane('completion', 'bash')).stdout).toContain('envplane');
  expect((await envplane('complete', '--', 'env', '')).stdout).toMatch(/^set-default\t/m);
  expect((await envplane('complete', '--', 'env', 'create', '--')).stdout).toMatch(/^--env-type\t/m);
});
