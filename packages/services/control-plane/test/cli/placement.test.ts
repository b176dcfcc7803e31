import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cleanUp,
  newDataDirectory,
  type RunningService,
  run,
  runInBackground,
  startService,
} from '../process/service-process.ts';

afterAll(cleanUp);

const CANARY = 'canary-of-an-administrator';

describe('the administrator of a placement', () => {
  const bodies: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      bodies.push(JSON.parse(text));
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"name":"db","version":1}');
    });
  });
  let variables: Record<string, string>;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    variables = { ENVPLANE_URL: `http://127.0.0.1:${port}`, ENVPLANE_TOKEN: 'a-token' };
  });
  afterAll(() => void server.close());

  const create = ['placement', 'create', '--name', 'db', '--driver', 'postgres', '--capacity', '5'];
  const settings = ['--settings', '{"url":"postgres://admin@127.0.0.1:5432/postgres"}'];
  const sent = {
    name: 'db',
    driver: 'postgres',
    capacity: 5,
    settings: { url: 'postgres://admin@127.0.0.1:5432/postgres' },
    administrator: CANARY,
  };

  it('sec S26 is read from standard input, one newline at its end left out', async () => {
    const { child, ended } = runInBackground([...create, ...settings, '--administrator-stdin'], variables);
    child.stdin?.end(`${CANARY}\n`);
    expect(await ended).toMatchObject({ code: 0, stdout: expect.not.stringContaining(CANARY) });
    expect(bodies.pop()).toEqual(sent);
  });

  it('sec S26 is read from a variable that is named', async () => {
    const args = [...create, ...settings, '--administrator-env', 'DB_PASSWORD'];
    expect(await run(args, { ...variables, DB_PASSWORD: CANARY })).toMatchObject({ code: 0 });
    expect(bodies.pop()).toEqual(sent);
  });

  it.each([
    ['a variable that is not set', ['--administrator-env', 'NOT_SET'], 'NOT_SET'],
    ['two sources', ['--administrator-env', 'DB_PASSWORD', '--administrator-stdin'], 'Only one'],
    ['the secret itself as an argument', ['--administrator', CANARY], 'unknown option'],
  ])('sec S26 refuses %s', async (_case, args, message) => {
    const before = bodies.length;
    const result = await run([...create, ...args], { ...variables, DB_PASSWORD: CANARY });
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    expect(bodies).toHaveLength(before);
  });
});

describe('placement commands', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startService(newDataDirectory(), {}, 'dev');
  });
  const envplane = (...args: string[]) => run(args, { ENVPLANE_DATA_DIR: service.dataDirectory });

  it('list, get, drain, activate and check', async () => {
    const list = await envplane('placement', 'list');
    expect(list.stdout).toMatch(/^NAME +DRIVER +REGION +STATUS +DATABASES +CAPACITY +WEIGHT +ID$/m);
    expect(list.stdout).toMatch(/^sqlite +sqlite +local +ok +\d+ +- +100 /m);
    expect(await envplane('placement', 'drain', 'sqlite')).toMatchObject({ code: 0 });
    expect((await envplane('placement', 'get', 'sqlite')).stdout).toMatch(/^status +draining$/m);
    const refused = await envplane('env', 'create', 'acme', '--slug', 'late', '--env-type', 'test');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('takes no new databases') });
    expect(await envplane('placement', 'activate', 'sqlite')).toMatchObject({ code: 0 });
    expect(JSON.parse((await envplane('placement', 'check', 'sqlite', '-o', 'json')).stdout)).toMatchObject({
      ok: true,
    });
  });

  it('retire asks for the name, and is refused while there are databases', async () => {
    expect(await envplane('placement', 'retire', 'sqlite')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes --confirm sqlite'),
    });
    expect(await envplane('placement', 'retire', 'sqlite', '--yes', '--confirm', 'sqlite')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('databases'),
    });
  });

  it('a server that does not answer is not added; doctor says how each placement is', async () => {
    const url = 'postgres://admin@127.0.0.1:9/postgres';
    const args = [
      'placement',
      'create',
      '--name',
      'gone',
      '--driver',
      'postgres',
      '--settings',
      JSON.stringify({ url }),
    ];
    const { child, ended } = runInBackground([...args, '--administrator-stdin'], {
      ENVPLANE_DATA_DIR: service.dataDirectory,
    });
    child.stdin?.end(CANARY);
    const result = await ended;
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('provider_unavailable') });
    expect(result.stderr + service.output().stderr).not.toContain(CANARY);
    const { stdout } = await envplane('doctor', '-o', 'json');
    const { checks } = JSON.parse(stdout) as { checks: { name: string; status: string; detail: string }[] };
    expect(checks.filter(({ name }) => name.startsWith('placement'))).toEqual([
      { name: 'placement sqlite', status: 'ok', detail: expect.stringMatching(/^ok, \d+ ms$/) },
    ]);
  });

  it('a configured server that does not answer keeps nothing from starting, and doctor names it', async () => {
    const other = await startService(newDataDirectory(), {
      ENVPLANE_POSTGRES_ADMIN_URL: `postgres://admin:${CANARY}@127.0.0.1:9/postgres`,
    });
    const { code, stdout } = await run(['doctor', '-o', 'json'], {
      ENVPLANE_DATA_DIR: other.dataDirectory,
      ENVPLANE_POSTGRES_ADMIN_URL: `postgres://admin:${CANARY}@127.0.0.1:9/postgres`,
    });
    expect(code).toBe(1);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; status: string; detail: string }[] };
    expect(checks).toContainEqual({
      name: 'placement postgres',
      status: 'failed',
      detail: expect.stringMatching(/^unavailable: /),
    });
    expect(stdout + JSON.stringify(other.output())).not.toContain(CANARY);
  });
});

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
