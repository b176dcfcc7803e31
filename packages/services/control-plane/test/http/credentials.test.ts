import type { ConnectionView, DatabaseCredentialDetailView, EnvironmentView, OperationView } from '@envplane/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

interface Page {
  items: DatabaseCredentialDetailView[];
}

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.organization('acme');
});
afterAll(() => harness.close());

let made = 0;
async function environment(): Promise<{ path: string; environment: EnvironmentView }> {
  const it = await harness.environment('acme', `e${made++}`, 'guarded');
  return { environment: it, path: `/v1/environments/${it.id}` };
}

const list = async (path: string) => (await harness.call<Page>('GET', `${path}/credentials`)).body.items;
const rotate = (path: string, body = {}, headers = {}) =>
  harness.call<Page & OperationView & { code: string }>('POST', `${path}/credentials/rotate`, { body, headers });
const secretOf = async (path: string) =>
  (await harness.call<ConnectionView>('POST', `${path}/connection`, { body: {} })).body.secret;

describe('credentials of an environment', () => {
  it('cap RO1 a rotation answers with the new one beside the old one, which tells until when it is accepted', async () => {
    const { path } = await environment();
    const before = await secretOf(path);
    const [first] = await list(path);
    const answer = await rotate(path, { graceSeconds: 300 });
    expect(answer.status).toBe(200);
    expect(answer.body.items.map(({ version, state, status }) => [version, state, status])).toEqual([
      [2, 'active', 'active'],
      [1, 'retiring', 'rotating'],
    ]);
    const old = answer.body.items[1];
    expect(old?.id).toBe(first?.id);
    const leftMs = Date.parse(old?.retireAfter ?? '') - Date.now();
    expect(leftMs).toBeGreaterThan(200_000);
    expect(leftMs).toBeLessThanOrEqual(300_000);
    expect(await secretOf(path)).not.toBe(before);
    expect((await harness.call<EnvironmentView>('GET', path)).body.credential?.id).toBe(answer.body.items[0]?.id);
  });

  it('cap RO1 while the old one is accepted another rotation is told which operation to wait for, and how long', async () => {
    const { path } = await environment();
    await rotate(path);
    const again = await rotate(path);
    expect([again.status, again.body.code]).toEqual([423, 'operation_in_progress']);
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(100);
    const operation = await harness.call<OperationView>('GET', again.headers.get('location') ?? '');
    expect(operation.body).toMatchObject({ kind: 'credential.revoke', status: 'running' });
  });

  it('cap RO3 an emergency leaves one', async () => {
    const { path } = await environment();
    const answer = await rotate(path, { urgency: 'emergency' });
    expect(answer.body.items.map(({ state }) => state)).toEqual(['active', 'revoked']);
    const withGrace = await rotate(path, { urgency: 'emergency', graceSeconds: 1 });
    expect([withGrace.status, withGrace.body.code]).toEqual([422, 'validation_failed']);
  });

  it('the same key is the same rotation', async () => {
    const { path } = await environment();
    const headers = { 'idempotency-key': 'rotate-once', prefer: 'respond-async' };
    const first = await rotate(path, {}, headers);
    expect(first.status).toBe(202);
    const again = await rotate(path, {}, headers);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    const other = await rotate(path, { graceSeconds: 90 }, headers);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('cap CR4 revoking the active one replaces it; what is revoked stays; what is not there is not found', async () => {
    const { path } = await environment();
    const [first] = await list(path);
    const one = `${path}/credentials/${first?.id}/revoke`;
    const revoked = await harness.call<Page>('POST', one);
    expect(revoked.status).toBe(200);
    expect(revoked.body.items.map(({ id, state }) => [id === first?.id, state])).toEqual([
      [false, 'active'],
      [true, 'revoked'],
    ]);
    expect((await harness.call<Page>('POST', one)).body.items).toEqual(revoked.body.items);
    const none = await harness.call<{ code: string }>('POST', `${path}/credentials/${crypto.randomUUID()}/revoke`);
    expect([none.status, none.body.code]).toEqual([404, 'not_found']);
  });

  it('a driver without credentials says so', async () => {
    const { id } = await harness.environment('acme', 'file');
    const answer = await rotate(`/v1/environments/${id}`);
    expect([answer.status, answer.body.code]).toEqual([422, 'unsupported']);
  });
});
