import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Migration, type MigrationOptions, openMigration } from '../src/migration/open-migration.ts';
import { type LegacyDatabase, openLegacyDatabase } from '../src/store/legacy-database.ts';
import { decryptV4, LegacyWorld } from './world/legacy.ts';
import { STORES } from './world/stores.ts';
import { keyFileEncryptor, openWorld, type World } from './world/world.ts';

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
    const packages = await main.select(
      'select tenant_id, environment_id, package_id from sys_package_installation',
      [],
    );
    expect(packages.rows).toEqual([{ tenant_id: tenant, environment_id: environmentId, package_id: 'crm' }]);
    const database = await main.select(
      'select database_name, database_url, deletion_policy from sys_environment_database',
      [],
    );
    expect(database.rows).toEqual([{ database_name: 'acme-db', database_url: url, deletion_policy: 'retain' }]);
    expect(v4.snapshot()).toBe(before);
  });
});
