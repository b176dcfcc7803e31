import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { call, cleanUp, newDataDirectory, run, runInBackground, startService, until } from './service-process.ts';

afterAll(cleanUp);

function routesFile(content: unknown): string {
  const directory = mkdtempSync(join(tmpdir(), 'envplane-routes-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'routes.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const reading = { path: '/rows', methods: ['GET'], permission: 'env:data.read' };
const TOKEN = { ENVPLANE_TOKEN: 'a-token-of-the-gateway' };

describe('the command gateway', () => {
  it('cap T8, T9 lets tokens of the service through, over a rotation, until their key is revoked', async () => {
    const upstream = createServer((request, response) => response.end(String(request.headers['x-user-id'])));
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void upstream.close());
    const service = await startService(newDataDirectory());
    const gateway = runInBackground(
      [
        ...['gateway', '--url', service.url, '--port', '0', '--routes', routesFile([reading])],
        ...['--upstream', `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`],
      ],
      { ENVPLANE_TOKEN: service.token() },
    );
    const url = await until(
      'the gateway listens',
      async () => /^envplane gateway listening on (http:\S+)\n/m.exec(gateway.output.stdout)?.[1],
    );
    const organization = { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' };
    const made = await call(service, 'POST', '/v1/organizations', organization);
    const { defaultEnvironmentId } = made.body as unknown as { defaultEnvironmentId: string };
    const tokenOf = async (userId: string) => {
      const issued = await call(
        service,
        'POST',
        `/v1/environments/${defaultEnvironmentId}/token`,
        {},
        { 'x-envplane-act-as': userId },
      );
      return (issued.body as unknown as { accessToken: string }).accessToken;
    };
    const through = async (token: string) => {
      const response = await fetch(`${url}/rows`, { headers: { authorization: `Bearer ${token}` } });
      return `${response.status} ${response.ok ? await response.text() : ''}`.trim();
    };

    const before = await tokenOf('ada');
    expect(await through(before)).toBe('200 ada');
    const keys = await call(service, 'GET', '/v1/signing-keys');
    const signing = keys.body.items.find(({ status }) => status === 'active') as unknown as { kid: string };
    expect(JSON.parse(Buffer.from(before.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({
      kid: signing.kid,
    });
    const revoked = await call(service, 'POST', `/v1/signing-keys/${signing.kid}/revoke`);
    expect(revoked.status).toBe(200);
    const after = await tokenOf('ada');
    expect(await through(after)).toBe('200 ada');
    await until('the gateway has heard of it', async () => (await through(before)) === '401');
    expect(await through(after)).toBe('200 ada');

    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    ['no route file', join(tmpdir(), 'nowhere', 'routes.json'), /no such file/],
    ['routes that are no JSON', '{', /JSON/],
    ['a route with an unknown field', [{ ...reading, permisson: 'x' }], /permisson/],
    ['a route with a pattern', [{ ...reading, permission: 'env:*' }], /one permission of environments/],
    ['a method in lower case', [{ ...reading, methods: ['get'] }], /methods/],
  ])('is not started with %s', async (what, content, reason) => {
    const file = what === 'no route file' ? String(content) : routesFile(content);
    const refused = await run(['gateway', '--upstream', 'http://127.0.0.1:1', '--routes', file], TOKEN);
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(reason) });
  });

  it.each([
    ['an upstream that is no URL', ['--upstream', 'nowhere'], 2, /Invalid URL/],
    ['a port that is none', ['--port', '70000'], 2, /--port/],
    ['an unknown option', ['--verbose'], 2, /unknown option/],
  ])('is not started with %s', async (_what, options, code, reason) => {
    const args = ['gateway', '--upstream', 'http://127.0.0.1:1', '--routes', routesFile([reading]), ...options];
    expect(await run(args, TOKEN)).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(reason) });
  });

  it('is not started without a token, and with a control plane that could be listened to', async () => {
    const args = ['gateway', '--upstream', 'http://127.0.0.1:1', '--routes', routesFile([reading])];
    const nobody = await run(args, { ENVPLANE_DATA_DIR: newDataDirectory() });
    expect(nobody).toMatchObject({ code: 3, stderr: expect.stringContaining('ENVPLANE_TOKEN') });
    const open = await run([...args, '--url', 'http://plane.example'], TOKEN);
    expect(open).toMatchObject({ code: 2, stderr: expect.stringContaining('must be an https URL') });
    expect(open.stderr).not.toContain(TOKEN.ENVPLANE_TOKEN);
  });
});
