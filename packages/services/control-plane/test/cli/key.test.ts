import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type KmsEmulator, startKmsEmulator } from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  cleanUp,
  newDataDirectory,
  type RunningService,
  refusedStart,
  run,
  startService,
  until,
  type Variables,
} from '../process/service-process.ts';

afterAll(cleanUp);

describe('signing-key commands', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startService(newDataDirectory(), { ENVPLANE_TOKEN_ALG: 'ES256' });
  });
  const envplane = (...args: string[]) => run(args, { ENVPLANE_DATA_DIR: service.dataDirectory, CI: '1' });
  const keys = async (): Promise<{ kid: string; alg: string; status: string }[]> =>
    JSON.parse((await envplane('signing-key', 'list', '-o', 'json')).stdout).items;

  it('cap T8 list shows what signs and what stands by', async () => {
    const { stdout } = await envplane('signing-key', 'list');
    expect(stdout).toMatch(/^KID +ALG +STATUS +CREATED +RETIRES$/m);
    expect(stdout).toMatch(/^[\w-]{43} +ES256 +active /m);
    expect(stdout).toMatch(/^[\w-]{43} +ES256 +standby /m);
  });

  it('cap T8 rotate says that it is too soon', async () => {
    expect(await envplane('signing-key', 'rotate')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('invalid_state'),
    });
  });

  it('cap T9 revoke is asked for twice, and what is revoked is gone', async () => {
    const kid = (await keys()).find(({ status }) => status === 'active')?.kid ?? '';
    const unsure = await envplane('signing-key', 'revoke', kid);
    expect(unsure).toMatchObject({ code: 2, stderr: expect.stringContaining(`--yes --confirm ${kid}`) });
    expect((await keys()).map(({ status }) => status).sort()).toEqual(['active', 'standby']);
    const revoked = await envplane('signing-key', 'revoke', kid, '--yes', '--confirm', kid);
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

describe('key commands', () => {
  let emulator: KmsEmulator;
  let dataDirectory: string;
  let service: RunningService;
  beforeAll(async () => {
    emulator = await startKmsEmulator();
    dataDirectory = newDataDirectory();
    service = await startService(dataDirectory);
  });
  afterAll(() => emulator.close());

  const withKms = (): Variables => ({
    ...emulator.variables,
    ENVPLANE_ENCRYPTOR: 'aws-kms',
    ENVPLANE_KMS_KEY_ID: emulator.keyArn,
    ENVPLANE_KMS_ENDPOINT: emulator.endpoint,
  });
  const envplane = (...args: string[]) => run(args, { ENVPLANE_DATA_DIR: dataDirectory, CI: '1' });
  const keys = async (): Promise<{ encryptor: string; current: boolean; dataKeys: number }[]> =>
    JSON.parse(await (await fetch(`${service.url}/v1/encryption-keys`, authorized())).text()).items;
  const authorized = () => ({ headers: { authorization: `Bearer ${service.token()}` } });
  const settled = (encryptor: string) =>
    until(`every data key is under ${encryptor}`, async () => {
      const all = await keys();
      return all.length === 1 && all[0]?.encryptor === encryptor && all[0];
    });
  async function restart(variables: Variables): Promise<void> {
    service.kill('SIGTERM');
    await service.ended;
    service = await startService(dataDirectory, variables);
  }

  it('cap EN4 rotate makes a key and moves every data key under it; status tells', async () => {
    await call(service, 'POST', '/v1/organizations', { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' });
    const before = await envplane('key', 'status');
    expect(before.stdout).toMatch(/^ENCRYPTOR +CURRENT +DATA KEYS +KEY$/m);
    const [, old = ''] = /^local +true +19 +(local-[0-9a-f]{16})$/m.exec(before.stdout) ?? [];
    const accepted = await envplane('key', 'rotate', '--no-wait', '-o', 'json');
    expect(accepted).toMatchObject({ code: 0 });
    expect(JSON.parse(accepted.stdout)).toMatchObject({
      kind: 'encryption_key.rotate',
      target: { type: 'installation' },
    });
    await settled('local');
    const after = await envplane('key', 'status');
    expect(after.stdout).toMatch(/^local +true +19 +local-[0-9a-f]{16}$/m);
    expect(old).not.toBe('');
    expect(after.stdout).not.toContain(old);
    expect(await envplane('key', 'rewrap')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('operation_in_progress'),
    });
  });

  it('cap EN1 move takes every data key to AWS KMS, after a restart that says so; the key file is not needed any more', async () => {
    expect(await envplane('key', 'move', '--to', 'aws-kms')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('start it with ENVPLANE_ENCRYPTOR=aws-kms'),
    });
    await restart(withKms());
    expect((await envplane('key', 'status')).stdout).toMatch(/^aws-kms +true +0 +arn:aws:kms:.*\n *local +false +19 /m);
    expect(await envplane('key', 'move', '--to', 'aws-kms', '--no-wait')).toMatchObject({ code: 0 });
    await settled('aws-kms');
    const doctor = await run(['doctor', '-o', 'json'], { ...withKms(), ENVPLANE_DATA_DIR: dataDirectory });
    const { checks, settings } = JSON.parse(doctor.stdout);
    expect(checks).toContainEqual({
      name: 'KMS key',
      status: 'ok',
      detail: `${emulator.keyArn} wraps, unwraps and re-wraps`,
    });
    expect(settings).toContainEqual({ name: 'ENVPLANE_ENCRYPTOR', source: 'environment', value: 'aws-kms' });
    expect(doctor.stdout).not.toContain(emulator.variables['AWS_SECRET_ACCESS_KEY']);
    expect(doctor.code).toBe(0);
    rmSync(join(dataDirectory, 'local-key.json'));
    await restart(withKms());
    expect((await call(service, 'GET', '/readyz')).status).toBe(200);
    expect(await keys()).toMatchObject([{ encryptor: 'aws-kms', current: true, dataKeys: 19 }]);
  });

  it('sec S23 without AWS KMS nothing starts, and one line says what to do', async () => {
    service.kill('SIGTERM');
    await service.ended;
    const cases: [Variables, string][] = [
      [{}, 'wrapped by the encryptor aws-kms, which is not configured'],
      [{ ...withKms(), AWS_SECRET_ACCESS_KEY: 'canary-of-a-secret' }, 'AWS does not accept the credentials'],
      [{ ...withKms(), ENVPLANE_KMS_ENDPOINT: 'http://127.0.0.1:9' }, 'AWS KMS cannot be reached'],
    ];
    for (const [variables, told] of cases) {
      const { code, stdout, stderr } = await refusedStart(dataDirectory, variables);
      expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining(`error: `) });
      expect(stderr).toContain(told);
      expect(stderr).not.toContain('canary');
    }
  });
});
