import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { seeded } from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Execute, StoreEngine } from '../src/store/engine.ts';
import { storeError } from '../src/store/errors.ts';
import { openStores, type Stores } from '../src/store/open-stores.ts';
import type { ControlPlaneTables } from '../src/store/tables.ts';
import { createStore, type TestStore, temporaryDirectory } from './world/stores.ts';

/** What the server lets a transaction be idle for, and what is waited for a lock. */
const IDLE_MS = 5_000;
const LOCK_MS = 10_000;
/** The machine is busy with other tests. */
const SLACK_MS = 4_000;

const directory = temporaryDirectory();
let store: TestStore;
/** As stores are reached in earnest. */
let overTcp: string;
let stores: Stores;
let main: StoreEngine<ControlPlaneTables>;
beforeAll(async () => {
  store = await createStore('postgres', directory);
  overTcp = Object.assign(new URL(inject('postgresAdminUrl')), { pathname: new URL(store.url).pathname }).href;
  stores = await openStores(overTcp);
  ({ main } = stores);
  await write((execute) => execute('create table scratch (id text, value text not null)', []));
});
afterAll(async () => {
  await write((execute) => execute('drop table scratch', []));
  await stores.close();
  await store.close();
  rmSync(directory, { recursive: true });
});

/** One transaction. Tells how it ended: `committed`, or the code of the refusal. */
function write(body: (execute: Execute) => Promise<unknown>, options?: { once: boolean }): Promise<string> {
  return main
    .write((_query, _nowMs, execute) => body(execute), options)
    .then(
      () => 'committed',
      (error: unknown) => (storeError(error) as { code?: string }).code ?? String(error),
    );
}

const insert = (execute: Execute, id: string, value = '') =>
  execute('insert into scratch values ($1, $2)', [id, value]);
const change = (execute: Execute, id: string, value: string) =>
  execute('update scratch set value = $2 where id = $1', [id, value]);

async function valuesOf(id: string): Promise<string[]> {
  const { rows } = await main.select<{ value: string }>('select value from scratch where id = $1', [id]);
  return rows.map(({ value }) => value);
}

/** How it ended, and after how long. */
async function timed(work: Promise<string>): Promise<{ outcome: string; ms: number }> {
  const beganMs = performance.now();
  return { outcome: await work, ms: performance.now() - beganMs };
}

describe.concurrent('a transaction of a process that is stopped, or whose session ends,', () => {
  it('is waited for no longer than the server lets it be idle; going on it fails, commits nothing and lives', async ({
    onTestFinished,
  }) => {
    await write((execute) => insert(execute, 'stopped'));
    const here = dirname(fileURLToPath(import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', join(here, 'world', 'starter.ts'), overTcp, 'hold'], {
      env: { TSX_TSCONFIG_PATH: join(here, 'world', 'tsconfig.starter.json') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const said: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    child.kill('SIGSTOP');
    // As many as a process has sessions, and more: none is kept.
    const others = await Promise.all(
      Array.from({ length: 12 }, () => timed(write((execute) => change(execute, 'stopped', 'by another')))),
    );
    for (const { outcome, ms } of others) {
      expect(outcome).toBe('committed');
      expect(ms).toBeLessThan(IDLE_MS + SLACK_MS);
    }
    child.kill('SIGCONT');
    const [code] = await closed;
    expect([said.join(''), code]).toEqual(['inside\nstore_unavailable, then it reads 1\n', 0]);
    expect(await valuesOf('stopped')).toEqual(['by another']);
  });

  it('keeps its locks where something else is worked on under them; who waits is told to come again', async () => {
    await write((execute) => insert(execute, 'held'));
    const [held, other] = await Promise.all([
      write(
        async (execute) => {
          await change(execute, 'held', 'by who held it');
          await sleep(LOCK_MS + SLACK_MS);
        },
        { once: true },
      ),
      // A moment later.
      sleep(500).then(() => timed(write((execute) => change(execute, 'held', 'by another')))),
    ]);
    expect([held, other.outcome]).toEqual(['committed', 'store_unavailable']);
    expect(other.ms).toBeGreaterThan(LOCK_MS - 500);
    expect(other.ms).toBeLessThan(LOCK_MS + SLACK_MS);
    expect(await valuesOf('held')).toEqual(['by who held it']);
  });

  it('is over soon where its machine falls silent, but for one that works on something else under its locks', async () => {
    const SETTINGS =
      "select current_setting('tcp_user_timeout') as sent, current_setting('tcp_keepalives_idle')::integer as silent";
    const settings: unknown[] = [];
    const look = async (execute: Execute) => settings.push((await execute(SETTINGS, [])).rows[0]);
    await write(look);
    await write(look, { once: true });
    // Of 0 the system's own value is what is shown: hours.
    expect(settings).toEqual([
      { sent: '20000', silent: 10 },
      { sent: '0', silent: expect.any(Number) },
    ]);
    expect((settings[1] as { silent: number }).silent).toBeGreaterThan(600);
  });

  it('excludes others for as long as it takes', async () => {
    const body = () => sleep(IDLE_MS + 1_000).then(() => 'done');
    expect(await main.exclusively('test', body)).toBe('done');
  });

  it('does not go on in another session when its own has ended', async () => {
    const outcome = await write(async (execute) => {
      await insert(execute, 'ended');
      const { rows } = await execute<{ pid: number }>('select pg_backend_pid() as pid', []);
      await main.select('select pg_terminate_backend($1)', [rows[0]?.pid]);
      // Its end is known by then.
      await sleep(200);
      await expect(insert(execute, 'ended')).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
      await expect(insert(execute, 'ended')).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    });
    expect([outcome, await valuesOf('ended')]).toEqual(['store_unavailable', []]);
  });

  it('does not go on with what waited for the statement in which its session ended', async () => {
    const outcome = await write(async (execute) => {
      const { rows } = await execute<{ pid: number }>('select pg_backend_pid() as pid', []);
      const all = [execute('select pg_sleep(5)', []), insert(execute, 'waiting'), insert(execute, 'waiting')];
      const ended = Promise.allSettled(all);
      await sleep(200);
      await main.select('select pg_terminate_backend($1)', [rows[0]?.pid]);
      expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      await sleep(200);
    });
    expect([outcome, await valuesOf('waiting')]).toEqual(['store_unavailable', []]);
  });

  it('does not go on where its session ended while nobody could read that', async () => {
    const outcome = await write(async (execute) => {
      await insert(execute, 'blocked');
      const { rows } = await execute<{ pid: number }>('select pg_backend_pid() as pid', []);
      const ended = main.select('select pg_sleep(0.2), pg_terminate_backend($1)', [rows[0]?.pid]);
      // The request has left.
      await sleep(100);
      // No event is handled meanwhile, as in a process that is stopped and goes on.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
      const written = await Promise.allSettled([1, 2, 3].map(() => insert(execute, 'blocked')));
      expect(written.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      await ended;
    });
    expect([outcome, await valuesOf('blocked')]).toEqual(['store_unavailable', []]);
  });
});

it('I1 a transaction whose session ends at any moment is there as a whole or not at all', async () => {
  const random = seeded(7);
  const outcomes = new Map<string, string>();
  let isOver = false;
  const ending = (async () => {
    while (!isOver) {
      await sleep(random() * 10);
      await main
        .select(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend' order by random() limit 1`,
          [],
        )
        .catch(() => undefined);
    }
  })();
  await Promise.all(
    Array.from({ length: 8 }, async (_, worker) => {
      for (let round = 0; round < 60; round += 1) {
        const id = `whole ${worker} ${round}`;
        const outcome = await write(async (execute) => {
          await insert(execute, id);
          await sleep(random() * 4);
          if (random() < 0.5) await Promise.all([insert(execute, id), insert(execute, id), insert(execute, id)]);
          else for (let again = 0; again < 3; again += 1) await insert(execute, id);
        });
        outcomes.set(id, outcome);
      }
    }),
  );
  isOver = true;
  await ending;
  const { rows } = await main.select<{ id: string; count: number }>(
    "select id, count(*) as count from scratch where id like 'whole %' group by id",
    [],
  );
  const counts = new Map(rows.map(({ id, count }) => [id, count]));
  expect(new Set(outcomes.values())).toEqual(new Set(['committed', 'store_unavailable']));
  for (const [id, outcome] of outcomes) {
    // Whose session ended with the answer to its commit under way may have it or not.
    expect(counts.get(id) ?? 0, id).toBeOneOf(outcome === 'committed' ? [4] : [0, 4]);
  }
});

it('I1 a transaction is not taken for committed in which a statement had failed', async () => {
  const outcome = await write(async (execute) => {
    await insert(execute, 'failed');
    await execute('select 1 / 0', []).catch(() => undefined);
  });
  expect(outcome).toContain('a statement had failed');
  expect(await valuesOf('failed')).toEqual([]);
});

it.each<[string, { once: boolean } | undefined, string[]]>([
  ['is repeated', undefined, ['committed', 'committed']],
  ['that must not be repeated is told to come again', { once: true }, ['committed', 'store_unavailable']],
])('a transaction that is in a deadlock with another one and %s', async (title, options, outcomes) => {
  const [one, other] = [`one ${title}`, `other ${title}`];
  await write((execute) => Promise.all([insert(execute, one), insert(execute, other)]));
  let locked = 0;
  const lockBoth = (first: string, second: string) =>
    write(async (execute) => {
      await change(execute, first, '');
      locked += 1;
      await expect.poll(() => locked, { timeout: 5_000, interval: 5 }).toBeGreaterThan(1);
      await change(execute, second, '');
    }, options);
  expect((await Promise.all([lockBoth(one, other), lockBoth(other, one)])).sort()).toEqual(outcomes);
});
