import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import { openLegacyDatabase, openMigration } from '@envplane/service-tenant';
import Database from 'better-sqlite3';
import { type Figure, ms, timed, withDirectory } from './harness.ts';

const ROWS = 2_000;
/** As many organizations as the migration has under way together. */
const GROUP = 32;
const KEY = randomBytes(32);

/** Two thousand databases of version 4 taken over and logged in to, against the same files and rows by hand. */
export function migration(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const from = join(directory, 'v4.db');
    const files = fill(from, directory);
    const legacy = openLegacyDatabase(`file:${from}`, { writable: false });
    const one = await openMigration({
      store: `file:${join(directory, 'v5', 'control-plane.db')}`,
      adapters: [sqliteAdapter({ rootDirectory: join(directory, 'environments') })],
      encryptor: ({ firstStart }) =>
        localKeyEncryptor({ keyFile: join(directory, 'local-key.json'), createIfMissing: firstStart }),
      legacy,
      decryptLegacy: decrypt,
      systemUserId: 'bench',
    });
    const plan = await one.plan();
    const report = await one.apply();
    if (report.verified !== ROWS) throw new Error(`${report.verified} of ${ROWS} rows were proved`);
    const again = await one.apply();
    await one.close();
    await legacy.close();
    const rawMs = await timed(() => byHand(join(directory, 'raw.db'), files));
    const perSecond = (durationMs: number) => `${Math.round((ROWS / durationMs) * 1_000)}/s`;
    return [
      {
        name: '2,000 rows of version 4 migrated and proved',
        value: `${ms(report.durationMs)}, ${perSecond(report.durationMs)}`,
        ratio: report.durationMs / rawMs,
        bound: '<=8',
      },
      { name: 'the same planned', value: `${ms(plan.durationMs)}, ${perSecond(plan.durationMs)}` },
      { name: 'the same again, nothing to do', value: `${ms(again.durationMs)}, ${perSecond(again.durationMs)}` },
    ];
  });
}

/** Returns the paths of the databases. */
function fill(path: string, directory: string): string[] {
  mkdirSync(join(directory, 'tenants'));
  const store = new Database(path);
  store.exec(`create table sys_tenant_database (id text primary key, organization_id text, database_name text unique,
      database_url text, auth_token text, status text, region text, plan text, storage_limit_mb integer, created_at text);
    create table sys_organization (id text primary key, name text, slug text);
    create table sys_member (id text primary key, organization_id text, user_id text, role text);
    create index member_organization on sys_member (organization_id)`);
  const tenant = store.prepare(
    `insert into sys_tenant_database values (?, ?, ?, ?, ?, 'active', null, 'pro', 1024, ?)`,
  );
  const organization = store.prepare('insert into sys_organization values (?, ?, ?)');
  const member = store.prepare('insert into sys_member values (?, ?, ?, ?)');
  const files: string[] = [];
  store.transaction(() => {
    for (let at = 0; at < ROWS; at += 1) {
      const [id, name] = [randomUUID(), `org-${at}`];
      const file = join(directory, 'tenants', `${name}.db`);
      const database = new Database(file);
      database.exec('create table note (text text)');
      database.close();
      files.push(file);
      organization.run(id, name, name);
      member.run(randomUUID(), id, `owner-${at}`, 'owner');
      tenant.run(randomUUID(), id, name, `file:${file}`, encrypt(`token-${at}`), new Date(at).toISOString());
    }
  })();
  store.close();
  return files;
}

/** Opens every file and takes its lock, and commits as many rows of the same size, a group at a time. */
function byHand(path: string, files: readonly string[]): void {
  const store = new Database(path);
  store.pragma('journal_mode = WAL');
  store.pragma('synchronous = FULL');
  store.exec('create table written (id text primary key, content text) without rowid');
  const insert = store.prepare('insert into written values (?, ?)');
  // Ledger, organization, member, environment, member, name, database, credential, three audit entries, an event, a data key.
  const rowsEach = 13;
  const content = 'x'.repeat(400);
  for (let from = 0; from < files.length; from += GROUP) {
    for (const file of files.slice(from, from + GROUP)) {
      const database = new Database(file);
      database.exec('begin immediate; select count(*) from sqlite_schema; rollback');
      database.close();
    }
    store.transaction(() => {
      const count = Math.min(GROUP, files.length - from) * rowsEach;
      for (let row = 0; row < count; row += 1) insert.run(randomUUID(), content);
    })();
  }
  store.close();
}

function encrypt(token: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', KEY, iv);
  const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

function decrypt(stored: string): string {
  const bytes = Buffer.from(stored, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', KEY, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
}
