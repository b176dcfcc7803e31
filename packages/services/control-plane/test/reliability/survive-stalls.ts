import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import type { EnvironmentView, OperationView } from '@envplane/spec';
import { seeded, startPostgres } from '@envplane/testkit';
import { openStores, type Stores } from '../../../service-tenant/src/store/open-stores.ts';
import { observe } from '../../../service-tenant/test/world/observe.ts';
import { violations } from '../../../service-tenant/test/world/oracle.ts';
import { postgresDriver } from '../../../service-tenant/test/world/postgres-driver.ts';
import { Replicas } from './replicas.ts';
import { rest, verifier } from './rest.ts';
import { roleOf, watchCommits } from './stale-commits.ts';

export interface StallsPlan {
  seed: number;
  /** Passes that are stopped in the middle, taken over by another process, and go on. */
  stalls: number;
  /** Set for every process, for example what replaces a module. */
  variables?: Record<string, string>;
  /** Aborts: the round that is under way is the last one. */
  enough?: AbortSignal;
  say?: (text: string) => void;
}

export interface StallsOutcome {
  stalls: number;
  /** Processes that were stopped. */
  stops: number;
  /** Environments that were purged while those who created them were stopped. */
  purged: number;
  wrong: string[];
}

const PROCESSES = 3;
/** Longer than a lease and the next look of who takes over. */
const STOPPED_MS = 36_000;
const ORGANIZATIONS = 12;
/** Created in each round, by those who are stopped. */
const ENVIRONMENTS = 96;
/** They are stopped when they have so many passes under way, and a moment more. */
const BUSY = 24;
const MOMENT_MS = 150;
const PATIENCE_MS = 30_000;

/**
 * Runs three processes of the real service over a PostgreSQL store, lets two of them create databases on PostgreSQL, stops both while
 * they do (SIGSTOP), has the third take over when the leases end and purge one half of the environments meanwhile, and lets them go on
 * (SIGCONT). Each time everything has come to rest the world is compared with the rows.
 */
export async function surviveStalls(plan: StallsPlan): Promise<StallsOutcome> {
  const { say = () => undefined } = plan;
  const random = seeded(plan.seed);
  const directory = mkdtempSync(join(tmpdir(), 'envplane-stalls-'));
  const closing: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
  try {
    const cluster = await startPostgres();
    closing.push(cluster.stop);
    const storeUrl = await cluster.createDatabase('control_plane');
    const watch = await watchCommits(storeUrl, PROCESSES);
    closing.push(watch.close);
    const replicas = await Replicas.start(
      PROCESSES,
      (index) => ({
        ENVPLANE_DATA_DIR: directory,
        ENVPLANE_STORE_URL: watch.urlFor(index),
        ENVPLANE_POSTGRES_ADMIN_URL: cluster.adminUrl,
        ENVPLANE_DEFAULT_DRIVER: 'postgres',
        ...plan.variables,
      }),
      random,
    );
    closing.push(() => replicas.stop());
    await watch.start();
    const stores = await openStores(storeUrl);
    closing.push(stores.close);
    const { driver, close } = postgresDriver(cluster);
    closing.push(close);
    const encryptor = () => localKeyEncryptor({ keyFile: join(directory, 'local-key.json'), createIfMissing: false });
    const observed = observe([driver], async () => stores, encryptor);
    for (let index = 0; index < ORGANIZATIONS; index += 1) {
      const body = { slug: `org-${index}`, displayName: 'One of many', ownerUserId: 'ada', defaultEnvironment: {} };
      await replicas.insist({ method: 'POST', path: '/v1/organizations', body, key: `organization.${index}` });
    }
    await rest(stores);

    const outcome: StallsOutcome = { stalls: 0, stops: 0, purged: 0, wrong: [] };
    for (
      let round = 0;
      outcome.stalls < plan.stalls && outcome.wrong.length === 0 && !plan.enough?.aborted;
      round += 1
    ) {
      const survivor = Math.floor(random() * PROCESSES);
      const created = await stall(round, survivor, { replicas, stores, random, outcome });
      outcome.wrong.push(...(await rest(stores)));
      outcome.wrong.push(...(await violations(observed, verifier(replicas), { isSettling: true })));
      outcome.wrong.push(...(await watch.stale()), ...replicas.deaths);
      say(`${outcome.stalls} stalls, ${outcome.stops} processes stopped, ${outcome.wrong.length} wrong`);
      for (const wrong of outcome.wrong) say(`  ${wrong}`);
      await Promise.all(created.map((environment) => purge(replicas, environment)));
    }
    return outcome;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

interface Scene {
  replicas: Replicas;
  stores: Stores;
  random: () => number;
  outcome: StallsOutcome;
}

interface Environment {
  id: string;
  slug: string;
}

/** One round. @returns the environments that are there in the end */
async function stall(round: number, survivor: number, scene: Scene): Promise<Environment[]> {
  const { replicas, stores, random, outcome } = scene;
  const victims = [...Array(PROCESSES).keys()].filter((index) => index !== survivor);
  const purged = new Set<string>();
  const creating = Promise.all(
    Array.from({ length: ENVIRONMENTS }, (_, index) =>
      create(replicas, `r${round}-${index}`, victims[index % 2] ?? 0, purged),
    ),
  );
  creating.catch(() => undefined);
  const leases = () => leasesOf(stores, victims.map(roleOf));
  const deadline = performance.now() + PATIENCE_MS;
  while ((await leases()).length < BUSY && performance.now() < deadline) await sleep(10);
  await sleep(random() * MOMENT_MS);
  // Also in the middle of a transaction of the store: the server ends that after a few seconds.
  for (const index of victims) replicas.signal(index, 'SIGSTOP');
  // What they had sent by then still happens.
  await sleep(50);
  outcome.stops += victims.length;
  const held = await leases();
  const purging = Promise.all(
    held.map(async ({ environmentId: id, slug }) => {
      if (random() < 0.5) return;
      purged.add(slug);
      await purge(replicas, { id, slug }, survivor);
      outcome.purged += 1;
    }),
  );
  purging.catch(() => undefined);
  // Who holds a claim by now is somebody else, or the row is gone.
  await sleep(STOPPED_MS);
  const now = await epochs(stores);
  outcome.stalls += held.filter(({ id, epoch }) => now.get(id) !== epoch).length;
  for (const index of victims) replicas.signal(index, 'SIGCONT');
  await purging;
  return (await creating).filter((environment) => environment !== null);
}

/** Null when its purge was asked for before it was answered, which ends the operation. */
async function create(replicas: Replicas, slug: string, to: number, purged: Set<string>): Promise<Environment | null> {
  const request = {
    method: 'POST',
    path: `/v1/organizations/org-${Number(slug.split('-')[1]) % ORGANIZATIONS}/environments`,
    body: { slug, envType: 'test' },
    key: `create.${slug}`,
    to,
  };
  try {
    const created = await replicas.insist<OperationView | EnvironmentView>(request);
    return purged.has(slug) ? null : { id: 'target' in created ? created.target.id : created.id, slug };
  } catch (error) {
    if (purged.has(slug) && /"state":"cancelled"|"code":"not_found"/.test(String(error))) return null;
    throw error;
  }
}

async function purge(replicas: Replicas, { id, slug }: Environment, to?: number): Promise<void> {
  const request = {
    method: 'POST',
    path: `/v1/environments/${id}/purge`,
    body: { confirm: slug },
    key: `purge.${slug}`,
  };
  await replicas.insist({ ...request, ...(to !== undefined && { to }) });
}

/** Claims that these processes made and still hold. */
async function leasesOf({ main }: Stores, roles: readonly string[]) {
  const { rows } = await main.select<{ id: string; epoch: number; environmentId: string; slug: string }>(
    `select d.id, d.fence_epoch as epoch, e.id as "environmentId", e.slug from sys_environment_database d
     join sys_environment e on e.id = d.environment_id
     join watch.claim c on c.id = d.id and c.epoch = d.fence_epoch
     where d.lease_owner is not null and c.who = any(string_to_array($1, ',')) and not e.is_default`,
    [roles.join()],
  );
  return rows;
}

async function epochs({ main }: Stores): Promise<Map<string, number>> {
  const { rows } = await main.select<{ id: string; epoch: number }>(
    'select id, fence_epoch as epoch from sys_environment_database',
    [],
  );
  return new Map(rows.map(({ id, epoch }) => [id, epoch]));
}
