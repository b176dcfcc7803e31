import type { ColumnKind, ObjectDefinition, ObjectIndex } from '../../objects/define-object.ts';

export type Engine = 'sqlite' | 'postgres';

const TYPES: Record<Engine, Record<ColumnKind, string>> = {
  sqlite: { text: 'text', integer: 'integer', boolean: 'integer', instant: 'integer', json: 'text' },
  // COLLATE "C": the same order on both engines. timestamptz(3): what code compares is what is stored.
  postgres: {
    text: 'text collate "C"',
    integer: 'bigint',
    boolean: 'boolean',
    instant: 'timestamptz(3)',
    json: 'jsonb',
  },
};

/** The statements that create an object's table and indexes on an engine. */
export function createStatements(object: ObjectDefinition, engine: Engine, known: ReadonlySet<string>): string[] {
  const columns = object.fields.map((field) => {
    const column = quote(field.name);
    const parts = [column, TYPES[engine][field.kind]];
    if (field.required) parts.push('not null');
    if (engine === 'sqlite' && field.kind === 'boolean') parts.push(`check (${column} in (0, 1))`);
    if (engine === 'sqlite' && field.kind === 'json') parts.push(`check (json_valid(${column}))`);
    // A reference to a table that a host application supplies is not declared.
    if (field.reference && known.has(field.reference)) parts.push(`references ${field.reference} (id)`);
    return parts.join(' ');
  });
  columns.push(`primary key (${object.primaryKey.map(quote).join(', ')})`);
  // WITHOUT ROWID: the row lies in its key's tree, so that a change writes one page instead of two.
  const suffix = engine === 'sqlite' ? ' strict, without rowid' : '';
  return [
    `create table ${object.name} (\n  ${columns.join(',\n  ')}\n)${suffix}`,
    ...object.indexes.map((index) => createIndex(object.name, index, engine)),
  ];
}

function createIndex(table: string, index: ObjectIndex, engine: Engine): string {
  const unique = index.unique ? 'unique ' : '';
  return `create ${unique}index ${index.name} on ${table} (${index.fields.map(quote).join(', ')})${condition(index, engine)}`;
}

/** Some columns carry names that are words of SQL. */
const quote = (name: string): string => `"${name}"`;

function condition(index: ObjectIndex, engine: Engine): string {
  const { where } = index;
  if (!where) return '';
  if ('is' in where) return ` where ${quote(where.field)} is ${where.is}`;
  if (typeof where.equals === 'string') return ` where ${quote(where.field)} = '${where.equals}'`;
  if (engine === 'postgres') return ` where ${where.equals ? '' : 'not '}${quote(where.field)}`;
  return ` where ${quote(where.field)} = ${where.equals ? 1 : 0}`;
}
