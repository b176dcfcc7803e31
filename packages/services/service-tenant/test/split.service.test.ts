import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { postgresAdapter } from '@envplane/adapters/postgres';
import { Secret } from '@envplane/spec';
import Database from 'better-sqlite3';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { type SplitEnvironmentOptions, splitIntoEnvironment } from '../src/migration/split/open-split.ts';
import type { ControlPlane, ControlPlaneOptions } from '../src/open-control-plane.ts';
import { keyFileEncryptor, openWorld, organizationRequest, type World } from './world/world.ts';

/** A shared database of the older pattern: rows of many environments in one table, told apart by a column. */
interface Shared {
  url: string;
  /** Everything in it, to see that nothing has changed. */
  snapshot(): Promise<string>;
  options: Partial<ControlPlaneOptions>;
  close(): Promise<void>;
}

const FAMILIES: Record<string, (world: World) => Promise<Shared>> = { sqlite: sharedFile, postgres: sharedServer };

describe.each(Object.keys(FAMILIES))('V2 splitting a shared %s database', (family) => {
  let world: World;
  let shared: Shared;
  let plane: ControlPlane;
  let environmentId: string;

  beforeEach(async () => {
    world = await openWorld('sqlite');
    shared = (await FAMILIES[family]?.(world)) as Shared;
    plane = await world.open({ nowMs: Date.now, ...shared.options });
    const { defaultEnvironment } = await plane.service.provisionOrganization(organizationRequest());
    environmentId = defaultEnvironment.environment.id;
  });
  afterEach(async () => {
    await plane.close();
    await shared.close();
    await world.close();
  });

  const split = (
    options: Partial<Pick<SplitEnvironmentOptions, 'dryRun' | 'environment' | 'environmentColumn'>> = {},
  ) =>
    splitIntoEnvironment({
      store: world.store.url,
      adapters: [world.driver.adapter()],
      encryptor: ({ firstStart }) => keyFileEncryptor(world.directory, firstStart),
      ...shared.options,
      from: shared.url,
      environment: 'acme/prod',
      environmentColumn: 'env_id',
      environmentValue: 'a',
      dryRun: false,
      ...options,
    });

  it('copies the rows of one environment, without its column, and never writes to the source', async () => {
    const before = await shared.snapshot();
    const dry = await split({ dryRun: true });
    expect(dry.tables.map(({ table, outcome, rows }) => [table, outcome, rows])).toEqual([
      ['project', 'planned', 2],
      ['task', 'planned', 3],
    ]);
    const report = await split();
    expect(report).toMatchObject({ complete: true, others: ['country'] });
    expect(report.tables.map(({ rows, digest }) => [rows, digest])).toEqual(
      dry.tables.map(({ rows, digest }) => [rows, digest]),
    );
    expect(await shared.snapshot()).toBe(before);
    const checks = family === 'sqlite' ? 'checks' : 'check task_title_check';
    expect(report.tables.map(({ left }) => left)).toEqual([['generated column shout'], [checks]]);

    const handle = await plane.service.connect(environmentId);
    expect(await handle.query('select name from project order by name')).toEqual([
      { name: "A'; drop" },
      { name: 'second' },
    ]);
    await expect(handle.query('select env_id from project')).rejects.toThrow();
    expect(await handle.query('select title, parent from task order by id')).toEqual([
      { title: 'one', parent: 3 },
      { title: 'two', parent: 1 },
      { title: 'three', parent: null },
    ]);
    // The key is the environment's own now, and numbers go on.
    await expect(handle.exec(`insert into project (id, name) values (1, 'again')`)).rejects.toThrow();

    const again = await split();
    expect(again.tables.map(({ outcome }) => outcome)).toEqual(['same', 'same']);
  });

  it('a table that holds other rows is left as it is, and told; the rest is copied', async () => {
    const handle = await plane.service.connect(environmentId);
    await handle.exec('create table task (id integer, title text, parent integer, project integer, payload text)');
    await handle.exec(`insert into task values (1, 'mine', null, null, null)`);
    const report = await split();
    expect(report).toMatchObject({ complete: false, tables: [{ outcome: 'copied' }, { outcome: 'differs' }] });
    expect(await handle.query('select title from task')).toEqual([{ title: 'mine' }]);
  });

  it('a copy that does not equal its source is not kept', async () => {
    const handle = await plane.service.connect(environmentId);
    // It cannot hold what it is given as it is given.
    const [text, number, bytes] = family === 'sqlite' ? ['text', 'text', 'text'] : ['varchar(3)', 'integer', 'bytea'];
    await handle.exec(`create table project (id integer, name ${text}, size ${number}, raw ${bytes})`);
    await expect(split()).rejects.toThrow();
    expect(await handle.query('select * from project')).toEqual([]);
  });

  it('what is not there is refused with a sentence', async () => {
    await expect(split({ environment: 'acme/none' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(split({ environment: environmentId, environmentColumn: 'nobody_has_this' })).rejects.toThrow(
      'nobody_has_this',
    );
  });
});

const ROWS = (bytes: string) => [
  `insert into country values ('de')`,
  `insert into project (env_id, id, name, size, raw) values ('a', 1, 'A''; drop', 1.5, ${bytes}), ('a', 2, 'second', null, null), ('b', 1, 'theirs', 2.0, ${bytes})`,
  `insert into task (env_id, id, title, parent, project) values ('a', 1, 'one', 3, 1), ('a', 2, 'two', 1, 1), ('a', 3, 'three', null, 2), ('b', 1, 'theirs', null, 1)`,
];

async function sharedFile(world: World): Promise<Shared> {
  const path = join(world.directory, 'shared.db');
  const file = new Database(path);
  file.exec(`create table country (code text primary key);
    create table project (env_id text not null, id integer not null, name text not null default 'x', size real, raw blob,
      shout text generated always as (upper(name)) virtual, primary key (env_id, id), unique (env_id, name));
    create table task (env_id text not null, id integer not null, title text check (title <> ''), parent integer, project integer, payload text,
      primary key (env_id, id), foreign key (env_id, project) references project (env_id, id))`);
  for (const sql of ROWS("x'00ff'")) file.exec(sql);
  return {
    url: `file:${path}`,
    snapshot: async () =>
      JSON.stringify(['country', 'project', 'task'].map((table) => file.prepare(`select * from ${table}`).all())),
    options: {},
    close: async () => void file.close(),
  };
}

async function sharedServer(): Promise<Shared> {
  const address = new URL(inject('postgresAdminUrl'));
  const administrator = new Secret(decodeURIComponent(address.password));
  const admin = postgres(address.href, { max: 1, onnotice: () => undefined });
  const name = `shared_${randomBytes(4).toString('hex')}`;
  await admin.unsafe(`create database ${name}`);
  const url = new URL(address);
  url.pathname = `/${name}`;
  const client = postgres(url.href, { max: 1, onnotice: () => undefined });
  const statements = [
    'create table country (code text primary key)',
    `create table project (env_id text not null, id serial, name text not null default 'x', size numeric, raw bytea,
      shout text generated always as (upper(name)) stored, primary key (env_id, id), unique (env_id, name))`,
    `create table task (env_id text not null, id integer not null, title text check (title <> ''), parent integer, project integer, payload jsonb default '{}', primary key (env_id, id),
      foreign key (env_id, project) references project (env_id, id))`,
    ...ROWS(`'\\x00ff'`),
  ];
  for (const sql of statements) await client.unsafe(sql);
  address.password = '';
  return {
    url: url.href,
    snapshot: async () => {
      const tables: unknown[] = [];
      for (const table of ['country', 'project', 'task']) tables.push(await client.unsafe(`select * from ${table}`));
      return JSON.stringify(tables);
    },
    options: {
      adapters: [postgresAdapter()],
      defaultDriver: 'postgres',
      placements: [
        { name: 'postgres', driver: 'postgres', settings: { url: address.href }, administratorVariable: 'A' },
      ],
      administratorVariable: () => administrator,
    },
    close: async () => {
      await client.end();
      await admin.unsafe(`drop database ${name}`);
      await admin.end();
    },
  };
}
