import { inspect } from 'node:util';
import { type AdapterCredential, type Authorization, Secret } from '@envplane/spec';
import {
  adapterContext,
  type Fault,
  newTarget,
  objectsOf,
  type ProxiedRequest,
  provision,
  readNotes,
  startFaultProxy,
  startSqld,
  withHandle,
  writeNotes,
} from '@envplane/testkit';
import { afterAll, afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { libsqlEffects } from '../src/databases/libsql/index.ts';
import { libsqlHarness } from './libsql-harness.ts';

const server = await startSqld();
afterAll(() => server.stop());
const admin = await startFaultProxy(server.adminUrl);
afterEach(() => admin.heal());
afterAll(() => admin.close());

/** The adapter meets the admin port through the proxy; the data port, and the harness, directly. */
const harness = libsqlHarness(server, { settings: { url: server.url, adminUrl: admin.url } });
const { adapter } = harness;
const { copy, credentials, suspend, stats } = adapter;
if (!copy || !suspend || !stats || credentials.kind !== 'caller_set') throw new Error('a facet is missing');

const isRead = ({ method }: ProxiedRequest) => method === 'GET';
const isCreate = ({ path }: ProxiedRequest) => path.endsWith('/create');
const isConfigure = ({ method, path }: ProxiedRequest) => method === 'POST' && path.endsWith('/config');
const isDelete = ({ method }: ProxiedRequest) => method === 'DELETE';
const notFound = { kind: 'answer', status: 404, body: '{"error":"Namespace doesn\'t exist"}' } as const;

describe('a 404 alone', () => {
  it('does not make a confirmed database absent, and two do', async () => {
    const database = await provision(harness);
    admin.inject(notFound, isRead);
    expect(await adapter.findDatabase(database.target, adapterContext())).toEqual({
      kind: 'ours',
      ...database.location,
    });
    admin.inject(notFound, isRead, 2);
    expect(await adapter.findDatabase(database.target, adapterContext())).toEqual({ kind: 'absent' });
  });

  it('ends the wait for the second look when the call is aborted', async () => {
    const { target } = await provision(harness);
    admin.inject(notFound, isRead);
    const signal = AbortSignal.timeout(100);
    expect(await adapter.findDatabase(target, adapterContext({ signal }))).toMatchObject({ kind: 'unknown' });
  });

  it('does not keep a delete from deleting', async () => {
    const { target } = await provision(harness);
    admin.inject(notFound, ({ path }) => path === `/v1/namespaces/${target.databaseName}/config`);
    await adapter.deleteDatabase(target, adapterContext());
    expect(await objectsOf(harness, target)).toEqual([]);
  });

  it('as the answer to a delete does not pass for one', async () => {
    const { target } = await provision(harness);
    admin.inject(notFound, isDelete);
    const deleting = adapter.deleteDatabase(target, adapterContext());
    await expect(deleting).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'ours' });
    await adapter.deleteDatabase(target, adapterContext());
    expect(await objectsOf(harness, target)).toEqual([]);
  });

  it('I5 is no reason to create again what was confirmed', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    admin.inject(notFound, isRead, 2);
    const creating = adapter.createDatabase(database.target, { mustExist: true }, adapterContext());
    await expect(creating).rejects.toMatchObject({ code: 'unavailable' });
    expect(await readNotes(harness, database)).toEqual(['kept']);
  });
});

const NETWORK: Record<string, Fault> = {
  'a reset before': { kind: 'reset' },
  'a lost reply': { kind: 'reply-lost' },
  'a 500': { kind: 'answer', status: 500, body: '{"error":"canary"}' },
  'a 400 for another reason': { kind: 'answer', status: 400, body: '{"error":"canary"}' },
  'a redirect': { kind: 'answer', status: 307, headers: { location: '/v1/namespaces/elsewhere' } },
};

describe.each(Object.entries(NETWORK))('%s', (_title, fault) => {
  const undecided = { name: 'AdapterError', definitive: false };

  it('to a create call settles nothing; the repeat ends in one database', async () => {
    const target = newTarget(harness);
    admin.inject(fault, isCreate);
    const creating = adapter.createDatabase(target, { mustExist: false }, adapterContext());
    await expect(creating).rejects.toMatchObject(undecided);
    await provision(harness, target);
    expect(await objectsOf(harness, target)).toEqual([target.databaseName]);
  });

  it('to a config call settles nothing; the repeat hardens', async () => {
    const database = await provision(harness);
    const before = await harness.configOf(database.target.databaseName);
    const larger = { ...database.target, storageLimitMb: database.target.storageLimitMb + 1 };
    const harden = () => adapter.createDatabase(larger, { mustExist: true }, adapterContext());
    admin.inject(fault, isConfigure);
    await expect(harden()).rejects.toMatchObject(undecided);
    await harden();
    const { max_db_size, ...others } = await harness.configOf(larger.databaseName);
    expect({ ...others, max_db_size: before['max_db_size'] }).toEqual(before);
    expect(max_db_size).not.toBe(before['max_db_size']);
    await adapter.verifyDatabase(larger, database.credential, adapterContext());
  });

  it('to a delete call settles nothing; the repeat ends in none', async () => {
    const { target } = await provision(harness);
    admin.inject(fault, isDelete);
    const outcome = await adapter.deleteDatabase(target, adapterContext()).catch((error: unknown) => error);
    expect(outcome).toMatchObject(undecided);
    expect(inspect(outcome, { depth: null })).not.toContain('canary');
    await adapter.deleteDatabase(target, adapterContext());
    expect(await objectsOf(harness, target)).toEqual([]);
  });

  it('to a read is "unknown"', async () => {
    const { target } = await provision(harness);
    admin.inject(fault, isRead);
    expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'unknown', error: undecided });
  });
});

describe('other faults of the network', () => {
  it('every call delivered twice: the same end', async () => {
    admin.inject({ kind: 'duplicate' }, () => true, 1000);
    const source = await provision(harness);
    await writeNotes(harness, source, 'kept');
    const target = newTarget(harness);
    await copy.copyDatabase(source.target, target, { schemaOnly: false }, adapterContext());
    const copied = await provision(harness, target);
    expect(await readNotes(harness, copied)).toEqual(['kept']);
    expect((await stats.measureDatabase(target, copied.credential, adapterContext())).sizeBytes).toBeGreaterThan(0);
    for (const gone of [target, source.target]) {
      await adapter.deleteDatabase(gone, adapterContext());
      expect(await objectsOf(harness, gone)).toEqual([]);
    }
  });

  it('a stale answer after a delete: not believed to be still there for good', async () => {
    const { target } = await provision(harness);
    const path = `/v1/namespaces/${target.databaseName}/config`;
    let reads = 0;
    admin.inject({ kind: 'stale' }, (request) => isRead(request) && request.path === path && ++reads === 2);
    await expect(adapter.deleteDatabase(target, adapterContext())).rejects.toMatchObject({ code: 'outcome_unknown' });
    await adapter.deleteDatabase(target, adapterContext());
    expect(await objectsOf(harness, target)).toEqual([]);
  });

  it('a pause that is asked for is handed on', async () => {
    const { target } = await provision(harness);
    const pauses = { 429: 'rate_limited', 503: 'unavailable' };
    for (const [status, code] of Object.entries(pauses)) {
      admin.inject({ kind: 'answer', status: Number(status), headers: { 'retry-after': '7' } }, isConfigure);
      await expect(suspend.suspendDatabase(target, adapterContext())).rejects.toMatchObject({
        code,
        retryAfterMs: 7000,
      });
    }
  });

  it('an aborted call ends although nothing is heard, and says that the outcome is open', async () => {
    const target = newTarget(harness);
    admin.inject({ kind: 'half-open' }, isCreate);
    const abort = new AbortController();
    const context = adapterContext({ signal: abort.signal });
    const creating = adapter.createDatabase(target, { mustExist: false }, context);
    creating.catch(() => undefined);
    await expect.poll(() => objectsOf(harness, target)).toEqual([target.databaseName]);
    abort.abort();
    await expect(creating).rejects.toMatchObject({ name: 'AdapterError', code: 'outcome_unknown' });
    await provision(harness, target);
  });

  it.each(['', 'text', '[]', '{"block_reads":1}', '{"block_reads":false,"block_writes":false,"jwt_key":{}}'])(
    'a configuration that reads %j is not believed, and nothing is written',
    async (body) => {
      const { target } = await provision(harness);
      const before = await harness.configOf(target.databaseName);
      admin.inject({ kind: 'answer', status: 200, body }, isRead, 2);
      expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'unknown' });
      await expect(suspend.suspendDatabase(target, adapterContext())).rejects.toMatchObject({ definitive: false });
      expect(await harness.configOf(target.databaseName)).toEqual(before);
    },
  );

  it('sec S40 an answer without end is not read, and one of another size is', async () => {
    const { target } = await provision(harness);
    const config = await harness.configOf(target.databaseName);
    const answer = (size: number) => ({
      ...{ kind: 'answer', status: 200 },
      body: JSON.stringify({ ...config, padding: 'x'.repeat(size) }),
    });
    admin.inject(answer(1_000_000) as Fault, isRead);
    expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'ours' });
    admin.inject(answer(17_000_000) as Fault, isRead);
    expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({
      kind: 'unknown',
      error: { code: 'outcome_unknown' },
    });
  });

  it('a server that is not there is unavailable; one that refuses the administrator settles it', async () => {
    const gone = await startFaultProxy(server.adminUrl);
    await gone.close();
    const place = (settings: object, administrator = harness.placement.administrator) =>
      newTarget(harness, {
        placement: { ...harness.placement, administrator, settings: { ...harness.placement.settings, ...settings } },
      });
    const create = (target = newTarget(harness)) =>
      adapter.createDatabase(target, { mustExist: false }, adapterContext());
    await expect(create(place({ adminUrl: gone.url }))).rejects.toMatchObject({
      code: 'unavailable',
      definitive: false,
    });
    await expect(create(place({}, new Secret('admin:wrong')))).rejects.toMatchObject({
      code: 'unauthorized',
      definitive: true,
    });
  });
});

describe('what is foreign', () => {
  it('I10 is neither given a key, nor blocked, nor measured, nor copied', async () => {
    const target = newTarget(harness);
    const assertUntouched = await harness.plantForeign(target);
    const fields = { credentialId: 'c', version: 1, authorization: 'full_access', slot: 0 } as const;
    const credential = { ...fields, secret: credentials.generateSecret() };
    const calls = [
      () => credentials.applyCredentials(target, [credential], adapterContext()),
      () => suspend.suspendDatabase(target, adapterContext()),
      () => suspend.resumeDatabase(target, adapterContext()),
      () => copy.copyDatabase(target, newTarget(harness), { schemaOnly: false }, adapterContext()),
      () => copy.copyDatabase(target, newTarget(harness), { schemaOnly: true }, adapterContext()),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ name: 'AdapterError', code: 'conflict' });
    await assertUntouched();
  });

  it('I10 is not configured either when it appeared after the observation', async () => {
    const { target } = await provision(harness);
    const path = `/v1/namespaces/${target.databaseName}`;
    let assertUntouched = async () => {};
    const context = adapterContext({
      onBoundary: async (name) => {
        if (name !== 'ns.config') return;
        await harness.administer('DELETE', path, { keep_backup: false });
        assertUntouched = await harness.plantForeign(target);
      },
    });
    const creating = adapter.createDatabase(target, { mustExist: true }, context);
    await expect(creating).rejects.toMatchObject({ code: 'conflict' });
    await assertUntouched();
  });
});

describe('verifying', () => {
  const claimsOf = ({ headers }: ProxiedRequest) =>
    JSON.parse(Buffer.from(headers.authorization?.split('.')[1] ?? '', 'base64url').toString() || '{}');
  const isRead = ({ body }: ProxiedRequest) => body.includes('"SELECT 1"');
  const namespaceIn = (request: ProxiedRequest) => Object.values<{ ns: string[] }>(claimsOf(request).p ?? {})[0]?.ns[0];

  it.each<[string, Authorization, (request: ProxiedRequest) => boolean]>([
    ['no token', 'full_access', ({ headers }) => headers.authorization === undefined],
    ['no token', 'read_only', ({ headers }) => headers.authorization === undefined],
    ['a token for another namespace', 'full_access', (request) => namespaceIn(request)?.endsWith('-other') === true],
    [
      'a token of a key that nobody set',
      'full_access',
      (request) => isRead(request) && namespaceIn(request)?.endsWith('-other') === false,
    ],
    ['a write with a read-only token', 'read_only', ({ body }) => body.includes('DROP')],
  ])('a database that lets in %s (%s) is not ready', async (_what, authorization, isForbidden) => {
    const data = await startFaultProxy(server.url);
    onTestFinished(() => data.close());
    const { target } = await provision(harness);
    const settings = { url: data.url, adminUrl: server.adminUrl };
    const proxied = { ...target, placement: { ...target.placement, settings } };
    const fields = { credentialId: 'c', version: 1, authorization, slot: 0 } as const;
    const credential = { ...fields, secret: credentials.generateSecret() };
    await credentials.applyCredentials(target, [credential], adapterContext());
    const verify = () => adapter.verifyDatabase(proxied, credential, adapterContext());
    await verify();
    data.inject({ kind: 'answer', status: 200, body: '{"results":[]}' }, isForbidden);
    await expect(verify()).rejects.toMatchObject({ code: 'unsupported', definitive: true });
    data.inject({ kind: 'answer', status: 500 }, isForbidden);
    await expect(verify()).rejects.toMatchObject({ code: 'outcome_unknown', definitive: false });
    await verify();
  });

  it('leaves no lock and no trace, and tells a suspended database from a ready one', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    const { target, credential } = database;
    await Promise.all(Array.from({ length: 5 }, () => adapter.verifyDatabase(target, credential, adapterContext())));
    await withHandle(harness, database, async (handle) => {
      expect(await handle.one('PRAGMA user_version')).toEqual({ user_version: 0 });
      expect(await handle.exec("INSERT INTO note VALUES (2, 'x')")).toEqual({ rowCount: 1 });
    });
    await suspend.suspendDatabase(target, adapterContext());
    const verifying = adapter.verifyDatabase(target, credential, adapterContext());
    await expect(verifying).rejects.toMatchObject({ code: 'unavailable', definitive: false });
  });
});

describe('requests', () => {
  it('sec S8 none holds a dump address, each shows the administrator, and no secret of a tenant leaves', async () => {
    const database = await provision(harness);
    const { target, credential } = database;
    await copy.copyDatabase(target, newTarget(harness), { schemaOnly: true }, adapterContext());
    await copy.copyDatabase(target, newTarget(harness), { schemaOnly: false }, adapterContext());
    await suspend.suspendDatabase(target, adapterContext());
    await adapter.deleteDatabase(target, adapterContext());
    expect(admin.requests.length).toBeGreaterThan(20);
    for (const { path, body, headers } of admin.requests) {
      expect(path).toMatch(/^\/v1\/namespaces\/[a-z0-9-]+(\/(config|create|fork\/[a-z0-9-]+))?$/);
      expect(body).not.toContain('dump_url');
      expect(body).not.toContain('PRIVATE');
      expect(body).not.toContain(credential?.secret.reveal());
      expect(headers.authorization).toMatch(/^basic /);
    }
  });

  it('every listed boundary is reached', async () => {
    const contexts: ReturnType<typeof adapterContext>[] = [];
    const context = () => {
      const next = adapterContext();
      contexts.push(next);
      return next;
    };
    const database = await provision(harness, newTarget(harness), context());
    await copy.copyDatabase(database.target, newTarget(harness), { schemaOnly: true }, context());
    await copy.copyDatabase(database.target, newTarget(harness), { schemaOnly: false }, context());
    await suspend.suspendDatabase(database.target, context());
    await credentials
      .verifyRefused(database.target, database.credential as AdapterCredential, context())
      .catch(() => undefined);
    await adapter.deleteDatabase(database.target, context());
    const reached = new Set(contexts.flatMap(({ boundaries }) => boundaries));
    expect([...reached].sort()).toEqual(Object.keys(libsqlEffects).sort());
  });
});
