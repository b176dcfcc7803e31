import { createHmac, createPublicKey } from 'node:crypto';
import type { TraceView } from '@envplane/spec';
import { newOidcKey, type OidcAlgorithm, type OidcIssuerServer, startOidcIssuer } from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOKEN } from '../http/harness.ts';
import { bodyOf, quiet, type SignedIn, startSignedIn } from './signed-in.ts';

let primary: OidcIssuerServer;
let partner: OidcIssuerServer;
let stranger: OidcIssuerServer;
let service: SignedIn;
/** A clock of its own, because a second may pass between making a token and checking it. */
const nowS = Math.floor(Date.now() / 1_000);
const mapped: [issuer: string, subject: string][] = [];

beforeAll(async () => {
  [primary, partner, stranger] = await Promise.all([startOidcIssuer(), startOidcIssuer('ES256'), startOidcIssuer()]);
  service = await startSignedIn({
    oidc: {
      issuers: [
        { issuer: primary.issuer, audience: 'envplane', primary: true },
        { issuer: partner.issuer, audience: 'envplane' },
      ],
      mapIdentity: async (issuer, subject) => {
        mapped.push([issuer, subject]);
        return `generated-${mapped.length}`;
      },
      logger: quiet,
      nowMs: () => nowS * 1_000,
    },
  });
});
afterAll(() => Promise.all([service.harness.close(), primary.close(), partner.close(), stranger.close()]));

/** Fits the fixed clock. */
const times = { iat: nowS, exp: nowS + 300 };
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

describe('a token that is accepted', () => {
  it('cap T18 of the primary issuer names the user as the host does', async () => {
    const { status, principal } = await service.ask(await primary.token({ sub: 'ada', ...times }));
    expect(status).not.toBe(401);
    expect(principal).toEqual({ kind: 'user', id: 'ada', issuer: primary.issuer, subject: 'ada' });
  });

  it('cap T18 two issuers never meet in one user', async () => {
    const { principal } = await service.ask(await partner.token({ sub: 'ada', ...times }));
    expect(mapped.at(-1)).toEqual([partner.issuer, 'ada']);
    expect(principal).toEqual({
      kind: 'user',
      id: `generated-${mapped.length}`,
      issuer: partner.issuer,
      subject: 'ada',
    });
  });

  it('cap T18 says who somebody is, and its claims about tenants, roles and rights are not taken over', async () => {
    const token = await primary.token({
      sub: 'eve',
      ...times,
      email: 'eve@example.org',
      email_verified: 'true',
      auth_time: nowS - 60,
      amr: ['pwd', 'otp', 7],
      kind: 'platform',
      id: 'platform',
      organizationId: 'acme',
      org: 'acme',
      tenant: 'acme',
      roles: ['owner'],
      permissions: ['*'],
      actor: { kind: 'platform', id: 'platform' },
    });
    const { principal } = await service.ask(token);
    expect(principal).toEqual({
      kind: 'user',
      id: 'eve',
      issuer: primary.issuer,
      subject: 'eve',
      email: 'eve@example.org',
      emailVerified: false,
      authTime: nowS - 60,
      amr: ['pwd', 'otp'],
    });
    const verified = await primary.token({ sub: 'eve', ...times, email: 'eve@example.org', email_verified: true });
    expect((await service.ask(verified)).principal).toMatchObject({ id: 'eve', emailVerified: true });
  });

  it.each<OidcAlgorithm>(['RS256', 'PS256', 'ES256', 'EdDSA'])('cap T2 may be signed with %s', async (algorithm) => {
    const issuer = await startOidcIssuer(algorithm);
    const issuers = [{ issuer: issuer.issuer, audience: 'envplane', primary: true }];
    const { harness, ask } = await startSignedIn({ oidc: { issuers, logger: quiet } });
    expect((await ask(await issuer.token({ sub: 'ada' }))).principal?.id).toBe('ada');
    await Promise.all([harness.close(), issuer.close()]);
  });

  it.each([
    ['as old as the tolerance', { exp: nowS - 4 }],
    ['not quite valid yet', { nbf: nowS + 5 }],
    ['from a clock that is ahead', { iat: nowS + 5 }],
    ['for several audiences', { aud: ['other', 'envplane'] }],
    ['without a time of issue', { iat: undefined }],
  ])('cap T5 may be %s', async (_, claims) => {
    const { principal } = await service.ask(await primary.token({ sub: 'ada', ...times, ...claims }));
    expect(principal?.id).toBe('ada');
  });

  it.each(['JWT', 'at+jwt', 'application/at+jwt', undefined])('cap T5 may be of the type %s', async (typ) => {
    const { principal } = await service.ask(await primary.token({ sub: 'ada', ...times }, { header: { typ } }));
    expect(principal?.id).toBe('ada');
  });
});

it('cap T18 the directory keeps one user for each subject of an issuer, also for a crowd', async () => {
  const { issuer } = partner;
  const issuers = [
    { issuer, audience: 'envplane' },
    { issuer: primary.issuer, audience: 'envplane' },
  ];
  const directory: SignedIn = await startSignedIn({
    oidc: {
      issuers,
      mapIdentity: (...identity) => directory.harness.controlPlane.service.mapIdentity(...identity),
      logger: quiet,
    },
  });
  const tokens = await Promise.all(Array.from({ length: 8 }, () => partner.token({ sub: 'ada' })));
  await Promise.all(tokens.map((token) => directory.ask(token)));
  const { principal } = await directory.ask(await partner.token({ sub: 'ada' }));
  const again = await directory.ask(await partner.token({ sub: 'ada' }));
  const other = await directory.ask(await partner.token({ sub: 'bob' }));
  const elsewhere = await directory.ask(await primary.token({ sub: 'ada' }));
  const id = again.answer.headers.get('x-request-id');
  const trace = await directory.harness.call<TraceView>('GET', `/v1/traces/${id}`);
  await directory.harness.close();
  // The signature, and the look-up of the user, are parts of the request that they were done for.
  expect(trace.body.hops.slice(0, 3).map(({ name }) => name)).toEqual(['verify', 'query', 'authenticate']);
  expect(principal).toMatchObject({ kind: 'user', issuer, subject: 'ada' });
  expect(principal?.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(again.principal?.id).toBe(principal?.id);
  expect(new Set([principal, other.principal, elsewhere.principal].map((each) => each?.id)).size).toBe(3);
});

describe('a token that is refused', () => {
  const forged: [string, () => Promise<string>][] = [
    ['expired', () => primary.token({ sub: 'ada', ...times, exp: nowS - 6 })],
    ['without an end', () => primary.token({ sub: 'ada', iat: nowS, exp: undefined })],
    ['not valid yet', () => primary.token({ sub: 'ada', ...times, nbf: nowS + 6 })],
    ['issued in the future', () => primary.token({ sub: 'ada', ...times, iat: nowS + 6 })],
    ['for another audience', () => primary.token({ sub: 'ada', ...times, aud: 'other' })],
    ['for no audience', () => primary.token({ sub: 'ada', ...times, aud: undefined })],
    ['for an audience that only begins alike', () => primary.token({ sub: 'ada', ...times, aud: 'envplane2' })],
    ['for nobody', () => primary.token({ ...times })],
    ['for an empty subject', () => primary.token({ sub: '', ...times })],
    ['for a subject with U+0000', () => primary.token({ sub: 'ada\0', ...times })],
    ['for a subject of 256 characters', () => primary.token({ sub: 'a'.repeat(256), ...times })],
    ['of an issuer that is not configured', () => stranger.token({ sub: 'ada', ...times })],
    ['of an issuer that pretends to be another', () => stranger.token({ sub: 'ada', ...times, iss: primary.issuer })],
    ['of an issuer with a slash more', () => primary.token({ sub: 'ada', ...times, iss: `${primary.issuer}/` })],
    [
      'with a known key id and another key',
      () =>
        stranger.token({ sub: 'ada', ...times, iss: primary.issuer }, { header: { kid: primary.keys[0]?.kid ?? '' } }),
    ],
    [
      'signed with the key that it brings along',
      async () => {
        const key = await newOidcKey('RS256');
        return primary.token({ sub: 'ada', ...times }, { key, header: { jwk: key.publicJwk, kid: undefined } });
      },
    ],
    [
      'that points to a key set of its own',
      async () => {
        const [key] = stranger.keys;
        const header = { jku: `${stranger.issuer}/keys` };
        return primary.token({ sub: 'ada', ...times }, { ...(key && { key }), header });
      },
    ],
    [
      'without a signature',
      async () => `${encoded({ alg: 'none' })}.${encoded({ sub: 'ada', ...times, iss: primary.issuer })}.`,
    ],
    [
      'signed with the public key as a shared secret',
      async () => {
        const { publicJwk = {}, kid } = primary.keys[0] ?? {};
        const key = createPublicKey({ key: publicJwk, format: 'jwk' });
        const claims = { sub: 'ada', aud: 'envplane', iss: primary.issuer, ...times };
        const signed = `${encoded({ alg: 'HS256', kid, typ: 'JWT' })}.${encoded(claims)}`;
        const secret = key.export({ type: 'spki', format: 'pem' });
        return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
      },
    ],
    ['of a type for logging out', () => primary.token({ sub: 'ada', ...times }, { header: { typ: 'logout+jwt' } })],
    ['of a type that is no text', () => primary.token({ sub: 'ada', ...times }, { header: { typ: 7 } })],
    ['of a type for events', () => primary.token({ sub: 'ada', ...times }, { header: { typ: 'secevent+jwt' } })],
    [
      'with an extension that must be understood',
      async () => {
        const [head = '', ...rest] = (await primary.token({ sub: 'ada', ...times })).split('.');
        const header = JSON.parse(Buffer.from(head, 'base64url').toString());
        return [encoded({ ...header, crit: ['x'], x: 1 }), ...rest].join('.');
      },
    ],
    [
      'with claims changed after signing',
      async () => {
        const [head, , signature] = (await primary.token({ sub: 'ada', ...times })).split('.');
        const claims = { sub: 'root', aud: 'envplane', iss: primary.issuer, ...times };
        return [head, encoded(claims), signature].join('.');
      },
    ],
    ['cut short', async () => (await primary.token({ sub: 'ada', ...times })).slice(0, -9)],
    [
      'that holds the administrator’s token',
      async () => `${encoded({ alg: 'RS256' })}.${encoded({ iss: primary.issuer, sub: TOKEN })}.x`,
    ],
  ];

  it.each(forged)('cap T5 %s: 401', async (_, make) => {
    const asked = await service.ask(await make());
    expect(asked.status).toBe(401);
    expect(asked.principal).toBeUndefined();
    expect(asked.answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  it('sec S1 cap T5 every bad credential of every kind gets one body', async () => {
    const tokens = await Promise.all(forged.map(([, make]) => make()));
    const bodies = new Set<string>();
    for (const token of [...tokens, 'wrong', 'envp_admin_wrong', 'envp_x', 'eyJ.eyJ.']) {
      bodies.add(bodyOf(await service.ask(token)));
    }
    expect([...bodies]).toHaveLength(1);
    expect([...bodies][0]).toContain('"invalid_token"');
  });

  it.each<OidcAlgorithm>(['RS384', 'ES384'])(
    'cap T2 signed with %s, even by a key of the issuer',
    async (algorithm) => {
      const key = await partner.rotate(algorithm);
      const issuers = [{ issuer: partner.issuer, audience: 'envplane', primary: true }];
      const { harness, ask } = await startSignedIn({ oidc: { issuers, logger: quiet } });
      const asked = await ask(await partner.token({ sub: 'ada' }));
      partner.withdraw(key);
      expect(asked).toMatchObject({ status: 401, principal: undefined });
      expect((await ask(await partner.token({ sub: 'ada' }))).principal?.id).toBe('ada');
      await harness.close();
    },
  );
});
