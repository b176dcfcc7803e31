import { closeSync, fsyncSync, linkSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Figure, ms, paired, timed, withDirectory } from './harness.ts';
import { openPlane, provisioner } from './plane.ts';

const ROUNDS = 300;
const IN_FLIGHT = 16;
const BATCH = 480;

/**
 * The durable work behind one environment, done by hand: commit an intention, create the database file under a temporary
 * name, fsync, link, fsync the directory, commit the outcome. Both commits are `synchronous=FULL`, one row of about a kilobyte.
 *
 * @param createFile makes the file: with SQLite, or by writing an image that lay ready
 */
function rawWork(directory: string, createFile: (path: string) => void): () => void {
  const store = new Database(join(directory, `${createFile.name}.db`));
  store.pragma('journal_mode = WAL');
  store.pragma('synchronous = FULL');
  store.exec('create table t (id integer primary key, intent text, outcome text)');
  const intend = store.prepare('insert into t (id, intent) values (?, ?)');
  const finish = store.prepare('update t set outcome = ? where id = ?');
  const text = 'x'.repeat(1_000);
  let count = 0;
  return () => {
    const id = count++;
    intend.run(id, text);
    const path = join(directory, `${createFile.name}-${id}`);
    createFile(`${path}.tmp`);
    syncPath(`${path}.tmp`);
    linkSync(`${path}.tmp`, `${path}.db`);
    syncPath(directory);
    unlinkSync(`${path}.tmp`);
    finish.run(text, id);
  };
}

/** An empty database in WAL mode with a marker row, as anybody makes one. */
function withSqlite(path: string): void {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.exec("create table marker (key text primary key, value text); insert into marker values ('object', 'id')");
  database.close();
}

const image = Buffer.alloc(12_288, 1);

/** The least that can be written: bytes that were prepared before. */
function fromImage(path: string): void {
  const file = openSync(path, 'wx', 0o600);
  writeSync(file, image);
  closeSync(file);
}

function syncPath(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}

/** Provisioning one SQLite environment through the service, alone and with 16 in flight. */
export function provisioning(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const plane = await openPlane(directory);
    const make = provisioner(plane);
    const { organizationId } = await make.organization();
    const raw = rawWork(directory, withSqlite);
    const least = rawWork(directory, fromImage);
    const sequential = await paired(ROUNDS, raw, () => make.environment(organizationId));
    const againstLeast = await paired(ROUNDS, least, () => make.environment(organizationId));

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
    const rate = rates.sort((a, b) => a.service / a.raw - b.service / b.raw)[1];
    if (!rate) return [];
    return [
      { name: 'raw durable work, the file made with SQLite', value: ms(sequential.a) },
      { name: 'provision one environment', value: ms(sequential.b), ratio: sequential.b / sequential.a, bound: '<=2' },
      { name: 'raw durable work, the file from a ready image', value: ms(againstLeast.a) },
      {
        name: 'provision one environment, against that',
        value: ms(againstLeast.b),
        ratio: againstLeast.b / againstLeast.a,
      },
      { name: 'raw durable work, one after the other', value: `${rate.raw.toFixed(0)} /s` },
      {
        name: 'provision, 16 in flight',
        value: `${rate.service.toFixed(0)} /s`,
        ratio: rate.service / rate.raw,
        bound: '>=0.6',
      },
    ];
  });
}
