import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { base64url, calculateJwkThumbprint, exportJWK, exportSPKI, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { signingKey } from './control-plane.ts';
import { allowed, openWorld, refused } from './world.ts';

const invalid = refused(401, 'invalid_token');

describe('cap T2 the algorithm belongs to the key', () => {
  it.each(['RS256', 'ES256', 'EdDSA'] as const)('tokens signed with %s pass', async (alg) => {
    const { plane, check } = await openWorld({ alg });
    expect(await check(await plane.mint())).toMatchObject(allowed);
  });

  it('a token without a signature is refused', async () => {
    const { plane, check } = await openWorld();
    const unsecured = new UnsecuredJWT(plane.claims()).encode();
    const [, payload] = unsecured.split('.');
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      const header = base64url.encode(JSON.stringify({ alg, kid: 'key-1', typ: 'at+jwt' }));
      expect(await check(`${header}.${payload}.`), alg).toMatchObject(invalid);
    }
    expect(await check(unsecured)).toMatchObject(invalid);
  });

  it.each(['HS256', 'HS384', 'HS512'])('a public key is no secret for %s', async (alg) => {
    const { plane, check } = await openWorld({ alg: 'RS256' });
    const { jwk, kid } = plane.active;
    const spki = await exportSPKI((await importJWK(jwk, 'RS256')) as Parameters<typeof exportSPKI>[0]);
    for (const secret of [spki, spki.trim(), JSON.stringify(jwk), jwk.n ?? '']) {
      const forged = await new SignJWT(plane.claims())
        .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
        .sign(createSecretKey(secret, 'utf8'));
      expect(await check(forged)).toMatchObject(invalid);
    }
  });

  it('a genuine key does not sign with another algorithm', async () => {
    const { plane, check } = await openWorld({ alg: 'RS256' });
    const key = plane.active;
    const privateKey = await crypto.subtle.importKey(
      'pkcs8',
      await crypto.subtle.exportKey('pkcs8', key.privateKey),
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' },
      false,
      ['sign'],
    );
    const forged = new SignJWT(plane.claims()).setProtectedHeader({ alg: 'RS512', kid: key.kid, typ: 'at+jwt' });
    expect(await check(await forged.sign(privateKey))).toMatchObject(invalid);
  });

  it('a key that a token brings or points to is not used', async () => {
    const { plane, check } = await openWorld();
    const own = await signingKey('key-1', 'ES256');
    const url = `${plane.url}/.well-known/jwks.json`;
    for (const header of [
      {},
      { jwk: own.jwk },
      { jku: url },
      { x5u: url },
      { kid: await calculateJwkThumbprint(own.jwk) },
    ]) {
      expect(await check(await plane.mint({}, header, own))).toMatchObject(invalid);
    }
  });

  it('what the key set holds beside public signing keys is not used', async () => {
    const { plane, check, gateway, pass } = await openWorld();
    const secret = base64url.encode('a secret of thirty-two characters');
    const encryption = await signingKey('key-4', 'ES256');
    const leaked = await signingKey('key-5', 'ES256');
    const odd = [
      { kty: 'oct', k: secret, kid: 'key-3', alg: 'HS256' },
      { ...encryption.jwk, use: 'enc' },
      { ...leaked.jwk, ...(await exportJWK(leaked.privateKey)) },
      { kty: 'EC', kid: 'key-6', alg: 'ES256' },
      null,
    ];
    const good = plane.published.map(({ jwk }) => jwk);
    plane.instead = (path) =>
      path.endsWith('jwks.json')
        ? Response.json({ keys: [...odd, ...good] })
        : Response.json({ items: [], nextCursor: '0', reset: false, more: false });
    pass(400);
    await gateway.refresh();
    expect(await check(await plane.mint())).toMatchObject(allowed);
    expect(await check(await plane.mint({}, {}, encryption))).toMatchObject(invalid);
    expect(await check(await plane.mint({}, {}, leaked))).toMatchObject(invalid);
    const symmetric = new SignJWT(plane.claims()).setProtectedHeader({ alg: 'HS256', kid: 'key-3', typ: 'at+jwt' });
    expect(await check(await symmetric.sign(base64url.decode(secret)))).toMatchObject(invalid);
  });
});

describe('cap T5 a token is refused', () => {
  it.each([
    ['for another issuer', { iss: 'https://plane.test/' }],
    ['for no issuer', { iss: undefined }],
    ['for another audience', { aud: 'env:env-b' }],
    ['for an audience that is not an environment', { aud: 'env-a' }],
    ['for several audiences', { aud: ['env:env-a', 'env:env-b'] }],
    ['for no audience', { aud: undefined }],
    ['for no environment', { env: undefined, aud: 'env:undefined' }],
    ['without a subject', { sub: undefined }],
    ['for a subject that no header can carry', { sub: 'ada\r\nx-user-id: root' }],
    ['for an empty subject, which stands for everybody', { sub: '' }],
    ['for a subject of an unknown kind', { sub_type: 'platform' }],
    ['without an organization', { org: undefined }],
    ['without an id', { jti: undefined }],
    ['without permissions', { permissions: undefined }],
    ['with permissions in one string', { permissions: '*' }],
    ['without services', { services: undefined }],
    ['without epochs', { ep: undefined }],
    ['with one epoch', { ep: [1] }],
    ['with four epochs', { ep: [1, 1, 1, 1] }],
    ['with epochs that are not numbers', { ep: ['9', '9'] }],
    ['with negative epochs', { ep: [-1, -1] }],
    ['with a read-only mark that is neither', { ro: 'false' }],
    ['with an actor that is none', { act: {} }],
    ['with a restriction that is not enforced here', { ip: ['10.0.0.0/8'] }],
    ['without an expiry', { exp: undefined }],
    ['without a beginning', { nbf: undefined }],
    ['without the time of its making', { iat: undefined }],
  ])('%s', async (_what, changes) => {
    const { plane, check } = await openWorld();
    expect(await check(await plane.mint(changes))).toMatchObject(invalid);
  });

  it.each([
    ['another type', { typ: 'JWT' }],
    ['no type', { typ: undefined }],
    ['no key id', { kid: undefined }],
    ['an unknown key id', { kid: 'key-9' }],
    ['the name of something every object has as key id', { kid: '__proto__' }],
  ])('with %s', async (_what, header) => {
    const { plane, check } = await openWorld();
    expect(await check(await plane.mint({}, header))).toMatchObject(invalid);
  });

  it.each([
    ['exp', 'expired 4 s ago', -4, true],
    ['exp', 'expired 5 s ago', -5, false],
    ['nbf', 'begins in 5 s', 5, true],
    ['nbf', 'begins in 6 s', 6, false],
    ['iat', 'made in 5 s', 5, true],
    ['iat', 'made in 6 s', 6, false],
  ])('by its %s when it %s: tolerance is 5 s', async (claim, _what, seconds, expected) => {
    const { plane, check, clock } = await openWorld();
    const token = await plane.mint({ [claim]: clock.ms / 1_000 + seconds });
    expect(await check(token)).toMatchObject({ allowed: expected });
  });

  it('with an extension that must be understood', async () => {
    const { plane, check } = await openWorld();
    const { kid, alg, privateKey } = plane.active;
    const header = { alg, kid, typ: 'at+jwt', crit: ['once'], once: true };
    const token = await new SignJWT(plane.claims())
      .setProtectedHeader(header)
      .sign(privateKey, { crit: { once: true } });
    expect(await check(token)).toMatchObject(invalid);
  });

  it('all 401 of a kind look the same', async () => {
    const { plane, gateway } = await openWorld();
    const tokens = [await plane.mint({ exp: 1 }), await plane.mint({}, { kid: 'no' }), 'nonsense', ''];
    const texts = new Set<string>();
    for (const token of tokens) {
      const headers = { authorization: `Bearer ${token}`, 'x-request-id': 'r-1' };
      const request = new Request('https://app.test/blog/posts', { headers });
      const response = await gateway.handle(request, () => Response.error());
      texts.add(`${response.status} ${response.headers.get('www-authenticate')} ${await response.text()}`);
    }
    expect([...texts]).toEqual([expect.stringMatching(/^401 Bearer error="invalid_token" \{.*"requestId":"r-1"\}$/)]);
  });
});

describe('a token that was verified before', () => {
  it('is not verified again, and expires all the same', async () => {
    const { plane, check, pass } = await openWorld();
    const token = await plane.mint();
    expect(await check(token)).toMatchObject(allowed);
    const again = await check(token);
    expect(await check(token)).toBe(again);
    pass(304);
    expect(await check(token)).toMatchObject(allowed);
    pass(1);
    expect(await check(token)).toMatchObject(invalid);
  });

  it('is no other token: not one that differs in one character, not one with the same beginning', async () => {
    const { plane, check } = await openWorld();
    const token = await plane.mint();
    expect(await check(token)).toMatchObject(allowed);
    // Not the last character: some of its bits stand for nothing.
    for (let position = 0; position < token.length - 1; position += 7) {
      const other = token[position] === 'A' ? 'B' : 'A';
      const changed = `${token.slice(0, position)}${other}${token.slice(position + 1)}`;
      expect(await check(changed), `at ${position}`).toMatchObject(invalid);
    }
    expect(await check(`${token}A`)).toMatchObject(invalid);
    expect(await check(token.slice(0, -1))).toMatchObject(invalid);
  });

  it('a text longer than any token is refused unread', async () => {
    const { plane, check } = await openWorld();
    const token = await plane.mint({ permissions: ['blog:posts.read', 'x'.repeat(8_192)] });
    expect(await check(token)).toMatchObject(invalid);
  });
});

it('sec S6 no text makes the check throw', async () => {
  const { plane, gateway } = await openWorld();
  const token = await plane.mint();
  const [header = '', payload = '', signature = ''] = token.split('.');
  const json = fc.oneof(fc.json(), fc.string()).map((text) => base64url.encode(text));
  const mutated = fc
    .tuple(fc.nat(token.length - 1), fc.constantFrom('', '.', '=', '+', '/', 'A', '_', '\u00e9'))
    .map(([at, text]) => token.slice(0, at) + text + token.slice(at + 1));
  const part = (genuine: string) => fc.oneof(fc.constant(genuine), json, fc.string());
  const texts = fc.oneof(
    mutated,
    fc.tuple(part(header), part(payload), part(signature)).map((parts) => parts.join('.')),
    fc.tuple(json, json, json, json, json).map((parts) => parts.join('.')),
    fc.string(),
  );
  const bytes = Buffer.from(signature, 'base64url');
  /** The last character of a signature has bits that stand for nothing, so a few texts are the same token. */
  const isGenuine = (text: string) =>
    text.startsWith(`${header}.${payload}.`) && bytes.equals(Buffer.from(text.split('.')[2] ?? '', 'base64url'));
  const isHeader = (text: string) => /^[\x20-\x7e\x80-\xff]*$/.test(text);
  await fc.assert(
    fc.asyncProperty(texts.filter(isHeader), async (text) => {
      const headers = { authorization: `Bearer ${text}` };
      const verdict = await gateway.check(new Request('https://app.test/blog/posts', { headers }));
      if (!isGenuine(text.trim())) expect(verdict).toMatchObject(invalid);
    }),
    { numRuns: 2_000 },
  );
});

it('no claim makes the check throw, and what passes is what was asked for', async () => {
  const { plane, check } = await openWorld();
  const names = Object.keys(plane.claims());
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, value) => {
      const verdict = await check(await plane.mint({ [name]: value }));
      if (verdict.allowed)
        expect(verdict).toMatchObject({ environmentId: 'env-a', organizationId: expect.any(String) });
      else expect([401, 403]).toContain(verdict.status);
    }),
    { numRuns: 500 },
  );
});
