import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Harness } from './harness.ts';
import { startWithPeople } from './people.ts';

let harness: Harness;
let organizationId: string;

beforeAll(async () => {
  harness = await startWithPeople();
  organizationId = (await harness.organization('acme')).id;
  await harness.call('PATCH', '/v1/organizations/acme', { body: { displayName: 'New name' } });
});
afterAll(() => harness.close());

interface Entry {
  seq: number;
  action: string;
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
