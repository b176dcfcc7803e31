import type { EnvironmentProvisioningService } from '@envplane/service-tenant';
import type { IdentityProvider, StoreCallView, TraceView } from '@envplane/spec';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { environmentGate, type GatedEnv } from '../../src/http/environment-gate.ts';
import { type Answer, CANARY, type Harness, type RequestOptions } from './harness.ts';
import { startWithPeople, tokenOf } from './people.ts';

const UNKNOWN = '0192f0c1-7b7e-7000-8000-000000000000';
let harness: Harness & { identity: IdentityProvider[] };
let service: EnvironmentProvisioningService;
/** A host application: notes in the database of an environment. */
let host: Hono<GatedEnv>;
/** `ada` owns both; `bob` reads, `mia` makes and `amy` administers in `dev`; `eve` is a member of the organization. */
let prod: string;
let dev: string;
const keys: Record<string, string> = {};

beforeAll(async () => {
  harness = await startWithPeople();
  service = harness.controlPlane.service;
  prod = (await harness.organization('acme')).defaultEnvironmentId ?? '';
  dev = (await harness.environment('acme', 'dev')).id;
  for (const [userId, role] of Object.entries({ bob: 'reader', mia: 'maker', amy: 'admin' })) {
    await harness.call('POST', `/v1/environments/${dev}/members`, { body: { userId, role } });
  }
  await harness.call('POST', '/v1/organizations/acme/members', { body: { userId: 'eve', role: 'member' } });
  for (const role of ['auditor', 'operator']) {
    const body = { granteeType: 'user', granteeId: role, role };
    await harness.call('POST', '/v1/platform-grants', { body });
  }
  const account = await harness.call<{ id: string }>('POST', '/v1/service-accounts', { body: { name: 'console' } });
  const grant = { granteeType: 'service', granteeId: account.body.id, role: 'auditor' };
  await harness.call('POST', '/v1/platform-grants', { body: grant });
  const made = await harness.call<{ key: string }>('POST', `/v1/service-accounts/${account.body.id}/keys`);
  keys['console'] = made.body.key;

  const gate = environmentGate({ ...harness, logger: console });
  host = new Hono<GatedEnv>();
  host.onError((_error, c) => c.text('failed', 500));
  host.post('/:env/notes', gate({ permission: 'env:data.write' }), async (c) => {
    const { text } = await c.req.json<{ text: string }>();
    await c.var.db.exec('create table if not exists note (text text unique)');
    await c.var.db.tx(async ({ exec, one }) => {
      await exec('insert into note values (?)', [text]);
      await one(`select text from note where text = '${text}' -- ${text}`);
    });
    return c.json({}, 201);
  });
  host.get('/:env/notes', gate({ permission: 'env:data.read' }), async (c) =>
    c.json(await c.var.db.query('select text from note')),
  );
  await harness.controlPlane.worker.settle();
});
afterAll(() => harness.close());
beforeEach(() => {
  harness.opened.connections = 0;
});

let requests = 0;
const newId = (): string => {
  requests += 1;
  return `request-${requests}`;
};

/** A key of that form which is not the one. */
const wrong = (key = ''): string => key.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x'));

/** Sends a request of its own id. */
async function send(method: string, path: string, options: RequestOptions = {}) {
  const id = newId();
  const answer = await harness.call(method, path, { ...options, headers: { 'x-request-id': id, ...options.headers } });
  return { id, ...answer };
}

/** Sends a request to the host application. */
async function data(userId: string, method: string, environmentId: string, text?: string) {
  const id = newId();
  const headers = { authorization: `Bearer ${tokenOf(userId)}`, 'x-request-id': id };
  const body = text === undefined ? null : JSON.stringify({ text });
  const response = await host.request(`/${environmentId}/notes`, { method, headers, body });
  return { id, status: response.status, headers: response.headers, text: await response.text() };
}

const traceOf = (id: string, token?: string): Promise<Answer<TraceView>> =>
  harness.call('GET', `/v1/traces/${id}`, token === undefined ? {} : { token });
const trace = async (id: string): Promise<TraceView> => (await traceOf(id)).body;
async function calls(query: Record<string, string> = {}, options: RequestOptions = {}): Promise<StoreCallView[]> {
  const path = `/v1/store-calls?${new URLSearchParams({ limit: '200', ...query })}`;
  return (await harness.call<{ items: StoreCallView[] }>('GET', path, options)).body.items;
}
const callsOf = (requestId: string) => calls({ requestId });
const hopsOf = ({ hops }: TraceView): string[] => hops.map(({ name, plane }) => `${name} ${plane}`);
const timed = (headers: Headers): string[] =>
  (headers.get('server-timing') ?? '').split(', ').map((part) => part.replace(/;.*/, ''));

describe('cap O3 the trace of a request', () => {
  it('tells the parts that happened and none other', async () => {
    const { id, headers } = await send('GET', `/v1/environments/${dev}/members`, { token: tokenOf('ada') });
    const seen = await trace(id);
    expect(seen).toMatchObject({
      requestId: id,
      method: 'GET',
      route: '/v1/environments/{env}/members',
      status: 200,
      code: null,
      caller: { kind: 'user', id: 'ada', actor: null },
      environmentIds: [dev],
      region: null,
      droppedHops: 0,
    });
    const asked = await callsOf(id);
    expect(hopsOf(seen)).toEqual(['authenticate directory', ...asked.map(() => 'query directory')]);
    expect(asked.length).toBeGreaterThan(1);
    expect(asked[0]).toMatchObject({ method: 'query', environmentId: null, rowCount: 4 });
    expect(asked[0]?.statement).toMatch(/^select \* from "sys_environment_member" where "environment_id" = \? /);
    expect(timed(headers)).toEqual(['authenticate', 'query', 'total']);
    for (const { startMs, durationMs } of seen.hops) {
      expect(startMs + durationMs).toBeLessThanOrEqual(seen.durationMs + 0.01);
    }
    expect(Math.abs(Date.now() - Date.parse(seen.startedAt))).toBeLessThan(60_000);
  });

  it('a read that is remembered asks no store', async () => {
    const path = `/v1/environments/${dev}`;
    await harness.call('GET', path);
    const { id, headers } = await send('GET', path);
    expect(hopsOf(await trace(id))).toEqual(['authenticate directory']);
    expect(timed(headers)).toEqual(['authenticate', 'total']);
  });

  it('cap G4 a data request passes the gate, connects once, and asks its own database', async () => {
    const first = await data('mia', 'POST', dev, 'first');
    expect(first.status).toBe(201);
    const seen = await trace(first.id);
    expect(seen).toMatchObject({ route: '/:env/notes', method: 'POST', status: 201, environmentIds: [dev] });
    expect(new Set(hopsOf(seen))).toEqual(
      new Set([
        'authenticate directory',
        'gate directory',
        'query directory',
        'connect environment',
        'provider environment',
        'query environment',
      ]),
    );
    // A transaction is one part of the request; its statements are in the log.
    expect(seen.hops.filter(({ plane, name }) => plane === 'environment' && name === 'query')).toHaveLength(2);
    expect((await callsOf(first.id)).filter(({ plane }) => plane === 'environment').map(shape)).toEqual([
      ['tx', 'commit', 0, null],
      ['one', 'select text from note where text = ?', 0, 1],
      ['exec', 'insert into note values (?)', 1, 1],
      ['exec', 'create table if not exists note (text text unique)', 0, 0],
    ]);
    expect(first.headers.get('x-request-id')).toBe(first.id);
    expect(timed(first.headers)).toEqual(['authenticate', 'gate', 'connect', 'query', 'provider', 'total']);

    const second = await data('mia', 'GET', dev);
    expect(hopsOf(await trace(second.id))).toEqual(['authenticate directory', 'gate directory', 'query environment']);
    expect(harness.opened.connections).toBe(1);
  });

  it('cap G4 of who is refused shows no call of an environment, because there was none', async () => {
    const before = await calls({ environmentId: dev });
    const refused = await data('stranger', 'GET', dev);
    expect(refused.status).toBe(403);
    const seen = await trace(refused.id);
    expect(seen).toMatchObject({ status: 403, code: 'access_denied', caller: { id: 'stranger' } });
    expect(hopsOf(seen)).toEqual(['authenticate directory', 'query directory', 'gate directory']);
    expect(await calls({ environmentId: dev })).toEqual(before);
    expect(harness.opened.connections).toBe(0);
    expect(timed(refused.headers)).toEqual(['authenticate', 'gate', 'query', 'total']);
  });

  it('cap G12 over many environments shows each of them', async () => {
    const followed = harness.controlPlane.beginTrace(newId());
    const within = service.within(followed);
    await Promise.all([prod, dev, prod, dev].map(async (id) => (await within.connect(id)).one('select 1')));
    followed.head();
    followed.end({ method: 'GET', route: '/fan-out', status: 200, code: null, principal: null });
    const seen = await trace(followed.requestId);
    const asked = seen.hops.filter(({ name, plane }) => name === 'query' && plane === 'environment');
    expect(asked.map(({ environmentId }) => environmentId).sort()).toEqual([dev, dev, prod, prod].sort());
    expect(seen.environmentIds.sort()).toEqual([dev, prod].sort());
  });

  it('names the encryptor and the wait for an operation', async () => {
    const token = await send('POST', `/v1/environments/${dev}/token`, { token: tokenOf('bob') });
    expect(token.status).toBe(200);
    expect(hopsOf(await trace(token.id))).toContain('encryptor directory');
    const body = { slug: 'made', envType: 'test', driver: 'guarded' };
    const made = await send('POST', '/v1/organizations/acme/environments', { body });
    expect(hopsOf(await trace(made.id))).toContain('operation directory');
    const database = await send('GET', `/v1/environments/${dev}/database`);
    const { hops } = await trace(database.id);
    expect(hops.find(({ name }) => name === 'provider')).toMatchObject({ plane: 'environment', environmentId: dev });
  });

  it('says of a failed authentication what it took, and of no one who it was', async () => {
    const { id, status } = await send('GET', '/v1/drivers', { token: wrong(keys['console']) });
    expect(status).toBe(401);
    const seen = await trace(id);
    expect(seen).toMatchObject({ status: 401, code: 'invalid_token', caller: null });
    expect(hopsOf(seen)).toEqual(['query directory', 'authenticate directory']);
  });

  it('keeps the last 500 requests of the API, and none about the process itself', async () => {
    const { id } = await send('GET', '/v1/drivers');
    for (const path of ['/livez', '/readyz', '/version', '/nowhere']) {
      expect((await traceOf((await send('GET', path)).id)).status, path).toBe(404);
    }
    for (let count = 1; count < 500; count += 1) await harness.call('GET', '/v1/drivers');
    expect((await traceOf(id)).status).toBe(200);
    await harness.call('GET', '/v1/drivers');
    expect((await traceOf(id)).status).toBe(404);
  });
});

const shape = ({ method, statement, parameterCount, rowCount }: StoreCallView) => [
  method,
  statement,
  parameterCount,
  rowCount,
];

describe('who may read', () => {
  it('a trace: who made the request, who reads traces of the environment, who reads all', async () => {
    const { id } = await send('GET', `/v1/environments/${dev}`, { token: tokenOf('bob') });
    const allowed = ['bob', 'amy', 'ada', 'auditor', 'operator'];
    for (const userId of allowed) expect((await traceOf(id, tokenOf(userId))).status, userId).toBe(200);
    for (const userId of ['mia', 'eve', 'stranger', 'gateway']) {
      expect((await traceOf(id, tokenOf(userId))).status, userId).toBe(404);
    }
  });

  it('a trace of no environment: who made the request and who reads all', async () => {
    const { id } = await send('GET', '/v1/organizations/acme', { token: tokenOf('eve') });
    for (const userId of ['eve', 'auditor']) expect((await traceOf(id, tokenOf(userId))).status, userId).toBe(200);
    for (const userId of ['ada', 'amy']) expect((await traceOf(id, tokenOf(userId))).status, userId).toBe(404);
  });

  it('a trace of several environments needs the permission in each', async () => {
    const followed = harness.controlPlane.beginTrace(newId());
    for (const id of [dev, prod]) await (await service.within(followed).connect(id)).one('select 1');
    followed.end({ method: 'GET', route: '/both', status: 200, code: null, principal: null });
    expect((await traceOf(followed.requestId, tokenOf('ada'))).status).toBe(200);
    expect((await traceOf(followed.requestId, tokenOf('amy'))).status).toBe(404);
  });

  it('somebody else’s trace is not told from one that there is not', async () => {
    const { id } = await send('GET', `/v1/environments/${dev}`, { token: tokenOf('bob') });
    const answers = await Promise.all([
      traceOf(id, tokenOf('stranger')),
      traceOf('nobody-sent-this', tokenOf('stranger')),
      traceOf(`${'x'.repeat(200)}`, tokenOf('stranger')),
      traceOf('%00', tokenOf('stranger')),
      traceOf("'--", tokenOf('stranger')),
    ]);
    const same = ({ status, body }: Answer<unknown>) =>
      JSON.stringify([status, { ...(body as object), requestId: '' }]);
    expect(new Set(answers.map(same)).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ status: 404, code: 'not_found' });
    expect((await harness.call('GET', `/v1/traces/${id}`, { token: null })).status).toBe(401);
  });

  it('who takes the id of another’s request hides it from nobody', async () => {
    const headers = { 'x-request-id': 'the-same' };
    const path = `/v1/environments/${dev}`;
    await harness.call('GET', path, { token: tokenOf('bob'), headers });
    await harness.call('GET', '/v1/organizations/acme', { token: tokenOf('eve'), headers });
    expect((await traceOf('the-same', tokenOf('bob'))).body).toMatchObject({ caller: { id: 'bob' } });
    expect((await traceOf('the-same', tokenOf('eve'))).body).toMatchObject({ caller: { id: 'eve' } });
    expect((await traceOf('the-same', tokenOf('amy'))).body).toMatchObject({ caller: { id: 'bob' } });
    expect((await traceOf('the-same', tokenOf('auditor'))).body).toMatchObject({ caller: { id: 'eve' } });
  });

  it('what is done as a user is the request of who did it', async () => {
    const as = { 'x-envplane-act-as': 'eve' };
    const { id } = await send('GET', '/v1/organizations/acme', { headers: as });
    expect((await traceOf(id)).body).toMatchObject({
      caller: { kind: 'user', id: 'eve', actor: { kind: 'platform', id: 'platform' } },
    });
    expect((await traceOf(id, tokenOf('eve'))).status).toBe(404);
    expect((await harness.call('GET', `/v1/traces/${id}`, { headers: as })).status).toBe(200);
  });

  it('the log: of one environment who reads its traces, all of it who reads all', async () => {
    const status = async (userId: string, query = '') =>
      (await harness.call('GET', `/v1/store-calls${query}`, { token: tokenOf(userId) })).status;
    const ofDev = `?environmentId=${dev}`;
    for (const userId of ['auditor', 'operator'])
      expect([await status(userId), await status(userId, ofDev)]).toEqual([200, 200]);
    for (const userId of ['amy', 'ada'])
      expect([await status(userId), await status(userId, ofDev)]).toEqual([403, 200]);
    for (const userId of ['bob', 'mia', 'eve'])
      expect([await status(userId), await status(userId, ofDev)]).toEqual([403, 403]);
    expect([await status('stranger'), await status('stranger', ofDev)]).toEqual([403, 404]);
    expect(await status('amy', `?environmentId=${prod}`)).toBe(404);
    expect(await status('ada', `?environmentId=${UNKNOWN}`)).toBe(404);
    const token = tokenOf('amy');
    const seen = await calls({ environmentId: dev }, { token });
    expect(new Set(seen.map(({ plane, environmentId }) => `${plane} ${environmentId}`))).toEqual(
      new Set([`environment ${dev}`]),
    );
  });
});

describe('cap O1 the store-call log', () => {
  it('is newest first, in pages, by plane, environment and request', async () => {
    await data('mia', 'POST', dev, 'paged');
    const all = await calls();
    expect(all.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq).sort((a, b) => b - a));
    const directory = await calls({ plane: 'directory' });
    expect(new Set(directory.map(({ plane, environmentId }) => `${plane} ${environmentId}`))).toEqual(
      new Set(['directory null']),
    );
    const pages: StoreCallView[] = [];
    const query = `environmentId=${dev}&limit=3`;
    for (let cursor: string | null = ''; cursor !== null; ) {
      const path: string = `/v1/store-calls?${query}${cursor && `&cursor=${cursor}`}`;
      const { body }: Answer<{ items: StoreCallView[]; nextCursor: string | null }> = await harness.call('GET', path);
      pages.push(...body.items);
      cursor = body.nextCursor;
    }
    expect(pages.length).toBeGreaterThan(3);
    expect(pages).toEqual(await calls({ environmentId: dev }));
    expect((await harness.call('GET', `/v1/store-calls?${query}&cursor=x`)).body).toMatchObject({
      code: 'cursor_invalid',
    });
  });

  it('cap O2 whoever looks at it is not in it', async () => {
    await harness.controlPlane.worker.settle();
    const before = await calls();
    const token = keys['console'] ?? '';
    await calls();
    await calls({ environmentId: dev }, { token: tokenOf('amy') });
    await calls({ environmentId: dev }, { token: tokenOf('stranger') });
    for (const id of ['nobody-sent-this', newId()]) await traceOf(id, token);
    const looked = await send('GET', '/v1/store-calls', { token });
    const since = (await calls()).filter(({ seq }) => seq > (before[0]?.seq ?? 0));
    // What the reconciler does meanwhile stays.
    expect(since.filter(({ requestId, statement }) => requestId !== null || /account|member/.test(statement))).toEqual(
      [],
    );
    expect((await traceOf(looked.id)).status).toBe(404);
    expect(timed(looked.headers)).toEqual(['authenticate', 'query', 'total']);
  });

  it('cap O2 polling of the console is not in it, and nobody else can hide', async () => {
    const headers = { 'x-envplane-observer': 'console' };
    const path = `/v1/environments/${dev}/members`;
    const isRecorded = async (token: string, method = 'GET', at = path, more: RequestOptions = {}) => {
      const { id } = await send(method, at, { token, headers, ...more });
      const found = [(await callsOf(id)).length > 0, (await traceOf(id)).status === 200];
      expect(found[0]).toBe(found[1]);
      return found[0];
    };
    expect(await isRecorded(keys['console'] ?? '', 'GET', '/v1/organizations')).toBe(false);
    expect(await isRecorded(tokenOf('amy'))).toBe(false);
    expect(await isRecorded(tokenOf('mia'), 'GET', `/v1/environments/${dev}`)).toBe(true);
    expect(await isRecorded(tokenOf('bob'))).toBe(true);
    expect(await isRecorded(tokenOf('amy'), 'GET', '/v1/me/environments')).toBe(true);
    // What changes something is never polling.
    expect(await isRecorded(tokenOf('amy'), 'POST', path, { body: { userId: 'zoe', role: 'reader' } })).toBe(true);
    const bad = await send('GET', '/v1/organizations', { token: wrong(keys['console']), headers });
    expect(bad.status).toBe(401);
    expect(await callsOf(bad.id)).toHaveLength(1);
  });

  it('sec S26 no value is in it, nor in a trace or a header', async () => {
    const secret = `${CANARY}value`;
    const answers = [
      await data('mia', 'POST', dev, secret),
      // Refused by the database: the driver's text names the value.
      await data('mia', 'POST', dev, secret),
      await data('mia', 'GET', dev),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 500, 200]);
    expect(answers[2]?.text).toContain(secret);
    const body = { userId: secret, role: 'reader' };
    await harness.call('POST', `/v1/environments/${dev}/members`, { body });
    await harness.call('GET', `/v1/environments/${dev}/members/${secret}`);
    await harness.call('GET', `/v1/organizations/${secret}`);
    const failed = (await calls({ environmentId: dev })).filter(
      ({ rowCount, method }) => rowCount === null && method !== 'tx',
    );
    expect(failed.map(({ statement }) => statement)).toEqual(['insert into note values (?)']);
    const traces = await Promise.all(answers.map((answer) => traceOf(answer.id)));
    const shown = JSON.stringify([
      await calls(),
      await calls({ environmentId: dev }),
      traces.map(({ body: seen }) => seen),
      answers.map(({ headers }) => [...headers]),
    ]);
    expect(shown).toContain('insert into note values (?)');
    expect(shown).not.toContain(CANARY);
  });
});
