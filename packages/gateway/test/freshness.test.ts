import { LONGEST_TOKEN_SECONDS } from '@envplane/spec';
import { describe, expect, it, vi } from 'vitest';
import { signingKey, type TestControlPlane } from './control-plane.ts';
import { allowed, openWorld, refused } from './world.ts';

const invalid = refused(401, 'invalid_token');
const keysOf = (plane: TestControlPlane) => plane.published.map(({ jwk }) => jwk);
const notReady = refused(503, 'gateway_not_ready');

describe('start', () => {
  it.each(['jwks.json', 'token-epochs'])('is not over before %s was loaded once', async (missing) => {
    const { plane, gateway, check, logged, pass } = await openWorld({ isCold: true });
    const token = await plane.mint();
    expect(await check(token)).toMatchObject(notReady);
    const unavailable = new Response(null, { status: 503 });
    plane.instead = (path) => {
      if (path.endsWith(missing)) return unavailable;
      if (path.endsWith('jwks.json')) return Response.json({ keys: plane.published.map(({ jwk }) => jwk) });
      return Response.json({ items: [], nextCursor: '0', reset: true, more: false });
    };
    await gateway.refresh();
    expect(await check(token)).toMatchObject(notReady);
    expect(logged).toEqual([missing === 'jwks.json' ? 'gateway.key_set_failed' : 'gateway.epochs_failed']);
    plane.instead = undefined;
    pass(6);
    await gateway.refresh();
    expect(await check(token)).toMatchObject(allowed);
  });

  it('answers 503 with the time to wait', async () => {
    const { gateway } = await openWorld({ isCold: true });
    const response = await gateway.handle(new Request('https://app.test/blog/posts'), () => Response.error());
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  });
});

describe('cap T3 without a look-up', () => {
  it('1,000 tokens are verified, and verified again', async () => {
    const { plane, check } = await openWorld();
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => plane.mint()));
    const calls = { ...plane.calls };
    const network = vi.spyOn(globalThis, 'fetch');
    for (const token of [...tokens, ...tokens]) expect(await check(token)).toMatchObject(allowed);
    expect(network).not.toHaveBeenCalled();
    network.mockRestore();
    expect(plane.calls).toEqual(calls);
  });
});

describe('cap T11 while the control plane is down', () => {
  it('requests pass until what is known is 900 s old, and again when it is back', async () => {
    const { plane, gateway, check, pass } = await openWorld();
    const token = await plane.mint({ exp: plane.clock.ms / 1_000 + 3_600 });
    await plane.down();
    for (let second = 0; second < 900; second += 60) {
      pass(60);
      await gateway.refresh();
      expect(await check(token), `after ${second + 60} s`).toMatchObject(allowed);
    }
    pass(1);
    await gateway.refresh();
    expect(await check(token)).toMatchObject(notReady);
    await plane.up();
    pass(6);
    await gateway.refresh();
    expect(await check(token)).toMatchObject(allowed);
  });

  it.each(['jwks.json', 'token-epochs'])('it is as bad when %s alone gives no answer', async (missing) => {
    const { plane, gateway, check, pass } = await openWorld();
    const token = await plane.mint({ exp: plane.clock.ms / 1_000 + 3_600 });
    plane.instead = (path) => {
      if (path.endsWith(missing)) return new Response('<html>', { headers: { 'content-type': 'text/html' } });
      if (path.endsWith('jwks.json')) return Response.json({ keys: plane.published.map(({ jwk }) => jwk) });
      return Response.json({ items: [], nextCursor: '0', reset: false, more: false });
    };
    pass(901);
    await gateway.refresh();
    expect(await check(token)).toMatchObject(notReady);
  });

  it.each<[string, (plane: TestControlPlane, path: string) => Response]>([
    ['an empty set', () => Response.json({ keys: [] })],
    ['something else', () => Response.json({ error: 'no' })],
    ['null', () => Response.json(null)],
    ['half an answer', () => new Response('{"keys":[', { headers: { 'content-type': 'application/json' } })],
    ['more than 64 KB', (plane) => Response.json({ keys: keysOf(plane), padding: 'x'.repeat(70_000) })],
    [
      'a redirect, even to a key set',
      (plane, path) =>
        path === '/elsewhere'
          ? Response.json({ keys: keysOf(plane) })
          : Response.redirect(`${plane.url}/elsewhere`, 302),
    ],
    ['another status', (plane) => Response.json({ keys: keysOf(plane) }, { status: 203 })],
  ])('%s does not replace the key set', async (_what, answer) => {
    const { plane, gateway, check, pass, logged } = await openWorld();
    const calls = plane.calls.keys;
    plane.instead = (path) => answer(plane, path);
    pass(340);
    await gateway.refresh();
    expect(plane.calls.keys).toBe(calls + 1);
    expect(logged).toContain('gateway.key_set_failed');
    expect(await check(await plane.mint())).toMatchObject(allowed);
  });
});

describe('cap T8 the key set', () => {
  it('is loaded every 300 s, give or take a tenth', async () => {
    const { plane, gateway, pass } = await openWorld();
    pass(269);
    await gateway.refresh();
    expect(plane.calls.keys).toBe(1);
    pass(62);
    await gateway.refresh();
    expect(plane.calls.keys).toBe(2);
  });

  it('cap T11 is loaded for unknown key ids once in 30 s, however many there are', async () => {
    const { plane, check, pass } = await openWorld();
    const strangers = await Promise.all(
      Array.from({ length: 500 }, (_, n) => plane.mint({}, { kid: `stranger-${n}` })),
    );
    await Promise.all(strangers.map(async (token) => expect(await check(token)).toMatchObject(invalid)));
    expect(plane.calls.keys).toBe(2);
    pass(29);
    for (const token of strangers) await check(token);
    expect(plane.calls.keys).toBe(2);
    pass(1);
    for (const token of strangers) await check(token);
    expect(plane.calls.keys).toBe(3);
  });

  it('no request fails while keys are rotated under load', async () => {
    const { plane, gateway, check, pass } = await openWorld();
    let isDone = false;
    const verdicts: unknown[] = [];
    const load = async () => {
      // The clock is set forward while tokens are on their way.
      const longLived = () => plane.mint({ exp: plane.clock.ms / 1_000 + 3_600 });
      while (!isDone) verdicts.push((await check(await longLived())).allowed);
    };
    const workers = Promise.all(Array.from({ length: 8 }, load));
    for (let round = 0; round < 10; round++) {
      const before = verdicts.length;
      // Published first, then signing, and published on while its tokens live.
      plane.published = [plane.active, await signingKey(`round-${round}`, 'ES256')];
      pass(331);
      await gateway.refresh();
      plane.published = [...plane.published].reverse();
      await vi.waitUntil(() => verdicts.length > before + 40);
    }
    isDone = true;
    await workers;
    expect(verdicts.length).toBeGreaterThan(400);
    expect(verdicts.filter((isAllowed) => isAllowed !== true)).toEqual([]);
  });

  it('a key that signs before the gateway has seen it costs one load, and no request', async () => {
    const { plane, check, pass } = await openWorld();
    for (const round of [1, 2, 3]) {
      plane.published = [await signingKey(`urgent-${round}`, 'ES256'), plane.active];
      pass(31);
      const tokens = await Promise.all(Array.from({ length: 50 }, () => plane.mint()));
      const verdicts = await Promise.all(tokens.map((token) => check(token)));
      expect(verdicts.every((verdict) => verdict.allowed)).toBe(true);
      expect(plane.calls.keys).toBe(round + 1);
    }
  });

  it('a token whose key left the set is refused, although its signature was found right', async () => {
    const { plane, gateway, check, pass } = await openWorld();
    const token = await plane.mint({ exp: plane.clock.ms / 1_000 + 3_600 });
    expect(await check(token)).toMatchObject(allowed);
    plane.published = plane.published.slice(1);
    pass(331);
    await gateway.refresh();
    expect(await check(token)).toMatchObject(invalid);
  });

  it('another key under the same id ends the tokens of the first', async () => {
    const { plane, gateway, check, pass } = await openWorld();
    const token = await plane.mint({ exp: plane.clock.ms / 1_000 + 3_600 });
    expect(await check(token)).toMatchObject(allowed);
    plane.published = [await signingKey('key-1', 'ES256')];
    pass(331);
    await gateway.refresh();
    expect(await check(token)).toMatchObject(invalid);
    expect(await check(await plane.mint())).toMatchObject(allowed);
  });
});

describe('cap T9, T10 what the feed withdraws', () => {
  it.each([
    ['the subject', { environmentId: 'env-a', subject: 'ada', epoch: 2 }, false],
    ['everybody in the environment', { environmentId: 'env-a', subject: '', epoch: 2 }, false],
    ['the subject everywhere', { environmentId: '*', subject: 'ada', epoch: 1 }, false],
    ['the key', { kid: 'key-1' }, false],
    ['what was withdrawn before the token was made', { environmentId: 'env-a', subject: 'ada', epoch: 1 }, true],
    ['another subject', { environmentId: 'env-a', subject: 'bob', epoch: 9 }, true],
    ['the subject in another environment', { environmentId: 'env-b', subject: 'ada', epoch: 9 }, true],
    ['another environment', { environmentId: 'env-b', subject: '', epoch: 9 }, true],
    ['another subject everywhere', { environmentId: '*', subject: 'bob', epoch: 9 }, true],
    ['another key', { kid: 'key-2' }, true],
  ])('%s: a token that was verified and one that was not', async (_what, entry, expected) => {
    const { plane, gateway, check, pass } = await openWorld();
    const [known, fresh] = [await plane.mint(), await plane.mint()];
    expect(await check(known)).toMatchObject(allowed);
    plane.withdraw(entry);
    pass(6);
    await gateway.refresh();
    expect(await check(known)).toMatchObject({ allowed: expected });
    expect(await check(fresh)).toMatchObject({ allowed: expected });
  });

  it('a token made after it passes', async () => {
    const { plane, gateway, check, pass } = await openWorld();
    plane.withdraw(
      { environmentId: 'env-a', subject: 'ada', epoch: 2 },
      { environmentId: 'env-a', subject: '', epoch: 5 },
    );
    pass(6);
    await gateway.refresh();
    expect(await check(await plane.mint({ ep: [5, 2] }))).toMatchObject(allowed);
    expect(await check(await plane.mint({ ep: [4, 2] }))).toMatchObject(invalid);
    expect(await check(await plane.mint({ ep: [5, 1] }))).toMatchObject(invalid);
    plane.withdraw({ environmentId: '*', subject: 'ada', epoch: 3 });
    pass(6);
    await gateway.refresh();
    expect(await check(await plane.mint({ ep: [5, 2, 3] }))).toMatchObject(allowed);
    expect(await check(await plane.mint({ ep: [5, 2, 2] }))).toMatchObject(invalid);
    expect(await check(await plane.mint({ ep: [5, 2] }))).toMatchObject(invalid);
  });

  it('a key of which many tokens come causes no load', async () => {
    const { plane, gateway, check, pass } = await openWorld();
    plane.withdraw({ kid: 'key-0' });
    pass(6);
    await gateway.refresh();
    expect(await check(await plane.mint({}, { kid: 'key-0' }))).toMatchObject(invalid);
    expect(plane.calls.keys).toBe(1);
  });

  it('is read to its end, however many pages there are', async () => {
    const { plane, gateway, check, pass } = await openWorld();
    for (let n = 0; n < 25; n++) plane.withdraw({ environmentId: `env-${n}`, subject: '', epoch: 1 });
    plane.withdraw({ environmentId: 'env-a', subject: '', epoch: 2 });
    pass(6);
    await gateway.refresh();
    expect(await check(await plane.mint())).toMatchObject(invalid);
  });

  it('the highest epoch counts, in whatever order they come', async () => {
    const { plane, gateway, check, pass } = await openWorld();
    for (const epoch of [7, 3, 5]) plane.withdraw({ environmentId: 'env-a', subject: 'ada', epoch });
    pass(6);
    await gateway.refresh();
    expect(await check(await plane.mint({ ep: [1, 6] }))).toMatchObject(invalid);
    expect(await check(await plane.mint({ ep: [1, 7] }))).toMatchObject(allowed);
  });

  it('an entry that becomes visible after later ones is seen, and what comes twice changes nothing', async () => {
    const { plane, gateway, check, pass } = await openWorld();
    plane.withdraw({ environmentId: 'env-b', subject: '', epoch: 2 });
    const { seq, atMs } = plane.entries[0] ?? { seq: 0, atMs: 0 };
    plane.entries.push({ seq: seq + 2, atMs, entry: { environmentId: 'env-b', subject: 'bob', epoch: 2 } });
    for (let second = 0; second < 24; second += 6) {
      pass(6);
      await gateway.refresh();
    }
    expect(await check(await plane.mint())).toMatchObject(allowed);
    expect(await check(await plane.mint({ env: 'env-b', aud: 'env:env-b' }))).toMatchObject(invalid);
    plane.entries.push({ seq: seq + 1, atMs, entry: { environmentId: 'env-a', subject: 'ada', epoch: 2 } });
    pass(6);
    await gateway.refresh();
    expect(await check(await plane.mint())).toMatchObject(invalid);
    expect(await check(await plane.mint({ env: 'env-b', aud: 'env:env-b' }))).toMatchObject(invalid);
  });

  it('is read on from where it ended', async () => {
    const { plane, gateway, pass } = await openWorld();
    for (let n = 0; n < 20; n++) plane.withdraw({ environmentId: `env-${n}`, subject: '', epoch: 1 });
    pass(31);
    await gateway.refresh();
    const before = plane.calls.epochs;
    pass(6);
    await gateway.refresh();
    expect(plane.calls.epochs).toBe(before + 1);
  });

  it('a reset brings everything there is, and takes the place of what was known', async () => {
    const { plane, gateway, check, pass } = await openWorld();
    plane.withdraw({ environmentId: 'env-a', subject: 'ada', epoch: 9 });
    for (let second = 0; second < 60; second += 6) {
      pass(6);
      await gateway.refresh();
    }
    expect(await check(await plane.mint({ ep: [1, 8] }))).toMatchObject(invalid);
    // A control plane that was restored from a backup: lower epochs, and cursors that it does not know.
    plane.entries = [1, 2, 3, 4].map((n) => ({
      seq: 100 + n,
      atMs: plane.clock.ms,
      entry: { environmentId: 'env-a', subject: n === 4 ? 'ada' : `other-${n}`, epoch: 2 },
    }));
    plane.oldest = 50;
    pass(6);
    await gateway.refresh();
    expect(await check(await plane.mint({ ep: [1, 1] }))).toMatchObject(invalid);
    expect(await check(await plane.mint({ ep: [1, 2] }))).toMatchObject(allowed);
  });

  it('a reset that breaks off takes nothing away', async () => {
    const { plane, gateway, check, pass } = await openWorld();
    plane.withdraw({ environmentId: 'env-a', subject: 'ada', epoch: 2 });
    pass(6);
    await gateway.refresh();
    plane.instead = (path) =>
      path.endsWith('epochs') && plane.calls.epochs % 2 === 0
        ? new Response(null, { status: 500 })
        : Response.json({ items: [], nextCursor: '900', reset: true, more: true });
    pass(6);
    await gateway.refresh();
    expect(await check(await plane.mint())).toMatchObject(invalid);
  });

  it('is remembered for as long as a token can live, and then forgotten', async () => {
    const { plane, gateway, check, pass } = await openWorld();
    for (let second = 0; second < 60; second += 6) {
      pass(6);
      await gateway.refresh();
    }
    plane.withdraw({ environmentId: 'env-a', subject: 'ada', epoch: 2 });
    const token = await plane.mint({ exp: plane.clock.ms / 1_000 + LONGEST_TOKEN_SECONDS });
    for (let second = 0; second < LONGEST_TOKEN_SECONDS; second += 300) {
      pass(300);
      await gateway.refresh();
      expect(await check(token)).toMatchObject(invalid);
    }
    // Longer than any token that it could concern.
    pass(700);
    await gateway.refresh();
    expect(await check(await plane.mint())).toMatchObject(allowed);
  });

  it.each([
    [{ items: [{ environmentId: 'env-a' }], nextCursor: '1', reset: false, more: false }],
    [{ items: [{ environmentId: 'env-a', subject: 'ada', epoch: '2' }], nextCursor: '1', reset: false, more: false }],
    [{ items: [null], nextCursor: '1', reset: false, more: false }],
    [{ items: {}, nextCursor: '1', reset: false, more: false }],
    [{ items: [], nextCursor: null, reset: false, more: true }],
    [[]],
    ['text'],
    [null],
  ])('an answer of another form is no answer: %j', async (answer) => {
    const { plane, gateway, logged, pass } = await openWorld();
    plane.instead = () => Response.json(answer);
    pass(6);
    await gateway.refresh();
    expect(logged).toEqual(['gateway.epochs_failed']);
  });
});

it('cap T9 with timers a withdrawal arrives within the interval of the feed', async () => {
  const { plane, gateway, check } = await openWorld({ isCold: true, now: Date.now });
  plane.clock.ms = Date.now();
  await gateway.start();
  const token = await plane.mint();
  expect(await check(token)).toMatchObject(allowed);
  const began = Date.now();
  plane.withdraw({ environmentId: 'env-a', subject: 'ada', epoch: 2 });
  await vi.waitUntil(async () => !(await check(token)).allowed, { timeout: 20_000, interval: 20 });
  // 5 s, a tenth of spread, and a machine that is busy.
  expect(Date.now() - began).toBeLessThan(8_000);
  gateway.stop();
});
