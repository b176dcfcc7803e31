import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { rmSync } from 'node:fs';
import { libsqlAdapter } from '@envplane/adapters/libsql';
import { postgresAdapter } from '@envplane/adapters/postgres';
import { tursoAdapter } from '@envplane/adapters/turso';
import { type DatabaseAdapter, Secret } from '@envplane/spec';
import { type SqldServer, startSqld, startTursoEmulator, type TursoEmulator } from '@envplane/testkit';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { MigratedRow } from '../src/migration/migrate.ts';
import { openMigration } from '../src/migration/open-migration.ts';
import type { ControlPlane, ControlPlaneOptions } from '../src/open-control-plane.ts';
import { openLegacyDatabase } from '../src/store/legacy-database.ts';
import { decryptV4, LegacyWorld } from './world/legacy.ts';
import { temporaryDirectory } from './world/stores.ts';
import { keyFileEncryptor, openWorld, type World } from './world/world.ts';

/** A server with a database that version 4 made, and one row in it. */
interface Legacy {
  placing: Pick<ControlPlaneOptions, 'placements' | 'administratorVariable'> & { adapter: () => DatabaseAdapter };
  /** A database of this name with the row `text`. Returns its address and its token. */
  create(name: string, text: string): Promise<{ databaseUrl: string; token: string }>;
  /** Logins that open the database, and must not be taken over. */
  unfit(name: string, databaseUrl: string): Promise<{ databaseUrl: string; token: string }[]>;
  /** Puts another database in its place. */
  replace(name: string): Promise<void>;
  stop(): Promise<void>;
}

const SERVERS: Record<string, () => Promise<Legacy>> = {
  libsql: libsqlLegacy,
  turso: tursoLegacy,
  postgres: postgresLegacy,
};

describe.each(Object.keys(SERVERS))('V1 databases of version 4 on %s', (driver) => {
  let legacy: Legacy;
  let world: World;
  let directory: string;
  let v4: LegacyWorld;
  let controlPlane: ControlPlane;

  beforeAll(async () => {
    legacy = (await SERVERS[driver]?.()) as Legacy;
  });
  afterAll(() => legacy.stop());
  beforeEach(async () => {
    world = await openWorld('sqlite');
    directory = temporaryDirectory();
    v4 = new LegacyWorld(directory);
  });
  afterEach(async () => {
    v4.close();
    await world.close();
    rmSync(directory, { recursive: true });
  });

  const name = (what: string) => `v4-${what}-${randomBytes(3).toString('hex')}`;

  async function apply() {
    const { adapter, ...placing } = legacy.placing;
    const from = openLegacyDatabase(v4.url, { writable: false });
    const options = { adapters: [adapter()], ...placing, nowMs: Date.now };
    const migration = await openMigration({
      store: world.store.url,
      ...options,
      encryptor: ({ firstStart }) => keyFileEncryptor(world.directory, firstStart),
      legacy: from,
      decryptLegacy: decryptV4,
      systemUserId: 'system',
    });
    const plan = await migration.plan();
    const run = await migration.apply();
    expect(plan.rows.map(({ code, verified }) => [code, verified])).toEqual(
      run.rows.map(({ code, verified }) => [code, verified]),
    );
    await migration.close();
    await from.close();
    controlPlane = await world.open({ ...options, adapters: [adapter()], defaultDriver: driver });
    return run.rows;
  }

  function tenant(databaseName: string, seed: { databaseUrl: string; token: string }): void {
    v4.tenant({ organizationId: v4.organization(databaseName), databaseName, ...seed });
  }

  it('becomes an environment with its data, address and login, and leaves them when it is purged', async () => {
    const databaseName = name('acme');
    const seed = await legacy.create(databaseName, 'kept');
    tenant(databaseName, seed);
    const [row] = await apply();
    expect(row).toMatchObject({ outcome: 'migrated', verified: true, code: null, status: 'active', slug: 'prod' });
    const { service } = controlPlane;
    const id = row?.environmentId ?? '';
    const handle = await service.connect(id);
    await handle.exec(`insert into note values ('written in version 5')`);
    const notes = await handle.query('select text from note order by text');
    expect(notes).toEqual([{ text: 'kept' }, { text: 'written in version 5' }]);

    const { database, ...environment } = await service.environments.get(id);
    expect(environment.status).toBe('active');
    expect(database?.databaseUrl).not.toMatch(/@|canary/);
    const info = await service.environments.describeConnection(id);
    expect(info.secret?.reveal()).toBe(seed.token);
    const purge = await service.environments.purge(id, { confirm: 'prod' });
    if (purge.kind !== 'accepted') throw new Error('it was purged before');
    const { result } = await service.operations.wait(purge.operationId ?? '', 30_000);
    expect(result).toMatchObject({
      remaining: expect.arrayContaining([expect.stringContaining('the database itself')]),
    });
    await expect(service.environments.get(id)).rejects.toMatchObject({ code: 'not_found' });
    await controlPlane.close();

    // A control plane of its own finds everything where it was.
    await world.close();
    world = await openWorld('sqlite');
    const [again] = await apply();
    const second = await controlPlane.service.connect(again?.environmentId ?? '');
    expect(await second.query('select text from note order by text')).toEqual(notes);
  });

  it('a login that is refused, or that may do other than one database needs, leaves the row on version 4', async () => {
    const [refused, unfit] = [name('refused'), name('unfit')];
    const { databaseUrl } = await legacy.create(unfit, 'kept');
    for (const seed of await legacy.unfit(unfit, databaseUrl)) {
      tenant(unfit, seed);
      const rows = await apply();
      expect(rows.map(({ code, status }) => [code, status])).toEqual([['unsupported', 'migrating']]);
      await forget(rows);
    }
    tenant(refused, { ...(await legacy.create(refused, 'kept')), token: 'canary-wrong' });
    const rows = await apply();
    expect(rows.map(({ code, status }) => [code, status])).toEqual([['unauthorized', 'migrating']]);
    expect(JSON.stringify(rows)).not.toContain('canary');
    await forget(rows);
  });

  /** Nobody is let in; then another version 4 and another version 5. */
  async function forget(rows: readonly MigratedRow[]): Promise<void> {
    const connecting = controlPlane.service.connect(rows[0]?.environmentId ?? '');
    await expect(connecting).rejects.toMatchObject({ code: 'environment_not_active' });
    await controlPlane.close();
    await world.close();
    world = await openWorld('sqlite');
    v4.run('delete from sys_tenant_database');
  }

  it('I4 another database in its place is foreign: the environment goes into conflict and is left alone', async () => {
    const databaseName = name('replaced');
    tenant(databaseName, await legacy.create(databaseName, 'kept'));
    const [row] = await apply();
    await legacy.replace(databaseName);
    const id = row?.environmentId ?? '';
    const { main } = await world.inspect();
    await main.write((_query, _nowMs, execute) => execute('update sys_environment_database set due_at = 0', []));
    await controlPlane.worker.settle();
    const { rows } = await main.select('select phase, last_error_code from sys_environment_database', []);
    expect(rows).toEqual([{ phase: 'conflict', last_error_code: 'conflict' }]);
    await expect(controlPlane.service.connect(id)).rejects.toMatchObject({ code: 'environment_not_active' });
  });
});

async function libsqlLegacy(): Promise<Legacy> {
  const server: SqldServer = await startSqld();
  // Namespaces are named below a host name, which an address alone has not.
  const url = server.url.replace('127.0.0.1', 'localhost');
  const keys = new Map<string, KeyObject>();
  const administer = async (method: string, path: string, body: object) => {
    const authorization = `basic ${Buffer.from(server.administrator.reveal()).toString('base64')}`;
    const answer = await fetch(`${server.adminUrl}/v1/namespaces/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  };
  const newKey = (name: string) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    keys.set(name, privateKey);
    return publicKey.export({ type: 'spki', format: 'pem' }).toString();
  };
  const tokenFor = (name: string, access: 'rw' | 'ro') =>
    jwt(keys.get(name) as KeyObject, { p: { [access]: { ns: [name] } }, note: 'canary' });
  return {
    placing: {
      adapter: () => libsqlAdapter(),
      placements: [
        { name: 'libsql', driver: 'libsql', settings: { url, adminUrl: server.adminUrl }, administratorVariable: 'A' },
      ],
      administratorVariable: () => server.administrator,
    },
    async create(name, text) {
      await administer('POST', `${name}/create`, { jwt_key: newKey(name) });
      const token = tokenFor(name, 'rw');
      await pipeline(server.url, token, statements(text), {
        'x-namespace-bin': Buffer.from(name).toString('base64').replace(/=+$/, ''),
      });
      return { databaseUrl: url.replace('localhost', `${name}.localhost`), token };
    },
    unfit: async (name, databaseUrl) => [{ databaseUrl, token: tokenFor(name, 'ro') }],
    replace: async (name) => {
      await administer('DELETE', name, {});
      await administer('POST', `${name}/create`, { jwt_key: newKey(name) });
    },
    stop: () => server.stop(),
  };
}

async function tursoLegacy(): Promise<Legacy> {
  const server = await startSqld();
  const cloud: TursoEmulator = await startTursoEmulator(server);
  const scopes = ['read', 'db:create', 'db:delete', 'db:configure', 'db:mint-token'] as const;
  const platform = cloud.issueToken(scopes);
  const ask = async (method: string, path: string, body?: object): Promise<Record<string, never>> => {
    const answer = await cloud.fetch(`https://api.turso.tech/v1/organizations/${cloud.organization}/databases${path}`, {
      method,
      headers: { authorization: `Bearer ${platform.reveal()}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`the cloud answered ${answer.status}`);
    return (await answer.json()) as Record<string, never>;
  };
  const mint = async (name: string, authorization: string) =>
    String((await ask('POST', `/${name}/auth/tokens?expiration=never&authorization=${authorization}`))['jwt']);
  const create = async (name: string) =>
    String((await ask('POST', '', { name, group: cloud.group }))['database']?.['Hostname']);
  return {
    placing: {
      adapter: () => tursoAdapter({ fetch: cloud.fetch }),
      placements: [
        {
          name: 'turso',
          driver: 'turso',
          settings: { organization: cloud.organization, group: cloud.group },
          administratorVariable: 'A',
        },
      ],
      administratorVariable: () => platform,
    },
    async create(name, text) {
      const host = await create(name);
      const token = await mint(name, 'full-access');
      await pipeline(`https://${host}`, token, statements(text), {}, cloud.fetch);
      return { databaseUrl: `libsql://${host}`, token };
    },
    unfit: async (name, databaseUrl) => [{ databaseUrl, token: await mint(name, 'read-only') }],
    replace: async (name) => {
      await ask('DELETE', `/${name}`);
      await create(name);
    },
    stop: async () => {
      await cloud.close();
      await server.stop();
    },
  };
}

async function postgresLegacy(): Promise<Legacy> {
  const adminUrl = inject('postgresAdminUrl');
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  const address = new URL(adminUrl);
  const administrator = new Secret(decodeURIComponent(address.password));
  address.password = '';
  const { host } = address;
  const urlOf = (name: string, user: string, password: string) =>
    `postgres://${user}:${encodeURIComponent(password)}@${host}/${name}`;
  const create = async (name: string, text: string) => {
    const password = `canary-${name}`;
    await admin.unsafe(`create role "${name}" login password '${password}'`);
    await admin.unsafe(`create database "${name}" owner "${name}"`);
    const client = postgres(urlOf(name, name, password), { max: 1 });
    for (const statement of statements(text)) await client.unsafe(statement);
    await client.end();
    return { databaseUrl: urlOf(name, name, password), token: password };
  };
  return {
    placing: {
      adapter: () => postgresAdapter(),
      placements: [
        { name: 'postgres', driver: 'postgres', settings: { url: address.href }, administratorVariable: 'A' },
      ],
      administratorVariable: () => administrator,
    },
    // Half of the tenants have their password in the token alone.
    create: async (name, text) => {
      const { databaseUrl, token } = await create(name, text);
      return { databaseUrl: databaseUrl.replace(/:[^:@]*@/, '@'), token };
    },
    unfit: async (name) => {
      const [reader, password] = [`${name}-r`, `canary-${name}`];
      await admin.unsafe(`alter role "${name}" createdb`);
      await admin.unsafe(`create role "${reader}" login password '${password}'`);
      return [name, reader].map((user) => ({ databaseUrl: urlOf(name, user, password), token: password }));
    },
    replace: async (name) => {
      await admin.unsafe(`drop database "${name}" with (force)`);
      await admin.unsafe(`create database "${name}" owner "${name}"`);
    },
    stop: () => admin.end(),
  };
}

const statements = (text: string) => ['create table note (text text)', `insert into note values ('${text}')`];

function jwt(key: KeyObject, claims: object): string {
  const parts = [{ alg: 'EdDSA', typ: 'JWT', kid: 'canary' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${parts.join('.')}.${sign(null, Buffer.from(parts.join('.')), key).toString('base64url')}`;
}

async function pipeline(
  url: string,
  token: string,
  sqls: string[],
  headers: Record<string, string>,
  fetch = globalThis.fetch,
): Promise<void> {
  const requests = [...sqls.map((sql) => ({ type: 'execute', stmt: { sql } })), { type: 'close' }];
  const answer = await fetch(`${url}/v2/pipeline`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ requests }),
  });
  if (!answer.ok || (await answer.text()).includes('"error"'))
    throw new Error(`the database answered ${answer.status}`);
}
