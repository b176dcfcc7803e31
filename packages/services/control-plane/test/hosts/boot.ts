import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOSTS } from '@envplane/testkit/hosts';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantPluginOptions } from '../../src/plugin.ts';
import { startHost, type TestHost } from './host.ts';

const ACME = { organization: { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' }, createdBy: 'ada' };

describe.each(HOSTS)('in a host %s', (version) => {
  let host: TestHost;
  let environmentId: string;

  beforeAll(async () => {
    host = await startHost(version);
    const { defaultEnvironment } = await host.service.provisionOrganization(ACME);
    environmentId = defaultEnvironment.environment.id;
  });
  afterAll(() => host.stop());

  it('an environment that the host’s service provisions is usable', async () => {
    const database = await host.service.connect(environmentId);
    await database.exec('create table note (text text)');
    await database.exec('insert into note values (?)', ['hello']);
    expect(await database.query('select text from note')).toEqual([{ text: 'hello' }]);
  });

  it('an organization that the host names is taken at its word, and gets one default environment', async () => {
    const request = { organizationId: 'Org_1', createdBy: 'bea' };
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => host.service.provisionOrganization(request)),
    );
    const made = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value.defaultEnvironment] : []));
    expect(made).toMatchObject([{ environment: { organizationId: 'Org_1', slug: 'prod', isDefault: true } }]);
    const reasons = results.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
    expect([reasons.length, new Set(reasons).has('default_taken')]).toEqual([7, true]);
    expect(await host.service.organizations.get('Org_1')).toMatchObject({
      slug: expect.stringMatching(/^org-1-[0-9a-f]{8}$/),
      createdBy: 'bea',
    });
    const dev = { ...request, organizationId: 'Org_2', slug: 'dev', envType: 'development' as const };
    expect(await host.service.provisionEnvironment(dev)).toMatchObject({ environment: { isDefault: true } });
  });

  it('the host’s runtime is told of its own environment, and nothing is made', async () => {
    const told = await host.service.provisionSystemEnvironment();
    expect(told.project).toEqual({ id: '00000000-0000-0000-0000-000000000001', isSystem: true });
    expect(await host.engine.count('sys_environment', { where: { id: told.project.id } })).toBe(0);
  });

  it('the host’s engine reads the records, and none of their secrets', async () => {
    const [environment] = await host.engine.find('sys_environment', { where: { id: environmentId } });
    expect(environment).toMatchObject({ id: environmentId, status: 'active', is_default: true, created_by: 'ada' });
    expect(environment?.['created_at']).toMatch(/^\d{4}-.*Z$/);
    const [database] = await host.engine.find('sys_environment_database', { where: { environment_id: environmentId } });
    expect(database).toMatchObject({ driver: 'sqlite', region: 'local' });
    const [credential] = await host.engine.find('sys_database_credential', {
      where: { environment_database_id: database?.['id'] },
    });
    expect(credential).toMatchObject({ environment_database_id: database?.['id'], status: 'active' });
    expect(credential).not.toHaveProperty('secret_ciphertext');
    expect(await host.engine.findOne('sys_environment_member', { where: { user_id: 'ada' } })).toMatchObject({
      environment_id: environmentId,
      role: 'owner',
    });
    for (const [where, count] of [
      [{ $or: [{ slug: 'prod' }, { slug: 'dev' }], status: { $in: ['active'] } }, 1],
      [{ slug: { $contains: 'r%' } }, 0],
      [{ slug: { $startsWith: 'pr' }, hostname: null, is_default: true }, 1],
      [{ created_at: { $gte: '2100-01-01T00:00:00.000Z' } }, 0],
    ] as const) {
      expect(await host.engine.count('sys_environment', { where: { ...where, created_by: 'ada' } })).toBe(count);
    }
  });

  it('the host’s engine writes none of them, and a filter that is not understood shows nothing', async () => {
    const row = { organization_id: 'o', slug: 'forged', display_name: 'Forged', env_type: 'test', is_default: true };
    await expect(host.engine.insert('sys_environment', row)).rejects.toThrow('change by the verbs');
    await expect(host.engine.update('sys_environment', { id: environmentId, status: 'failed' })).rejects.toThrow();
    await expect(host.engine.find('sys_environment', { where: { no_such_field: 'x' } })).rejects.toThrow('not valid');
    await expect(host.engine.find('sys_environment', { where: { slug: { $regex: 'x' } } })).rejects.toThrow();
    expect(await host.engine.count('sys_environment', { where: { status: { $ne: 'active' } } })).toBe(0);
    expect(await host.engine.count('sys_environment', {})).toBe(3);
  });

  it('the tables of version 4 are the host’s, with their unique indexes', async () => {
    const row = (id: string, name: string) =>
      `insert into sys_tenant_database (id, organization_id, database_name, database_url, auth_token, status, region, plan, storage_limit_mb)
       values ('${id}', 'o', '${name}', 'libsql://x', 'sealed', 'active', 'local', 'free', 1)`;
    await host.driver.execute(row('1', 'one'));
    await expect(host.driver.execute(row('2', 'one'))).rejects.toThrow();
    await host.driver.execute(row('2', 'two'));
    expect(await host.engine.count('sys_tenant_database', {})).toBe(2);
  });

  it('the store refuses a second default environment of an organization', () => {
    const store = new Database(join(host.directory, 'envplane/control-plane.db'));
    const copy = () =>
      store
        .prepare(
          `insert into sys_environment (id, organization_id, slug, display_name, env_type, is_default, region, plan, status,
    hostname, visibility, deletion_protection, version, next_placement_ordinal, metadata, created_by, created_at, updated_at)
    select 'other', organization_id, 'other', display_name, env_type, is_default, region, plan, status,
           hostname, visibility, deletion_protection, version, next_placement_ordinal, metadata, created_by, created_at, updated_at
           from sys_environment where is_default limit 1`,
        )
        .run();
    expect(copy).toThrow('UNIQUE constraint failed: sys_environment.organization_id');
    store.close();
  });

  it('shutdown lets go of everything, and the next start finds what was there', async () => {
    const { directory } = host;
    await host.kernel.shutdown();
    expect(existsSync(join(directory, 'envplane/service.lock'))).toBe(false);
    const stop = host.stop;
    host = await startHost(version, {}, directory);
    expect(await host.engine.count('sys_environment', {})).toBe(3);
    const database = await host.service.connect(environmentId);
    expect(await database.query('select text from note')).toEqual([{ text: 'hello' }]);
    await host.kernel.shutdown();
    host = { ...host, stop };
  });
});

/** The registry of 4.0 belongs to the process: what another host of this file left there is not of the one that starts. */
const emptyRegistry = {
  ...{ name: 'test.registry', version: '1.0.0', type: 'standard' },
  init: async (context: { getService(name: string): unknown }) =>
    (context.getService('objectql') as { registry: { reset(): void } }).registry.reset(),
};

describe.each(HOSTS)('what is registered in a host %s', (version) => {
  const names = async (plugin: TenantPluginOptions) => {
    const host = await startHost(version, { plugin, plugins: version === '4.0.4' ? [emptyRegistry] : [] });
    const { registry } = host.kernel.getService('objectql') as { registry: { getAllObjects(): { name: string }[] } };
    const all = registry.getAllObjects().map(({ name }) => name);
    await host.stop();
    return { objects: all.filter((name) => /^sys_(environment|database|tenant|package)/.test(name)).sort(), host };
  };
  const legacy = ['sys_package_installation', 'sys_tenant_database'];
  const current = ['sys_database_credential', 'sys_environment', 'sys_environment_database', 'sys_environment_member'];

  it('the tables of version 4 are there unless they are switched off, with one warning', async () => {
    const kept = await names({});
    expect(kept.objects).toEqual([...current, ...legacy].sort());
    expect(kept.host.warnings.filter(({ event }) => event === 'legacy.objects')).toHaveLength(1);
    const without = await names({ registerLegacyTenantDatabase: false });
    expect(without.objects).toEqual(current);
    expect(without.host.warnings).toEqual([]);
  });

  it('a planted index that has the name of one of theirs and is another ends the start', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'envplane-host-'));
    await (await startHost('17.4.0', {}, directory)).stop();
    const file = new Database(join(directory, 'host.db'));
    const indexes = file.prepare<[], { name: string; sql: string }>(
      `select name, sql from sqlite_schema where type = 'index' and tbl_name like 'sys_%' and sql like 'create unique index %_key"%'`,
    );
    const planted = indexes.all().filter(({ sql }) => /sys_tenant_database|sys_package_installation/.test(sql));
    expect(planted).toHaveLength(2);
    for (const { name, sql } of planted) {
      for (const other of [sql.replace(/ unique /i, ' '), sql.replace(/\(.*\)/, '("id")')]) {
        file.exec(`drop index "${name}"; ${other}`);
        await expect(startHost('17.4.0', {}, directory)).rejects.toThrow(`the index ${name} of`);
      }
      file.exec(`drop index "${name}"`);
    }
    file.close();
    await (await startHost('17.4.0', {}, directory)).stop();
    rmSync(directory, { recursive: true });
  });

  it('no object is, when none is to be; the service serves all the same', async () => {
    const { objects, host } = await names({ registerSystemObjects: false });
    expect([objects, host.warnings]).toEqual([[], []]);
  });

  it('a service that a second plugin registers ends the start, and nothing stays open', async () => {
    const other = {
      ...{ name: 'test.other', version: '1.0.0', type: 'standard' },
      init: async (context: { registerService(name: string, service: unknown): void }) =>
        context.registerService('tenant.provisioning', {}),
    };
    const directory = mkdtempSync(join(tmpdir(), 'envplane-host-'));
    // 4.0 tells its log why a start failed, and its caller only who failed.
    const reason = version === '4.0.4' ? 'com.envplane.tenant failed to start' : 'tenant.provisioning';
    await expect(startHost(version, { plugins: [other] }, directory)).rejects.toThrow(reason);
    expect(existsSync(join(directory, 'envplane/service.lock'))).toBe(false);
    rmSync(directory, { recursive: true });
  });
});
