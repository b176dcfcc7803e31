import { newOidcKey, type OidcFaults, type OidcIssuerServer, startOidcIssuer } from '@envplane/testkit';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keySetAddress } from '../../src/identity/issuer-keys.ts';
import { identityProviders } from '../../src/identity/providers.ts';
import { type Asked, quiet, type SignedIn, startSignedIn } from './signed-in.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let issuer: OidcIssuerServer;
let service: SignedIn;
let nowMs: number;
const warnings: string[] = [];
const elsewhere = await startOidcIssuer();

beforeEach(async () => {
  nowMs = Date.now();
  issuer = await startOidcIssuer('ES256');
  warnings.length = 0;
  const warn = (fields: object, message: string) =>
    void warnings.push(`${message}: ${String((fields as { err?: unknown }).err)}`);
  const logger = { debug() {}, info() {}, warn, error() {} };
  const issuers = [{ issuer: issuer.issuer, audience: 'envplane', primary: true }];
  service = await startSignedIn({ oidc: { issuers, logger, nowMs: () => nowMs } });
});
afterEach(() => Promise.all([service.harness.close(), issuer.close()]));
afterAll(() => elsewhere.close());

/** Valid at the time the service believes it is. */
const claims = () => ({ sub: 'ada', iat: Math.floor(nowMs / 1_000), exp: Math.floor(nowMs / 1_000) + 300 });
const signIn = async (options?: Parameters<OidcIssuerServer['token']>[1]) =>
  service.ask(await issuer.token(claims(), options));
const unknownKey = async () => issuer.token(claims(), { key: await newOidcKey('ES256') });

function expectUnavailable({ status, code, answer }: Asked): void {
  expect({ status, code }).toEqual({ status: 503, code: 'issuer_unavailable' });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.text).not.toMatch(/127\.0\.0\.1|http/);
}

describe('the keys of an issuer', () => {
  it('are read once for a crowd, and not again while they are fresh', async () => {
    const crowd = await Promise.all(Array.from({ length: 20 }, () => signIn()));
    expect(crowd.map(({ status }) => status).filter((status) => status === 401 || status === 503)).toEqual([]);
    nowMs += 9 * MINUTE_MS;
    expect((await signIn()).principal?.id).toBe('ada');
    expect(issuer.requests).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('cap T8 are read again when a token names a new one, without anybody waiting for a schedule', async () => {
    const [old] = issuer.keys;
    await signIn();
    nowMs += 31_000;
    await issuer.rotate('EdDSA');
    expect((await signIn()).principal?.id).toBe('ada');
    expect((await signIn(old && { key: old })).principal?.id).toBe('ada');
    expect(issuer.requests).toHaveLength(4);
  });

  it('cap T11 a flood of unknown key ids causes one reload in 30 s', async () => {
    await signIn();
    nowMs += 31_000;
    const tokens = await Promise.all(Array.from({ length: 10 }, unknownKey));
    for (const token of tokens) expect((await service.ask(token)).status).toBe(401);
    await Promise.all(tokens.map((token) => service.ask(token)));
    expect(issuer.requests).toHaveLength(4);
    nowMs += 29_000;
    await service.ask(await unknownKey());
    expect(issuer.requests).toHaveLength(4);
    nowMs += 2_000;
    await service.ask(await unknownKey());
    expect(issuer.requests).toHaveLength(6);
  });

  it('cap T11 the flood is held off while the issuer is down, too', async () => {
    await signIn();
    nowMs += 31_000;
    await issuer.down();
    for (let sent = 0; sent < 10; sent += 1) expect((await service.ask(await unknownKey())).status).toBe(401);
    expect(warnings).toHaveLength(1);
  });

  it('sec S3 a withdrawn key is refused once the set is 10 minutes old', async () => {
    const [old] = issuer.keys;
    await signIn();
    await issuer.rotate();
    if (old) issuer.withdraw(old);
    expect((await signIn(old && { key: old })).principal?.id).toBe('ada');
    nowMs += 10 * MINUTE_MS + 1;
    expect((await signIn(old && { key: old })).status).toBe(401);
    expect((await signIn()).principal?.id).toBe('ada');
  });

  it('cap T11 serve for 24 hours while the issuer is down, and not a minute longer', async () => {
    await signIn();
    await issuer.down();
    nowMs += DAY_MS - MINUTE_MS;
    expect((await signIn()).principal?.id).toBe('ada');
    nowMs += 2 * MINUTE_MS;
    expectUnavailable(await signIn());
    await issuer.up();
    nowMs += MINUTE_MS;
    expect((await signIn()).principal?.id).toBe('ada');
  });

  it('an issuer that was down from the start is found when it is up', async () => {
    await issuer.down();
    expectUnavailable(await signIn());
    await issuer.up();
    nowMs += 1_000;
    expect((await signIn()).principal?.id).toBe('ada');
  });

  it('an issuer that is down keeps nobody else out', async () => {
    await issuer.down();
    expect((await service.harness.call('GET', '/v1/drivers')).status).toBe(200);
    expect((await service.ask('wrong')).status).toBe(401);
  });
});

describe('what an issuer sends', () => {
  const faults: [string, Partial<OidcFaults>][] = [
    ['another status', { status: 500 }],
    ['no JSON', { text: '<html>' }],
    ['nothing', { text: '' }],
    ['JSON that is no document', { text: 'null' }],
    ['more than 64 KB', { padding: 64 * 1024 }],
    ['a redirect', { redirectTo: `${elsewhere.issuer}/.well-known/openid-configuration` }],
    ['the configuration of another issuer', { configuration: { issuer: 'https://issuer.example' } }],
    ['no key set', { configuration: { jwks_uri: undefined } }],
    ['a key set without TLS', { configuration: { jwks_uri: 'http://issuer.example/keys' } }],
    ['a key set in a file', { configuration: { jwks_uri: 'file:///etc/passwd' } }],
    ['a key set behind a password', { configuration: { jwks_uri: 'http://a:b@127.0.0.1:1/keys' } }],
  ];

  it.each(faults)('sec S7 is not used when it is %s', async (_, fault) => {
    Object.assign(issuer.faults, fault);
    expectUnavailable(await signIn());
    expect(elsewhere.requests).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings.join()).not.toMatch(/127\.0\.0\.1|example|passwd/);
    issuer.heal();
    nowMs += 1_000;
    expect((await signIn()).principal?.id).toBe('ada');
  });

  it('sec S40 is not waited for longer than 5 s', async () => {
    issuer.faults.delayMs = 60_000;
    const began = performance.now();
    expectUnavailable(await signIn());
    expect(performance.now() - began).toBeGreaterThan(4_900);
    expect(performance.now() - began).toBeLessThan(8_000);
  });

  it('sec S40 a set with a key that cannot be one refuses its tokens, and no others', async () => {
    const broken = await issuer.rotate('RS256');
    broken.publicJwk.n = 'AQAB';
    expect((await signIn()).status).toBe(401);
    const { 1: good } = issuer.keys;
    expect((await signIn(good && { key: good })).principal?.id).toBe('ada');
  });

  it.each([
    ['http://127.0.0.1:8080/keys', 'https://issuer.example'],
    ['http://[::1]/keys', 'https://issuer.example'],
    ['http://issuer.example/keys', 'https://issuer.example'],
    ['not a URL', 'https://issuer.example'],
  ])('sec S7 the key set %s is not read for %s', (address, name) => {
    expect(() => keySetAddress(name, { issuer: name, jwks_uri: address })).toThrow('its ');
  });

  it('the key set of a remote issuer may be on another host, with TLS', () => {
    const document = { issuer: 'https://issuer.example', jwks_uri: 'https://keys.example/set' };
    expect(keySetAddress('https://issuer.example', document).href).toBe('https://keys.example/set');
  });
});

describe('issuers that cannot be used', () => {
  const fine = { issuer: 'https://issuer.example', audience: 'envplane', primary: true };

  it.each([
    [[{ ...fine, issuer: 'issuer.example' }], 'https URL'],
    [[{ ...fine, issuer: 'http://issuer.example' }], 'https URL'],
    [[{ ...fine, issuer: 'https://user:secret@issuer.example' }], 'user info'],
    [[{ ...fine, issuer: 'https://issuer.example/?tenant=1' }], 'no query'],
    [[{ ...fine, audience: '' }], 'must not be empty'],
    [[{ ...fine, audience: 'env:1' }], 'environment tokens'],
    [[fine, fine], 'twice'],
    [[fine, { ...fine, issuer: 'https://other.example' }], 'primary'],
    [[{ ...fine, primary: false }], 'mapIdentity'],
  ])('do not start: %j', (issuers, reason) => {
    expect(() => identityProviders({ adminTokenHash: '', oidc: { issuers, logger: quiet } })).toThrow(reason);
  });
});
