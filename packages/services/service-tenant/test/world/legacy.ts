import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** What version 4 stored, with its own key; nothing here knows version 5. */

const KEY = Buffer.alloc(32, 7);

export function encryptV4(token: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', KEY, iv);
  const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** @throws Error for what was not encrypted with the key */
export function decryptV4(stored: string): string {
  const bytes = Buffer.from(stored, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', KEY, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
}

/** A row of `sys_tenant_database`; what is left out is ordinary. */
export interface LegacySeed {
  id?: string;
  organizationId: string;
  databaseName: string;
  databaseUrl: string;
  /** Plain; stored encrypted. */
  token?: string;
  /** Stored as it is. */
  authToken?: string;
  status?: string;
  createdAt?: string;
  metadata?: Record<string, unknown>;
}

const SCHEMA = `
create table sys_tenant_database (
  id text primary key, organization_id text, database_name text, database_url text, auth_token text, status text,
  region text, plan text, storage_limit_mb integer, created_at text, updated_at text, last_accessed_at text, metadata text);
create table sys_package_installation (
  id text, tenant_id text, package_id text, version text, status text, installed_at text, installed_by text,
  config text, updated_at text);
create table sys_organization (id text primary key, name text, slug text, metadata text, created_at text);
create table sys_member (id text primary key, organization_id text, user_id text, role text, created_at text);
create index sys_member_organization on sys_member (organization_id)`;

/** A control plane of version 4 in a SQLite file, with the keys that an old host has and no others, and the directory its file databases lie in. */
export class LegacyWorld {
  readonly directory: string;
  readonly path: string;
  readonly #file: Database.Database;

  constructor(directory: string) {
    this.directory = join(directory, 'v4');
    mkdirSync(this.directory, { recursive: true });
    this.path = join(this.directory, 'control-plane.db');
    this.#file = new Database(this.path);
    this.#file.pragma('journal_mode = WAL');
    this.#file.pragma('synchronous = OFF');
    this.#file.exec(SCHEMA);
  }

  get url(): string {
    return `file:${this.path}`;
  }

  /** @param members user ids with their roles, as pairs where one is there twice */
  organization(
    name: string,
    members: Record<string, string> | [string, string][] = { [`owner-of-${name}`]: 'owner' },
  ): string {
    const id = randomUUID();
    const now = new Date(0).toISOString();
    this.#file.prepare('insert into sys_organization values (?, ?, ?, null, ?)').run(id, name, name, now);
    for (const [userId, role] of Array.isArray(members) ? members : Object.entries(members)) {
      this.#file.prepare('insert into sys_member values (?, ?, ?, ?, ?)').run(randomUUID(), id, userId, role, now);
    }
    return id;
  }

  tenant(seed: LegacySeed): string {
    const id = seed.id ?? randomUUID();
    const stored = seed.authToken ?? (seed.token === undefined ? '' : encryptV4(seed.token));
    const createdAt = seed.createdAt ?? '2026-01-01T00:00:00.000Z';
    this.#file
      .prepare('insert into sys_tenant_database values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null, ?)')
      .run(
        ...[id, seed.organizationId, seed.databaseName, seed.databaseUrl, stored, seed.status ?? 'active'],
        ...['us-east-1', 'pro', 2048, createdAt, createdAt, JSON.stringify(seed.metadata ?? { note: 'kept' })],
      );
    return id;
  }

  package(tenantId: string, packageId: string, installedAt = '2026-02-02T00:00:00.000Z', id = randomUUID()): void {
    this.#file
      .prepare(
        `insert into sys_package_installation (id, tenant_id, package_id, version, status, installed_at, installed_by, config, updated_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(id, tenantId, packageId, '1.2.3', 'active', installedAt, 'somebody', '{"a":1}', installedAt);
  }

  /** A database file of a tenant with one row that tells whose it is. Returns its address. */
  databaseFile(name: string): string {
    const path = join(this.directory, `${name}.sqlite`);
    const file = new Database(path);
    file.exec('create table note (text text)');
    file.prepare('insert into note values (?)').run(name);
    file.close();
    return `file:${path}`;
  }

  run(sql: string, ...params: unknown[]): void {
    this.#file.prepare(sql).run(...params);
  }

  rows<Row = Record<string, unknown>>(sql: string, ...params: unknown[]): Row[] {
    return this.#file.prepare(sql).all(...params) as Row[];
  }

  /** Everything in it, to see that nothing has changed. */
  snapshot(): string {
    const tables = ['sys_tenant_database', 'sys_package_installation', 'sys_organization', 'sys_member'];
    return JSON.stringify(tables.map((table) => this.rows(`select * from ${table} order by id`)));
  }

  bulk(body: () => void): void {
    this.#file.transaction(body)();
  }

  close(): void {
    this.#file.close();
  }
}
