import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionView } from '@envplane/spec';
import { runWithStockClient, seeded, startPostgres, startReconnectingClients, startSqld } from '@envplane/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, cleanUp, newDataDirectory, type RunningService, startService, until } from './service-process.ts';

/** `npm run bench:rotation` is the long version of this. */
const ROTATIONS = 3;
const CLIENTS = 8;
const GRACE_SECONDS = 4;
const CACHE_MS = 500;
/** An old credential is refused at most this long after its grace, not counting the time in which there is no service. */
const REFUSED_WITHIN_MS = 5_000;

interface Credential {
  id: string;
  authorization: string;
  state: string;
  retireAfter: string | null;
}

type Driver = 'postgres' | 'libsql';

const seed = Math.floor(Math.random() * 2 ** 31);
const random = seeded(seed);
let servers: { stop(): Promise<unknown> }[];
let variables: Record<string, string>;
let dataDirectory: string;
let service: RunningService;
/** How long there was no service so far, ms. */
let downMs = 0;

beforeAll(async () => {
  const [cluster, sqld] = await Promise.all([startPostgres(), startSqld()]);
  servers = [cluster, sqld];
  dataDirectory = newDataDirectory();
  variables = {
    ENVPLANE_POSTGRES_ADMIN_URL: cluster.adminUrl,
    ENVPLANE_LIBSQL_URL: sqld.url,
    ENVPLANE_LIBSQL_ADMIN_URL: sqld.adminUrl,
    ENVPLANE_LIBSQL_ADMIN_KEY: sqld.administrator.reveal(),
  };
  service = await startService(dataDirectory, variables);
});
afterAll(async () => {
  await cleanUp();
  await Promise.all(servers.map((server) => server.stop()));
});

/** Undefined while nobody answers, or something else. */
const ask = async <Body>(method: string, path: string, body?: object, headers = {}): Promise<Body | undefined> => {
  const answer = await call(service, method, path, body, headers).catch(() => undefined);
  return answer && answer.status < 300 ? (answer.body as Body) : undefined;
};

async function rotateUnderLoad(driver: Driver): Promise<{ failures: string[]; connections: number; lagsMs: number[] }> {
  const body = { slug: driver, displayName: driver, ownerUserId: 'ada', defaultEnvironment: { driver } };
  await until('accepted', () => ask('POST', '/v1/organizations', body, { 'idempotency-key': driver }));
  const environment = await until('active', async () => {
    const environments = await ask<{ items: { id: string; status: string }[] }>(
      'GET',
      `/v1/organizations/${driver}/environments`,
    );
    return environments?.items.find(({ status }) => status === 'active');
  });
  const path = `/v1/environments/${environment.id}`;
  const connect = (connection: ConnectionView) => runWithStockClient(connection, 'SELECT 1');
  const read = () => until('a connection', () => ask<ConnectionView>('POST', `${path}/connection`, {}));
  const list = async (): Promise<Credential[]> => {
    const page = await until('credentials', () => ask<{ items: Credential[] }>('GET', `${path}/credentials`));
    return page.items.filter(({ authorization }) => authorization === 'full_access');
  };

  const clients = await startReconnectingClients({ count: CLIENTS, cacheMs: CACHE_MS, pauseMs: 50, read, connect });
  const lagsMs: number[] = [];
  for (let rotation = 0; rotation < ROTATIONS; rotation += 1) {
    const old = await read();
    const before = (await list()).find(({ state }) => state === 'active');
    const inState = async (state: string) =>
      (await list()).find((each) => each.id === before?.id && each.state === state);
    const headers = { 'idempotency-key': `${driver}-${rotation}`, prefer: 'respond-async' };
    const rotate = () => ask('POST', `${path}/credentials/rotate`, { graceSeconds: GRACE_SECONDS }, headers);
    await until('accepted', rotate);
    const retiring = await until('replaced', () => inState('retiring'));
    const endsAt = Date.parse(retiring.retireAfter ?? '');
    await sleep(endsAt - Date.now());
    const downBeforeMs = downMs;
    await until('refused', () =>
      connect(old).then(
        () => false,
        () => true,
      ),
    );
    lagsMs.push(Date.now() - endsAt - (downMs - downBeforeMs));
    await until('revoked', () => inState('revoked'));
  }
  return { lagsMs, ...(await clients.stop()) };
}

it(`rel G7 while clients reconnect and the service is killed, no connection fails and every old credential is refused in time (seed ${seed})`, async () => {
  let isDone = false;
  const killing = (async () => {
    for (;;) {
      await sleep(2_000 + random() * 4_000);
      if (isDone) return;
      const killedAt = performance.now();
      service.kill('SIGKILL');
      await service.ended;
      service = await startService(dataDirectory, variables);
      downMs += performance.now() - killedAt;
    }
  })();
  const outcomes = await Promise.all((['postgres', 'libsql'] as const).map(rotateUnderLoad));
  isDone = true;
  await killing;
  for (const { failures, connections, lagsMs } of outcomes) {
    expect(failures).toEqual([]);
    expect(connections).toBeGreaterThan(CLIENTS * ROTATIONS);
    expect(Math.max(...lagsMs)).toBeLessThan(REFUSED_WITHIN_MS);
  }
}, 180_000);
