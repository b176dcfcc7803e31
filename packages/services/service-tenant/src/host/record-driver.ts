import { ControlPlaneError, invalidRequest } from '@envplane/spec';
import type { ObjectDefinition } from '../objects/define-object.ts';
import type { Comparison, RecordCondition, RecordQuery, RecordReads } from '../store/record-reads.ts';
import { DATASOURCE, readableObjects } from './host-objects.ts';

/** A query of a host's engine. */
interface HostQuery {
  where?: unknown;
  orderBy?: readonly { field: string; order?: string }[];
  limit?: number;
  offset?: number;
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  $eq: '=',
  $ne: '!=',
  $lt: '<',
  $lte: '<=',
  $gt: '>',
  $gte: '>=',
  $in: 'in',
  $contains: 'contains',
  $startsWith: 'starts',
  $endsWith: 'ends',
  $null: 'null',
};

/**
 * A datasource over the records of the control plane. A host's query engine reads them like its own objects, and neither
 * it nor its SQL driver ever writes them, alters their tables or converts what is in them: rows change by verbs alone.
 */
export function recordDriver(records: RecordReads, version: string): object {
  const find = async (name: string, query: HostQuery = {}) => records.find(objectOf(name), recordQuery(query));
  const refuse = async (name: string): Promise<never> => {
    throw new ControlPlaneError(
      'read_only',
      `Records of ${name} change by the verbs of the service tenant.provisioning, not by writing them.`,
    );
  };
  const nothing = async () => undefined;
  return {
    name: DATASOURCE,
    version,
    supports: { queryFilters: true, querySorting: true, queryPagination: true, transactions: false },
    connect: nothing,
    disconnect: nothing,
    checkHealth: async () => true,
    find,
    findOne: async (name: string, query: HostQuery = {}) => (await find(name, { ...query, limit: 1 }))[0] ?? null,
    count: async (name: string, query: HostQuery = {}) =>
      records.count(objectOf(name), query.where ? condition(query.where) : undefined),
    ...{ create: refuse, update: refuse, upsert: refuse, delete: refuse },
    ...{ bulkCreate: refuse, bulkUpdate: refuse, bulkDelete: refuse, updateMany: refuse, deleteMany: refuse },
  };
}

function objectOf(name: string): ObjectDefinition {
  const object = readableObjects.find((each) => each.name === name);
  if (!object)
    throw new ControlPlaneError('not_found', `The control plane has no object ${name} that a host may read.`);
  return object;
}

const recordQuery = ({ where, orderBy, limit, offset }: HostQuery): RecordQuery => ({
  ...(where !== undefined && where !== null && { where: condition(where) }),
  ...(orderBy && { orderBy: orderBy.map(({ field, order }) => ({ field, descending: order === 'desc' })) }),
  ...(limit !== undefined && { limit }),
  ...(offset !== undefined && { offset }),
});

/** @throws ControlPlaneError `validation_failed` for what is not understood: a filter that is left out would show more */
function condition(where: unknown): RecordCondition {
  if (!isRecord(where)) throw unknown('the filter');
  return { all: Object.entries(where).map(([key, value]) => clause(key, value)) };
}

function clause(key: string, value: unknown): RecordCondition {
  if (key === '$and' || key === '$or') {
    if (!Array.isArray(value)) throw unknown(key);
    return key === '$and' ? { all: value.map(condition) } : { any: value.map(condition) };
  }
  if (key === '$not') return { not: condition(value) };
  if (key.startsWith('$')) throw unknown(key);
  if (!isRecord(value) || value instanceof Date) return { field: key, is: '=', value };
  return { all: Object.entries(value).map(([operator, operand]) => comparison(key, operator, operand)) };
}

function comparison(field: string, operator: string, value: unknown): RecordCondition {
  if (operator === '$nin') return { not: { field, is: 'in', value } };
  if (operator === '$notContains') return { not: { field, is: 'contains', value } };
  if (operator === '$exists') return { field, is: 'null', value: value === false };
  const is = COMPARISONS[operator];
  if (is === undefined) throw unknown(operator);
  return { field, is, value };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unknown = (what: string) =>
  invalidRequest([{ in: 'query', pointer: '', detail: `${what} cannot be asked of the control plane` }]);
