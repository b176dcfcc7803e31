import type { Logger } from '@envplane/spec';
import type { ObjectDefinition } from '../objects/define-object.ts';
import { SysPackageInstallation, SysTenantDatabase } from '../objects/legacy-objects.ts';
import type { HostDriver, HostEngine } from './host-context.ts';
import { type HostObject, hostObject } from './host-objects.ts';

/** The tables of version 4. They are the host's own, in its own database, and hold what it put there. */
const legacyObjects: readonly ObjectDefinition[] = [SysTenantDatabase, SysPackageInstallation];

/** Without their indexes: which of the declared ones a host makes, and of what kind, is another matter in each version. */
export const legacyHostObjects = (): HostObject[] =>
  legacyObjects.map((object) => ({
    ...hostObject(object, object.fields.map(writable), object === SysPackageInstallation),
    indexes: [],
  }));

/** The host fills and reads them itself. */
const writable = (field: ObjectDefinition['fields'][number]) => ({ ...field, readonly: field.name === 'id' });

/**
 * Makes the indexes of the tables of version 4, and proves that they are there.
 * @throws Error when a table is not the host's to index, or holds rows that a unique index refuses
 */
export async function indexLegacyTables(engine: HostEngine, logger: Logger): Promise<void> {
  logger.warn(
    { event: 'legacy.objects', objects: legacyObjects.map(({ name }) => name) },
    'the objects sys_tenant_database and sys_package_installation are deprecated and leave with the next major version; ' +
      'registerLegacyTenantDatabase: false leaves them out now',
  );
  for (const object of legacyObjects) {
    const driver = engine.getDriverForObject(object.name);
    for (const { name, fields, unique } of object.indexes) {
      const columns = fields.map((field) => `"${field}"`).join(', ');
      const kind = unique ? 'unique index' : 'index';
      await run(driver, object.name, `create ${kind} if not exists "${name}" on "${object.name}" (${columns})`);
    }
  }
}

async function run(driver: HostDriver | undefined, table: string, statement: string): Promise<void> {
  try {
    if (!driver?.execute) throw new Error('the driver has no SQL');
    await driver.execute(statement);
  } catch (error) {
    throw new Error(
      `the indexes of ${table} could not be made in the host's database; pass registerLegacyTenantDatabase: false to do without that table`,
      { cause: error },
    );
  }
}
