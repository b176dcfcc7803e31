import type { IdentityProvider } from '@envplane/spec';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { environmentGate, type GatedEnv } from '../../src/index.ts';
import type { Answer, Harness } from './harness.ts';
import { startWithPeople, tokenOf } from './people.ts';

const UNKNOWN = '0192f0c1-7b7e-7000-8000-000000000000';
let harness: Harness & { identity: IdentityProvider[] };
let acme: { prod: string; dev: string };
let globex: string;

beforeAll(async () => {
  harness = await startWithPeople();
  const acmeId = (await harness.organization('acme')).defaultEnvironmentId ?? '';
  acme = { prod: acmeId, dev: (await harness.environment('acme', 'dev')).id };
  globex = (await harness.organization('globex')).defaultEnvironmentId ?? '';
  const member = { userId: 'bob', role: 'reader' };
  await harness.call('POST', `/v1/environments/${acme.dev}/members`, { body: member });
  await harness.call('POST', '/v1/organizations/acme/members', { body: { userId: 'eve', role: 'member' } });
});
beforeEach(() => {
  harness.opened.connections = 0;
});
afterAll(() => harness.close());

const gate = (userId: string, env: string, permission = 'env:data.read'): Promise<Answer> =>
  harness.call('GET', `/v1/environments/${env}/gate?permission=${permission}`, { token: tokenOf(userId) });
const same = (answer: { status: number; body: object }) =>
  JSON.stringify([answer.status, { ...answer.body, requestId: null }]);

describe('the verdict over HTTP', () => {
  it('cap G5 is 200 with what the caller holds, or 403', async () => {
    const answer = await gate('bob', acme.dev);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      allowed: true,
      environmentId: acme.dev,
      member: true,
      role: 'reader',
      epochs: { environment: 0, subject: 0 },
    });
    const missing = await gate('bob', acme.dev, 'env:data.write');
    expect(missing.body).toMatchObject({ status: 403, code: 'permission_denied', missing: ['env:data.write'] });
    expect(answer.headers.get('server-timing')).toContain('gate;dur=');
  });

  it('cap G6 is the same for unknown, foreign, malformed and not joined', async () => {
    const answers = await Promise.all([
      gate('bob', acme.prod),
      gate('eve', acme.dev),
      gate('bob', globex),
      gate('bob', UNKNOWN),
      gate('bob', 'x'),
      gate('bob', '..%2f'),
      gate('bob', '%00'),
      gate('stranger', acme.dev),
      gate('stranger', acme.dev, 'env:data.everything'),
    ]);
    expect(new Set(answers.map(same)).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ status: 403, code: 'access_denied' });
    expect(harness.opened.connections).toBe(0);
  });

  it('reads the store each time', async () => {
    const body = { userId: 'cyd', role: 'reader' };
    expect((await gate('cyd', acme.dev)).status).toBe(403);
    await harness.call('POST', `/v1/environments/${acme.dev}/members`, { body });
    expect((await gate('cyd', acme.dev)).status).toBe(200);
    await harness.call('DELETE', `/v1/environments/${acme.dev}/members/cyd`);
    expect((await gate('cyd', acme.dev)).status).toBe(403);
  });

  it('asks for a credential and a permission', async () => {
    const path = `/v1/environments/${acme.dev}/gate`;
    expect((await harness.call('GET', path, { token: null })).status).toBe(401);
    expect((await harness.call('GET', path)).status).toBe(422);
  });
});

describe('the middleware of a host application', () => {
  let app: Hono<GatedEnv>;
  beforeAll(() => {
    const guard = environmentGate({ ...harness, logger: console });
    app = new Hono<GatedEnv>();
    app.get('/:env/notes', guard({ permission: 'env:data.read' }), async (c) => {
      await c.var.db.exec('create table if not exists note (text text)');
      return c.json(await c.var.db.query('select text from note'));
    });
    app.post('/:env/notes', guard({ permission: 'env:data.write' }), async (c) => {
      await c.var.db.tx(async (tx) => {
        await tx.exec('create table if not exists note (text text)');
        await tx.exec('insert into note values (?)', [c.var.environment]);
      });
      return c.json({ organization: c.var.organization, permissions: c.var.permissions, by: c.var.principal.id }, 201);
    });
    app.get('/idle/:env', guard({ permission: 'env:data.read' }), (c) => c.text('let in'));
    app.get('/headers', guard({ permission: 'env:data.read' }), (c) => c.text(c.var.environment));
    app.get(
      '/twice/:env/:other',
      guard({ permission: 'env:data.read' }),
      environmentGate({ ...harness, logger: console, parameter: 'other' })({ permission: 'env:data.read' }),
      (c) => c.text('both'),
    );
  });

  async function request(userId: string | null, path: string, init: RequestInit = {}) {
    const headers = { ...(userId !== null && { authorization: `Bearer ${tokenOf(userId)}` }), ...init.headers };
    const response = await app.request(path, { ...init, headers });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      text,
      body: (isJson ? JSON.parse(text) : {}) as Record<string, unknown>,
      type: response.headers.get('content-type'),
    };
  }

  it('cap I3 a handler without any tenant filter is isolated', async () => {
    const written = await request('ada', `/${acme.dev}/notes`, { method: 'POST' });
    expect(written).toMatchObject({ status: 201, body: { by: 'ada', permissions: expect.arrayContaining(['*']) } });
    await request('ada', `/${acme.prod}/notes`, { method: 'POST' });
    expect(JSON.parse((await request('bob', `/${acme.dev}/notes`)).text)).toEqual([{ text: acme.dev }]);
    expect(JSON.parse((await request('ada', `/${acme.prod}/notes`)).text)).toEqual([{ text: acme.prod }]);
  });

  it('cap G4 who is refused makes no connection, and learns nothing', async () => {
    const answers = [
      await request('bob', `/${acme.prod}/notes`),
      await request('bob', `/${globex}/notes`),
      await request('bob', `/${UNKNOWN}/notes`),
      await request('bob', '/x/notes'),
      await request('eve', `/${acme.dev}/notes`),
    ];
    expect(new Set(answers.map(same)).size).toBe(1);
    expect(answers[0]).toMatchObject({
      status: 403,
      type: 'application/problem+json',
      body: { code: 'access_denied' },
    });
    expect(await request('bob', `/${acme.dev}/notes`, { method: 'POST' })).toMatchObject({
      status: 403,
      body: { code: 'permission_denied', missing: ['env:data.write'] },
    });
    expect(await request(null, `/${acme.dev}/notes`)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(harness.opened.connections).toBe(0);
  });

  it('the database is connected to with its first use', async () => {
    const { id } = await harness.environment('acme', 'idle');
    harness.opened.connections = 0;
    expect((await request('ada', `/idle/${id}`)).text).toBe('let in');
    expect(harness.opened.connections).toBe(0);
    await request('ada', `/${id}/notes`);
    await request('ada', `/${id}/notes`);
    expect(harness.opened.connections).toBe(1);
  });

  it('cap G11 the path names the environment, then the header; two that disagree are refused', async () => {
    const header = (env: string) => ({ headers: { 'x-environment-id': env } });
    expect((await request('bob', '/headers', header(acme.dev))).text).toBe(acme.dev);
    expect(await request('bob', '/headers')).toMatchObject({ status: 403, body: { code: 'access_denied' } });
    // A header alone grants nothing.
    expect(await request('bob', '/headers', header(acme.prod))).toMatchObject({
      status: 403,
      body: { code: 'access_denied' },
    });
    expect((await request('bob', `/idle/${acme.dev}`, header(acme.dev))).text).toBe('let in');
    expect(await request('ada', `/idle/${acme.dev}`, header(acme.prod))).toMatchObject({
      status: 403,
      body: { code: 'environment_mismatch' },
    });
  });

  it('one request is bound to one environment', async () => {
    expect((await request('ada', `/twice/${acme.dev}/${acme.dev}`)).text).toBe('both');
    expect(await request('ada', `/twice/${acme.dev}/${acme.prod}`)).toMatchObject({
      status: 403,
      body: { code: 'environment_mismatch' },
    });
  });

  it('cap G9 a suspended environment answers its members with its state', async () => {
    await harness.call('POST', `/v1/environments/${acme.dev}/suspend`, { body: {} });
    expect(await request('bob', `/idle/${acme.dev}`)).toMatchObject({
      status: 403,
      body: { code: 'environment_not_active', state: 'suspended' },
    });
    expect(await request('eve', `/idle/${acme.dev}`)).toMatchObject({ status: 403, body: { code: 'access_denied' } });
    await harness.call('POST', `/v1/environments/${acme.dev}/resume`, { body: {} });
    expect((await request('bob', `/idle/${acme.dev}`)).text).toBe('let in');
  });

  it.each(['env:data.reed', 'env:data.*', '*', 'org:members.read', 'blog:posts.read'])(
    'sec S2 nothing starts with the permission %s',
    (permission) => {
      expect(() => environmentGate({ ...harness, logger: console })({ permission })).toThrow(TypeError);
    },
  );
});
