import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  holdSession,
  isLetIn,
  loginChangedInPlace,
  runWithStockClient,
  type StockConnection,
  seeded,
  startPostgres,
  startReconnectingClients,
  startSqld,
} from '@envplane/testkit';
import { Replicas } from '../../packages/services/control-plane/test/reliability/replicas.ts';
import { median, withDirectory } from '../harness.ts';

/**
 * Rotates the credentials of one environment on PostgreSQL and of one on libSQL again and again, while clients reconnect with
 * what they remember and the service is killed at random, and counts the connections that failed. The last line is the same with one
 * login whose password is changed in place: it must show failures, or this run could not see any. Ends with 1 when a bound is not
 * kept, and says which.
 */

const { values } = parseArgs({
  options: {
    rotations: { type: 'string', default: '50' },
    clients: { type: 'string', default: '32' },
    'grace-seconds': { type: 'string', default: '6' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
});
const ROTATIONS = Number(values.rotations);
const CLIENTS = Number(values.clients);
const GRACE_SECONDS = Number(values['grace-seconds']);
/** Shorter than the grace by what a connection and a restart take. */
const CACHE_MS = 1_000;
const PAUSE_MS = 100;
const EMERGENCIES = 20;
/** How soon after its grace, or after an emergency was asked for, an old credential is refused and its sessions are dead. */
const BOUND_MS = 5_000;
/** One that is still let in by then is not waited for. */
const GIVEN_UP_MS = 60_000;
const KILL_EVERY_MS: [from: number, to: number] = [2_000, 10_000];

const connect = (connection: StockConnection) => runWithStockClient(connection, 'SELECT 1');
const connection = (path: string) => ({ method: 'POST', path: `${path}/connection`, body: {} });
const credentials = (path: string) => ({ method: 'GET', path: `${path}/credentials` });

interface Credential {
  id: string;
  authorization: string;
  version: number;
  state: string;
  retireAfter: string | null;
}

interface Line {
  name: string;
  rotations: number;
  kills: number;
  connections: number;
  failures: string[];
  /** How long after the end of its grace each old credential was refused, ms. */
  lagsMs: number[];
}

const violations: string[] = [];
const random = seeded(Number(values.seed));
process.stdout.write(
  `seed ${values.seed}, ${CLIENTS} clients a driver, grace ${GRACE_SECONDS} s, SIGKILL every 2 to 10 s\n\n`,
);
process.stdout.write(
  '| driver | rotations | SIGKILLs | connections | failed | bound | old one refused after its grace, median and worst | bound | holds |\n',
);
process.stdout.write('|---|---:|---:|---:|---:|---|---:|---|---|\n');
await withDirectory(async (directory) => {
  const [cluster, sqld] = await Promise.all([startPostgres(), startSqld()]);
  const service = await Replicas.start(
    1,
    {
      ENVPLANE_DATA_DIR: directory,
      ENVPLANE_LIBSQL_URL: sqld.url,
      ENVPLANE_LIBSQL_ADMIN_URL: sqld.adminUrl,
      ENVPLANE_LIBSQL_ADMIN_KEY: sqld.administrator.reveal(),
    },
    random,
  );
  try {
    await addCluster(service, new URL(cluster.adminUrl));
    let isDone = false;
    let kills = 0;
    const killing = (async () => {
      for (;;) {
        await sleep(KILL_EVERY_MS[0] + random() * (KILL_EVERY_MS[1] - KILL_EVERY_MS[0]));
        if (isDone) return;
        await service.kill(0);
        await service.ready(0);
        kills += 1;
      }
    })();
    const lines = await Promise.all(
      (['postgres', 'libsql'] as const).map((driver) => rotateUnderLoad(service, driver)),
    );
    isDone = true;
    await killing;
    for (const line of lines) print({ ...line, kills }, '<=0');
    print(await changeInPlace(cluster.adminUrl), '>=1');
    process.stdout.write(
      '\n| emergency | rotations | old one refused and its session dead, median and worst | bound | holds |\n',
    );
    process.stdout.write('|---|---:|---:|---|---|\n');
    for (const driver of ['postgres', 'libsql'] as const) printEmergencies(driver, await emergencies(service, driver));
  } finally {
    await service.stop();
    await Promise.all([cluster.stop(), sqld.stop()]);
  }
});
process.stdout.write(`\n${violations.length} bounds not kept\n`);
for (const violation of violations) process.stdout.write(`  ${violation}\n`);
if (violations.length > 0) process.exitCode = 1;

/** All clients may connect at the same time, whatever a database may have by default. */
async function addCluster(service: Replicas, url: URL): Promise<void> {
  const administrator = decodeURIComponent(url.password);
  url.password = '';
  await service.insist({
    ...{ method: 'POST', path: '/v1/placements', key: 'cluster' },
    body: {
      ...{ name: 'cluster', driver: 'postgres', administrator },
      settings: { url: url.href, connectionLimit: 2 * CLIENTS + 20 },
    },
  });
}

async function rotateUnderLoad(service: Replicas, driver: 'postgres' | 'libsql'): Promise<Omit<Line, 'kills'>> {
  await service.insist({
    ...{ method: 'POST', path: '/v1/organizations', key: driver },
    body: { slug: driver, displayName: driver, ownerUserId: 'bench', defaultEnvironment: { driver } },
  });
  interface Environments {
    items: { id: string; status: string }[];
  }
  const { items } = await service.insist<Environments>(
    { method: 'GET', path: `/v1/organizations/${driver}/environments` },
    ({ status, body }) => status !== 200 || body.items[0]?.status === 'active',
  );
  const path = `/v1/environments/${items[0]?.id}`;
  const read = async (): Promise<StockConnection> => {
    const { status, body } = await service.call<StockConnection>(connection(path));
    if (status !== 200) throw new Error(`the connection answered ${status}`);
    return body;
  };
  const list = async (until: (items: Credential[]) => boolean): Promise<Credential[]> => {
    const ours = (items: Credential[]) => items.filter(({ authorization }) => authorization === 'full_access');
    const { items } = await service.insist<{ items: Credential[] }>(
      credentials(path),
      ({ status, body }) => status !== 200 || until(ours(body.items)),
    );
    return ours(items);
  };

  const clients = await startReconnectingClients({
    count: CLIENTS,
    cacheMs: CACHE_MS,
    pauseMs: PAUSE_MS,
    read,
    connect,
  });
  const lagsMs: number[] = [];
  for (let rotation = 0; rotation < ROTATIONS; rotation++) {
    const old = await service.insist<StockConnection>(connection(path));
    const [before] = (await list(() => true)).filter(({ state }) => state === 'active');
    await service.insist({
      ...{ method: 'POST', path: `${path}/credentials/rotate`, key: `${driver}-${rotation}` },
      body: { graceSeconds: GRACE_SECONDS },
    });
    const find = (items: Credential[]) => items.find(({ id }) => id === before?.id);
    const retireAfter = (await list((items) => find(items)?.state !== 'active')).find(
      ({ id }) => id === before?.id,
    )?.retireAfter;
    const endsAt = Date.parse(retireAfter ?? '');
    await sleep(Math.max(0, endsAt - Date.now()));
    await untilRefused(old, 50);
    lagsMs.push(Date.now() - endsAt);
    await list((items) => find(items)?.state === 'revoked');
  }
  return { name: driver, rotations: ROTATIONS, lagsMs, ...(await clients.stop()) };
}

/** What an emergency does to who holds the old credential: from the request until it opens nothing and what it had opened is dead. */
async function emergencies(service: Replicas, driver: 'postgres' | 'libsql'): Promise<number[]> {
  const { items } = await service.insist<{ items: { id: string }[] }>({
    method: 'GET',
    path: `/v1/organizations/${driver}/environments`,
  });
  const path = `/v1/environments/${items[0]?.id}`;
  const times: number[] = [];
  for (let rotation = 0; rotation < EMERGENCIES; rotation++) {
    const old = await service.insist<StockConnection>(connection(path));
    const session = await holdSession(old);
    const began = performance.now();
    const accepted = service.insist({
      ...{ method: 'POST', path: `${path}/credentials/rotate`, key: `${driver}-emergency-${rotation}` },
      body: { urgency: 'emergency' },
    });
    await untilRefused(old, 5);
    await Promise.race([session.ended, sleep(GIVEN_UP_MS, undefined, { ref: false })]);
    times.push(performance.now() - began);
    await accepted;
    await session.close();
    await service.insist<{ items: Credential[] }>(
      credentials(path),
      ({ status, body }) =>
        status !== 200 || body.items.every(({ state }) => state !== 'retiring' && state !== 'staged'),
    );
  }
  return times;
}

/** Asks every so often, in ms, until the database refuses the credential, or nobody waits for that any more. */
async function untilRefused(old: StockConnection, everyMs: number): Promise<void> {
  const deadline = performance.now() + GIVEN_UP_MS;
  // Who is not answered was not refused.
  while (performance.now() < deadline && (await isLetIn(old).catch(() => true))) await sleep(everyMs);
}

/** One login, its password changed in place: who remembers the old one is refused until they read again. */
async function changeInPlace(adminUrl: string): Promise<Line> {
  const rotations = 10;
  const login = await loginChangedInPlace(adminUrl);
  const { read } = login;
  const clients = await startReconnectingClients({
    count: CLIENTS,
    cacheMs: CACHE_MS,
    pauseMs: PAUSE_MS,
    read,
    connect,
  });
  for (let rotation = 0; rotation < rotations; rotation++) {
    await sleep(1_000);
    await login.change();
  }
  const counted = await clients.stop();
  await login.close();
  return { name: 'one login, changed in place', rotations, kills: 0, lagsMs: [], ...counted };
}

/** `failed` is what the failures of this line are held against: of the last one there must be some. */
function print({ name, rotations, kills, connections, failures, lagsMs }: Line, failed: '<=0' | '>=1'): void {
  const isFailedKept = failed === '<=0' ? failures.length === 0 : failures.length >= 1;
  const cells = [name, rotations, kills, connections, failures.length, failed, ...timesOf(lagsMs)];
  const broken = [
    ...(connections > 0 ? [] : ['nobody was let in']),
    ...(isFailedKept ? [] : [`${failures.length} connections failed, ${failed} are expected`]),
    ...tooLate(lagsMs, 'an old credential was refused after its grace'),
  ];
  process.stdout.write(`| ${cells.join(' | ')} | ${holds(name, broken)} |\n`);
  for (const failure of new Set(failures)) process.stderr.write(`${name}: ${failure}\n`);
}

function printEmergencies(driver: string, deadMs: readonly number[]): void {
  const broken = tooLate(deadMs, 'an old credential was refused and its session dead');
  process.stdout.write(
    `| ${[driver, deadMs.length, ...timesOf(deadMs)].join(' | ')} | ${holds(`emergency, ${driver}`, broken)} |\n`,
  );
}

/** Median, worst and bound; a line without times has none. */
function timesOf(timesMs: readonly number[]): [measured: string, bound: string] {
  if (timesMs.length === 0) return ['', ''];
  return [`${median(timesMs).toFixed(0)} ms, ${Math.max(...timesMs).toFixed(0)} ms`, `<=${BOUND_MS} ms`];
}

/** Those beyond the bound, as a sentence; a time that is none is beyond it. */
function tooLate(timesMs: readonly number[], what: string): string[] {
  const late = timesMs.filter((ms) => !(ms <= BOUND_MS));
  return late.length === 0
    ? []
    : [`${what} later than ${BOUND_MS} ms, ${late.length} times: ${late.map(Math.round).join(', ')} ms`];
}

function holds(name: string, broken: readonly string[]): string {
  violations.push(...broken.map((each) => `${name}: ${each}`));
  return broken.length === 0 ? 'yes' : '**no**';
}
