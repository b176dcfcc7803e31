import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import {
  type PostgresServer,
  type SqldServer,
  seeded,
  startFaultProxy,
  startPostgres,
  startSqld,
} from '@envplane/testkit';
import { openStores, type Stores } from '../../../service-tenant/src/store/open-stores.ts';
import { sqliteDriver } from '../../../service-tenant/test/world/drivers.ts';
import { libsqlDriver } from '../../../service-tenant/test/world/libsql-driver.ts';
import { type Observed, observe } from '../../../service-tenant/test/world/observe.ts';
import { violations } from '../../../service-tenant/test/world/oracle.ts';
import { postgresDriver } from '../../../service-tenant/test/world/postgres-driver.ts';
import { type Driver, type History, liveThrough, newHistory, ORGANIZATION } from './clients.ts';
import { Replicas } from './replicas.ts';
import { rest, verifier } from './rest.ts';
import { type Strike, watchCommits } from './stale-commits.ts';

/** What is done to the processes and to the servers below them. */
export interface DeathsPlan {
  seed: number;
  /** One has its store in a file, several share a PostgreSQL database. */
  replicas: number;
  /** SIGKILLs of the service. */
  kills: number;
  clients: number;
  drivers: readonly Driver[];
  /** After so many kills everything comes to rest and is compared. */
  killsARound: number;
  /** How long all processes together work at most until one of them is killed, in ms. */
  liveMs: number;
  /** Each time so many kills have passed, a server is stopped at once and started again; null: never. */
  restartEvery: number | null;
  /** Each time so many kills have passed, a process is stopped beyond its lease and goes on; null: never. */
  freezeEvery: number | null;
  /** Of the calls to the libSQL server's administration this share is cut, lost after its effect, refused or sent twice. */
  faults: number;
  /** Set for every process, for example what replaces a module. */
  variables?: Record<string, string>;
  /** Aborts: what is under way comes to rest and is compared, and that was it. */
  enough?: AbortSignal;
  say?: (text: string) => void;
}

export interface DeathsOutcome {
  kills: number;
  restarts: number;
  freezes: number;
  /** Requests that changed something and were answered, and those that were sent again. */
  acknowledged: number;
  repetitions: number;
  /** How long after the end of its lease work of a dead process was taken over, in ms, not counting the time in which all processes were down. */
  takeoversMs: number[];
  /** Claims of several processes, and those that came to nothing although nobody died. */
  claims: { made: number; wasted: number };
  wrong: string[];
}

/** Longer than a lease, so that its work was taken over when it goes on. */
const FROZEN_MS = 35_000;

/**
 * Runs the real service, lets clients work with it while its processes are killed at random, and compares the world with the rows
 * each time everything has come to rest.
 */
export async function surviveDeaths(plan: DeathsPlan): Promise<DeathsOutcome> {
  const { drivers, say = () => undefined } = plan;
  const random = seeded(plan.seed);
  const directory = mkdtempSync(join(tmpdir(), 'envplane-deaths-'));
  const closing: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
  try {
    const needsPostgres = plan.replicas > 1 || drivers.includes('postgres');
    const [cluster, sqld] = await Promise.all([
      // What it has committed it still has after it was killed.
      needsPostgres ? startPostgres({ fsync: plan.restartEvery !== null }) : undefined,
      drivers.includes('libsql') ? startSqld() : undefined,
    ]);
    for (const server of [cluster, sqld]) if (server) closing.push(server.stop);
    const proxy = sqld && (await startFaultProxy(sqld.adminUrl));
    if (proxy) closing.push(proxy.close);
    const storeUrl =
      plan.replicas > 1 && cluster ? await cluster.createDatabase('control_plane') : `file:${directory}/envplane.db`;
    const commits = plan.replicas > 1 ? await watchCommits(storeUrl, plan.replicas) : undefined;
    if (commits) closing.push(commits.close);

    const replicas = await Replicas.start(
      plan.replicas,
      (index) => ({
        ENVPLANE_DATA_DIR: directory,
        ENVPLANE_STORE_URL: commits?.urlFor(index) ?? storeUrl,
        ...(cluster && drivers.includes('postgres') && { ENVPLANE_POSTGRES_ADMIN_URL: cluster.adminUrl }),
        ...(sqld &&
          proxy && {
            ENVPLANE_LIBSQL_URL: sqld.url,
            ENVPLANE_LIBSQL_ADMIN_URL: proxy.url,
            ENVPLANE_LIBSQL_ADMIN_KEY: sqld.administrator.reveal(),
          }),
        ...plan.variables,
      }),
      random,
    );
    closing.push(() => replicas.stop());
    await commits?.start();
    await replicas.insist({
      method: 'POST',
      path: '/v1/organizations',
      body: { slug: ORGANIZATION, displayName: 'Acme', ownerUserId: 'ada', defaultEnvironment: { driver: drivers[0] } },
      key: 'organization',
    });
    const stores = await openStores(storeUrl);
    closing.push(stores.close);
    const observed = watch(directory, stores, drivers, cluster, sqld, closing);
    const takeovers = watchLeases(stores, replicas);
    closing.push(takeovers.stop);

    const outcome: Done = { kills: 0, restarts: 0, freezes: 0, strikes: [] };
    const history = newHistory();
    for (let round = 0; outcome.kills < plan.kills && history.wrong.length === 0 && !plan.enough?.aborted; round += 1) {
      if (proxy) bend(proxy, plan.faults, random);
      await disturb(plan, outcome, { replicas, cluster, sqld, history, random, round });
      if (history.wrong.length > 0) break;
      proxy?.heal();
      for (let index = 0; index < replicas.count; index += 1) await replicas.ready(index);
      history.wrong.push(...(await rest(stores)));
      history.wrong.push(...(await compare(observed, stores, replicas, history)));
      history.wrong.push(...((await commits?.stale()) ?? []));
      say(
        `${outcome.kills} kills, ${history.acknowledged} changes, ${history.kept.size} environments, ${history.wrong.length} wrong`,
      );
    }
    const { strikes, ...counted } = outcome;
    const claims = (await commits?.claims(strikes)) ?? { made: 0, wasted: 0 };
    const { acknowledged, wrong } = history;
    const { repetitions, deaths } = replicas;
    // A server that is being restarted ends who starts meanwhile; the supervisor starts it again.
    if (plan.restartEvery === null) wrong.push(...deaths);
    return { ...counted, acknowledged, repetitions, takeoversMs: takeovers.lagsMs, claims, wrong };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

function watch(
  directory: string,
  stores: Stores,
  drivers: readonly Driver[],
  cluster: PostgresServer | undefined,
  sqld: SqldServer | undefined,
  closing: (() => unknown)[],
): Observed {
  const seen = drivers.flatMap((driver) => {
    if (driver === 'sqlite') return [sqliteDriver(join(directory, 'environments'))];
    if (driver === 'libsql') return sqld ? [libsqlDriver(sqld)] : [];
    if (!cluster) return [];
    const postgres = postgresDriver(cluster);
    closing.push(postgres.close);
    return [postgres.driver];
  });
  const encryptor = () => localKeyEncryptor({ keyFile: join(directory, 'local-key.json'), createIfMissing: false });
  return observe(seen, async () => stores, encryptor);
}

interface Disturbed {
  replicas: Replicas;
  cluster: PostgresServer | undefined;
  sqld: SqldServer | undefined;
  history: History;
  random: () => number;
  round: number;
}

/** What was done so far. */
interface Done {
  kills: number;
  restarts: number;
  freezes: number;
  strikes: Strike[];
}

/** One round: clients at work, processes dying under them. */
async function disturb(
  plan: DeathsPlan,
  outcome: Done,
  { replicas, cluster, sqld, history, random, round }: Disturbed,
): Promise<void> {
  let isOver = false;
  const clients = Array.from({ length: plan.clients }, (_, index) =>
    liveThrough({
      ...{ name: `c${round}-${index}`, drivers: plan.drivers, replicas, history, random },
      hasToStop: () => isOver,
    }),
  );
  const until = Math.min(plan.kills, outcome.kills + plan.killsARound);
  const others: Promise<void>[] = [];
  while (outcome.kills < until && history.wrong.length === 0) {
    const victim = Math.floor(random() * plan.replicas);
    // Most of them while they work, some while they start.
    if (random() < 0.8) await replicas.ready(victim);
    await sleep((random() * plan.liveMs) / plan.replicas);
    const killedMs = Date.now();
    await replicas.kill(victim);
    outcome.strikes.push({ index: victim, fromMs: killedMs, toMs: Date.now() });
    outcome.kills += 1;
    if (plan.restartEvery !== null && outcome.kills % plan.restartEvery === 0) {
      const server = random() < 0.5 ? (sqld ?? cluster) : (cluster ?? sqld);
      const restartedMs = Date.now();
      await server?.restart('immediate');
      outcome.restarts += 1;
      if (server === cluster) {
        for (let index = 0; index < plan.replicas; index += 1)
          outcome.strikes.push({ index, fromMs: restartedMs, toMs: Date.now() });
      }
    }
    if (plan.freezeEvery !== null && outcome.kills % plan.freezeEvery === 0) {
      const frozen = Math.floor(random() * plan.replicas);
      outcome.strikes.push({ index: frozen, fromMs: Date.now(), toMs: Date.now() + FROZEN_MS });
      others.push(replicas.freeze(frozen, FROZEN_MS));
      outcome.freezes += 1;
    }
  }
  isOver = true;
  replicas.isAbandoned = history.wrong.length > 0;
  await Promise.all([...clients, ...others]);
}

type Proxy = Awaited<ReturnType<typeof startFaultProxy>>;

function bend(proxy: Proxy, share: number, random: () => number): void {
  const matches = () => random() < share / 4;
  for (const fault of [
    { kind: 'reset' },
    { kind: 'reply-lost' },
    { kind: 'answer', status: 503 },
    { kind: 'duplicate' },
  ] as const) {
    proxy.inject(fault, matches, Number.POSITIVE_INFINITY);
  }
}

async function compare(observed: Observed, { main }: Stores, replicas: Replicas, history: History): Promise<string[]> {
  const wrong = await violations(observed, verifier(replicas), { isSettling: true });
  const { rows } = await main.select<{
    id: string;
    slug: string;
    status: string;
    phase: string;
    last_error_code: string;
  }>(
    `select e.id, e.slug, e.status, d.phase, d.last_error_code from sys_environment e
     left join sys_environment_database d on d.environment_id = e.id`,
    [],
  );
  for (const { slug, phase, last_error_code: code } of rows) {
    if (['failed', 'conflict', 'lost'].includes(phase)) wrong.push(`${slug} is ${phase}: ${code}`);
  }
  const known = new Set(rows.map(({ id }) => id));
  for (const [id, slug] of history.kept) {
    if (!known.has(id)) {
      wrong.push(`${slug} was acknowledged and is gone`);
      continue;
    }
    const handle = await observed.login(id);
    const notes = await handle.query('SELECT text FROM note').finally(() => handle.close());
    if (notes[0]?.['text'] !== slug) wrong.push(`${slug}: the data is gone`);
  }
  for (const row of rows) {
    if (history.purged.has(row.id) && row.phase !== 'settling')
      wrong.push(`${row.slug} was purged and is ${row.phase}`);
  }
  return wrong;
}

/** Sees when leases end and when somebody else takes the work up, by looking at the rows. From when nobody could have, nothing is counted. */
function watchLeases({ main }: Stores, replicas: Replicas): { lagsMs: number[]; stop(): Promise<void> } {
  const lagsMs: number[] = [];
  const ended = new Map<string, { epoch: number; dueAt: number }>();
  let isOver = false;
  let isServed = true;
  let unservedUntilMs = 0;
  const watching = (async () => {
    while (!isOver) {
      await sleep(100);
      const nowMs = await main.now().catch(() => null);
      if (!isServed) unservedUntilMs = nowMs ?? unservedUntilMs;
      isServed = nowMs !== null && (await replicas.isServed());
      if (nowMs === null) continue;
      const { rows } = await main
        .select<{ id: string; fence_epoch: number; due_at: number | null; lease_owner: string | null }>(
          'select id, fence_epoch, due_at, lease_owner from sys_environment_database where lease_owner is not null',
          [],
        )
        .catch(() => ({ rows: [] }));
      const held = new Map(rows.map((row) => [row.id, row]));
      for (const [id, { epoch, dueAt }] of ended) {
        const row = held.get(id);
        if (row && row.fence_epoch === epoch) continue;
        ended.delete(id);
        lagsMs.push(nowMs - Math.max(dueAt, unservedUntilMs));
      }
      for (const row of rows) {
        const dueAt = Number(row.due_at);
        if (dueAt < nowMs && !ended.has(row.id)) ended.set(row.id, { epoch: row.fence_epoch, dueAt });
      }
    }
  })();
  return {
    lagsMs,
    stop: () => {
      isOver = true;
      return watching;
    },
  };
}
