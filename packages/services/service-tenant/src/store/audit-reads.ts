import type { AuditFilter } from '@envplane/spec';
import { type RawBuilder, sql } from 'kysely';
import type { AuditEventRow } from '../objects/index.ts';
import type { StoreEngine } from './engine.ts';
import { storeError } from './errors.ts';
import type { ControlPlaneTables } from './tables.ts';
import { encodeValue } from './transaction.ts';

type Engine = StoreEngine<ControlPlaneTables>;

/** Which entries of a chain. */
export interface AuditQuery extends Omit<AuditFilter, 'organizationId'> {
  chain: string;
}

/** Entries above a sequence number, in order. */
export function auditEvents(
  engine: Engine,
  filter: AuditQuery,
  limit: number,
  afterSeq: number,
): Promise<AuditEventRow[]> {
  const window = windowOf(engine, filter);
  const conditions = [
    sql<boolean>`chain = ${filter.chain}`,
    // NOTE: given two lower bounds SQLite begins at the first. What a page goes on after is within the window.
    window && afterSeq === 0 ? sql<boolean>`seq >= ${window.firstSeq}` : sql<boolean>`seq > ${afterSeq}`,
    ...(window ? [window.isWithin, sql<boolean>`seq <= ${window.lastSeq}`] : []),
    ...fieldsOf(filter),
  ];
  return rows(
    engine,
    sql`select * from ${through(engine, indexFor(filter))} where ${sql.join(conditions, sql` and `)}
      order by seq limit ${limit}`,
  );
}

/** Entries about an environment, the newest first, below a sequence number where one is given. They outlive it. */
export function environmentEvents(
  engine: Engine,
  environmentId: string,
  limit: number,
  beforeSeq: number | null,
): Promise<AuditEventRow[]> {
  const before = beforeSeq === null ? sql`` : sql`and seq < ${beforeSeq}`;
  return rows(
    engine,
    sql`select * from ${through(engine, 'audit_event_environment_id_seq_idx')}
      where environment_id = ${environmentId} ${before} order by seq desc limit ${limit}`,
  );
}

async function rows(engine: Engine, query: RawBuilder<unknown>): Promise<AuditEventRow[]> {
  try {
    return (await (query as RawBuilder<AuditEventRow>).execute(engine.read)).rows;
  } catch (error) {
    throw storeError(error);
  }
}

const FIELDS = {
  environmentId: 'environment_id',
  actorId: 'actor_id',
  action: 'action',
  targetId: 'target_id',
} as const;

function fieldsOf(filter: AuditQuery): RawBuilder<boolean>[] {
  const equal = Object.entries(FIELDS).flatMap(([field, column]) => {
    const value = filter[field as keyof typeof FIELDS];
    return value === undefined ? [] : [sql<boolean>`${sql.ref(column)} = ${value}`];
  });
  // A literal: only with one is it seen that the index of refusals fits.
  return filter.outcome === undefined ? equal : [...equal, sql<boolean>`outcome = ${sql.lit(filter.outcome)}`];
}

function indexFor({ environmentId, actorId, action, outcome }: AuditQuery): string | null {
  if (environmentId !== undefined) return 'audit_event_environment_id_seq_idx';
  if (outcome === 'deny') return 'audit_event_chain_seq_deny_idx';
  if (actorId !== undefined) return 'audit_event_chain_actor_id_seq_idx';
  return action === undefined ? null : 'audit_event_chain_action_seq_idx';
}

/** NOTE: SQLite keeps no statistics here and without them walks the whole chain by its primary key; PostgreSQL chooses itself. */
const through = ({ dialect }: Engine, index: string | null): RawBuilder<unknown> =>
  dialect === 'sqlite' && index !== null
    ? sql`sys_audit_event indexed by ${sql.ref(index)}`
    : sql`${sql.table('sys_audit_event')}`;

/**
 * A time window, and the numbers of its first and last entry, which keep the reading within it: times rise with the numbers
 * only nearly, since a transaction is dated when it begins.
 */
function windowOf(engine: Engine, { chain, since, until }: AuditQuery) {
  // Neither engine's calendar begins with the year 0, and nothing is older than this.
  const instant = (iso: string) => encodeValue(engine.dialect, 'occurred_at', Math.max(0, Date.parse(iso)));
  const bounds = [
    ...(since === undefined ? [] : [sql<boolean>`occurred_at >= ${instant(since)}`]),
    ...(until === undefined ? [] : [sql<boolean>`occurred_at < ${instant(until)}`]),
  ];
  if (bounds.length === 0) return null;
  const isWithin = sql<boolean>`${sql.join(bounds, sql` and `)}`;
  // NOTE: of a bare column PostgreSQL takes the lowest or highest by walking the primary key, past everything outside.
  const edge = (which: 'min' | 'max') => sql<number>`(select ${sql.raw(which)}(seq + 0)
    from ${through(engine, 'audit_event_chain_occurred_at_seq_idx')}
    where chain = ${chain} and ${isWithin})`;
  return { isWithin, firstSeq: edge('min'), lastSeq: edge('max') };
}
