import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { inject } from 'vitest';
import { openStores, type Stores } from '../../src/store/open-stores.ts';

/** In memory where the system offers that: these tests wait for thousands of flushes and are about their order, not the disk. */
export const TEMPORARY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export function temporaryDirectory(): string {
  return mkdtempSync(join(TEMPORARY, 'envplane-tenant-'));
}

export const STORES = ['sqlite', 'postgres'] as const;
export type StoreKind = (typeof STORES)[number];

/** A control-plane store for tests, with its schema and without a row. */
export interface TestStore {
  readonly kind: StoreKind;
  readonly url: string;
  /** For looking at rows; closed with the store. */
  inspect(): Promise<Stores>;
  close(): Promise<void>;
}

/** @param directory private to this store; the caller removes it */
export function createStore(kind: StoreKind, directory: string): Promise<TestStore> {
  return kind === 'sqlite' ? sqliteStore(join(directory, 'store')) : postgresStore();
}

async function sqliteStore(directory: string): Promise<TestStore> {
  emptyFiles ??= makeEmptyFiles();
  mkdirSync(directory, { mode: 0o700 });
  for (const [name, bytes] of Object.entries(await emptyFiles)) writeFileSync(join(directory, name), bytes);
  const url = `file:${join(directory, 'envplane.db')}`;
  const inspect = inspector(url);
  return { kind: 'sqlite', url, inspect: inspect.open, close: inspect.close };
}

let emptyFiles: Promise<Record<string, Buffer>> | undefined;

/** The schema is made once; a file that has it is copied faster than it is made. */
async function makeEmptyFiles(): Promise<Record<string, Buffer>> {
  const directory = temporaryDirectory();
  await (await openStores(`file:${join(directory, 'envplane.db')}`)).close();
  const files = { 'envplane.db': readFile('envplane.db'), 'keys.db': readFile('keys.db') };
  rmSync(directory, { recursive: true });
  return files;

  function readFile(name: string): Buffer {
    return readFileSync(join(directory, name));
  }
}

/** Databases that were used and emptied: a database is emptied faster than it is made. */
const free: TestStore[] = [];

async function postgresStore(): Promise<TestStore> {
  const used = free.pop();
  if (used) return used;
  Object.assign(process.env, inject('postgresVariables'));
  const admin = postgres('postgres:///postgres', { max: 1 });
  const name = `tenant_${randomBytes(6).toString('hex')}`;
  await admin`create database ${admin(name)}`;
  await admin.end();
  const url = `postgres:///${name}`;
  await (await openStores(url)).close();
  // Nothing outlives the run: the server and its files go with it.
  const client = postgres(url, { max: 1, idle_timeout: 1 });
  const inspect = inspector(url);
  const store: TestStore = {
    kind: 'postgres',
    url,
    inspect: inspect.open,
    close: async () => {
      await inspect.close();
      const tables = await client<{ name: string }[]>`
        select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
        where schemaname in ('envplane', 'ep_keys') and tablename <> 'sys_schema_step'`;
      // In this order no foreign key is checked; truncating would write every table and index anew.
      const deletes = tables.map((table) => `delete from ${table.name}`);
      await client.unsafe(['begin', 'set local session_replication_role = replica', ...deletes, 'commit'].join(';'));
      free.push(store);
    },
  };
  return store;
}

function inspector(url: string): { open(): Promise<Stores>; close(): Promise<void> } {
  let stores: Promise<Stores> | undefined;
  return {
    open: () => {
      stores ??= openStores(url);
      return stores;
    },
    close: async () => {
      await (await stores)?.close();
      stores = undefined;
    },
  };
}
