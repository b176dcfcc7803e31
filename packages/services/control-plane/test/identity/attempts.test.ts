import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptLimit } from '../../src/identity/attempt-limit.ts';
import { type Harness, startHarness, TOKEN } from '../http/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** A request from an address, as the listener would hand it over. */
async function send(address: string, token: string | null, headers: Record<string, string> = {}): Promise<Response> {
  const request = new Request('http://localhost/v1/drivers', {
    headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
  });
  return harness.app.fetch(request, { incoming: { socket: { remoteAddress: address } } });
}

async function fail(times: number, address: (n: number) => string, token: (n: number) => string): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < times; n += 1) statuses.push((await send(address(n), token(n))).status);
  return statuses;
}

describe('failed authentications', () => {
  it('sec S30 beyond 600 a minute from one address are 429 with Retry-After', async () => {
    const statuses = await fail(
      600,
      () => '203.0.113.1',
      (n) => `wrong-${n}`,
    );
    expect(new Set(statuses)).toEqual(new Set([401]));
    const limited = await send('203.0.113.1', 'wrong');
    const retryAfterS = Number(limited.headers.get('retry-after'));
    expect(limited.status).toBe(429);
    expect(retryAfterS).toBeGreaterThan(0);
    expect(retryAfterS).toBeLessThanOrEqual(60);
    expect(await limited.json()).toMatchObject({ code: 'rate_limited', type: 'urn:envplane:problem:rate_limited' });
  });

  it('sec S30 shut nobody else out: not the same address with a good credential, not another address', async () => {
    expect((await send('203.0.113.1', 'wrong')).status).toBe(429);
    expect((await send('203.0.113.1', TOKEN)).status).toBe(200);
    expect((await send('203.0.113.2', 'wrong')).status).toBe(401);
    expect((await send('203.0.113.1', null)).status).toBe(401);
  });

  it('sec S30 are counted by the connection’s address, whatever a header says', async () => {
    expect((await send('203.0.113.1', 'wrong', { 'x-forwarded-for': '198.51.100.9' })).status).toBe(429);
    expect((await send('::ffff:203.0.113.1', 'wrong')).status).toBe(429);
  });

  it('sec S30 beyond 120 a minute for one key id are 429, from wherever they come', async () => {
    const statuses = await fail(
      120,
      (n) => `198.51.100.${n}`,
      (n) => `envp_key-1_${n}`,
    );
    expect(new Set(statuses)).toEqual(new Set([401]));
    const limited = await send('192.0.2.1', 'envp_key-1_x');
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await send('192.0.2.1', 'envp_key-2_x')).status).toBe(401);
  });

  it('sec S30 of one IPv6 network are those of one client', async () => {
    const limit = attemptLimit();
    const waits = await Promise.all(
      Array.from({ length: 601 }, (_, n) => limit.failed({ address: `2001:db8:a:b::${n}`, keyId: undefined })),
    );
    expect(waits.slice(0, 600).filter((waitMs) => waitMs !== undefined)).toEqual([]);
    expect(waits[600]).toBeGreaterThan(0);
    expect(await limit.failed({ address: '2001:db8:a:c::1', keyId: undefined })).toBeUndefined();
  });

  it('sec S30 cost bounded memory: beyond 10,000 the one seen longest ago is forgotten', async () => {
    const limit = attemptLimit();
    const once = (keyId: string) => limit.failed({ address: undefined, keyId });
    for (let n = 0; n < 121; n += 1) await once('first');
    expect(await once('first')).toBeGreaterThan(0);
    for (let n = 0; n < 9_999; n += 1) await once(`other-${n}`);
    expect(await once('first')).toBeGreaterThan(0);
    for (let n = 0; n < 10_000; n += 1) await once(`more-${n}`);
    expect(await once('first')).toBeUndefined();
  });
});
