import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { type PostgresServer, seeded } from '@envplane/testkit';
import postgres from 'postgres';
import { type ControlPlane, openControlPlane } from '../../../service-tenant/src/open-control-plane.ts';
import { openStores } from '../../../service-tenant/src/store/open-stores.ts';
import { nextDueAt } from '../../../service-tenant/src/store/work.ts';
import { type Observed, observe } from '../../../service-tenant/test/world/observe.ts';
import { violations } from '../../../service-tenant/test/world/oracle.ts';
import { postgresDriver } from '../../../service-tenant/test/world/postgres-driver.ts';
import { type Held, STAGES, startLateWay } from './late-statements.ts';

export interface LateCreatesPlan {
  seed: number;
  /** Creations that are overtaken by the removal of what they make. */
  races: number;
  /** So many of them race at a time. */
  atOnce: number;
  server: Pick<PostgresServer, 'adminUrl'>;
  /** Without it the server is asked for no lock and compares no epochs. */
  isFenced: boolean;
  say?: (text: string) => void;
}

export interface LateCreatesOutcome {
  races: number;
  /** How often the removal was over before the creation went on, and how often it waited for it. */
  overtaken: number;
  waitedFor: number;
  /** How often the creator was cut off from its statement. */
  cut: number;
  wrong: string[];
}

/** Longer than any lease, and than any backoff. */
const BEYOND_LEASE_MS = 2 * 60_000;
const PATIENCE_MS = 60_000;

/**
 * Lets workers create databases whose statements are late, has another process overtake them and purge what they make, and then lets
 * the statements go on. In the end the world is compared with the rows.
 */
export async function raceLateCreates(plan: LateCreatesPlan): Promise<LateCreatesOutcome> {
  const { isFenced, say = () => undefined } = plan;
  const random = seeded(plan.seed);
  const directory = mkdtempSync(join(tmpdir(), 'envplane-late-'));
  const closing: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
  try {
    const { driver, close } = postgresDriver(plan.server);
    closing.push(close);
    let isLate = false;
    const way = await startLateWay(new URL(plan.server.adminUrl), {
      isFenced,
      latenessOf: () =>
        isLate ? { stage: STAGES[Math.floor(random() * STAGES.length)] ?? 'fence', isCut: random() < 0.5 } : null,
    });
    closing.push(way.close);
    const url = new URL(way.url);
    url.password = '';
    const clock = { nowMs: Date.UTC(2030, 0, 1) };
    const encryptor = (createIfMissing: boolean) =>
      localKeyEncryptor({ keyFile: join(directory, 'key.json'), createIfMissing });
    const store = `file:${join(directory, 'envplane.db')}`;
    const open = () =>
      openControlPlane({
        store,
        adapters: [driver.adapter()],
        defaultDriver: driver.driver,
        placements: [
          { name: driver.driver, driver: driver.driver, settings: { url: url.href }, administratorVariable: 'SECRET' },
        ],
        administratorVariable: () => driver.place?.administrator,
        encryptor: ({ firstStart }) => encryptor(firstStart),
        nowMs: () => clock.nowMs,
      });
    const creator = await open();
    closing.push(creator.close);
    const successor = await open();
    closing.push(successor.close);
    const stores = await openStores(store);
    closing.push(stores.close);
    const watching = postgres(plan.server.adminUrl, { max: 1 });
    closing.push(() => watching.end());
    const observed = observe(
      [driver],
      async () => stores,
      () => encryptor(false),
    );

    const { defaultEnvironment } = await creator.service.provisionOrganization({
      organization: { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' },
      createdBy: 'tester',
    });
    const { organizationId } = defaultEnvironment.environment;
    isLate = true;

    const outcome: LateCreatesOutcome = { races: 0, overtaken: 0, waitedFor: 0, cut: 0, wrong: [] };
    while (outcome.races < plan.races && outcome.wrong.length === 0) {
      const slugs = Array.from(
        { length: Math.min(plan.atOnce, plan.races - outcome.races) },
        (_, index) => `late-${outcome.races + index}`,
      );
      outcome.wrong.push(...(await round(slugs)));
      say(
        `${outcome.races} races, ${outcome.overtaken} overtaken, ${outcome.waitedFor} waited for, ${outcome.wrong.length} wrong`,
      );
    }
    return outcome;

    async function round(slugs: readonly string[]): Promise<string[]> {
      const accepted = await Promise.all(
        slugs.map((slug) =>
          creator.service.environments.provision({ organizationId, slug, envType: 'test', createdBy: 'tester' }),
        ),
      );
      const racers = await Promise.all(
        accepted.map(async ({ targetId }, index) => ({
          environmentId: targetId,
          slug: slugs[index] ?? '',
          name: await databaseName(observed, targetId),
        })),
      );
      await until('statements are held', () => racers.every(({ name }) => way.held.has(name)));
      clock.nowMs += BEYOND_LEASE_MS;
      await Promise.all(
        racers.map(async ({ environmentId, slug, name }) => {
          await successor.service.environments.purge(environmentId, { confirm: slug });
          const held = way.held.get(name) as Held;
          await until(`the removal of ${slug}, or its waiting`, async () => {
            if (await isWaitedFor(watching, name)) return count('waitedFor');
            return (await databaseName(observed, environmentId)) === '' && count('overtaken');
          });
          if (held.isCut) outcome.cut += 1;
          held.release();
        }),
      );
      await Promise.all([creator, successor].map(({ worker }) => worker.settle()));
      await settle(successor, observed, clock);
      outcome.races += slugs.length;
      return violations(observed, successor);
    }

    function count(what: 'waitedFor' | 'overtaken'): true {
      outcome[what] += 1;
      return true;
    }
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Of the database of an environment; empty when its row is gone. */
async function databaseName({ inspect }: Observed, environmentId: string): Promise<string> {
  const { main } = await inspect();
  const { rows } = await main.select<{ database_name: string }>(
    'select database_name from sys_environment_database where environment_id = ?',
    [environmentId],
  );
  return rows[0]?.database_name ?? '';
}

async function isWaitedFor(watching: postgres.Sql, name: string): Promise<boolean> {
  const waiting = await watching`
    select 1 from pg_locks where locktype = 'advisory' and not granted
    and ((classid::bigint << 32) | objid::bigint) = hashtextextended(${name}, 0)`;
  return waiting.length > 0;
}

/** Lets time pass until nothing is under way. */
async function settle({ worker }: ControlPlane, { inspect }: Observed, clock: { nowMs: number }): Promise<void> {
  const { main } = await inspect();
  for (let turn = 0; turn < 8; turn += 1) {
    await worker.settle();
    const { rows } = await main.select(
      `select 1 from sys_operation where status in ('running', 'queued')
       union all select 1 from sys_environment_database where lease_owner is not null`,
      [],
    );
    if (rows.length === 0) return;
    clock.nowMs = Math.max(clock.nowMs + BEYOND_LEASE_MS, (await nextDueAt(main)) ?? 0);
  }
}

async function until(what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await probe())) {
    if (performance.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
    await sleep(10);
  }
}
