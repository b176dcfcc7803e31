import type { SharedSnapshot } from '../../store/shared-database.ts';

/** A table of the shared database. */
export interface SharedTable {
  name: string;
  /** In their order, the environment's and generated ones left out. */
  columns: SharedColumn[];
  /** Columns of its keys, the primary one first where there is one; the environment's column left out. */
  keys: string[][];
  hasPrimaryKey: boolean;
  /** Tables that its foreign keys point to. */
  references: string[];
  /** What a table that is made of it does not get: generated columns, and checks. */
  left: string[];
}

export interface SharedColumn {
  name: string;
  type: string;
  required: boolean;
  default: string | null;
  /** The server gives out numbers for it. */
  isIdentity: boolean;
}

/** Tables that carry the column of the environment, and those that do not. */
export interface SharedSchema {
  tables: SharedTable[];
  others: string[];
}

/** Reads which tables there are and what they are made of. */
export async function readSchema(shared: SharedSnapshot, environmentColumn: string): Promise<SharedSchema> {
  const all = shared.family === 'sqlite' ? await readFile(shared) : await readServer(shared);
  const has = (table: SharedTable) => table.columns.some(({ name }) => name === environmentColumn);
  const tables = all.filter(has).map((table) => {
    const without = (columns: string[]) => columns.filter((name) => name !== environmentColumn);
    const keys = table.keys.map(without);
    return {
      ...table,
      columns: table.columns.filter(({ name }) => name !== environmentColumn),
      hasPrimaryKey: table.hasPrimaryKey && (keys[0]?.length ?? 0) > 0,
      keys: keys.filter((columns) => columns.length > 0),
    };
  });
  return { tables: inOrder(tables), others: all.filter((table) => !has(table)).map(({ name }) => name) };
}

/** What is pointed to comes first. Tables that point to each other stay in the order of their names. */
function inOrder(tables: readonly SharedTable[]): SharedTable[] {
  const ordered: SharedTable[] = [];
  const visiting = new Set<string>();
  const visit = (table: SharedTable) => {
    if (visiting.has(table.name)) return;
    visiting.add(table.name);
    for (const name of table.references) {
      const referenced = tables.find((other) => other.name === name);
      if (referenced) visit(referenced);
    }
    ordered.push(table);
  };
  for (const table of [...tables].sort((a, b) => (a.name < b.name ? -1 : 1))) visit(table);
  return ordered;
}

async function readFile(shared: SharedSnapshot): Promise<SharedTable[]> {
  const names = await shared.rows(
    `select name, sql from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' and sql not like 'create virtual%'`,
  );
  const tables: SharedTable[] = [];
  for (const { name, sql } of names) {
    const table = String(name);
    const columns = await shared.rows('select * from pragma_table_xinfo(?) order by cid', [table]);
    const primary = columns.filter(({ pk }) => Number(pk) > 0).sort((a, b) => Number(a['pk']) - Number(b['pk']));
    const unique = await shared.rows(
      `select l.name, i.name as part from pragma_index_list(?) l join pragma_index_info(l.name) i
       where l."unique" = 1 and l.origin <> 'pk' and l.partial = 0 order by l.seq, i.seqno`,
      [table],
    );
    const references = await shared.rows('select distinct "table" as name from pragma_foreign_key_list(?)', [table]);
    const generated = columns.filter(({ hidden }) => Number(hidden) > 1).map((column) => String(column['name']));
    tables.push({
      name: table,
      // SQLite keeps checks as text alone; a word in a comment is told once too often rather than a check never.
      left: leftOf(generated, /\bcheck\s*\(/i.test(String(sql)) ? ['checks'] : []),
      columns: columns
        .filter(({ hidden }) => Number(hidden) === 0)
        .map((column) => ({
          name: String(column['name']),
          type: String(column['type']),
          required: Number(column['notnull']) === 1,
          default: column['dflt_value'] === null ? null : String(column['dflt_value']),
          isIdentity: false,
        })),
      ...keysOf(
        primary.map((column) => String(column['name'])),
        unique,
      ),
      references: references.map((each) => String(each['name'])).filter((each) => each !== table),
    });
  }
  return tables;
}

async function readServer(shared: SharedSnapshot): Promise<SharedTable[]> {
  const tables: SharedTable[] = [];
  const names = await shared.rows(
    `select c.oid::text as oid, c.relname::text as name from pg_class c
     where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`,
  );
  for (const { oid, name } of names) {
    const id = [String(oid)];
    const columns = await shared.rows(
      `select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull::text as required,
         pg_get_expr(d.adbin, d.adrelid) as "default", (a.attidentity <> '')::text as identity
       from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where a.attrelid = $1::text::oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`,
      id,
    );
    const unique = await shared.rows(
      `select i.indexrelid::text as name, a.attname::text as part, i.indisprimary::text as main
       from pg_index i cross join lateral unnest(i.indkey) with ordinality k (attnum, at)
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
       where i.indrelid = $1::text::oid and i.indisunique and i.indpred is null and i.indexprs is null order by i.indexrelid, k.at`,
      id,
    );
    const references = await shared.rows(
      `select distinct confrelid::regclass::text as name from pg_constraint
       where conrelid = $1::text::oid and contype = 'f' and confrelid <> conrelid`,
      id,
    );
    const generated = await shared.rows(
      `select attname::text as name from pg_attribute
       where attrelid = $1::text::oid and attnum > 0 and not attisdropped and attgenerated <> '' order by attnum`,
      id,
    );
    const checks = await shared.rows(
      `select conname::text as name from pg_constraint where conrelid = $1::text::oid and contype = 'c' order by conname`,
      id,
    );
    tables.push({
      name: String(name),
      left: leftOf(
        generated.map((each) => String(each['name'])),
        checks.map((each) => `check ${String(each['name'])}`),
      ),
      columns: columns.map((column) => {
        const isNumbered = String(column['default']).startsWith('nextval(');
        return {
          name: String(column['name']),
          type: String(column['type']),
          required: column['required'] === 'true',
          default: column['default'] === null || isNumbered ? null : String(column['default']),
          isIdentity: column['identity'] === 'true' || isNumbered,
        };
      }),
      ...keysOf(
        unique.filter(({ main }) => main === 'true').map(({ part }) => String(part)),
        unique.filter(({ main }) => main !== 'true'),
      ),
      references: references.map((each) => String(each['name']).replaceAll('"', '')),
    });
  }
  return tables;
}

const leftOf = (generated: readonly string[], checks: readonly string[]): string[] => [
  ...generated.map((name) => `generated column ${name}`),
  ...checks,
];

function keysOf(
  primary: string[],
  unique: readonly { [name: string]: unknown }[],
): Pick<SharedTable, 'keys' | 'hasPrimaryKey'> {
  const byIndex = new Map<string, string[]>();
  for (const { name, part } of unique) {
    // An index over an expression is not carried over.
    if (part === null) continue;
    byIndex.set(String(name), [...(byIndex.get(String(name)) ?? []), String(part)]);
  }
  return { hasPrimaryKey: primary.length > 0, keys: [...(primary.length > 0 ? [primary] : []), ...byIndex.values()] };
}
