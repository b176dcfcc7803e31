import type { Logger } from '@envplane/spec';
import { rowsOf } from '../migration/legacy-source.ts';
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
 * Makes the indexes of the tables of version 4, and proves that they are there: one of the same name may be another.
 * @throws Error when a table is not the host's to index, holds rows that a unique index refuses, or has another index of the name
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
    await proveIndexes(driver, object);
  }
}

/** @throws Error */
async function proveIndexes(driver: HostDriver | undefined, { name: table, indexes }: ObjectDefinition): Promise<void> {
  const client = String(driver?.knex?.client?.config?.client);
  const text = (['pg', 'postgres', 'postgresql'].includes(client) ? POSTGRES_INDEXES : SQLITE_INDEXES)(table);
  const found = new Map(rowsOf(await run(driver, table, text)).map((row) => [row['name'], row]));
  for (const { name, fields, unique } of indexes) {
    const { is_unique: isUnique, fields: indexed } = found.get(name) ?? {};
    if (indexed === fields.join() && (!unique || Boolean(isUnique))) continue;
    throw new Error(
      `the index ${name} of ${table} in the host's database is not ${unique ? 'a unique' : 'an'} index on (${fields.join(', ')}); ` +
        'drop it and start again, or pass registerLegacyTenantDatabase: false to do without that table',
    );
  }
}

/** Name, columns in order and kind of every index on all rows of a table. */
const SQLITE_INDEXES = (table: string) => `select l.name as name, l."unique" as is_unique,
    (select group_concat(name) from (select name from pragma_index_info(l.name) order by seqno)) as fields
  from pragma_index_list('${table}') l where l.partial = 0`;

const POSTGRES_INDEXES = (table: string) => `select c.relname as name, i.indisunique as is_unique,
    (select string_agg(a.attname, ',' order by k.place) from unnest(i.indkey::int2[]) with ordinality as k (number, place)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number) as fields
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where i.indrelid = to_regclass('"${table}"') and i.indisvalid and i.indpred is null`;

/** @throws Error */
async function run(driver: HostDriver | undefined, table: string, statement: string): Promise<unknown> {
  try {
    if (!driver?.execute) throw new Error('the driver has no SQL');
    return await driver.execute(statement);
  } catch (error) {
    throw new Error(
      `the indexes of ${table} could not be made in the host's database; pass registerLegacyTenantDatabase: false to do without that table`,
      { cause: error },
    );
  }
}
