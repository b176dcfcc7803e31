import { startPostgres } from '@envplane/testkit';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Between, startRewriter, startTransactionPooler } from './postgres-between.ts';
import { placementAt, postgresHarness, queryAs } from './postgres-harness.ts';

// A server of its own: at the end it is a standby.
const server = await startPostgres();
const harness = postgresHarness(server.adminUrl, { installationId: 'tst891' });
const { adapter, placement } = harness;
afterAll(async () => {
  await harness.close();
  await server.stop();
});

/** The server's URL with the port of what stands before it. */
async function urlBefore(starting: Promise<Between>): Promise<string> {
  const between = await starting;
  onTestFinished(() => between.close());
  const url = new URL(server.adminUrl);
  url.port = String(between.port);
  return url.href;
}
const databases = () => harness.query('SELECT datname::text AS name, datacl::text AS acl FROM pg_database ORDER BY 1');

describe('a placement that is none', () => {
  it.each(['longest rested', 'last used'] as const)(
    'P7 a pooler that lends sessions for a transaction is refused, and nothing is made (%s first)',
    async (next) => {
      const url = await urlBefore(startTransactionPooler(server, next));
      // It pools, and is no worse than that: one statement after the other works.
      expect(await queryAs(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      const before = await databases();
      await expect(adapter.checkPlacement(placementAt(url))).rejects.toMatchObject({
        name: 'AdapterError',
        code: 'invalid_request',
        message: 'The URL leads to a pooler; the administrator needs the server itself.',
      });
      expect(await databases()).toEqual(before);
    },
  );

  it.each([
    ['14', 'unsupported'],
    ['9', 'unsupported'],
    ['15', 'fit'],
  ])('a server of version %s is %s', async (version, outcome) => {
    // The answer to the only question that is about it: two columns, the version and whether it is a standby.
    const answer = (value: string) => Buffer.from(`\0\0\0${String.fromCharCode(value.length)}${value}\0\0\0\x01f`);
    const [real, told] = [answer('17'), answer(version.padStart(2, '0'))];
    let changed = 0;
    const url = await urlBefore(
      startRewriter(server, (bytes) => {
        const at = bytes.indexOf(real);
        if (at === -1) return bytes;
        changed += 1;
        return Buffer.concat([bytes.subarray(0, at), told, bytes.subarray(at + real.length)]);
      }),
    );
    const checking = adapter.checkPlacement(placementAt(url));
    if (outcome === 'fit') expect((await checking).identity).toMatch(/^\d+$/);
    else await expect(checking).rejects.toMatchObject({ name: 'AdapterError', code: outcome, definitive: true });
    expect(changed).toBe(1);
  });

  it('a standby is refused, not for good: it may be the primary tomorrow', async () => {
    await adapter.checkPlacement(placement);
    await server.becomeStandby();
    expect(await harness.query('SELECT pg_is_in_recovery() AS standby')).toEqual([{ standby: true }]);
    await expect(adapter.checkPlacement(placement)).rejects.toMatchObject({
      name: 'AdapterError',
      code: 'unavailable',
      definitive: false,
      message: 'The server is a standby; the administrator needs the primary.',
    });
  });
});
