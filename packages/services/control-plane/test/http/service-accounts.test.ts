import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Harness, RequestOptions } from './harness.ts';
import { startWithPeople, tokenOf } from './people.ts';

let harness: Harness;
let env: string;
beforeAll(async () => {
  harness = await startWithPeople();
  await harness.organization('acme');
  env = (await harness.environment('acme', 'dev')).id;
});
afterAll(() => harness.close());

const ada = (method: string, path: string, options: RequestOptions = {}): Promise<Answer> =>
  harness.call(method, path, { ...options, token: tokenOf('ada') });
const text = (answer: Answer, field: string) => String(answer.body[field]);

describe('cap T13 a machine', () => {
  it('gets an account, a key that is shown once, a role, and loses each again', async () => {
    const account = await ada('POST', '/v1/organizations/acme/service-accounts', { body: { name: 'ci' } });
    expect([account.status, account.headers.get('etag')]).toEqual([201, '"v1"']);
    const path = `/v1/service-accounts/${text(account, 'id')}`;
    const made = await ada('POST', `${path}/keys`, {
      body: { expiresInDays: 7 },
      headers: { 'idempotency-key': 'k1' },
    });
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const key = text(made, 'key');
    expect(key).toMatch(/^envp_[0-9a-f]{16}_/);
    const again = await ada('POST', `${path}/keys`, {
      body: { expiresInDays: 7 },
      headers: { 'idempotency-key': 'k1' },
    });
    expect(again.body).toMatchObject({ keyId: made.body['keyId'], key: null });
    const list = await ada('GET', '/v1/organizations/acme/service-accounts');
    expect(list.body['items']).toMatchObject([{ name: 'ci', keys: [{ keyId: made.body['keyId'] }] }]);
    expect(list.text).not.toContain(key.slice(22));

    const read = () => harness.call('GET', `/v1/environments/${env}`, { token: key });
    expect((await harness.call('GET', '/v1/me', { token: key })).body).toMatchObject({
      kind: 'service',
      id: account.body['id'],
    });
    expect((await read()).status).toBe(403);
    const body = { serviceAccountId: account.body['id'], role: 'reader' };
    const grant = await ada('POST', `/v1/environments/${env}/grants`, { body });
    expect(grant.status).toBe(201);
    expect((await read()).status).toBe(200);
    expect((await ada('GET', `/v1/environments/${env}/grants`)).body['items']).toEqual([grant.body]);
    expect((await ada('DELETE', `/v1/environments/${env}/grants/${text(grant, 'id')}`)).status).toBe(204);
    expect((await read()).status).toBe(403);
    const disabled = await ada('PATCH', path, { body: { status: 'disabled' }, headers: { 'if-match': '"v2"' } });
    expect(disabled.body).toMatchObject({ status: 'disabled', version: 3 });
    expect((await read()).body).toMatchObject({ status: 401, code: 'invalid_token' });
    await ada('PATCH', path, { body: { status: 'active' } });
    expect((await read()).status).toBe(403);
    expect((await ada('DELETE', `${path}/keys/${text(made, 'keyId')}`)).status).toBe(204);
    expect((await read()).status).toBe(401);
    expect(harness.logLines.join()).not.toContain(key.slice(22));
  });

  it('gets a key that leaves less than its account has', async () => {
    const account = await ada('POST', '/v1/organizations/acme/service-accounts', { body: { name: 'reader' } });
    const body = { serviceAccountId: account.body['id'], role: 'admin' };
    await ada('POST', `/v1/environments/${env}/grants`, { body });
    const keyed = (narrowing: object) =>
      ada('POST', `/v1/service-accounts/${text(account, 'id')}/keys`, { body: narrowing });
    const made = await keyed({ permissions: ['env:environment.read'], environmentIds: [env] });
    expect(made.body).toMatchObject({ permissions: ['env:environment.read'], environmentIds: [env] });
    const token = text(made, 'key');
    expect((await harness.call('GET', `/v1/environments/${env}`, { token })).status).toBe(200);
    const refused = await harness.call('POST', `/v1/environments/${env}/suspend`, { token });
    expect(refused.body).toMatchObject({
      status: 403,
      code: 'permission_denied',
      missing: ['env:environment.suspend'],
    });
    const unknown = await keyed({ permissions: ['env:environment.raed'] });
    expect(unknown.body).toMatchObject({ status: 422, errors: [{ pointer: '/permissions/0' }] });
  });

  it('is nobody’s business elsewhere', async () => {
    const account = await ada('POST', '/v1/organizations/acme/service-accounts', { body: { name: 'mine' } });
    const path = `/v1/service-accounts/${text(account, 'id')}`;
    const stranger = (method: string, at: string, body?: object) =>
      harness.call(method, at, { token: tokenOf('stranger'), ...(body && { body }) });
    for (const answer of [
      await stranger('PATCH', path, { status: 'disabled' }),
      await stranger('POST', `${path}/keys`, {}),
      await stranger('DELETE', `${path}/keys/0123456789abcdef`),
      await stranger(
        'PATCH',
        path.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        {},
      ),
      await stranger('PATCH', '/v1/service-accounts/x', {}),
    ]) {
      expect(answer.body).toMatchObject({
        status: 404,
        code: 'not_found',
        detail: 'There is no service account of this id.',
      });
    }
  });

  it('of the platform holds a role on it', async () => {
    const account = await harness.call('POST', '/v1/service-accounts', { body: { name: 'watcher' } });
    const { body } = await harness.call('POST', `/v1/service-accounts/${text(account, 'id')}/keys`, { body: {} });
    const token = String(body['key']);
    expect((await harness.call('GET', '/v1/placements', { token })).status).toBe(403);
    const grant = await harness.call('POST', '/v1/platform-grants', {
      body: { granteeType: 'service', granteeId: account.body['id'], role: 'auditor' },
    });
    expect((await harness.call('GET', '/v1/placements', { token })).status).toBe(200);
    expect((await harness.call('GET', '/v1/platform-grants')).body['items']).toEqual([grant.body]);
    expect((await harness.call('GET', '/v1/service-accounts')).body['items']).toMatchObject([{ name: 'watcher' }]);
    expect((await ada('GET', '/v1/service-accounts')).status).toBe(403);
    expect((await ada('GET', '/v1/platform-grants')).status).toBe(403);
    expect((await harness.call('DELETE', `/v1/platform-grants/${text(grant, 'id')}`)).status).toBe(204);
    expect((await harness.call('GET', '/v1/placements', { token })).status).toBe(403);
  });
});
