import { expect, it } from 'vitest';
import { databaseOf } from '../src/host/host-database.ts';

const of = (client: unknown, connection: unknown) =>
  databaseOf({ knex: { client: { config: { client, connection } } } });

it.each([
  ['better-sqlite3', { filename: '/data/host.db' }, 'file:/data/host.db'],
  ['sqlite3', { filename: './host.db' }, 'file:./host.db'],
  ['pg', 'postgres://app:secret@db.test/app', 'postgres://app:secret@db.test/app'],
  ['pg', { connectionString: 'postgres://db.test/app' }, 'postgres://db.test/app'],
  ['pg', { host: 'db.test', user: 'app', database: 'app' }, 'postgres://app@db.test:5432/app'],
  [
    'postgresql',
    { host: 'db.test', port: 6432, user: 'a@b', password: 'p:/?#@%', database: 'x y', ssl: true },
    'postgres://a%40b:p%3A%2F%3F%23%40%25@db.test:6432/x%20y?sslmode=require',
  ],
])('the database of a host is one that a store can be opened with: %s %j', (client, connection, url) => {
  expect(of(client, connection)?.url).toBe(url);
  if (typeof connection === 'object' && 'password' in connection) {
    const { username, password, pathname } = new URL(url);
    expect([username, password, pathname].map(decodeURIComponent)).toEqual(['a@b', 'p:/?#@%', '/x y']);
  }
});

it.each([
  ['better-sqlite3', { filename: ':memory:' }],
  ['better-sqlite3', { filename: '' }],
  ['a driver in WebAssembly', { filename: '/data/host.db' }],
  ['mysql2', 'mysql://db.test/app'],
  ['pg', { host: 'db.test', user: 'app', database: 'app', ssl: { ca: '…' } }],
  ['pg', { host: 'db.test', user: 'app', database: 'app', password: async () => 'later' }],
  ['pg', async () => ({ host: 'db.test' })],
  [undefined, undefined],
])('what nobody else can open, or a URL does not say, is none: %s %j', (client, connection) => {
  expect(of(client, connection)).toBeUndefined();
  expect(databaseOf(undefined)).toBeUndefined();
});
