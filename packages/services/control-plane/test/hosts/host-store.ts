import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlPlaneObjects } from '@envplane/service-tenant/schema';
import { HOSTS } from '@envplane/testkit/hosts';
import { expect, it, onTestFinished } from 'vitest';
import { startHost, type TestHost } from './host.ts';

const inHost = { plugin: { store: 'host' } };
const ACME = { organization: { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' }, createdBy: 'ada' };

/** Rows of the host's own SQLite database, read by the host's own driver. */
const rowsOf = async (host: TestHost, sql: string) => (await host.driver.execute(sql)) as Record<string, unknown>[];

it.each(HOSTS)('a host %s keeps the store in its own file: tables, unique and partial indexes', async (version) => {
  const directory = mkdtempSync(join(tmpdir(), 'envplane-host-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  let host = await startHost(version, inHost, directory);
  const { defaultEnvironment } = await host.service.provisionOrganization(ACME);

  const catalog = await rowsOf(host, "select name, tbl_name, sql from sqlite_master where type in ('table', 'index')");
  const made = new Map(catalog.map(({ name, sql }) => [name, String(sql)]));
  for (const { name, indexes } of controlPlaneObjects) {
    expect(made.get(name)).toMatch(/strict/i);
    for (const index of indexes) {
      const text = made.get(index.name) ?? '';
      expect([/unique index/i.test(text), / where /i.test(text)]).toEqual([index.unique, index.where !== undefined]);
    }
  }

  const second = `insert into sys_environment (id, organization_id, slug, display_name, env_type, is_default, region, plan, status,
    hostname, visibility, deletion_protection, version, next_placement_ordinal, metadata, created_by, created_at, updated_at)
    select 'other', organization_id, 'other', display_name, env_type, is_default, region, plan,
    status, hostname, visibility, deletion_protection, version, next_placement_ordinal, metadata, created_by, created_at, updated_at
    from sys_environment`;
  await expect(host.driver.execute(second)).rejects.toThrow();
  await host.driver.execute(
    second.replace('env_type, is_default, region, plan,\n    status', 'env_type, 0, region, plan,\n    status'),
  );
  expect(await rowsOf(host, 'select count(*) as n from sys_environment')).toEqual([{ n: 2 }]);
  await host.driver.execute("delete from sys_environment where id = 'other'");

  // The host looks at its tables at every start, and alters those that it takes for its own.
  const before = await rowsOf(host, 'select name, sql from sqlite_master order by name');
  await host.stop();
  host = await startHost(version, inHost, directory);
  expect(await rowsOf(host, 'select name, sql from sqlite_master order by name')).toEqual(before);
  const database = await host.service.connect(defaultEnvironment.environment.id);
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  await host.stop();
});

it('a host with organizations of its own keeps its file to itself', async () => {
  const organizations = {
    name: 'test.organizations',
    version: '1.0.0',
    type: 'standard',
    dependencies: ['com.objectstack.engine.objectql'],
    init: async (context: { getService(name: string): unknown }) =>
      (context.getService('manifest') as { register(manifest: object): void }).register({
        ...{ id: 'test.organizations', name: 'Organizations', version: '1.0.0', type: 'plugin', scope: 'system' },
        objects: [
          { name: 'sys_organization', label: 'Organization', fields: { name: { type: 'text', label: 'Name' } } },
        ],
      }),
  };
  const started = startHost('17.4.0', { ...inHost, plugins: [organizations] });
  await expect(started).rejects.toThrow('an object sys_organization of its own');
  const beside = await startHost('17.4.0', { plugins: [organizations] });
  await beside.service.provisionOrganization(ACME);
  await beside.stop();
});

it('a store that the host has no database for is refused with what to pass', async () => {
  const memory = { client: 'better-sqlite3', connection: { filename: ':memory:' } };
  await expect(startHost('17.4.0', { ...inHost, connection: memory })).rejects.toThrow('pass store: "file:…"');
});
