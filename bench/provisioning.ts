import { closeSync, fsyncSync, linkSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Figure, ms, paired, timed, withDirectory } from './harness.ts';
import { openPlane, provisioner } from './plane.ts';

const ROUNDS = 300;
const IN_FLIGHT = 16;
const BATCH = 480;

/**
 * The least a program can do that makes a database file and remembers it: write an image of the same size under a temporary
 * name, fsync, link, fsync the directory, and commit twice with `synchronous=FULL`, one row of about a kilobyte each time.
 */
function rawWork(directory: string): () => void {
  const store = new Database(join(directory, 'raw.db'));
  store.pragma('journal_mode = WAL');
  store.pragma('synchronous = FULL');
  store.exec('create table t (id integer primary key, intent text, outcome text)');
  const intend = store.prepare('insert into t (id, intent) values (?, ?)');
  const finish = store.prepare('update t set outcome = ? where id = ?');
  const image = Buffer.alloc(12_288, 1);
  const text = 'x'.repeat(1_000);
  let count = 0;
  return () => {
    const id = count++;
    intend.run(id, text);
    const path = join(directory, `raw-${id}`);
    const file = openSync(`${path}.tmp`, 'wx', 0o600);
    writeSync(file, image);
    fsyncSync(file);
    closeSync(file);
    linkSync(`${path}.tmp`, `${path}.db`);
    const parent = openSync(directory, 'r');
    fsyncSync(parent);
    closeSync(parent);
    unlinkSync(`${path}.tmp`);
    finish.run(text, id);
  };
}

/** Provisioning one SQLite environment through the service, alone and with 16 in flight. */
export function provisioning(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const plane = await openPlane(directory);
    const make = provisioner(plane);
    const { organizationId } = await make.organization();
    const raw = rawWork(directory);
    const sequential = await paired(ROUNDS, raw, () => make.environment(organizationId));

    const rates: { raw: number; service: number }[] = [];
    for (let round = 0; round < 3; round++) {
      const rawMs = await timed(() => {
        for (let i = 0; i < BATCH; i++) raw();
      });
      const serviceMs = await timed(async () => {
        let left = BATCH;
        const client = async () => {
          while (left-- > 0) await make.environment(organizationId);
        };
        await Promise.all(Array.from({ length: IN_FLIGHT }, client));
      });
      rates.push({ raw: (BATCH / rawMs) * 1000, service: (BATCH / serviceMs) * 1000 });
    }
    await plane.close();
    const middle = rates.sort((a, b) => a.service / a.raw - b.service / b.raw)[1] ?? {
      raw: Number.NaN,
      service: Number.NaN,
    };
    return [
      { name: 'raw durable work, one database', value: ms(sequential.a) },
      { name: 'provision one environment', value: ms(sequential.b), ratio: sequential.b / sequential.a, bound: '<=2' },
      { name: 'raw durable work, one after the other', value: `${middle.raw.toFixed(0)} /s` },
      {
        name: 'provision, 16 in flight',
        value: `${middle.service.toFixed(0)} /s`,
        ratio: middle.service / middle.raw,
        bound: '>=0.6',
      },
    ];
  });
}
