import { createGateway } from '@envplane/gateway';
import type { EnvironmentToken, IdentityProvider, JwkSet, Principal, SigningKeyView } from '@envplane/spec';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStores } from '../../../service-tenant/src/store/open-stores.ts';
import { hashToken } from '../../src/config.ts';
import { platformToken } from '../../src/identity/platform-token.ts';
import { checkAnswer } from './conformance.ts';
import { type Answer, type Harness, ISSUER, startHarness, TOKEN } from './harness.ts';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const TYPE = 'urn:ietf:params:oauth:token-type';
const ACCOUNT = '0192f0c1-7b7e-7000-8000-00000000acc1';
const KEY = 'envp_acc1_canary-of+the:account';

/** A session of a user is `session-<user>`; a store that is down is `session-down`. */
const sessions: IdentityProvider = {
  name: 'hostSession',
  authenticate: async ({ headers }) => {
    const id = /^Bearer session-(.*)$/.exec(headers.get('authorization') ?? '')?.[1];
    if (id === undefined) return { outcome: 'none' };
    if (id === 'down') throw new Error('connection refused at 10.0.0.1');
    if (id === 'expired') return { outcome: 'invalid' };
    return { outcome: 'principal', principal: { kind: 'user', id, issuer: 'host', subject: id } };
  },
};

const accounts: IdentityProvider = {
  name: 'serviceAccount',
  authenticate: async ({ headers }) => {
    const token = headers.get('authorization') ?? '';
    if (!token.startsWith('Bearer envp_')) return { outcome: 'none' };
    const principal: Principal = { kind: 'service', id: ACCOUNT, issuer: 'envplane', subject: ACCOUNT };
    return token === `Bearer ${KEY}` ? { outcome: 'principal', principal } : { outcome: 'invalid' };
  },
};

interface OAuth extends Record<string, unknown> {
  error: string;
  code: string;
}

let harness: Harness;
let environmentId: string;
let other: string;

beforeAll(async () => {
  harness = await startHarness({ identity: [platformToken(hashToken(TOKEN)), accounts, sessions] });
  const { id: organizationId, defaultEnvironmentId } = await harness.organization('acme');
  environmentId = defaultEnvironmentId ?? '';
  other = (await harness.organization('other')).defaultEnvironmentId ?? '';
  const stores = await openStores(`file:${harness.directory}/control-plane.db`);
  await stores.main.write(async (_query, nowMs, execute) => {
    await execute("insert into sys_service_account values (?, ?, 'robot', null, 'active', 1, 'ada', ?, ?)", [
      ACCOUNT,
      organizationId,
      nowMs,
      nowMs,
    ]);
    await execute("insert into sys_environment_grant values ('grant', ?, 'service', ?, 'reader', 'ada', ?)", [
      environmentId,
      ACCOUNT,
      nowMs,
    ]);
  });
  await stores.close();
});
afterAll(() => harness.close());

const audience = () => `env:${environmentId}`;

/** Posts a form; the answer is checked against the document. */
async function post(
  form: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<Answer<OAuth>> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const response = await harness.app.request('/v1/oauth/token', {
    method: 'POST',
    body,
    headers: { ...type, ...headers },
  });
  const text = await response.text();
  const answer = { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  checkAnswer('POST', '/v1/oauth/token', answer);
  return answer;
}

const exchange = (subject: string, more: Record<string, string> = {}) => ({
  grant_type: EXCHANGE,
  subject_token: subject,
  subject_token_type: `${TYPE}:jwt`,
  audience: audience(),
  ...more,
});
const credentials = (more: Record<string, string> = {}) => ({
  grant_type: 'client_credentials',
  client_id: ACCOUNT,
  client_secret: KEY,
  audience: audience(),
  ...more,
});
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`,
});

async function claimsOf(token: unknown) {
  const { body } = await harness.call<JwkSet>('GET', '/.well-known/jwks.json', { token: null });
  const keys = createLocalJWKSet(body as JSONWebKeySet);
  return (await jwtVerify(String(token), keys, { issuer: ISSUER, audience: audience(), typ: 'at+jwt' })).payload;
}

describe('the token route', () => {
  const issue = (options: object) =>
    harness.call<EnvironmentToken & { code: string }>('POST', `/v1/environments/${environmentId}/token`, options);

  it('cap T1 issues to users and service accounts, and the answer is kept by nobody', async () => {
    const answer = await issue({ token: 'session-ada', body: { scope: 'env:data.read', lifetimeSeconds: 60 } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({ tokenType: 'Bearer', expiresIn: 60, scope: 'env:data.read', environmentId });
    expect(await claimsOf(answer.body.accessToken)).toMatchObject({
      sub: 'ada',
      role: 'owner',
      permissions: ['env:data.read'],
    });
    const service = await issue({ token: KEY });
    expect(await claimsOf(service.body.accessToken)).toMatchObject({
      sub: ACCOUNT,
      sub_type: 'service',
      role: 'reader',
    });
  });

  it('cap T1 nobody else: the platform, an outsider, nobody', async () => {
    expect((await issue({})).body).toMatchObject({ code: 'permission_denied', missing: ['env:tokens.issue'] });
    expect((await issue({ token: 'session-bob' })).body).toMatchObject({ code: 'not_found' });
    expect((await issue({ token: null })).status).toBe(401);
  });

  it('sec S4 unknown fields and values are refused, and what is more than is held', async () => {
    for (const body of [
      { permissions: ['*'] },
      { scope: 7 },
      { lifetimeSeconds: 301 },
      { permissionFormat: 'all' },
      { ro: false },
    ]) {
      expect((await issue({ token: 'session-ada', body })).body.code, JSON.stringify(body)).toBe('validation_failed');
    }
    expect((await issue({ token: KEY, body: { scope: 'env:data.write' } })).body).toMatchObject({
      code: 'invalid_scope',
      missing: ['env:data.write'],
    });
  });
});

describe('the token endpoint', () => {
  it('cap T13 client credentials, in the form or as Basic, for a token of the account', async () => {
    const { client_id: id, client_secret: secret, ...form } = credentials({ scope: 'env:data.read' });
    for (const answer of [
      await post(credentials({ scope: 'env:data.read' })),
      await post(form, basic(id, secret)),
      await post({ ...form, client_id: id }, basic(id, secret)),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        access_token: expect.any(String),
        issued_token_type: `${TYPE}:access_token`,
        token_type: 'Bearer',
        expires_in: 600,
        scope: 'env:data.read',
      });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('pragma')).toBe('no-cache');
      const claims = await claimsOf(answer.body['access_token']);
      expect(claims).toMatchObject({ sub: ACCOUNT, sub_type: 'service', client_id: ACCOUNT });
    }
  });

  it('cap T15 a session is exchanged for a token of its user; a client that authenticates acts for the user', async () => {
    for (const type of ['jwt', 'id_token', 'access_token']) {
      const answer = await post(exchange('session-ada', { subject_token_type: `${TYPE}:${type}` }));
      expect(answer.body).toMatchObject({ issued_token_type: `${TYPE}:access_token`, expires_in: 300 });
      const claims = await claimsOf(answer.body['access_token']);
      expect(claims).toMatchObject({ sub: 'ada', sub_type: 'user', client_id: 'host' });
      expect(claims).not.toHaveProperty('act');
    }
    const acting = await post(exchange('session-ada'), basic(ACCOUNT, KEY));
    expect(await claimsOf(acting.body['access_token'])).toMatchObject({
      sub: 'ada',
      client_id: ACCOUNT,
      act: { sub: ACCOUNT },
    });
  });

  it.each<[string, () => Record<string, string> | string, Record<string, string>, number, string]>([
    ['no grant type', () => ({ audience: audience() }), {}, 400, 'invalid_request'],
    ['another grant', () => ({ ...credentials(), grant_type: 'password' }), {}, 400, 'unsupported_grant_type'],
    ['no audience', () => ({ ...credentials(), audience: '' }), {}, 400, 'invalid_target'],
    ['a field twice', () => `${new URLSearchParams(credentials())}&audience=x`, {}, 400, 'invalid_request'],
    ['no client', () => ({ grant_type: 'client_credentials', audience: audience() }), {}, 401, 'invalid_client'],
    ['half a client', () => ({ ...credentials(), client_secret: '' }), {}, 400, 'invalid_request'],
    ['a client of another name', () => credentials({ client_id: 'other' }), {}, 401, 'invalid_client'],
    ['a wrong key', () => credentials({ client_secret: `${KEY}x` }), {}, 401, 'invalid_client'],
    [
      'the platform’s token as a key',
      () => credentials({ client_id: 'platform', client_secret: TOKEN }),
      {},
      401,
      'invalid_client',
    ],
    ['two ways at once', () => credentials(), basic(ACCOUNT, KEY), 400, 'invalid_request'],
    ['a bearer for a client', () => exchange('session-ada'), { authorization: `Bearer ${KEY}` }, 401, 'invalid_client'],
    ['Basic that is none', () => exchange('session-ada'), { authorization: 'Basic %%%' }, 401, 'invalid_client'],
    ['no subject token', () => ({ grant_type: EXCHANGE, audience: audience() }), {}, 400, 'invalid_request'],
    ['no type of it', () => exchange('session-ada', { subject_token_type: '' }), {}, 400, 'invalid_request'],
    [
      'a saml assertion',
      () => exchange('session-ada', { subject_token_type: `${TYPE}:saml2` }),
      {},
      400,
      'invalid_request',
    ],
    ['an actor token', () => exchange('session-ada', { actor_token: 'x' }), {}, 400, 'invalid_request'],
    ['a resource', () => exchange('session-ada', { resource: 'https://x.test' }), {}, 400, 'invalid_request'],
    [
      'a refresh token wanted',
      () => exchange('session-ada', { requested_token_type: `${TYPE}:refresh_token` }),
      {},
      400,
      'invalid_request',
    ],
    ['a bad session', () => exchange('session-expired'), {}, 400, 'invalid_grant'],
    ['an unknown token', () => exchange('nonsense'), {}, 400, 'invalid_grant'],
    ['a token with spaces', () => exchange('session-ada x'), {}, 400, 'invalid_grant'],
    ['the platform’s token', () => exchange(TOKEN), {}, 400, 'invalid_grant'],
    ['a service-account key', () => exchange(KEY), {}, 400, 'invalid_grant'],
    ['more than is held', () => credentials({ scope: 'env:data.write' }), {}, 400, 'invalid_scope'],
    ['another audience', () => exchange('session-ada', { audience: 'https://api.test' }), {}, 400, 'invalid_target'],
    ['a malformed id', () => exchange('session-ada', { audience: 'env:x' }), {}, 400, 'invalid_target'],
    [
      'an unknown environment',
      () => exchange('session-ada', { audience: `env:${crypto.randomUUID()}` }),
      {},
      400,
      'invalid_target',
    ],
    ['JSON', () => JSON.stringify(credentials()), { 'content-type': 'application/json' }, 415, 'invalid_request'],
    ['a session store that is down', () => exchange('session-down'), {}, 503, 'temporarily_unavailable'],
  ])('cap T1 refuses %s', async (_name, form, headers, status, error) => {
    const answer = await post(form(), headers);
    expect([answer.status, answer.body.error]).toEqual([status, error]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({ status, error_description: answer.body['detail'] });
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Basic realm="envplane"' : null);
    expect(answer.text).not.toContain('10.0.0.1');
    expect(answer.text).not.toContain(KEY);
  });

  it('sec S1 an unknown, a foreign and an ungranted audience are told nothing apart', async () => {
    const answers = await Promise.all(
      [
        exchange('session-ada', { audience: `env:${crypto.randomUUID()}` }),
        exchange('session-bob'),
        credentials({ audience: `env:${other}` }),
        exchange('session-ada', { audience: 'env:x' }),
      ].map((form) => post(form)),
    );
    const bodies = answers.map(({ body }) => JSON.stringify({ ...body, requestId: null }));
    expect(new Set(bodies).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ code: 'invalid_target', error: 'invalid_target' });
  });

  it('cap T1 answers an error as plain JSON to who asks for that, with the same members', async () => {
    const plain = await post({}, { accept: 'application/json' });
    const asProblem = await post({});
    expect(plain.headers.get('content-type')).toBe('application/json');
    expect({ ...plain.body, requestId: null }).toEqual({ ...asProblem.body, requestId: null });
  });

  it('cap T13 too many bad keys are one key’s own doing, and a good one is let in', async () => {
    const codes = new Set<string>();
    for (let count = 0; count < 130; count += 1) {
      codes.add((await post(credentials({ client_secret: `envp_guessed_${count}` }))).body.code);
    }
    expect([...codes]).toEqual(['invalid_client', 'rate_limited']);
    expect((await post(credentials())).status).toBe(200);
  });
});

describe('at the edge', () => {
  it('cap T10 what was issued by a role on the platform ends with that role, like the token of a removed member', async () => {
    const read = (path: string) => async () => (await harness.call('GET', path)).body as never;
    let nowMs = Date.now();
    const gateway = createGateway({
      issuer: ISSUER,
      jwks: read('/.well-known/jwks.json'),
      epochs: read('/v1/token-epochs'),
      routes: [{ path: '/notes', permission: 'env:data.read' }],
      now: () => nowMs,
    });
    const mint = async (env: string) => {
      const { body } = await harness.call('POST', `/v1/environments/${env}/token`, { body: {}, token: 'session-root' });
      return String(body['accessToken']);
    };
    const verdict = async (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await gateway.check(new Request('https://app.test/notes', { headers }));
      return answer.allowed ? 'allowed' : answer.code;
    };
    const grant = { granteeType: 'user', granteeId: 'root', role: 'administrator' };
    const { body: granted } = await harness.call('POST', '/v1/platform-grants', { body: grant });
    const tokens = [await mint(environmentId), await mint(other)];
    await gateway.refresh();
    for (const token of tokens) expect(await verdict(token)).toBe('allowed');
    await harness.call('DELETE', `/v1/platform-grants/${granted['id']}`);
    nowMs += 6_000;
    await gateway.refresh();
    for (const token of tokens) expect(await verdict(token)).toBe('invalid_token');
    // What root holds from now on is told apart from what root held.
    await harness.call('POST', `/v1/environments/${other}/members`, { body: { userId: 'root', role: 'reader' } });
    expect(await verdict(await mint(other))).toBe('allowed');
  });
});

describe('signing keys', () => {
  it('cap T8 the key set is for everybody, to be kept for five minutes and through a failure', async () => {
    const answer = await harness.call<JwkSet>('GET', '/.well-known/jwks.json', { token: null });
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300, stale-if-error=86400');
    expect(answer.body.keys).toHaveLength(2);
    for (const key of answer.body.keys)
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  });

  it('cap T8 a rotation that comes too soon says when it may come', async () => {
    const answer = await harness.call('POST', '/v1/signing-keys/rotate');
    expect(answer.body).toMatchObject({ code: 'invalid_state', state: 'standby' });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(300);
  });

  it('cap T9 a revoked key leaves the key set and enters the feed, and its tokens verify no more', async () => {
    const issued = await post(credentials());
    const list = () => harness.call<{ items: SigningKeyView[] }>('GET', '/v1/signing-keys');
    const active = (await list()).body.items.find(({ status }) => status === 'active');
    const revoked = await harness.call('POST', `/v1/signing-keys/${active?.kid}/revoke`);
    expect(revoked.body).toMatchObject({ kid: active?.kid, status: 'revoked' });
    await expect(claimsOf(issued.body['access_token'])).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    expect(await claimsOf((await post(credentials())).body['access_token'])).toBeDefined();
    const feed = await harness.call<{ items: object[]; nextCursor: string }>('GET', '/v1/token-epochs');
    expect(feed.body.items).toContainEqual({ kid: active?.kid });
    const next = await harness.call('GET', `/v1/token-epochs?cursor=${feed.body.nextCursor}`);
    expect(next.body).toMatchObject({ reset: false, more: false });
    expect((await list()).text).not.toMatch(/private|cipher|"d":/i);
  });

  it('sec no token and no key of this file is in the log', () => {
    const log = harness.logLines.join('\n');
    expect(log).toContain('/v1/oauth/token');
    expect(log).not.toMatch(/canary-|eyJ|session-/);
  });
});
