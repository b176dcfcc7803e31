import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import type { DatabaseHandle } from '@envplane/spec';
import { AdapterError, Secret } from '@envplane/spec';
import {
  adapterContext,
  type FaultProxy,
  isLetIn,
  openLibsqlSocket,
  provision,
  startFaultProxy,
  startSqld,
} from '@envplane/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { libsqlHarness } from './libsql-harness.ts';

const server = await startSqld();
afterAll(() => server.stop());
const harness = libsqlHarness(server);
const database = await provision(harness);
let handle: DatabaseHandle;

beforeAll(async () => {
  handle = await harness.adapter.connect(database.target, database.location.databaseUrl, database.credential);
  await handle.exec('CREATE TABLE note (id INTEGER PRIMARY KEY, body)');
});
afterEach(async () => void (await handle.exec('DELETE FROM note')));
afterAll(() => handle.close());

describe('values', () => {
  it.each([
    ['null', null, null, 'null'],
    ['text', "it's; \u{1f980}\n\0 --", "it's; \u{1f980}\n\0 --", 'text'],
    ['an empty text', '', '', 'text'],
    ['an integer', 42, 42, 'integer'],
    ['a negative integer', -7, -7, 'integer'],
    ['the largest safe integer', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'integer'],
    ['a fraction', 0.1, 0.1, 'real'],
    ['a large float', 1e300, 1e300, 'real'],
    ['a small bigint', 3n, 3, 'integer'],
    ['the largest bigint', 9223372036854775807n, 9223372036854775807n, 'integer'],
    ['the smallest bigint', -9223372036854775808n, -9223372036854775808n, 'integer'],
    ['true', true, 1, 'integer'],
    ['false', false, 0, 'integer'],
    ['bytes', new Uint8Array([0, 1, 254, 255]), new Uint8Array([0, 1, 254, 255]), 'blob'],
    ['no bytes', new Uint8Array(), new Uint8Array(), 'blob'],
  ] as const)('%s comes back as it went in', async (_title, value, back, type) => {
    await handle.exec('INSERT INTO note VALUES (1, ?)', [value]);
    expect(await handle.one('SELECT body, typeof(body) AS type FROM note')).toEqual({ body: back, type });
  });

  it('what no column can hold is refused before it is sent', async () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 2n ** 63n]) {
      await expect(handle.exec('INSERT INTO note VALUES (1, ?)', [value])).rejects.toMatchObject({
        name: 'AdapterError',
        code: 'invalid_request',
      });
    }
    expect(await handle.query('SELECT * FROM note')).toEqual([]);
  });

  it('a parameter is never part of the statement', async () => {
    await handle.exec('INSERT INTO note VALUES (1, ?)', ["x'); DROP TABLE note; --"]);
    expect(await handle.query('SELECT id FROM note')).toEqual([{ id: 1 }]);
  });
});

describe('statements', () => {
  it('tells how many rows changed', async () => {
    expect(await handle.exec('INSERT INTO note VALUES (1, 1), (2, 2), (3, 3)')).toEqual({ rowCount: 3 });
    expect(await handle.exec('UPDATE note SET body = 0 WHERE id > 1')).toEqual({ rowCount: 2 });
    expect(await handle.exec('SELECT * FROM note')).toEqual({ rowCount: 0 });
    expect(await handle.query('DELETE FROM note WHERE id = 1 RETURNING id, body')).toEqual([{ id: 1, body: 1 }]);
  });

  it('one is the first row, or null', async () => {
    expect(await handle.one('SELECT id FROM note')).toBeNull();
    await handle.exec('INSERT INTO note VALUES (1, 1), (2, 2)');
    expect(await handle.one('SELECT id FROM note ORDER BY id DESC')).toEqual({ id: 2 });
  });

  it.each([
    'SELECT 1; SELECT 2',
    "INSERT INTO note VALUES (1, 'x'); DELETE FROM note",
    'VACUUM',
    "VACUUM INTO '/tmp/stolen.db'",
    "ATTACH 'x.db' AS other",
    'DETACH main',
    'PRAGMA wal_checkpoint(TRUNCATE)',
    'PRAGMA journal_mode = DELETE',
    'PRAGMA writable_schema = ON',
    "SELECT load_extension('x')",
    'nonsense',
  ])('the server refuses %j', async (sql) => {
    await expect(handle.query(sql)).rejects.toMatchObject({ code: expect.stringMatching(/^SQL/) });
    await expect(handle.tx((tx) => tx.exec(sql))).rejects.toMatchObject({ code: expect.stringMatching(/^SQL/) });
    expect(await handle.query('SELECT * FROM note')).toEqual([]);
  });
});

describe('transactions', () => {
  it('is over when its body is', async () => {
    const escaped = await handle.tx(async (tx) => tx);
    await expect(escaped.query('SELECT 1')).rejects.toMatchObject({ name: 'AdapterError', code: 'invalid_request' });
  });

  it('a statement that fails leaves the choice to the body', async () => {
    await handle.tx(async (tx) => {
      await tx.exec("INSERT INTO note VALUES (1, 'first')");
      await expect(tx.exec("INSERT INTO note VALUES (1, 'again')")).rejects.toMatchObject({
        code: expect.stringMatching(/^SQLITE_CONSTRAINT/),
      });
      await tx.exec("INSERT INTO note VALUES (2, 'second')");
    });
    expect(await handle.query('SELECT id FROM note')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('nobody sees what is not committed, and writers wait for each other', async () => {
    await handle.exec('INSERT INTO note VALUES (1, 0)');
    await handle.tx(async (tx) => {
      await tx.exec('UPDATE note SET body = 100');
      expect(await handle.one('SELECT body FROM note')).toEqual({ body: 0 });
    });
    const increment = () =>
      handle.tx(async (tx) => {
        const row = await tx.one<{ body: number }>('SELECT body FROM note');
        await tx.exec('UPDATE note SET body = ?', [(row?.body ?? 0) + 1]);
      });
    await Promise.all(Array.from({ length: 10 }, increment));
    expect(await handle.one('SELECT body FROM note')).toEqual({ body: 110 });
  });
});

describe('a server that cannot be trusted', () => {
  let proxy: FaultProxy;
  let bent: DatabaseHandle;
  const isStatement = ({ path }: { path: string }) => path.includes('pipeline');
  beforeAll(async () => {
    proxy = await startFaultProxy(server.url);
    const settings = { url: proxy.url, adminUrl: server.adminUrl };
    const target = { ...database.target, placement: { ...harness.placement, settings } };
    bent = await harness.adapter.connect(target, proxy.url, database.credential);
    await bent.query('SELECT 1');
  });
  afterEach(() => proxy.heal());
  afterAll(() => proxy.close());

  it('sec S7 a redirect is not followed, and the token goes nowhere else', async () => {
    const other = await startFaultProxy(server.url);
    proxy.inject({ kind: 'answer', status: 307, headers: { location: `${other.url}/v2/pipeline` } }, isStatement);
    await expect(bent.query('SELECT 1')).rejects.toBeInstanceOf(AdapterError);
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it("sec S7 another address in the server's answer is not used", async () => {
    const other = await startFaultProxy(server.url);
    const lying = createServer(async (request, response) => {
      // Over JSON, which the client speaks when the newer endpoint is not there.
      if (request.url?.startsWith('/v3')) return void response.writeHead(404).end();
      const { authorization = '', 'x-namespace-bin': namespace = '' } = request.headers;
      const answer = await fetch(server.url + request.url, {
        method: 'POST',
        headers: { authorization, 'x-namespace-bin': String(namespace) },
        body: await text(request),
      });
      const json = { ...((await answer.json()) as object), base_url: other.url };
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    }).listen(0, '127.0.0.1');
    onTestFinished(async () => {
      lying.closeAllConnections();
      lying.close();
      await other.close();
    });
    await once(lying, 'listening');
    const url = `http://127.0.0.1:${(lying.address() as AddressInfo).port}`;
    const settings = { url, adminUrl: server.adminUrl };
    const target = { ...database.target, placement: { ...harness.placement, settings } };
    const misled = await harness.adapter.connect(target, url, database.credential);
    expect(await misled.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const writing = misled.tx((tx) => tx.exec("INSERT INTO note VALUES (1, 'x')"));
    await expect(writing).rejects.toMatchObject({ name: 'AdapterError', definitive: false });
    await misled.close();
    expect(other.requests).toEqual([]);
    await expect.poll(() => handle.query('SELECT * FROM note')).toEqual([]);
  });

  it.each([
    ['reset', { kind: 'reset' }],
    ['500', { kind: 'answer', status: 500, body: 'canary' }],
    [
      '502 with JSON',
      { kind: 'answer', status: 502, headers: { 'content-type': 'application/json' }, body: '{"error":"canary"}' },
    ],
    [
      'something that is no answer',
      { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '{"canary":1}' },
    ],
  ] as const)(
    'sec S27 %s becomes an error of ours, without address, token or the text of the server',
    async (_title, fault) => {
      proxy.inject(fault, isStatement);
      const error = await bent.query('SELECT 1').catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'AdapterError', definitive: false });
      const shown = inspect(error, { depth: null, showHidden: true });
      for (const text of ['canary', proxy.url, 'eyJ']) expect(shown).not.toContain(text);
      expect((error as Error).cause).toBeUndefined();
    },
  );
});

it('a connection outlives its tokens', async () => {
  const real = Date.now;
  const first = await harness.adapter.connect(database.target, database.location.databaseUrl, database.credential);
  try {
    // The server's clock stays: tokens from the past are expired for it.
    Date.now = () => real() - 3600_000;
    const late = await harness.adapter.connect(database.target, database.location.databaseUrl, database.credential);
    await expect(late.query('SELECT 1')).rejects.toMatchObject({ code: 'unauthorized' });
    Date.now = real;
    expect(await late.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await late.close();
  } finally {
    Date.now = real;
    await first.close();
  }
});

it('a secret that is no key never reaches an error', async () => {
  const credential = { ...database.credential, secret: new Secret('canary') } as NonNullable<
    typeof database.credential
  >;
  const { target, location } = database;
  const error = await harness.adapter
    .connect(target, location.databaseUrl, credential)
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'AdapterError', code: 'invalid_request' });
  expect(inspect(error, { depth: null })).not.toContain('canary');
  await expect(harness.adapter.verifyDatabase(target, credential, adapterContext())).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

it('NOTE a socket that was opened with a credential outlives it, as the facet says, and is shut out by a suspend alone', async () => {
  const { adapter } = harness;
  const { target, location, credential } = await provision(harness);
  const { credentials, suspend } = adapter;
  if (credentials.kind !== 'caller_set' || !suspend || !credential) throw new Error('a facet is missing');
  const { url, secret, namespace = null } = adapter.describeConnection(target, location.databaseUrl, credential);
  const connection = { driver: 'libsql', url, user: null, secret: secret?.reveal() ?? '', namespace };
  const socket = await openLibsqlSocket(connection);
  onTestFinished(() => socket.close());
  expect(await socket.execute('CREATE TABLE kept (x)')).toBeNull();
  const next = { ...credential, credentialId: 'next', slot: 1, secret: credentials.generateSecret() } as const;
  await credentials.applyCredentials(target, [next], adapterContext());
  expect(await isLetIn(connection)).toBe(false);
  await expect(openLibsqlSocket(connection)).rejects.toThrow('AUTH_JWT_INVALID');
  expect(adapter.socketsOutlive).toBe(true);
  expect(await socket.execute('INSERT INTO kept VALUES (1)')).toBeNull();
  await suspend.suspendDatabase(target, adapterContext());
  expect(await socket.execute('SELECT * FROM kept')).toBe('BLOCKED');
  await suspend.resumeDatabase(target, adapterContext());
  expect(await socket.execute('SELECT * FROM kept')).toBeNull();
});
