import { type OidcIssuerServer, startOidcIssuer } from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, newDataDirectory, type RunningService, refusedStart, startService } from './service-process.ts';

let issuer: OidcIssuerServer;
let service: RunningService;
beforeAll(async () => {
  issuer = await startOidcIssuer();
  service = await startService(newDataDirectory(), {
    ENVPLANE_OIDC_ISSUER: issuer.issuer,
    ENVPLANE_OIDC_AUDIENCE: 'envplane',
  });
});
afterAll(async () => {
  await cleanUp();
  await issuer.close();
});

async function get(token: string): Promise<{ status: number; code: unknown; retryAfter: string | null }> {
  const response = await fetch(`${service.url}/v1/organizations`, { headers: { authorization: `Bearer ${token}` } });
  const { code } = (await response.json()) as { code?: unknown };
  return { status: response.status, code, retryAfter: response.headers.get('retry-after') };
}

describe('signing in to a running service', () => {
  it('cap T18 a user of the configured issuer is known, without a restart after a rotation of its keys', async () => {
    expect((await get(await issuer.token({ sub: 'ada' }))).status).not.toBe(401);
    expect(await get(await issuer.token({ sub: 'ada', aud: 'other' }))).toMatchObject({ status: 401 });
    expect(await get(service.token())).toMatchObject({ status: 200 });
    expect(service.output().stderr).not.toContain('eyJ');
  });

  it('sec S30 a client that goes on with bad credentials is told to wait, and the administrator is not', async () => {
    const answers = await Promise.all(Array.from({ length: 121 }, (_, n) => get(`envp_key-1_${n}`)));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited).toHaveLength(1);
    expect(Number(limited[0]?.retryAfter)).toBeGreaterThan(0);
    expect(await get(service.token())).toMatchObject({ status: 200 });
  });

  it('sec S28 no log line holds a credential that was sent', async () => {
    const token = await issuer.token({ sub: 'ada', exp: 1 });
    await get(token);
    await get('envp_key-9_canary-of-a-key');
    expect(service.output().stderr).not.toMatch(/eyJ|canary/);
    expect(service.output().stderr).not.toContain(token.slice(-20));
  });

  it.each([
    [
      { ENVPLANE_OIDC_ISSUER: 'https://issuer.example' },
      'ENVPLANE_OIDC_AUDIENCE is needed beside ENVPLANE_OIDC_ISSUER.',
    ],
    [
      { ENVPLANE_OIDC_ISSUER: 'http://issuer.example', ENVPLANE_OIDC_AUDIENCE: 'envplane' },
      'ENVPLANE_OIDC_ISSUER must be an https URL without user info (http on this host only).',
    ],
  ])('does not start with %o, and says why', async (variables, reason) => {
    const { code, stderr } = await refusedStart(newDataDirectory(), variables);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
  });
});
