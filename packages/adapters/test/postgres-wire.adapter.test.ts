import { createServer } from 'node:net';
import { AdapterError, type CallerSetCredentials, type Placement } from '@envplane/spec';
import {
  adapterContext,
  type Certificates,
  makeCertificates,
  newTarget,
  objectsOf,
  provision,
  readNotes,
  shapeOf,
  startTcpProxy,
  type TcpFault,
  writeNotes,
} from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { placementAt, postgresHarness } from './postgres-harness.ts';

const adminUrl = inject('postgresAdminUrl');
const server = { host: new URL(adminUrl).hostname, port: Number(new URL(adminUrl).port) };
const harness = postgresHarness(adminUrl, { installationId: 'tst789' });
const { adapter, placement } = harness;
const credentials = adapter.credentials as CallerSetCredentials;

let own: Certificates;
let others: Certificates;
beforeAll(async () => {
  [own, others] = await Promise.all([makeCertificates(['localhost']), makeCertificates(['localhost', 'other.test'])]);
  await adapter.checkPlacement(placement);
});
afterAll(() => harness.close());

/** A way to the server, and the placement at its end. */
async function proxied(certificates?: Certificates) {
  const proxy = await startTcpProxy(server, certificates);
  onTestFinished(() => proxy.close());
  const at = (host = '127.0.0.1', search = '', settings: Record<string, unknown> = {}) => {
    const url = new URL(adminUrl);
    url.host = `${host}:${proxy.port}`;
    url.search = search;
    return placementAt(url.href, settings);
  };
  return { proxy, at };
}
const VERIFIED = '?sslmode=verify-full';
const user = new URL(adminUrl).username;

describe('TLS', () => {
  it('sec S17 a server whose certificate the given authority signed for its name is entered, also by tenants', async () => {
    const { proxy, at } = await proxied(own);
    const encrypted = at('localhost', VERIFIED, { ca: own.authority });
    const { identity } = await adapter.checkPlacement(placement);
    expect(await adapter.checkPlacement(encrypted)).toMatchObject({ identity });
    const database = await provision({ ...harness, placement: encrypted });
    expect(database.location.databaseUrl).toMatch(/^postgres:\/\/localhost:\d+\/\w+\?sslmode=verify-full$/);
    await writeNotes(harness, database, 'over TLS');
    expect(proxy.passed).toContain('over TLS');
    expect(await readNotes(harness, database)).toEqual(['over TLS']);
  });

  it.each<[string, () => { certificates: Certificates; host: string; ca?: string }]>([
    [
      'of an authority that is not the given one',
      () => ({ certificates: others, host: 'localhost', ca: own.authority }),
    ],
    ['of an authority that the system does not know', () => ({ certificates: own, host: 'localhost' })],
    ['for another name', () => ({ certificates: own, host: '127.0.0.1', ca: own.authority })],
  ])('sec S17 a certificate %s is refused before the server hears a byte', async (_title, given) => {
    const { certificates, host, ca } = given();
    const { proxy, at } = await proxied(certificates);
    const encrypted = at(host, VERIFIED, ca === undefined ? {} : { ca });
    const refused = {
      name: 'AdapterError',
      code: 'unavailable',
      message: 'The certificate of the server is not accepted.',
    };
    await expect(adapter.checkPlacement(encrypted)).rejects.toMatchObject(refused);
    const target = newTarget(harness, { placement: encrypted });
    await expect(adapter.createDatabase(target, { mustExist: false }, adapterContext())).rejects.toMatchObject(refused);
    expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'unknown', error: refused });
    expect(proxy.passed).toBe('');
  });

  it('sec S17 a server that speaks no TLS is told nothing, not even who wants in', async () => {
    const { proxy, at } = await proxied();
    const encrypted = at('localhost', VERIFIED, { ca: own.authority });
    await expect(adapter.checkPlacement(encrypted)).rejects.toSatisfy(
      (error) => error instanceof AdapterError && !error.definitive,
    );
    expect(proxy.passed).not.toBe('');
    expect(proxy.passed).not.toContain(user);
  });
});

describe('a lost reply', () => {
  const throughProxy = async () => {
    const { proxy, at } = await proxied();
    return { proxy, through: { ...harness, placement: at() } };
  };
  const undecided = { name: 'AdapterError', code: 'outcome_unknown', definitive: false };

  it('I4 of CREATE DATABASE: it is there, and the repeat makes of it what an undisturbed create does', async () => {
    const { proxy, through } = await throughProxy();
    const expected = await shapeOf(harness, (await provision(harness)).target);
    const target = newTarget(through);
    proxy.inject({ kind: 'reply-lost' }, 'CREATE DATABASE');
    const create = () => adapter.createDatabase(target, { mustExist: false }, adapterContext());
    await expect(create()).rejects.toMatchObject(undecided);
    const made = await objectsOf(harness, target);
    expect(made).toContain(target.databaseName);
    expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'ours' });
    const database = await provision(through, target);
    expect(await shapeOf(harness, target)).toEqual(expected);
    await writeNotes(harness, database, 'one');
    expect(await readNotes(harness, database)).toEqual(['one']);
  });

  it('I2 of setting a credential: it is in force, and the repeat changes nothing', async () => {
    const { proxy, through } = await throughProxy();
    const database = await provision(through);
    const { credential, target } = database;
    if (credential === null) throw new Error('the driver has credentials');
    const next = { ...credential, version: 2, slot: 1 as const, secret: credentials.generateSecret() };
    const set = () => credentials.applyCredentials(target, [credential, next], adapterContext());
    proxy.inject({ kind: 'reply-lost' }, 'SCRAM-SHA-256$');
    await expect(set()).rejects.toMatchObject(undecided);
    const reads = () =>
      Promise.all([credential, next].map((each) => readNotes(harness, { ...database, credential: each })));
    await writeNotes(harness, database, 'kept');
    expect(await reads()).toEqual([['kept'], ['kept']]);
    await set();
    expect(await reads()).toEqual([['kept'], ['kept']]);
  });
});

describe('a connection that breaks', () => {
  it.each<[string, string, TcpFault]>([
    ['outcome_unknown', 'reset in a statement', { kind: 'reset' }],
    ['outcome_unknown', 'half-open, until the caller stops waiting', { kind: 'half-open' }],
  ])('rel is %s: %s', async (code, _title, fault) => {
    const { proxy, at } = await proxied();
    const target = newTarget({ ...harness, placement: at() });
    const abort = new AbortController();
    proxy.inject(fault, 'CREATE DATABASE');
    const creating = adapter.createDatabase(target, { mustExist: false }, adapterContext({ signal: abort.signal }));
    creating.catch(() => undefined);
    if (fault.kind === 'half-open') {
      await expect.poll(() => objectsOf(harness, target)).toContain(target.databaseName);
      abort.abort();
    }
    await expect(creating).rejects.toMatchObject({ name: 'AdapterError', code });
    proxy.close();
    await adapter.deleteDatabase({ ...target, placement }, adapterContext());
    expect(await objectsOf(harness, target)).toEqual([]);
  });

  it('a server that does not answer the login is waited for until the caller stops waiting', async () => {
    const { proxy, at } = await proxied();
    const target = newTarget({ ...harness, placement: at() });
    const abort = new AbortController();
    proxy.inject({ kind: 'half-open' }, user);
    const finding = adapter.findDatabase(target, adapterContext({ signal: abort.signal }));
    await expect.poll(() => proxy.passed).toContain(user);
    abort.abort();
    expect(await finding).toMatchObject({ kind: 'unknown', error: { code: 'outcome_unknown' } });
  });

  it('a slow connection is one that works', async () => {
    const { proxy, at } = await proxied();
    for (const text of [user, 'CREATE DATABASE']) proxy.inject({ kind: 'delay', ms: 100 }, text);
    const { target } = await provision({ ...harness, placement: at() });
    expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'ours' });
  });

  const refusals: [string, (at: (host?: string, search?: string) => Placement) => Placement][] = [
    ['in the clear', (at) => at()],
    ['with TLS', (at) => at('127.0.0.1', VERIFIED)],
  ];
  it.each(refusals)('a server that hangs up before the login is asked once (%s)', async (_title, place) => {
    let connections = 0;
    const listener = createServer((socket) => {
      connections += 1;
      socket.end();
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void listener.close());
    const { port } = listener.address() as { port: number };
    const url = (host = '127.0.0.1', search = '') =>
      placementAt(`postgres://${user}:x@${host}:${port}/postgres${search}`);
    const reason = { name: 'AdapterError', code: 'unavailable', message: 'The server hangs up before the login.' };
    await expect(adapter.checkPlacement(place(url))).rejects.toMatchObject(reason);
    expect(connections).toBe(1);
  });

  it('a closed port is not reachable', async () => {
    const { proxy, at } = await proxied();
    proxy.close();
    const reason = { name: 'AdapterError', code: 'unavailable', message: 'The server cannot be reached.' };
    await expect(adapter.checkPlacement(at())).rejects.toMatchObject(reason);
  });
});
