import { fileURLToPath } from 'node:url';
import type { ConnectionView, EnvironmentView } from '@envplane/spec';
import { runWithStockClient } from '@envplane/testkit';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createListener } from '../../src/listener.ts';
import { run as runCommand } from '../process/service-process.ts';
import { type AllDrivers, DRIVERS, type Driver, startAllDrivers, TOKEN } from './all-drivers.ts';

let world: AllDrivers;
const environments = new Map<Driver, string[]>();

beforeAll(async () => {
  world = await startAllDrivers();
  for (const slug of ['acme', 'globex']) {
    await world.call('POST', '/v1/organizations', { slug, displayName: slug, ownerUserId: 'ada' });
  }
  // Two of one organization and one of another: neither is nearer.
  await Promise.all(
    DRIVERS.map(async (driver) => {
      const made = ['acme', 'acme', 'globex'].map((organization, index) =>
        world.call<EnvironmentView>('POST', `/v1/organizations/${organization}/environments`, {
          slug: `${driver}-${index}`,
          envType: 'test',
          driver,
        }),
      );
      environments.set(driver, await Promise.all(made.map(async (each) => (await each).id)));
    }),
  );
});
afterAll(() => world.close());

type Authorization = 'full_access' | 'read_only';

const connection = (id: string, authorization: Authorization = 'full_access') =>
  world.call<ConnectionView>('POST', `/v1/environments/${id}/connection`, { authorization });

/** As docs/drivers.md shows it; the emulated cloud has no public name. */
const run = (connection: ConnectionView, statement: string) =>
  runWithStockClient(connection, statement, connection.driver === 'turso' ? world.cloud.fetch : undefined);

describe.each(DRIVERS)('a connection to %s', (driver) => {
  const ids = () => environments.get(driver) ?? [];

  it('opens in the stock client with what the route answers', async () => {
    const [id = ''] = ids();
    const own = await connection(id);
    expect(own.driver).toBe(driver);
    await run(own, 'CREATE TABLE letter (body TEXT)');
    await run(own, "INSERT INTO letter VALUES ('to whom it may concern')");
    expect(await run(await connection(id), 'SELECT body FROM letter')).toMatchObject([
      { body: 'to whom it may concern' },
    ]);
    expect(`${own.url}`).not.toContain(own.secret ?? 'no secret');
  });

  it('cap CR3 read-only reads, and the database refuses to write; where nothing could refuse it is not given', async () => {
    const [, id = ''] = ids();
    await run(await connection(id), 'CREATE TABLE rule (body TEXT)');
    if (driver === 'sqlite') {
      const refused = world.call('POST', `/v1/environments/${id}/connection`, { authorization: 'read_only' }, [422]);
      await expect(refused).resolves.toMatchObject({ code: 'unsupported' });
      return;
    }
    const reader = await connection(id, 'read_only');
    expect(await run(reader, 'SELECT body FROM rule')).toEqual([]);
    await expect(run(reader, "INSERT INTO rule VALUES ('broken')")).rejects.toThrow();
    await expect(run(reader, 'CREATE TABLE other (body TEXT)')).rejects.toThrow();
    expect(await run(reader, 'SELECT body FROM rule')).toEqual([]);
  });

  it('ends when it was asked to, where the driver can end one alone; elsewhere that is refused', async () => {
    const [id = ''] = ids();
    const lifetimeSeconds = 120;
    const body = { authorization: 'full_access', lifetimeSeconds };
    const path = `/v1/environments/${id}/connection`;
    if (driver !== 'libsql') {
      await expect(world.call('POST', path, body, [422])).resolves.toMatchObject({ code: 'unsupported' });
      return;
    }
    const own = await world.call<ConnectionView>('POST', path, body);
    await expect(run(own, 'SELECT 1 AS one')).resolves.toHaveLength(1);
    const { exp } = JSON.parse(Buffer.from(own.secret?.split('.')[1] ?? '', 'base64url').toString());
    expect(new Date(own.expiresAt ?? '').getTime()).toBe(exp * 1_000);
    // The server lets a token in for a minute longer than it says.
    expect(exp + 60).toBeLessThanOrEqual(Math.ceil(Date.now() / 1_000) + lifetimeSeconds);
    for (const wrong of [119, 86_401, 130.5]) {
      await world.call('POST', path, { lifetimeSeconds: wrong }, [422]);
    }
    await expect(connection(id)).resolves.toMatchObject({ driver });
  });

  it('cap G2 opens its own environment and none of the others: every ordered pair', async () => {
    if (driver === 'sqlite') return expectFilesApart(ids());
    const connections = await Promise.all(ids().map((id) => connection(id)));
    for (const [from, own] of connections.entries()) {
      await expect(run(own, 'SELECT 1 AS one')).resolves.toHaveLength(1);
      for (const [to, { url, namespace }] of connections.entries()) {
        if (from === to) continue;
        await expect(run({ ...own, url, namespace }, 'SELECT 1 AS one'), `${from} → ${to}`).rejects.toThrow();
      }
    }
  });
});

const opens = (own: ConnectionView) => run(own, 'SELECT 1 AS one').then(...([() => true, () => false] as const));

it('cap RO3 an emergency on postgres ends who holds every session of the database', async () => {
  const [id = ''] = environments.get('postgres') ?? [];
  const before = await connection(id);
  const { url, user, secret } = before;
  let ended = 0;
  const sessions = Array.from({ length: 20 }, () =>
    postgres(url, {
      ...{ username: user ?? '', password: secret ?? '', max: 1, fetch_types: false, onnotice: () => undefined },
      onclose: () => {
        ended += 1;
      },
    }),
  );
  await Promise.all(sessions.map((sql) => sql.unsafe('SELECT 1')));
  expect(await opens(before)).toBe(false);
  expect(await world.call('GET', `/v1/environments/${id}/database`)).toMatchObject({
    sessions: { open: 20, limit: 20 },
  });
  const { operationId } = await world.service.credentials.rotate(id, { urgency: 'emergency' });
  expect(await world.service.operations.wait(operationId ?? '', 30_000)).toMatchObject({ status: 'succeeded' });
  await expect.poll(() => ended).toBe(20);
  await Promise.all(sessions.map((sql) => sql.end({ timeout: 0 })));
  expect(await Promise.all([before, await connection(id)].map(opens))).toEqual([false, true]);
});

describe('cap RO3 an emergency on turso', () => {
  const RADIUS = { kind: 'database', environments: 1 };

  it('ends every token of the environment, no neighbour’s, and both answers and the command say how far it reaches', async () => {
    const [id = '', neighbour = ''] = environments.get('turso') ?? [];
    const before = [await connection(id), await connection(id, 'read_only')];
    const beside = await connection(neighbour);
    const handle = await world.service.connect(id);
    await handle.query('SELECT 1 AS one');

    const accepted = await world.service.credentials.rotate(id, { urgency: 'emergency' });
    const operation = `/v1/operations/${accepted.operationId}`;
    await expect(world.call('GET', operation)).resolves.toMatchObject({ blastRadius: RADIUS });
    await world.service.operations.wait(accepted.operationId ?? '', 30_000);
    await expect(world.call('GET', operation)).resolves.toMatchObject({ status: 'succeeded', blastRadius: RADIUS });
    const now = [await connection(id), await connection(id, 'read_only')];
    expect(await Promise.all([...before, ...now, beside].map(opens))).toEqual([false, false, true, true, true]);
    // Who asks for the handle again has one of the new token.
    await expect((await world.service.connect(id)).query('SELECT 1 AS one')).resolves.toHaveLength(1);

    const listener = createListener(world.fetch);
    const variables = { ENVPLANE_URL: await listener.listen('127.0.0.1', 0), ENVPLANE_TOKEN: TOKEN };
    const command = await runCommand(['cred', 'rotate', 'acme/turso-0', '--urgency', 'emergency'], variables);
    await listener.drain();
    expect(command).toMatchObject({ code: 0 });
    const lines = command.stderr.split('\n').map((line) => line.trim());
    expect(lines[1]).toBe('ends every credential of the database at once (1 environment)');
    expect(lines.filter((line) => line.startsWith('withdraw succeeded'))).toHaveLength(1);
    expect(await Promise.all([...now, beside].map(opens))).toEqual([false, false, true]);
  });
});

/** A file has no credential: what keeps environments apart is that a handle is bound to one file. */
async function expectFilesApart(ids: readonly string[]): Promise<void> {
  const paths = await Promise.all(ids.map(async (id) => fileURLToPath((await connection(id)).url)));
  expect(new Set(paths).size).toBe(ids.length);
  for (const id of ids) {
    const handle = await world.service.connect(id);
    for (const path of paths) await expect(handle.exec(`ATTACH DATABASE '${path}' AS other`)).rejects.toThrow();
  }
}
