import { createCipheriv, createDecipheriv } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import Database from 'better-sqlite3';

/** The key that version 4 encrypted its tokens with. A real one comes from where version 4 kept it. */
const KEY = Buffer.alloc(32, 'version 4');
const IV = Buffer.alloc(12, 'sample');

const encryptToken = (token: string): string => {
  const cipher = createCipheriv('aes-256-gcm', KEY, IV);
  return Buffer.concat([cipher.update(token, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
};

export function decryptToken(stored: string): string {
  const bytes = Buffer.from(stored, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', KEY, IV);
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
}

/** What version 4 leaves behind: a control plane with a database for each organization, and a database that several shared before. */
export function makeSample(directory: string): { controlPlane: string; shared: string } {
  mkdirSync(`${directory}/v4`, { recursive: true });
  const v4 = new Database(`${directory}/v4/control-plane.db`);
  v4.exec(`
    CREATE TABLE sys_organization (id TEXT PRIMARY KEY, name TEXT, slug TEXT);
    CREATE TABLE sys_member (id TEXT PRIMARY KEY, organization_id TEXT, user_id TEXT, role TEXT);
    CREATE TABLE sys_tenant_database (id TEXT PRIMARY KEY, organization_id TEXT, database_name TEXT UNIQUE, database_url TEXT,
      auth_token TEXT, status TEXT, region TEXT, plan TEXT, storage_limit_mb INTEGER, created_at TEXT);
    INSERT INTO sys_organization VALUES ('org-1', 'Acme', 'acme'), ('org-2', 'Globex', 'globex');
    INSERT INTO sys_member VALUES ('m1', 'org-1', 'ada', 'owner'), ('m2', 'org-1', 'bob', 'member'), ('m3', 'org-2', 'cid', 'owner');
  `);
  const insert = v4.prepare('INSERT INTO sys_tenant_database VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const add = (id: string, organization: string, name: string, url: string, status: string) =>
    insert.run(
      id,
      organization,
      name,
      url,
      encryptToken(`token of ${name}`),
      status,
      'eu',
      'pro',
      1024,
      `2026-01-0${id}`,
    );
  add('1', 'org-1', 'acme-db', tenant(directory, 'acme'), 'active');
  add('2', 'org-1', 'acme-archive', tenant(directory, 'archive'), 'archived');
  add('3', 'org-2', 'globex-db', tenant(directory, 'globex'), 'suspended');
  add('4', 'org-2', 'globex-new', tenant(directory, 'new'), 'provisioning');
  add('5', 'org-3', 'nobody-db', tenant(directory, 'nobody'), 'active');
  add('6', 'org-2', 'globex-old', 'mysql://db.example.com/globex', 'active');
  v4.close();

  const shared = new Database(`${directory}/v4/shared.db`);
  shared.exec(`
    CREATE TABLE invoice (env_id TEXT NOT NULL, number INTEGER NOT NULL, amount REAL NOT NULL, PRIMARY KEY (env_id, number));
    INSERT INTO invoice VALUES ('acme', 1, 99.5), ('acme', 2, 120), ('globex', 1, 7);
  `);
  shared.close();
  return { controlPlane: `file:${directory}/v4/control-plane.db`, shared: `file:${directory}/v4/shared.db` };
}

/** A tenant's own database with an order in it. Returns its address. */
function tenant(directory: string, name: string): string {
  const path = `${directory}/v4/${name}.db`;
  const database = new Database(path);
  database.exec(`CREATE TABLE orders (item TEXT); INSERT INTO orders VALUES ('${name} anvil')`);
  database.close();
  return `file:${path}`;
}
