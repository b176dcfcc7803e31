import type { AuditEventView, HistoryEntryView } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Harness } from './harness.ts';
import { startWithPeople, tokenOf } from './people.ts';

let harness: Harness;
let organizationId: string;

beforeAll(async () => {
  harness = await startWithPeople();
  organizationId = (await harness.organization('acme')).id;
  await harness.call('PATCH', '/v1/organizations/acme', { body: { displayName: 'New name' } });

  it('cap AU1 is filtered by who, what, on what, with what outcome and when', async () => {
    const all = await list();
    const only = (matches: (entry: Entry) => boolean) => all.filter(matches);
    expect(await list('&action=organization.update')).toEqual(only(({ action }) => action === 'organization.update'));
    expect(await list('&actorId=reconciler')).toEqual(only(({ actorId }) => actorId === 'reconciler'));
    expect(await list(`&targetId=${organizationId}&outcome=allow`)).toEqual(
      only(({ targetId }) => targetId === organizationId),
    );
    expect(await list('&outcome=deny')).toEqual([]);
    const moment = all[1]?.occurredAt ?? '';
    expect(await list(`&since=${moment}`)).toEqual(only(({ occurredAt }) => occurredAt >= moment));
    expect(await list(`&until=${moment}`)).toEqual(only(({ occurredAt }) => occurredAt < moment));
    for (const query of ['outcome=maybe', 'since=yesterday', 'since=2030-01-01', 'actor=ada']) {
      expect((await harness.call('GET', `/v1/audit-events?${query}`)).status, query).toBe(422);
    }
  });
});
afterAll(() => harness.close());

interface Entry {
  seq: number;
  action: string;
  actorId: string;
  targetId: string;
  occurredAt: string;
}
const list = async (query = '') =>
  (await harness.call<{ items: Entry[] }>('GET', `/v1/audit-events?organizationId=${organizationId}${query}`)).body
    .items;

describe('the audit log over HTTP', () => {
  it('lists a chain in order and verifies it, from anywhere and against a checkpoint', async () => {
    const items = await list();
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => index + 1));
    expect(items.map(({ action }) => action)).toContain('organization.update');
    const verify = async (more = {}) =>
      (await harness.call('POST', '/v1/audit-events/verify', { body: { organizationId, ...more } })).body;
    const verdict = await verify();
    expect(verdict).toEqual({ ok: true, checked: items.length, head: items.length, headHash: verdict['headHash'] });
    expect(await verify({ fromSeq: 2 })).toMatchObject({ ok: true, checked: items.length - 1 });
    const checkpoint = { seq: verdict['head'], hash: verdict['headHash'] };
    expect(await verify({ checkpoint })).toMatchObject({ ok: true });
    const forged = { ...checkpoint, hash: '0'.repeat(64) };
    expect(await verify({ checkpoint: forged })).toMatchObject({ ok: false, firstBadSeq: items.length });
    for (const body of [
      { fromSeq: 0 },
      { checkpoint: { seq: 1 } },
      { fromSeq: 3, checkpoint: { ...checkpoint, seq: 1 } },
    ])
      expect(await verify(body)).toMatchObject({ status: 422 });
  });
});

describe('the history of an environment over HTTP', () => {
  it('cap AU1 names who, what, before and after, also when there is nothing else left of it', async () => {
    const { id } = await harness.environment('acme', 'brief');
    await harness.call('PATCH', `/v1/environments/${id}`, {
      body: { slug: 'short' },
      headers: { 'x-request-id': 'renaming' },
    });
    await harness.call('POST', `/v1/environments/${id}/purge`, { body: { confirm: 'short' } });
    expect((await harness.call('GET', `/v1/environments/${id}`)).status).toBe(404);
    const read = (token?: string) =>
      harness.call<{ items: HistoryEntryView[] }>('GET', `/v1/environments/${id}/history`, token ? { token } : {});
    const { items } = (await read()).body;
    expect(items.map(({ action }) => action)).toEqual([
      'environment.purged',
      'environment.purge',
      'environment.update',
      'environment.provisioned',
      'environment.provision',
    ]);
    expect(items[2]).toMatchObject({
      actorKind: 'platform',
      actorId: 'platform',
      before: { slug: 'brief' },
      after: { slug: 'short' },
      requestId: 'renaming',
    });
    expect((await read(tokenOf('ada'))).body.items).toEqual(items);
    expect((await read(tokenOf('stranger'))).body).toMatchObject({ code: 'not_found' });
    const unknown = await harness.call('GET', `/v1/environments/${crypto.randomUUID()}/history`);
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'not_found']);
  });
});

describe('refusals over HTTP', () => {
  it('cap L3 are recorded with the request, and unknown and foreign are told apart in the log alone', async () => {
    const { defaultEnvironmentId: foreign } = await harness.organization('globex');
    const { id: theirs } = (await harness.call<{ id: string }>('GET', '/v1/organizations/globex')).body;
    const ask = (path: string, requestId: string) =>
      harness.call('GET', path, { token: tokenOf('mallory'), headers: { 'x-request-id': requestId } });
    const unknown = crypto.randomUUID();
    const answers = [
      await ask(`/v1/environments/${foreign}`, 'foreign'),
      await ask(`/v1/environments/${unknown}`, 'unknown'),
      await ask(`/v1/environments/${foreign}/gate?permission=env:data.read`, 'gate-foreign'),
      await ask(`/v1/environments/${unknown}/gate?permission=env:data.read`, 'gate-unknown'),
    ];
    const same = answers.map(({ status, body }) => JSON.stringify([status, { ...body, requestId: null }]));
    expect([same[0], same[2]]).toEqual([same[1], same[3]]);
    const denials = async (query: string): Promise<unknown[]> => {
      const path = `/v1/audit-events?outcome=deny&actorId=mallory${query}`;
      const { items } = (await harness.call<{ items: AuditEventView[] }>('GET', path)).body;
      return items.map(({ requestId, reason, environmentId, detail }) => [
        requestId,
        reason,
        environmentId,
        detail['missing'],
      ]);
    };
    expect(await denials(`&organizationId=${theirs}`)).toEqual([
      ['foreign', 'not_found', foreign, ['env:environment.read']],
      ['gate-foreign', 'access_denied', foreign, ['env:data.read']],
    ]);
    expect(await denials('')).toEqual([
      ['unknown', 'not_found', null, ['env:environment.read']],
      ['gate-unknown', 'access_denied', null, ['env:data.read']],
    ]);
  });

  it('cap L3 a credential that is none leaves no entry: it is nobody’s', async () => {
    const before = (await harness.call('GET', '/v1/audit-events?outcome=deny')).text;
    await harness.call('GET', '/v1/me', { token: 'wrong' });
    await harness.call('GET', '/v1/me', { token: null });
    const after = (await harness.call('GET', '/v1/audit-events?outcome=deny')).text;
    expect(JSON.parse(after).items).toEqual(JSON.parse(before).items);
  });
});
