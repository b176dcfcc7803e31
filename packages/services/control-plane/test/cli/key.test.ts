import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, newDataDirectory, type RunningService, run, startService } from '../process/service-process.ts';

afterAll(cleanUp);

describe('key commands', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startService(newDataDirectory(), { ENVPLANE_TOKEN_ALG: 'ES256' });
  });
  const envplane = (...args: string[]) => run(args, { ENVPLANE_DATA_DIR: service.dataDirectory, CI: '1' });
  const keys = async (): Promise<{ kid: string; alg: string; status: string }[]> =>
    JSON.parse((await envplane('key', 'list', '-o', 'json')).stdout).items;

  it('cap T8 list shows what signs and what stands by', async () => {
    const { stdout } = await envplane('key', 'list');
    expect(stdout).toMatch(/^KID +ALG +STATUS +CREATED +RETIRES$/m);
    expect(stdout).toMatch(/^[\w-]{43} +ES256 +active /m);
    expect(stdout).toMatch(/^[\w-]{43} +ES256 +standby /m);
  });

  it('cap T8 rotate says that it is too soon', async () => {
    expect(await envplane('key', 'rotate')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('invalid_state'),
    });
  });

  it('cap T9 revoke is asked for twice, and what is revoked is gone', async () => {
    const kid = (await keys()).find(({ status }) => status === 'active')?.kid ?? '';
    const unsure = await envplane('key', 'revoke', kid);
    expect(unsure).toMatchObject({ code: 2, stderr: expect.stringContaining(`--yes --confirm ${kid}`) });
    expect((await keys()).map(({ status }) => status).sort()).toEqual(['active', 'standby']);
    const revoked = await envplane('key', 'revoke', kid, '--yes', '--confirm', kid);
    expect(revoked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^status +revoked$/m) });
    const set = await (await fetch(`${service.url}/.well-known/jwks.json`)).json();
    expect(JSON.stringify(set)).not.toContain(kid);
  });

  it('cap T1 the token of the platform gets no environment token', async () => {
    const refused = await envplane('env', 'token', '0192f0c1-7b7e-7000-8000-000000000000');
    expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining('not_found') });
  });
});

describe('env token', () => {
  const issued = { accessToken: 'eyJ.canary.token', tokenType: 'Bearer', expiresIn: 300, scope: 'env:data.read' };
  const server = createServer((request, response) => {
    const isToken = request.url?.endsWith('/token') ?? false;
    const body = isToken ? issued : { code: 'not_found', status: 404, title: 'x', detail: 'x' };
    response.writeHead(isToken ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  let variables: Record<string, string>;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    variables = { ENVPLANE_URL: `http://127.0.0.1:${port}`, ENVPLANE_TOKEN: 'a-token' };
  });
  afterAll(() => void server.close());

  it('sec S26 hides the token unless it is to be shown', async () => {
    const command = ['env', 'token', '0192f0c1-7b7e-7000-8000-000000000000'];
    const hidden = await run(command, variables);
    expect(hidden).toMatchObject({ code: 0, stdout: expect.not.stringContaining('canary') });
    expect(hidden.stderr).toContain('--show');
    const shown = await run([...command, '--show', '-o', 'env'], variables);
    expect(shown.stdout).toMatch(/^ENV_ACCESS_TOKEN=eyJ\.canary\.token$/m);
  });
});
