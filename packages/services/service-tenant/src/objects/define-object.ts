import type { ProblemCode } from '@envplane/spec';
import { z } from 'zod';

/** How a value is stored on both engines. Instants are epoch milliseconds in code. */
export type ColumnKind = 'text' | 'integer' | 'boolean' | 'instant' | 'json';

/** A point in time as records hold it: milliseconds since the Unix epoch. On the wire it is ISO 8601. */
export const instant = () => z.int().nonnegative().meta({ columnKind: 'instant' });

/** Characters of an identifier that PostgreSQL keeps. */
const LONGEST_NAME = 63;

type Snake<S extends string> = S extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${Snake<Tail>}`
    : `_${Lowercase<Head>}${Snake<Tail>}`
  : S;

/** A record's row: the same fields under their column names. */
export type RowOf<Schema extends z.ZodObject> = {
  [Key in keyof z.output<Schema> & string as Snake<Key>]:
    | Exclude<z.output<Schema>[Key], undefined>
    | (undefined extends z.output<Schema>[Key] ? null : never);
};

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export interface ObjectField {
  name: string;
  label: string;
  description: string;
  /** Field type as host applications know it. */
  type: 'text' | 'number' | 'boolean' | 'datetime' | 'select' | 'lookup' | 'json';
  kind: ColumnKind;
  required: boolean;
  readonly: boolean;
  hidden: boolean;
  maxLength?: number;
  options?: { label: string; value: string }[];
  /** The object a lookup points to. */
  reference?: string;
}

export type IndexCondition<Field> =
  | { field: Field; equals: string | boolean }
  | { field: Field; is: 'null' | 'not null' };

export interface ObjectIndex {
  name: string;
  fields: string[];
  unique: boolean;
  /** Column and value a partial index is limited to. */
  where?: IndexCondition<string>;
  /** What a caller is told when the index refuses a write. */
  conflict?: ProblemCode;
}

/** Metadata of one `sys_*` object. Tables, host registration and the house test of agreement all read this. */
export interface ObjectDefinition<Schema extends z.ZodObject = z.ZodObject> {
  name: string;
  label: string;
  pluralLabel: string;
  icon: string;
  description: string;
  isSystem: true;
  schema: Schema;
  /** Columns of the primary key; the first entry is `id` unless the object has a natural key. */
  primaryKey: string[];
  fields: ObjectField[];
  indexes: ObjectIndex[];
}

interface ObjectInput<Schema extends z.ZodObject> {
  name: `sys_${string}`;
  label: string;
  pluralLabel: string;
  icon: string;
  schema: Schema;
  primaryKey?: (keyof z.output<Schema> & string)[];
  /** Fields that only the control plane uses. */
  hidden?: (keyof z.output<Schema> & string)[];
  references?: Partial<Record<keyof z.output<Schema> & string, `sys_${string}`>>;
  indexes?: {
    fields: (keyof z.output<Schema> & string)[];
    unique?: true;
    /** Where the name made of table and fields would be too long. */
    name?: string;
    where?: IndexCondition<keyof z.output<Schema> & string>;
    conflict?: ProblemCode;
  }[];
}

/** Derives an object from its record schema; the caller adds what only metadata knows. @throws TypeError on a field it cannot store. */
export function defineObject<Schema extends z.ZodObject>(input: ObjectInput<Schema>): ObjectDefinition<Schema> {
  const hidden = new Set<string>(input.hidden ?? []);
  const references: Record<string, string | undefined> = input.references ?? {};
  const description = input.schema.description;
  if (description === undefined) throw new TypeError(`${input.name} has no description`);
  return {
    name: input.name,
    label: input.label,
    pluralLabel: input.pluralLabel,
    icon: input.icon,
    description,
    isSystem: true,
    schema: input.schema,
    primaryKey: (input.primaryKey ?? ['id']).map(snakeCase),
    fields: Object.entries(input.schema.shape).map(([key, schema]) =>
      deriveField(`${input.name}.${key}`, key, schema as z.ZodType, hidden.has(key), references[key]),
    ),
    indexes: (input.indexes ?? []).map((index) => {
      const fields = index.fields.map(snakeCase);
      return {
        name: index.name ?? indexName(input.name, fields, index),
        fields,
        unique: index.unique ?? false,
        ...(index.where && { where: { ...index.where, field: snakeCase(index.where.field) } }),
        ...(index.conflict && { conflict: index.conflict }),
      };
    }),
  };
}

function indexName(
  table: string,
  fields: string[],
  { unique, where }: { unique?: true; where?: IndexCondition<string> },
): string {
  const parts = [table.replace(/^sys_/, ''), ...fields, ...(where ? [indexSuffix(where)] : []), unique ? 'key' : 'idx'];
  const name = parts.join('_');
  // HAZARD: PostgreSQL cuts a longer name silently, and what it then reports as violated is not what we declared.
  if (name.length > LONGEST_NAME) throw new TypeError(`the index ${name} needs a shorter name`);
  return name;
}

function indexSuffix(where: IndexCondition<string>): string {
  if ('is' in where) return where.is.replace(' ', '_');
  return typeof where.equals === 'string' ? where.equals : snakeCase(where.field);
}

function deriveField(
  path: string,
  key: string,
  schema: z.ZodType,
  hidden: boolean,
  reference: string | undefined,
): ObjectField {
  const description = schema.description;
  if (description === undefined) throw new TypeError(`${path} has no description`);
  let inner: z.ZodType = schema;
  let required = !schema.safeParse(null).success;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable || inner instanceof z.ZodDefault) {
    if (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) required = false;
    inner = inner.unwrap() as z.ZodType;
  }
  const base = {
    name: snakeCase(key),
    label: key.replace(/([A-Z])/g, ' $1').replace(/^./, (letter) => letter.toUpperCase()),
    description,
    required,
    readonly: true,
    hidden,
  };
  if (schema.meta()?.['columnKind'] === 'instant' || inner.meta()?.['columnKind'] === 'instant') {
    return { ...base, type: 'datetime', kind: 'instant' };
  }
  if (inner instanceof z.ZodBoolean) return { ...base, type: 'boolean', kind: 'boolean' };
  if (inner instanceof z.ZodNumber) return { ...base, type: 'number', kind: 'integer' };
  if (inner instanceof z.ZodEnum) {
    const options = inner.options.map((value) => ({ label: humanize(String(value)), value: String(value) }));
    return { ...base, type: 'select', kind: 'text', options };
  }
  if (
    inner instanceof z.ZodRecord ||
    inner instanceof z.ZodArray ||
    inner instanceof z.ZodObject ||
    inner instanceof z.ZodUnion ||
    inner instanceof z.ZodUnknown
  ) {
    return { ...base, type: 'json', kind: 'json' };
  }
  if (inner instanceof z.ZodString || inner instanceof z.ZodStringFormat) {
    const maxLength = inner.maxLength ?? undefined;
    return {
      ...base,
      kind: 'text',
      type: reference === undefined ? 'text' : 'lookup',
      ...(maxLength !== undefined && { maxLength }),
      ...(reference !== undefined && { reference }),
    };
  }
  throw new TypeError(`${path} has a type that no column can hold`);
}

function humanize(value: string): string {
  const words = value.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
