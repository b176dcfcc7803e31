import type { EnvironmentView, OperationView } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preference } from '../../src/http/preconditions.ts';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
let environment: EnvironmentView;
beforeAll(async () => {
  harness = await startHarness();
  await harness.organization('acme');
  environment = await harness.environment('acme', 'dev');
});
afterAll(() => harness.close());

const path = () => `/v1/environments/${environment.id}`;

describe('ETag', () => {
  it('is the version, and 304 answers who has it', async () => {
    const { headers, body } = await harness.call<EnvironmentView>('GET', path());
    const etag = headers.get('etag') ?? '';
    expect(etag).toBe(`"v${body.version}"`);
    expect(headers.get('cache-control')).toBe('private, no-cache');
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = await harness.call('GET', path(), { headers: { 'if-none-match': known } });
      expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([304, '', etag]);
    }
    for (const other of ['"v900"', 'v1', '', '"v1', `"${etag}"`]) {
      expect((await harness.call('GET', path(), { headers: { 'if-none-match': other } })).status).toBe(200);
    }
  });

  it('changes with the resource', async () => {
    const before = (await harness.call('GET', '/v1/organizations/acme')).headers.get('etag') ?? '';
    const patched = await harness.call('PATCH', '/v1/organizations/acme', { body: { displayName: 'Renamed' } });
    expect(patched.headers.get('etag')).not.toBe(before);
    const after = await harness.call('GET', '/v1/organizations/acme', { headers: { 'if-none-match': before } });
    expect([after.status, after.headers.get('etag')]).toEqual([200, patched.headers.get('etag')]);
  });
});

describe('If-Match', () => {
  it('cap HT4 refuses a stale write and changes nothing', async () => {
    const { headers, body } = await harness.call<EnvironmentView>('GET', path());
    const etag = headers.get('etag') ?? '';
    const first = await harness.call<EnvironmentView>('PATCH', path(), {
      body: { displayName: 'First' },
      headers: { 'if-match': etag },
    });
    expect([first.status, first.body.version]).toEqual([200, body.version + 1]);
    const stale = await harness.call('PATCH', path(), {
      body: { displayName: 'Second' },
      headers: { 'if-match': etag },
    });
    expect([stale.status, stale.body['code']]).toEqual([412, 'version_mismatch']);
    expect((await harness.call('GET', path())).body).toEqual(first.body);
  });

  it.each([
    ['"v900"', 412],
    ['W/"v1"', 412],
    ['"other"', 412],
    ['*', 200],
    ['v1', 400],
    ['"v1", "v2"', 400],
    ['"v1', 400],
    ['', 400],
  ])('%s is %i', async (header, status) => {
    const answer = await harness.call('PATCH', path(), { body: {}, headers: { 'if-match': header } });
    expect(answer.status).toBe(status);
  });

  it.each(['suspend', 'resume', 'set-default', 'archive', 'restore', 'retry'])('is honoured by %s', async (verb) => {
    const answer = await harness.call('POST', `${path()}/${verb}`, { headers: { 'if-match': '"v900"' } });
    expect([answer.status, answer.body['code']]).toEqual([412, 'version_mismatch']);
  });
});

describe('Prefer', () => {
  it('cap HT3 respond-async answers the operation, wait the resource', async () => {
    const accepted = await harness.call<OperationView>('POST', `${path()}/suspend`, {
      headers: { prefer: 'respond-async' },
    });
    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('location')).toBe(`/v1/operations/${accepted.body.id}`);
    expect(accepted.headers.get('operation-id')).toBe(accepted.body.id);
    expect(accepted.body).toMatchObject({ kind: 'environment.suspend', target: { id: environment.id } });
    await harness.controlPlane.worker.settle();
    const done = await harness.call('POST', `${path()}/resume`, { headers: { prefer: 'wait=5' } });
    expect([done.status, done.body['status']]).toEqual([200, 'active']);
  });

  it('wait=0 answers at once', async () => {
    const release = harness.hold();
    const body = { slug: 'held', envType: 'test', driver: 'guarded' };
    const answer = await harness.call('POST', '/v1/organizations/acme/environments', {
      body,
      headers: { prefer: 'wait=0' },
    });
    release();
    expect(answer.status).toBe(202);
    await harness.controlPlane.worker.settle();
  });

  it('nobody waits while the process is being stopped', async () => {
    let draining = false;
    const { call, organization, hold, controlPlane, close } = await startHarness({ isDraining: () => draining });
    await organization('acme');
    const release = hold();
    const waiting = call('POST', '/v1/organizations/acme/environments', {
      body: { slug: 'held', envType: 'test', driver: 'guarded' },
      headers: { prefer: 'wait=60' },
    });
    draining = true;
    const began = performance.now();
    expect((await waiting).status).toBe(202);
    expect(performance.now() - began).toBeLessThan(20_000);
    release();
    await controlPlane.worker.settle();
    await close();
  });

  it.each([
    [undefined, 10_000, false],
    ['wait=3', 3_000, false],
    ['wait="3"', 3_000, false],
    ['WAIT = 3', 3_000, false],
    ['wait=600', 60_000, false],
    ['wait=999999999', 60_000, false],
    ['wait=-1', 10_000, false],
    ['wait=x', 10_000, false],
    ['return=minimal', 10_000, false],
    ['respond-async', 0, true],
    ['return=minimal, respond-async', 0, true],
    ['respond-async, wait=5', 5_000, false],
    ['wait=1, wait=2', 1_000, false],
  ])('%s means %i ms', (header, waitMs, async) => {
    expect(preference(header)).toEqual({ waitMs, async });
  });
});
