import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ControlPlaneError, type Principal } from '@envplane/spec';
import { type OidcIssuerServer, startOidcIssuer } from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { document, problemOf } from '../http/conformance.ts';
import { CANARY, TOKEN } from '../http/harness.ts';
import { bodyOf, quiet, type SignedIn, startSignedIn } from './signed-in.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** Keys as a store would hold them: by id, hashed. */
const secret = randomBytes(32).toString('base64url');
const keys = new Map([['key-1', sha256(secret)]]);
const account: Principal = {
  kind: 'service',
  id: 'account-1',
  issuer: 'envplane',
  subject: 'account-1',
  organizationId: 'acme',
};
const looked: string[] = [];

async function authenticateKey(token: string): Promise<Principal | 'invalid'> {
  looked.push(token);
  const [, id = '', ...rest] = token.split('_');
  if (id === 'down') throw new ControlPlaneError('store_unavailable', 'The store does not answer.');
  const known = keys.get(id);
  return known && timingSafeEqual(known, sha256(rest.join('_'))) ? account : 'invalid';
}

let issuer: OidcIssuerServer;
let service: SignedIn;
/** What the host was asked about. */
const asked: string[] = [];

beforeAll(async () => {
  issuer = await startOidcIssuer('ES256');
  service = await startSignedIn({
    serviceAccounts: authenticateKey,
    oidc: { issuers: [{ issuer: issuer.issuer, audience: 'envplane', primary: true }], logger: quiet },
    // A host that takes everybody for Ada: whoever must not be taken for anybody must not get here.
    hostSession: async ({ headers }) => {
      asked.push(headers.get('authorization') ?? '');
      return headers.get('x-session') === 'ada' ? { userId: 'ada' } : null;
    },
  });
});
afterAll(() => Promise.all([service.harness.close(), issuer.close()]));

const closed = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, operation]) => operation['x-envplane'].permission !== 'public' && path !== '/metrics')
    .map(([method]) => ({ method: method.toUpperCase(), path: path.replaceAll(/\{\w+\}/g, 'x') })),
);

describe('service accounts', () => {
  it('cap T13 are known by a key', async () => {
    const { principal } = await service.ask(`envp_key-1_${secret}`);
    expect(principal).toEqual(account);
  });

  it.each([
    ['of another secret', () => `envp_key-1_${randomBytes(32).toString('base64url')}`],
    ['with a secret cut short', () => `envp_key-1_${secret.slice(1)}`],
    ['with a secret that goes on', () => `envp_key-1_${secret}x`],
    ['of an unknown id', () => `envp_key-2_${secret}`],
    ['without a secret', () => 'envp_key-1_'],
    ['without an id', () => `envp__${secret}`],
    ['with nothing', () => 'envp_'],
    ['with a path for an id', () => `envp_../key-1_${secret}`],
  ])('cap T13 sec S25 a key %s is refused, and nobody else is asked', async (_, key) => {
    const before = asked.length;
    const refused = await service.ask(key(), { headers: { 'x-session': 'ada' } });
    expect(refused).toMatchObject({ status: 401, code: 'invalid_token', principal: undefined });
    expect(asked.length).toBe(before);
  });

  it('sec S25 only what has the form of a key is looked up, never the administrator’s token', async () => {
    looked.length = 0;
    expect((await service.ask(TOKEN)).principal?.kind).toBe('platform');
    for (const token of ['envp_admin_wrong', 'envp_x', 'wrong', 'eyJhbGciOiJub25lIn0.e30.']) await service.ask(token);
    expect(looked).toEqual([]);
  });

  it('a store that is down is 503, not 401', async () => {
    const { status, code, answer } = await service.ask('envp_down_x');
    expect({ status, code }).toEqual({ status: 503, code: 'store_unavailable' });
    expect(answer.headers.get('retry-after')).toBe('1');
  });
});

describe('credentials of the data plane', () => {
  it('cap G7 sec S1 an environment token opens no route of the control plane, whoever signed it', async () => {
    const token = await issuer.token({ sub: 'ada', aud: ['env:0198', 'envplane'], env: '0198' });
    const before = asked.length;
    for (const { method, path } of closed) {
      const answer = await service.harness.call(method, path, { token, headers: { 'x-session': 'ada' } });
      expect({ status: answer.status, code: problemOf(answer.body).code }, `${method} ${path}`).toEqual({
        status: 401,
        code: 'invalid_token',
      });
    }
    expect(asked.length).toBe(before);
  });

  it('cap G2 sec S1 the secret of a database opens no route either', async () => {
    const { defaultEnvironmentId } = await service.harness.organization('acme', 'guarded');
    const path = `/v1/environments/${defaultEnvironmentId}/connection`;
    const { body } = await service.harness.call<{ secret: string }>('POST', path);
    expect(body.secret).toContain(CANARY);
    const bodies = new Set<string>();
    for (const token of [body.secret, 'wrong']) bodies.add(bodyOf(await service.ask(token)));
    expect([...bodies]).toHaveLength(1);
    expect([...bodies][0]).toContain('"invalid_token"');
  });
});

describe('sessions of the host', () => {
  const ada = { 'x-session': 'ada' };
  const cookie = { ...ada, cookie: 'sid=1', host: 'app.example:8443' };

  it('cap T18 are the host’s users, and only what a session may say is taken from it', async () => {
    const { harness, ask } = await startSignedIn({
      hostSession: async () =>
        ({ userId: 'ada', email: 'ada@example.org', kind: 'platform', roles: ['owner'], organizationId: 'acme' }) as {
          userId: string;
        },
    });
    const { principal } = await ask(null);
    await harness.close();
    expect(principal).toEqual({
      kind: 'user',
      id: 'ada',
      issuer: 'host',
      subject: 'ada',
      email: 'ada@example.org',
      emailVerified: false,
    });
  });

  it('without one nobody is signed in: 401 that asks for a credential', async () => {
    expect(await service.ask(null)).toMatchObject({ status: 401, code: 'unauthenticated', principal: undefined });
    expect(await service.ask(null, { headers: { cookie: 'theme=dark' } })).toMatchObject({ code: 'unauthenticated' });
  });

  it('a host that cannot tell is 503', async () => {
    const { harness, ask } = await startSignedIn({ hostSession: () => Promise.reject(new Error('db at 10.0.0.1')) });
    const { status, answer } = await ask(null);
    await harness.close();
    expect(status).toBe(503);
    expect(answer.text).not.toContain('10.0.0.1');
  });

  it.each<[string, Record<string, string>]>([
    ['nothing that says where it comes from', {}],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another subdomain', { 'sec-fetch-site': 'same-site' }],
    ['no page', { 'sec-fetch-site': 'none' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: 'https://app.example' }],
    ['a host that only begins alike', { origin: 'https://app.example:8443.evil.example' }],
    ['a sandbox', { origin: 'null' }],
    ['another site behind a forged origin', { 'sec-fetch-site': 'cross-site', origin: 'https://app.example:8443' }],
  ])('sec S1 a change with a cookie from %s is refused', async (_, headers) => {
    const refused = await service.ask(null, { method: 'POST', body: {}, headers: { ...cookie, ...headers } });
    expect(refused).toMatchObject({ status: 401, code: 'invalid_token', principal: undefined });
  });

  it.each<[string, Record<string, string>]>([
    ['with a cookie from the same origin', { ...cookie, 'sec-fetch-site': 'same-origin' }],
    ['with a cookie from a browser that only names the origin', { ...cookie, origin: 'https://app.example:8443' }],
    ['without a cookie', ada],
    ['with a bearer token beside the cookie', { ...cookie, authorization: 'Bearer host-session-1' }],
  ])('sec S1 a change %s is Ada’s', async (_, headers) => {
    const { principal } = await service.ask(null, { method: 'POST', body: {}, headers });
    expect(principal?.id).toBe('ada');
  });

  it('sec S1 a cookie is enough to read', async () => {
    expect((await service.ask(null, { headers: cookie })).principal?.id).toBe('ada');
  });

  it('a session that names nobody is a defect of the host, and no user', async () => {
    const { harness, ask } = await startSignedIn({ hostSession: async () => ({ userId: '' }) });
    expect(await ask(null)).toMatchObject({ status: 503, principal: undefined });
    await harness.close();
  });
});
