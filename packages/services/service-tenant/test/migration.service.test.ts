import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { libsqlAdapter } from '@envplane/adapters/libsql';
import { DisplayNameSchema, OrganizationSlugSchema } from '@envplane/spec';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { MigratedRow } from '../src/migration/migrate.ts';
import { type Migration, type MigrationOptions, openMigration } from '../src/migration/open-migration.ts';
import { type LegacyDatabase, openLegacyDatabase } from '../src/store/legacy-database.ts';
import { findEnvironmentId } from '../src/store/migration.ts';
import { decryptV4, LegacyWorld } from './world/legacy.ts';
import { seedOddities } from './world/migration-oddities.ts';
import { UNREACHABLE } from './world/migration-scene.ts';
import { STORES } from './world/stores.ts';
import { finish, keyFileEncryptor, openWorld, organizationRequest, type World } from './world/world.ts';

describe.each(STORES)('migrating from version 4 to a store on %s', (storeKind) => {
  let world: World;
  let v4: LegacyWorld;
  let opened: { close(): Promise<void> }[];

  beforeEach(async () => {
    world = await openWorld(storeKind);
    v4 = new LegacyWorld(world.directory);
    opened = [];
  });
  afterEach(async () => {
    for (const each of opened.reverse()) await each.close();
    v4.close();
    await world.close();
  });

  async function migration(options: Partial<MigrationOptions> = {}): Promise<Migration> {
    const legacy: LegacyDatabase = openLegacyDatabase(v4.url, { writable: true });
    opened.push(legacy);
    const one = await openMigration({
      store: world.store.url,
      adapters: [world.driver.adapter()],
      encryptor: ({ firstStart }) => keyFileEncryptor(world.directory, firstStart),
      nowMs: () => world.clock.nowMs,
      legacy,
      decryptLegacy: decryptV4,
      systemUserId: 'system',
      ...options,
    });
    opened.push(one);
    return one;
  }

  it('V1 a database of version 4 becomes the environment prod, opens with its data, and is not moved', async () => {
    const acme = v4.organization('acme', { ann: 'owner', bob: 'admin', cid: 'member' });
    const url = v4.databaseFile('acme');
    const tenant = v4.tenant({ organizationId: acme, databaseName: 'acme-db', databaseUrl: url, token: 'ignored' });
    v4.package(tenant, 'crm');
    const before = v4.snapshot();

    const report = await (await migration()).apply();
    expect(report).toMatchObject({
      total: 1,
      migrated: 1,
      verified: 1,
      blocked: 0,
      drivers: { sqlite: 1 },
      complete: true,
    });
    const [row] = report.rows;
    expect(row).toMatchObject({ slug: 'prod', isDefault: true, status: 'active', verified: true, code: null });

    const controlPlane = await world.open();
    const environmentId = row?.environmentId ?? '';
    const handle = await controlPlane.service.connect(environmentId);
    expect(await handle.query('select text from note')).toEqual([{ text: 'acme' }]);
    const { main } = await world.inspect();
    const { rows } = await main.select('select user_id, role from sys_environment_member order by user_id', []);
    expect(rows).toEqual([
      { user_id: 'ann', role: 'owner' },
      { user_id: 'bob', role: 'admin' },
      { user_id: 'cid', role: 'maker' },
    ]);
    const packages = await main.select('select tenant_id, environment_id, package_id from sys_environment_package', []);
    expect(packages.rows).toEqual([{ tenant_id: tenant, environment_id: environmentId, package_id: 'crm' }]);
    const database = await main.select(
      'select database_name, database_url, deletion_policy from sys_environment_database',
      [],
    );
    expect(database.rows).toEqual([{ database_name: 'acme-db', database_url: url, deletion_policy: 'retain' }]);
    expect(v4.snapshot()).toBe(before);
  });

  it('MG3 what a dry run says is what a run does, to every kind of row, and another run changes nothing', async () => {
    const seeds = seedOddities(v4);
    const own = await ownOrganization(world, v4);
    const options = { adapters: [world.driver.adapter(), libsqlAdapter()], ...UNREACHABLE };
    const before = { v4: v4.snapshot(), v5: await contents(world) };

    const plan = await (await migration(options)).plan();
    expect(v4.snapshot()).toBe(before.v4);
    expect(await contents(world)).toEqual(before.v5);

    const run = await (await migration(options)).apply();
    expect(run.rows.map(withoutIds)).toEqual(plan.rows.map(withoutIds));
    const { dryRun: _, durationMs: __, rows: ___, ...figures } = plan;
    expect(run).toMatchObject(figures);
    expect(Object.fromEntries(run.rows.map((row) => [row.databaseName, told(row)]))).toEqual({
      ...seeds,
      [own]: 'skipped default_exists',
    });
    expect(v4.snapshot()).toBe(before.v4);
    const warned = run.rows.filter(({ warnings }) => warnings.length > 0);
    expect(warned.map(({ databaseName, warnings }) => [databaseName, warnings])).toEqual([
      ['package-twice', ['package_repeated']],
    ]);

    const after = await contents(world);
    const again = await (await migration(options)).apply();
    expect(again.migrated).toBe(0);
    expect(await contents(world)).toEqual(after);
    const outcomes = { migrated: 'done' } as Record<string, string>;
    expect(again.rows.map(({ sourceId, outcome }) => [sourceId, outcome])).toEqual(
      run.rows.map(({ sourceId, outcome }) => [sourceId, outcomes[outcome] ?? outcome]),
    );
    expect(await (await migration({ ...options })).plan({ besideDefault: true })).toMatchObject({
      skipped: 0,
      migrated: 1,
    });
  });

  it('of a package or a user that is there twice one is left: the newest, and the mightiest', async () => {
    seedOddities(v4);
    await (await migration()).apply();
    const { main } = await world.inspect();
    const installed = await main.select<{ installed_at: number }>(
      'select installed_at from sys_environment_package',
      [],
    );
    expect(installed.rows.map(({ installed_at: at }) => new Date(at).toISOString())).toEqual([
      '2026-02-04T00:00:00.000Z',
    ]);
    const members = await main.select(`select role from sys_organization_member where user_id = 'ann'`, []);
    expect(members.rows).toEqual([{ role: 'owner' }]);
  });

  it('a row that the store refuses is told, its organization does without it, and the others go on', async () => {
    const one = (name: string, organizationId: string, createdAt: string) =>
      v4.tenant({ id: name, organizationId, databaseName: name, databaseUrl: v4.databaseFile(name), createdAt });
    const acme = v4.organization('acme');
    const packageId = randomUUID();
    one('1-first', v4.organization('other'), '2026-01-01T00:00:00.000Z');
    one('2-refused', acme, '2026-01-01T00:00:00.000Z');
    one('3-younger', acme, '2026-01-02T00:00:00.000Z');
    one('4-last', v4.organization('last'), '2026-01-01T00:00:00.000Z');
    for (const tenant of ['1-first', '2-refused']) v4.package(tenant, 'crm', '2026-02-02T00:00:00.000Z', packageId);
    for (const first of ['migrated', 'done']) {
      const { rows } = await (await migration()).apply({ batchSize: 1 });
      expect(
        rows.map(({ sourceId, outcome, code, slug, isDefault }) => [sourceId, outcome, code, slug, isDefault]),
      ).toEqual([
        ['1-first', first, null, 'prod', true],
        ['2-refused', 'blocked', 'row_invalid', null, false],
        ['3-younger', first, null, 'prod', true],
        ['4-last', first, null, 'prod', true],
      ]);
    }
  });

  it('MG1 finalizing archives and blanks what is proved, and nothing else; then there is no way back', async () => {
    seedOddities(v4);
    const one = await migration();
    const { rows } = await one.apply();
    const isProved = (id: string) =>
      rows.some((row) => row.sourceId === id && (row.verified || row.status === 'failed') && row.environmentId);
    const before = v4.rows<Tenant>('select * from sys_tenant_database order by id');
    expect(await one.finalize({ dryRun: true })).toMatchObject({ changed: 8, skipped: 2, codes: { not_verified: 2 } });
    expect(v4.rows('select * from sys_tenant_database order by id')).toEqual(before);

    expect(await one.finalize()).toMatchObject({ changed: 8, skipped: 2 });
    const expected = before.map((row) => (isProved(row.id) ? { ...row, status: 'archived', auth_token: '' } : row));
    expect(v4.rows('select * from sys_tenant_database order by id')).toEqual(expected);
    expect(await one.finalize()).toMatchObject({ changed: 0, unchanged: 8 });
    expect(await one.apply()).toMatchObject({ migrated: 0 });
    expect(await one.rollback()).toMatchObject({ changed: 2, skipped: 8, codes: { finalized: 8 } });
  });

  it('finalizing points the packages of a host that can say so to their environments, those of an archived row too', async () => {
    v4.run('alter table sys_package_installation add column environment_id text');
    const organizationId = v4.organization('two');
    const tenants = ['older', 'younger', 'archived', 'provisioning'];
    for (const [at, name] of tenants.entries()) {
      v4.tenant({
        ...{ id: name, organizationId, databaseName: name, databaseUrl: v4.databaseFile(name) },
        ...{ status: at < 2 ? 'active' : name, createdAt: `2026-01-0${at + 1}T00:00:00.000Z` },
      });
      for (const packageId of ['crm', 'erp']) v4.package(name, packageId);
    }
    const one = await migration();
    const { rows } = await one.apply();
    const pointed = () =>
      Object.fromEntries(
        v4
          .rows<{ tenant_id: string; places: string }>(
            `select tenant_id, group_concat(coalesce(environment_id, '-')) as places from sys_package_installation group by tenant_id`,
          )
          .map(({ tenant_id: tenant, places }) => [tenant, places.split(',')]),
      );
    const none = Object.fromEntries(tenants.map((name) => [name, ['-', '-']]));
    expect(await one.finalize({ dryRun: true })).toMatchObject({ changed: 3 });
    expect(pointed()).toEqual(none);
    const placeOf = new Map(rows.map(({ sourceId, environmentId }) => [sourceId, environmentId]));
    const all = Object.fromEntries(
      tenants.map((name) => [name, name === 'provisioning' ? ['-', '-'] : [placeOf.get(name), placeOf.get(name)]]),
    );
    expect(await one.finalize()).toMatchObject({ changed: 3, skipped: 0 });
    expect(pointed()).toEqual(all);
    expect(await one.finalize()).toMatchObject({ changed: 0, unchanged: 3 });
    // As an interruption between the ledger and version 4 leaves it.
    v4.run(
      `update sys_package_installation set environment_id = null where tenant_id = 'archived' and package_id = 'erp'`,
    );
    expect(await one.finalize()).toMatchObject({ changed: 1, unchanged: 2 });
    expect(pointed()).toEqual(all);
  });

  it('rolling back takes the environments away, leaves every file as it was, and lets a run begin anew', async () => {
    seedOddities(v4);
    const files = digests(v4.directory);
    const before = await contents(world);
    const one = await migration();
    const first = await one.apply();
    expect(await one.rollback({ dryRun: true })).toMatchObject({ changed: first.migrated });
    expect(await one.rollback()).toMatchObject({ changed: first.migrated, skipped: 0 });
    expect(await contents(world)).toEqual(before);
    const { rows: keys } = await (await world.inspect()).keys.select<{ environment_id: string }>(
      'select * from sys_environment_key',
      [],
    );
    const gone = first.rows.map(({ environmentId }) => environmentId);
    expect(keys.filter(({ environment_id: id }) => gone.includes(id))).toEqual([]);
    expect(digests(v4.directory)).toEqual(files);
    expect((await one.apply()).rows.map(withoutIds)).toEqual(first.rows.map(withoutIds));
  });

  it('an organization without a name or with an unstorable one has a slug that is no id, and is found by its own id first', async () => {
    const nameless = v4.organization('');
    v4.run(`update sys_organization set slug = '' where id = ?`, nameless);
    const long = v4.organization(`${'n'.repeat(254)}😀`);
    for (const [at, organizationId] of [nameless, long, v4.organization('a\u0000b')].entries()) {
      v4.tenant({ organizationId, databaseName: `db${at}`, databaseUrl: v4.databaseFile(`db${at}`) });
    }
    const { rows } = await (await migration()).apply();
    expect(rows.map(({ outcome }) => outcome)).toEqual(['migrated', 'migrated', 'migrated']);
    const { main } = await world.inspect();
    const organizations = await main.select<{ id: string; slug: string; display_name: string }>(
      'select id, slug, display_name from sys_organization',
      [],
    );
    for (const { id, slug, display_name: name } of organizations.rows) {
      expect(OrganizationSlugSchema.safeParse(slug).success, slug).toBe(true);
      expect(DisplayNameSchema.safeParse(name).success, name).toBe(true);
      if (id === nameless) expect(slug).toMatch(new RegExp(`^${id}-[0-9a-f]{8}$`));
      if (id === long) expect(name).toBe(`${'n'.repeat(254)}😀`);
    }
    // What an earlier version of this made: a slug that is the id of another organization.
    await main.write((_query, _nowMs, execute) =>
      execute(`update sys_organization set slug = '${nameless}' where id = '${long}'`, []),
    );
    const [own] = rows.filter(({ organizationId }) => organizationId === nameless);
    expect(await findEnvironmentId(main, nameless, 'prod')).toBe(own?.environmentId);
  });

  it('a row that version 4 changed after it was copied is reported and left, and is not finalized', async () => {
    const id = v4.tenant({
      organizationId: v4.organization('acme'),
      databaseName: 'acme',
      databaseUrl: v4.databaseFile('acme'),
    });
    const one = await migration();
    await one.apply();
    v4.run(`update sys_tenant_database set status = 'suspended' where id = ?`, id);
    const after = await contents(world);
    expect(await one.apply()).toMatchObject({ blocked: 1, codes: { source_changed: 1 } });
    expect(await one.finalize()).toMatchObject({ changed: 0, skipped: 1, codes: { source_changed: 1 } });
    expect(await contents(world)).toEqual(after);
    expect(v4.rows('select status from sys_tenant_database')).toEqual([{ status: 'suspended' }]);
  });

  it.each<[string, (v4: LegacyWorld, tenant: string, organization: string) => void]>([
    ['a package', (v4, tenant) => v4.package(tenant, 'late')],
    [
      'the version of a package',
      (v4, tenant) => v4.run(`update sys_package_installation set version = '9' where tenant_id = ?`, tenant),
    ],
    [
      'a member',
      (v4, _, organization) => v4.run(`insert into sys_member values ('m', ?, 'eve', 'member', '')`, organization),
    ],
  ])('%s that version 4 added after the copy is reported, and the row is not finalized', async (_, change) => {
    const organization = v4.organization('acme');
    const databaseUrl = v4.databaseFile('acme');
    const tenant = v4.tenant({ organizationId: organization, databaseName: 'acme', databaseUrl });
    v4.package(tenant, 'crm');
    const one = await migration();
    await one.apply();
    expect(await one.finalize({ dryRun: true })).toMatchObject({ changed: 1, skipped: 0 });
    change(v4, tenant, organization);
    const before = v4.snapshot();
    expect(await one.apply()).toMatchObject({ blocked: 1, codes: { source_changed: 1 } });
    expect(await one.finalize()).toMatchObject({ changed: 0, skipped: 1, codes: { source_changed: 1 } });
    expect(v4.snapshot()).toBe(before);
    await one.rollback();
    expect(await one.apply()).toMatchObject({ migrated: 1 });
    expect(await one.finalize()).toMatchObject({ changed: 1, skipped: 0 });
  });

  it('a database that is missing is proved as soon as it is there', async () => {
    const path = join(v4.directory, 'late.sqlite');
    v4.tenant({ organizationId: v4.organization('acme'), databaseName: 'late', databaseUrl: `file:${path}` });
    const one = await migration();
    const [row] = (await one.apply()).rows;
    expect(row).toMatchObject({ outcome: 'migrated', verified: false, code: 'unavailable', status: 'migrating' });
    const controlPlane = await world.open();
    await expect(controlPlane.service.connect(row?.environmentId ?? '')).rejects.toMatchObject({
      code: 'environment_not_active',
    });
    v4.databaseFile('late');
    expect(await one.verify()).toEqual({ looked: 1, verified: 1, codes: {} });
    const handle = await controlPlane.service.connect(row?.environmentId ?? '');
    expect(await handle.query('select text from note')).toEqual([{ text: 'late' }]);
  });

  it('several databases are proved at a time, and every step says how far it is', async () => {
    for (const name of ['one', 'two', 'three']) {
      const databaseUrl = `file:${v4.directory}/${name}.sqlite`;
      v4.tenant({ organizationId: v4.organization(name), databaseName: name, databaseUrl });
    }
    const adapter = world.driver.adapter();
    const { adopt } = adapter;
    if (!adopt) throw new Error('the driver takes nothing over');
    let waiting = 0;
    let meet = () => {};
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const find: typeof adopt.find = async (database, context) => {
      waiting += 1;
      if (waiting === 5) meet();
      // The two that wait here are let go by each other.
      if (waiting > 3) await met;
      return adopt.find(database, context);
    };
    const one = await migration({ adapters: [{ ...adapter, adopt: { ...adopt, find } }] });
    expect(await one.apply()).toMatchObject({ migrated: 3, verified: 0 });
    for (const name of ['one', 'two', 'three']) v4.databaseFile(name);
    const told: string[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => void told.push(`${done}/${total}`);
    expect(await one.verify({ batchSize: 2, onProgress })).toMatchObject({ looked: 3, verified: 3 });
    await one.rollback({ dryRun: true, batchSize: 2, onProgress });
    await one.finalize({ batchSize: 2, onProgress });
    expect(told).toEqual(['1/3', '2/3', '3/3', '1/3', '2/3', '3/3', '1/3', '2/3', '3/3']);
  });

  it('an adopted environment is suspended and resumed, and purging it leaves the file to its owner', async () => {
    const url = v4.databaseFile('acme');
    v4.tenant({ organizationId: v4.organization('acme'), databaseName: 'acme', databaseUrl: url });
    const files = digests(v4.directory);
    const [row] = (await (await migration()).apply()).rows;
    const id = row?.environmentId ?? '';
    const controlPlane = await world.open();
    const { service } = controlPlane;
    await finish(service, service.environments.suspend(id));
    await expect(service.connect(id)).rejects.toMatchObject({ code: 'environment_not_active' });
    await finish(service, service.environments.resume(id));
    expect(await (await service.connect(id)).query('select text from note')).toEqual([{ text: 'acme' }]);
    await expect(service.credentials.rotate(id)).rejects.toMatchObject({ code: 'unsupported' });
    const copy = service.environments.copy(id, { slug: 'copy', envType: 'sandbox' });
    await expect(copy).rejects.toMatchObject({ code: 'unsupported' });
    await finish(service, service.environments.archive(id));
    await finish(service, service.environments.restore(id));
    expect(await (await service.connect(id)).query('select text from note')).toEqual([{ text: 'acme' }]);
    await finish(service, service.environments.purge(id, { confirm: 'prod' }));
    await expect(service.environments.get(id)).rejects.toMatchObject({ code: 'not_found' });
    expect(digests(v4.directory)).toEqual(files);
  });

  it('version 4 may lie in PostgreSQL, its ids and times of types of their own', async () => {
    const admin = postgres(inject('postgresAdminUrl'), { max: 1, onnotice: () => undefined });
    const name = `v4_${randomUUID().slice(0, 8)}`;
    await admin.unsafe(`create database ${name}`);
    const address = new URL(inject('postgresAdminUrl'));
    address.pathname = `/${name}`;
    const client = postgres(address.href, { max: 1 });
    const organizationId = randomUUID();
    await client.unsafe(`create table sys_tenant_database (id uuid primary key, organization_id uuid, database_name text,
        database_url text, auth_token text, status text, region text, plan text, storage_limit_mb bigint, created_at timestamptz, metadata jsonb);
      create table sys_organization (id uuid primary key, name text, slug text);
      create table sys_member (id uuid primary key, organization_id uuid, user_id text, role text);
      insert into sys_organization values ('${organizationId}', 'Acme', 'acme');
      insert into sys_member values ('${randomUUID()}', '${organizationId}', 'ann', 'member,owner')`);
    for (const [at, each] of ['younger', 'older'].entries()) {
      await client`insert into sys_tenant_database values (${randomUUID()}, ${organizationId}, ${each}, ${v4.databaseFile(each)}, '',
        'active', 'eu', 'pro', 5, ${new Date(1_000_000 - at)}, ${'{"note":"kept"}'}::text::jsonb)`;
    }
    const legacy = openLegacyDatabase(address.href, { writable: true });
    opened.push(legacy);
    const one = await migration({ legacy });
    const report = await one.apply();
    const slugs = report.rows.map(({ databaseName, slug, verified }) => [databaseName, slug, verified]).sort();
    expect(slugs).toEqual([
      ['older', 'prod', true],
      ['younger', 'younger', true],
    ]);
    expect((await one.apply()).migrated).toBe(0);
    const { main } = await world.inspect();
    const { rows } = await main.select(
      'select distinct m.user_id, m.role, d.storage_limit_mb from sys_environment_member m, sys_environment_database d',
      [],
    );
    expect(rows).toEqual([{ user_id: 'ann', role: 'owner', storage_limit_mb: 5 }]);
    expect(await one.finalize()).toMatchObject({ changed: 2, skipped: 0 });
    expect([...(await client`select distinct status, auth_token from sys_tenant_database`)]).toEqual([
      { status: 'archived', auth_token: '' },
    ]);
    await client.end();
    await opened.pop()?.close();
    await opened.pop()?.close();
    await admin.unsafe(`drop database ${name} with (force)`);
    await admin.end();
  });

  it('sec S23 what was sealed and then changed is told, and the other rows go on', async () => {
    const libsql = (name: string) => `libsql://${name}.db.example.com`;
    for (const name of ['bent', 'whole']) {
      v4.tenant({ organizationId: v4.organization(name), databaseName: name, databaseUrl: libsql(name), token: name });
    }
    const one = await migration({ adapters: [world.driver.adapter(), libsqlAdapter()], ...UNREACHABLE });
    await one.apply();
    const { main } = await world.inspect();
    const bent = `update sys_database_credential set secret_ciphertext = 'AAAA' where environment_database_id in
      (select id from sys_environment_database where database_name = 'bent')`;
    await main.write((_query, _nowMs, execute) => execute(bent, []));
    const { rows } = await one.apply();
    const codes = Object.fromEntries(rows.map(({ databaseName, code }) => [databaseName, code]));
    expect(codes).toEqual({ bent: 'secret_unreadable', whole: 'outcome_unknown' });
  });

  it('I4 another file at the same place is foreign: it is not served', async () => {
    const url = v4.databaseFile('acme');
    v4.tenant({ organizationId: v4.organization('acme'), databaseName: 'acme', databaseUrl: url });
    const [row] = (await (await migration()).apply()).rows;
    const path = url.slice('file:'.length);
    copyFileSync(path, `${path}.copy`);
    renameSync(`${path}.copy`, path);
    const controlPlane = await world.open();
    await expect(controlPlane.service.connect(row?.environmentId ?? '')).rejects.toMatchObject({ code: 'conflict' });
  });
});

type Tenant = { id: string; status: string; auth_token: string };

/** An organization of version 5 with an environment of its own, which version 4 has a row of too. Returns the row's database name. */
async function ownOrganization(world: World, v4: LegacyWorld): Promise<string> {
  const controlPlane = await world.open();
  const { service } = controlPlane;
  await finish(service, service.organizations.provision(organizationRequest('own')));
  const { id: organizationId } = await service.organizations.get('own');
  await controlPlane.close();
  v4.tenant({ organizationId, databaseName: 'beside', databaseUrl: v4.databaseFile('beside') });
  return 'beside';
}

const told = ({ outcome, slug, code, status, verified }: MigratedRow): string =>
  outcome === 'migrated' ? `${outcome} ${slug} ${verified ? 'verified' : code} ${status}` : `${outcome} ${code}`;

const withoutIds = ({ environmentId: _, environmentDatabaseId: __, credentialId: ___, ...row }: MigratedRow) => row;

/** Every row of version 5 but the audit trail and what is not of a migration. */
async function contents(world: World): Promise<Record<string, unknown[]>> {
  const { main } = await world.inspect();
  const found: Record<string, unknown[]> = {};
  for (const table of [
    'organization',
    'organization_member',
    'environment',
    'environment_member',
    'environment_database',
    'database_credential',
    'migration_ledger',
    'environment_package',
    'external_name',
  ]) {
    const { rows } = await main.select(`select * from sys_${table}`, []);
    found[`sys_${table}`] = rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return found;
}

/** SHA-256 of every database file. */
function digests(directory: string): Record<string, string> {
  const files = readdirSync(directory).filter((name) => name.endsWith('.sqlite'));
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(directory, name)))
        .digest('hex'),
    ]),
  );
}
