import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { libsqlAdapter } from '@envplane/adapters/libsql';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import Database from 'better-sqlite3';
import type { MigratedRow } from '../../src/migration/migrate.ts';
import { openMigration } from '../../src/migration/open-migration.ts';
import { openControlPlane } from '../../src/open-control-plane.ts';
import { openLegacyDatabase } from '../../src/store/legacy-database.ts';
import { decryptV4, LegacyWorld } from './legacy.ts';
import { disagreements } from './migration-oracle.ts';
import { seedEveryKind, UNREACHABLE } from './migration-scene.ts';

export interface KillOptions {
  directory: string;
  rows: number;
  kills: number;
  seed: number;
  /** Told what it is at. */
  say?: (text: string) => void;
}

/** What came of it; `wrong` is empty where all is as it must be. */
export interface KillReport {
  rows: number;
  kills: number;
  /** Kills that struck while some rows were copied and others were not. */
  midway: number;
  wrong: string[];
}

/**
 * Two processes migrate the same rows at once, and are killed at random until there have been so many kills; then one of them is let
 * finish. Version 5 must agree with version 4 row by row, a plan made before with what came of it, and another run change nothing.
 */
export async function surviveKills({
  directory,
  rows,
  kills,
  seed,
  say = () => undefined,
}: KillOptions): Promise<KillReport> {
  const v4 = new LegacyWorld(directory);
  const expected = seedEveryKind(v4, rows);
  const before = v4.snapshot();
  say(`${expected.length} rows of version 4`);
  mkdirSync(join(directory, 'store'), { mode: 0o700 });
  const place = { store: `file:${join(directory, 'store', 'envplane.db')}`, directory, from: v4.url };
  const plan = await within(place, (migration) => migration.plan());
  say(`planned in ${plan.durationMs} ms`);

  const random = generator(seed);
  const children = [start(place, '8'), start(place, '5')];
  const ledger = new Database(place.store.slice('file:'.length), { readonly: true });
  const copied = ledger.prepare('select count(*) from sys_migration_ledger').pluck();
  const wanted = expected.filter(({ status }) => status !== null).length;
  let killed = 0;
  let midway = 0;
  while (killed < kills) {
    // Kills are spread over the work: each waits until so many more rows are copied, or until nobody is at work any more.
    const share = wanted - (copied.get() as number);
    const until = wanted - share + Math.ceil((random() * share * 2) / (kills - killed + 1));
    while ((copied.get() as number) < until && children.some(isAlive)) await delay(2);
    const at = random() < 0.5 ? 0 : 1;
    const victim = children[at];
    if (victim && isAlive(victim)) {
      victim.kill('SIGKILL');
      await once(victim, 'exit');
      killed += 1;
      const done = copied.get() as number;
      if (done > 0 && done < wanted) midway += 1;
      say(`kill ${killed}: ${done} of ${wanted} copied`);
    }
    children[at] = start(place, at === 0 ? '8' : '5');
  }
  const ends = await Promise.all(children.map(exitCode));
  const wrong = ends.filter((code) => code !== 0).map((code) => `a migrator ended with ${code}`);
  ledger.close();

  const last = await within(place, (migration) => migration.apply());
  if (last.migrated > 0) wrong.push(`another run migrated ${last.migrated} rows`);
  for (const [at, row] of last.rows.entries()) {
    const planned = plan.rows[at];
    if (!planned || told(planned) !== told(row)) wrong.push(`planned ${planned && told(planned)}, became ${told(row)}`);
  }
  if (v4.snapshot() !== before) wrong.push('version 4 has changed');
  v4.close();

  const controlPlane = await openControlPlane({ store: place.store, ...parts(directory) });
  try {
    wrong.push(
      ...(await disagreements({ storeUrl: place.store, keyFile: join(directory, 'key.json'), controlPlane }, expected)),
    );
  } finally {
    await controlPlane.close();
  }
  return { rows: expected.length, kills: killed, midway, wrong };
}

type Place = { store: string; directory: string; from: string };

const parts = (directory: string) => ({
  adapters: [sqliteAdapter({ rootDirectory: join(directory, 'data') }), libsqlAdapter()],
  ...UNREACHABLE,
  encryptor: ({ firstStart }: { firstStart: boolean }) =>
    localKeyEncryptor({ keyFile: join(directory, 'key.json'), createIfMissing: firstStart }),
});

async function within<T>(
  { store, directory, from }: Place,
  body: (migration: Awaited<ReturnType<typeof openMigration>>) => Promise<T>,
): Promise<T> {
  const legacy = openLegacyDatabase(from, { writable: false });
  const options = { legacy, decryptLegacy: decryptV4, systemUserId: 'system' };
  const migration = await openMigration({ store, ...parts(directory), ...options });
  try {
    return await body(migration);
  } finally {
    await migration.close();
    await legacy.close();
  }
}

/** What a plan and a run must say alike; in a run a row that is planned to be migrated is done already. */
const told = ({ sourceId, outcome, slug, isDefault, status, verified, code }: MigratedRow): string =>
  JSON.stringify([sourceId, outcome === 'done' ? 'migrated' : outcome, slug, isDefault, status, verified, code]);

function start({ store, directory, from }: Place, batchSize: string): ChildProcess {
  const here = fileURLToPath(new URL('.', import.meta.url));
  return spawn(process.execPath, ['--import', 'tsx', join(here, 'migrator.ts'), store, directory, from, batchSize], {
    env: { TSX_TSCONFIG_PATH: join(here, 'tsconfig.starter.json') },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

const isAlive = ({ exitCode: code, signalCode }: ChildProcess): boolean => code === null && signalCode === null;

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (isAlive(child)) await once(child, 'exit');
  return child.exitCode;
}

/** Numbers from 0 to 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
