import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OidcIssuerServer, startOidcIssuer } from '../src/oidc/issuer.ts';

let issuer: OidcIssuerServer;
beforeEach(async () => {
  issuer = await startOidcIssuer('ES256');
});
afterEach(() => issuer.close());

/** As any client would: discovery, key set, signature, claims. */
async function verify(token: string): Promise<string | undefined> {
  const response = await fetch(`${issuer.issuer}/.well-known/openid-configuration`, { redirect: 'error' });
  const { issuer: name, jwks_uri: address } = (await response.json()) as { issuer: string; jwks_uri: string };
  const keys = createRemoteJWKSet(new URL(address));
  return (await jwtVerify(token, keys, { issuer: name, audience: 'envplane' })).payload.sub;
}

describe('the OIDC issuer', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('signs with %s what a client verifies', async (algorithm) => {
    await issuer.rotate(algorithm);
    expect(await verify(await issuer.token({ sub: 'ada' }))).toBe('ada');
  });

  it('verifies old and new tokens across a rotation, and old ones no longer without their key', async () => {
    const [old] = issuer.keys;
    const token = await issuer.token({ sub: 'old' });
    await issuer.rotate();
    expect(await verify(token)).toBe('old');
    expect(await verify(await issuer.token({ sub: 'new' }))).toBe('new');
    if (old) issuer.withdraw(old);
    await expect(verify(token)).rejects.toThrow();
    expect(await verify(await issuer.token({ sub: 'new' }))).toBe('new');
  });

  it('meets its faults until it is healed', async () => {
    const token = await issuer.token({ sub: 'ada' });
    const faults = [{ status: 500 }, { text: 'no' }, { redirectTo: 'http://127.0.0.1:1/' }];
    for (const fault of faults) {
      Object.assign(issuer.faults, fault);
      await expect(verify(token)).rejects.toThrow();
      issuer.heal();
      expect(await verify(token)).toBe('ada');
    }
    issuer.faults.padding = 70_000;
    const padded = await fetch(`${issuer.issuer}/keys`);
    expect((await padded.text()).length).toBeGreaterThan(70_000);
  });

  it('refuses connections while it is down, and is back at the same address', async () => {
    const token = await issuer.token({ sub: 'ada' });
    await issuer.down();
    await expect(verify(token)).rejects.toThrow('fetch failed');
    await issuer.up();
    expect(await verify(token)).toBe('ada');
  });

  it('publishes no private part', async () => {
    const text = await (await fetch(`${issuer.issuer}/keys`)).text();
    expect(text).toContain('"kid"');
    expect(text).not.toMatch(/"(d|p|q|dp|dq|qi)":/);
  });
});
