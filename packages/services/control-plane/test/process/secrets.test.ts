import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { call, cleanUp, newDataDirectory, run, runInBackground, startService, until } from './service-process.ts';

afterEach(cleanUp);

const CANARY = 'envp_admin_canary-5f0d7c1e9b-never-to-be-seen';

it('sec S26 sec S28 the token is in no output, log line, metric or process argument', async () => {
  const service = await startService(newDataDirectory(), {
    ENVPLANE_ADMIN_TOKEN: CANARY,
    ENVPLANE_LOG_LEVEL: 'debug',
  });
  const seen: string[] = [];
  const request = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(service.url + path, init);
    seen.push(JSON.stringify([...response.headers]), await response.text());
  };
  const authorization = `Bearer ${CANARY}`;
  const json = { authorization, 'content-type': 'application/json' };
  // Wherever a client can put it by mistake.
  await request(`/v1/organizations?token=${CANARY}`, { headers: { authorization } });
  await request('/v1/organizations', { headers: { authorization: `Bearer ${CANARY}x` } });
  // A request id is answered to whoever sent it, and nowhere else.
  await fetch(`${service.url}/livez`, { headers: { 'x-request-id': CANARY, cookie: `session=${CANARY}` } });
  await request(`/v1/organizations/${CANARY}`, { headers: { authorization } });
  await request(`/${CANARY}`, { headers: { authorization } });
  await request('/v1/organizations', { method: 'POST', headers: json, body: `{"slug":"${CANARY}` });
  await request('/metrics', { headers: { authorization } });

  const variables = {
    ENVPLANE_TOKEN: CANARY,
    ENVPLANE_URL: service.url,
    ENVPLANE_ADMIN_TOKEN: CANARY,
    ENVPLANE_DATA_DIR: service.dataDirectory,
  };
  const created = await run(
    ['org', 'create', '--slug', 'acme', '--display-name', 'Acme', '--owner-user-id', 'ada'],
    variables,
  );
  expect(created.code).toBe(0);
  const commands = await Promise.all([
    run(['doctor'], variables),
    run(['env', 'connect', 'acme/prod', '--show'], variables),
    run(['org', 'get', 'nobody', '-o', 'json'], variables),
    run(['org', 'list'], { ...variables, ENVPLANE_TOKEN: `${CANARY}x` }),
  ]);
  expect(commands.map(({ code }) => code)).toEqual([0, 0, 4, 3]);
  const watching = runInBackground(['op', 'watch', '00000000-0000-7000-8000-000000000000'], variables);
  const argumentsOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  seen.push(argumentsOf(service.pid), argumentsOf(watching.child.pid ?? 0));
  await watching.ended;

  service.kill('SIGTERM');
  const { stdout, stderr } = await service.ended;
  for (const text of [stdout, stderr, ...seen, ...commands.flatMap((command) => [command.stdout, command.stderr])]) {
    expect(text).not.toContain(CANARY);
  }
  // The log was there to be searched.
  expect(stderr.split('\n').filter((line) => line.includes('"event":"http.request"')).length).toBeGreaterThan(8);
});

it('sec S28 every log line is one JSON object, whatever a client sends', async () => {
  const service = await startService(newDataDirectory(), { ENVPLANE_LOG_LEVEL: 'debug' });
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  const answer = await new Promise<string>((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    socket.once('close', () => resolve(text));
    socket.end(
      'GET /v1/x%0a{"level":"error"} HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\u001b[31mb\r\nConnection: close\r\n\r\n',
    );
  });
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  await call(service, 'GET', '/livez');
  await until('the requests are logged', async () => service.output().stderr.includes('http.request'));
  for (const line of service.output().stderr.trimEnd().split('\n')) {
    expect(JSON.parse(line)).toMatchObject({
      level: expect.stringMatching(/^(debug|info)$/),
      time: expect.any(String),
    });
  }
});

it('what is no request is answered as a problem document', async () => {
  const service = await startService(newDataDirectory());
  const raw = (text: string) =>
    new Promise<string>((resolve) => {
      let answer = '';
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => socket.write(text));
      socket.setEncoding('utf8').on('data', (part) => {
        answer += part;
      });
      socket.once('close', () => resolve(answer));
    });
  expect(await raw('nonsense\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"code":"malformed_request"/,
  );
  const long = `GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`;
  expect(await raw(long)).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/);
});
