import { Secret } from '@envplane/spec';
import {
  adapterContext,
  type ProxiedRequest,
  provision,
  readNotes,
  type SqldServer,
  startFaultProxy,
  startSqld,
  writeNotes,
} from '@envplane/testkit';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { libsqlHarness } from './libsql-harness.ts';

const server = await startSqld();
afterAll(() => server.stop());

const REFUSED = { name: 'AdapterError', code: 'invalid_request', definitive: true };

async function check(
  settings: Record<string, unknown> = {},
  of: SqldServer = server,
  administrator = of.administrator,
) {
  const { adapter, placement } = libsqlHarness(of);
  const whole = { ...placement, administrator, settings: { ...placement.settings, ...settings } };
  return (await adapter.checkPlacement(whole)).identity;
}

async function startOther(options = {}) {
  const other = await startSqld(options);
  onTestFinished(() => other.stop());
  return other;
}

async function startProxy(upstream: string) {
  const proxy = await startFaultProxy(upstream);
  onTestFinished(() => proxy.close());
  return proxy;
}

const asks = (namespace: string) => (request: ProxiedRequest) =>
  request.headers['x-namespace-bin'] === Buffer.from(namespace).toString('base64').replace(/=+$/, '');

describe('checkPlacement', () => {
  it('the identity stays through crashes, is the same for concurrent first checks, and differs elsewhere', async () => {
    const identities = await Promise.all(Array.from({ length: 10 }, () => check()));
    const [first] = identities;
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    for (const identity of identities) expect(identity).toBe(first);
    for (const mode of ['fast', 'immediate'] as const) {
      await server.restart(mode);
      expect(await check()).toBe(first);
    }
    const other = await startOther();
    expect(await check({}, other)).not.toBe(first);
  });

  it('refuses a wrong administrator, for good', async () => {
    const checking = check({}, server, new Secret('admin:wrong'));
    await expect(checking).rejects.toMatchObject({ code: 'unauthorized', definitive: true });
  });

  it('refuses an administrator that is none', async () => {
    const { adapter, placement } = libsqlHarness(server);
    for (const administrator of [null, new Secret('no-colon')]) {
      await expect(adapter.checkPlacement({ ...placement, administrator })).rejects.toMatchObject(REFUSED);
    }
  });

  it('sec S8 refuses an admin port that needs no credential', async () => {
    const proxy = await startProxy(server.adminUrl);
    proxy.inject({ kind: 'answer', status: 200, body: '{}' }, ({ headers }) => headers.authorization === undefined);
    await expect(check({ adminUrl: proxy.url })).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('--admin-auth-key'),
    });
  });

  it('refuses a server that answers on its default namespace', async () => {
    const other = await startOther({ defaultNamespace: true });
    await expect(check({}, other)).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('--disable-default-namespace'),
    });
  });

  it('sec S42 refuses a server on which a namespace without a key is open', async () => {
    const proxy = await startProxy(server.url);
    proxy.inject({ kind: 'answer', status: 200, body: '{}' }, asks('default'));
    await expect(check({ url: proxy.url })).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('--auth-jwt-key-file'),
    });
  });

  it('refuses the data port of another server', async () => {
    const other = await startOther();
    await expect(check({ url: other.url })).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('one libSQL server'),
    });
  });

  it.each([-3_600_000, 3_600_000])('refuses a server whose clock is %i ms away', async (ms) => {
    const proxy = await startProxy(server.url);
    const date = new Date(Date.now() + ms).toUTCString();
    proxy.inject({ kind: 'answer', status: 401, headers: { date } }, asks('envplane-placement'));
    await expect(check({ url: proxy.url })).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('clock'),
    });
  });

  it('refuses an identity that was tampered with', async () => {
    const other = await startOther();
    await check({}, other);
    const { administer } = libsqlHarness(other);
    await administer('POST', '/v1/namespaces/envplane-placement/config', { block_reads: false, block_writes: false });
    await expect(check({}, other)).rejects.toMatchObject(REFUSED);
  });

  it.each(['url', 'adminUrl'])('a %s that cannot be reached is unavailable', async (setting) => {
    const proxy = await startFaultProxy(server.url);
    await proxy.close();
    await expect(check({ [setting]: proxy.url })).rejects.toMatchObject({ code: 'unavailable', definitive: false });
  });
});

describe('addresses', () => {
  it.each([
    'http://db.example.com:8080',
    'http://10.0.0.1:8080',
    'http://127.0.0.1.example.com',
    'http://[::ffff:10.0.0.1]:8080',
    'ftp://127.0.0.1',
    'file:///etc/passwd',
    'http://user:pass@127.0.0.1:8080',
    'http://127.0.0.1:8080/path',
    'http://127.0.0.1:8080?x=1',
    'http://127.0.0.1:8080#x',
    'not a url',
    '',
    42,
    null,
    undefined,
  ])('sec S7 %j is refused as url and as adminUrl, without being repeated', async (address) => {
    for (const setting of ['url', 'adminUrl']) {
      const error = await check({ [setting]: address }).catch((reason: unknown) => reason);
      expect(error).toMatchObject(REFUSED);
      if (String(address).length > 5) expect((error as Error).message).not.toContain(String(address));
    }
  });

  it.each(['', 'example', 'https://db.example.com', 'db.example.com/x', 'user@db.example.com', '*.example.com', 7])(
    'the domain %j is refused',
    async (domain) => {
      await expect(check({ domain })).rejects.toMatchObject(REFUSED);
    },
  );

  it.each(['db.example.com', 'db.example.com:8443', undefined, null])('the domain %j is taken', async (domain) => {
    expect(await check({ domain })).toMatch(/^[0-9a-f-]{36}$/);
  });
});

it("sec S8 a tenant's token opens nothing of the admin port, neither for its own namespace nor for another", async () => {
  const harness = libsqlHarness(server);
  const [one, other] = [await provision(harness), await provision(harness)];
  await writeNotes(harness, other, 'kept');
  const names = [one, other].map(({ target }) => target.databaseName);
  const state = async () => [await harness.listObjects(), ...(await Promise.all(names.map(harness.configOf)))];
  const before = await state();
  const { location, target, credential } = one;
  const token = harness.adapter.describeConnection(target, location.databaseUrl, credential).secret?.reveal() ?? '';
  const encoded = Buffer.from(token).toString('base64');
  const open = { block_reads: false, block_writes: false, jwt_key: null };
  const calls: [string, string, object?][] = names.flatMap((name): [string, string, object?][] => [
    ['GET', `${name}/config`],
    ['GET', `${name}/stats`],
    ['POST', `${name}/config`, { ...open, block_reads: true, block_writes: true }],
    ['POST', `${name}/fork/${name}x`, {}],
    ['POST', `${name}y/create`, open],
    ['DELETE', name, { keep_backup: false }],
  ]);
  for (const authorization of [`Bearer ${token}`, `basic ${token}`, `basic ${encoded}`, null]) {
    for (const [method, path, body] of calls) {
      const { status } = await fetch(`${server.adminUrl}/v1/namespaces/${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...(authorization !== null && { authorization }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      expect(status, `${method} ${path} with ${authorization?.split(' ')[0]}`).toBe(401);
    }
  }
  expect(await state()).toEqual(before);
  expect(await readNotes(harness, other)).toEqual(['kept']);
  // The same call with the right key does what it says, so it was the token that was refused.
  expect((await harness.administer('DELETE', `/v1/namespaces/${names[1]}`, { keep_backup: false })).status).toBe(200);
  expect(await harness.adapter.findDatabase(other.target, adapterContext())).toEqual({ kind: 'absent' });
});
