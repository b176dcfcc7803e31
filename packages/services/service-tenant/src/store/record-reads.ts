import { ControlPlaneError, invalidRequest } from '@envplane/spec';
import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import type { ObjectDefinition, ObjectField } from '../objects/define-object.ts';
import type { StoreEngine } from './engine.ts';
import { storeError } from './errors.ts';
import type { ControlPlaneTables } from './tables.ts';
import { encodeValue } from './transaction.ts';

/** What a record must be like. */
export type RecordCondition =
  | { all: readonly RecordCondition[] }
  | { any: readonly RecordCondition[] }
  | { not: RecordCondition }
  | { field: string; is: Comparison; value: unknown };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'contains' | 'starts' | 'ends' | 'null';

export interface RecordQuery {
  where?: RecordCondition;
  orderBy?: readonly { field: string; descending: boolean }[];
  /** At most 1,000 are read at a time, and that many when it is left out. */
  limit?: number;
  offset?: number;
}

const MOST = 1_000;
const ORDERS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);

/** Reads the records of objects as people may see them: no hidden field, and nothing that is sealed. */
export interface RecordReads {
  /** @throws ControlPlaneError `validation_failed` for what the object does not have, `store_unavailable` */
  find(object: ObjectDefinition, query: RecordQuery): Promise<Record<string, unknown>[]>;
  count(object: ObjectDefinition, where?: RecordCondition): Promise<number>;
}

/** Fields of an object that a reader is shown. */
export const shownFields = (object: ObjectDefinition): ObjectField[] =>
  object.fields.filter(({ name, hidden }) => !hidden && name !== 'secret_ciphertext');

export function createRecordReads(engine: StoreEngine<ControlPlaneTables>): RecordReads {
  // One of many tables, which types cannot follow.
  const read = engine.read as unknown as Kysely<Record<string, Record<string, unknown>>>;
  const matching = (object: ObjectDefinition, where: RecordCondition | undefined) =>
    read
      .selectFrom(object.name)
      .$if(where !== undefined, (query) =>
        query.where((eb) => expression(engine, object, eb, where as RecordCondition)),
      );

  return {
    find: async (object, { where, orderBy = [], limit = MOST, offset = 0 }) => {
      const shown = shownFields(object);
      let query = matching(object, where).select(shown.map(({ name }) => name));
      for (const { field, descending } of orderBy) {
        query = query.orderBy(fieldOf(object, field).name, descending ? 'desc' : 'asc');
      }
      const bounded = query.limit(Math.min(limit, MOST)).offset(offset);
      const rows = await bounded.execute().catch(unavailable);
      return rows.map((row) => Object.fromEntries(shown.map(({ name, kind }) => [name, shownValue(kind, row[name])])));
    },
    count: async (object, where) => {
      const count = sql<number>`count(*)`.as('count');
      const row = await matching(object, where).select(count).executeTakeFirstOrThrow().catch(unavailable);
      return Number(row.count);
    },
  };
}

function unavailable(error: unknown): never {
  throw error instanceof ControlPlaneError ? error : storeError(error);
}

const shownValue = (kind: ObjectField['kind'], value: unknown): unknown =>
  kind === 'instant' && typeof value === 'number' ? new Date(value).toISOString() : value;

function expression(
  engine: StoreEngine<ControlPlaneTables>,
  object: ObjectDefinition,
  eb: ExpressionBuilder<Record<string, Record<string, unknown>>, string>,
  condition: RecordCondition,
): Expression<SqlBool> {
  const inner = (each: RecordCondition) => expression(engine, object, eb, each);
  if ('all' in condition) return eb.and(condition.all.map(inner));
  if ('any' in condition) return eb.or(condition.any.map(inner));
  if ('not' in condition) return eb.not(inner(condition.not));
  const { is, value } = condition;
  const field = fieldOf(object, condition.field);
  const encode = (each: unknown) => encoded(engine, field, each);
  const column = eb.ref(field.name);
  if (is === 'null') return eb(column, value ? 'is' : 'is not', null);
  if (is === 'in') return eb(column, 'in', list(field, value).map(encode));
  if (ORDERS.has(is)) {
    if (value !== null) return eb(column, is as '=', encode(value));
    if (is === '=') return eb(column, 'is', null);
    if (is === '!=') return eb(column, 'is not', null);
    throw invalid(field, 'null has no order');
  }
  const text = String(value).replaceAll(/[\\%_]/g, '\\$&');
  const pattern = { contains: `%${text}%`, starts: `${text}%`, ends: `%${text}` }[is as 'contains'];
  return sql<boolean>`${column} like ${pattern} escape '\\'`;
}

function fieldOf(object: ObjectDefinition, name: string): ObjectField {
  const field = shownFields(object).find((each) => each.name === name);
  if (!field) throw invalidRequest([{ in: 'body', pointer: `/${name}`, detail: `${object.name} has no such field` }]);
  return field;
}

function list(field: ObjectField, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw invalid(field, 'takes a list');
  return value;
}

/** A value of a host as the store binds it. */
function encoded(engine: StoreEngine<ControlPlaneTables>, field: ObjectField, value: unknown): unknown {
  switch (field.kind) {
    case 'instant': {
      const ms = new Date(value as string | number | Date).getTime();
      if (Number.isNaN(ms)) throw invalid(field, 'is a point in time');
      return encodeValue(engine.dialect, field.name, ms);
    }
    case 'boolean':
      return encodeValue(engine.dialect, field.name, value === true || value === 1);
    case 'integer':
      if (!Number.isSafeInteger(value)) throw invalid(field, 'is a whole number');
      return value;
    case 'json':
      throw invalid(field, 'cannot be compared');
    default:
      return String(value);
  }
}

const invalid = (field: ObjectField, detail: string) =>
  invalidRequest([{ in: 'body', pointer: `/${field.name}`, detail }]);
