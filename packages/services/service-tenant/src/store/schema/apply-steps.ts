import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Query, StoreEngine } from '../engine.ts';
import type { ControlPlaneTables, KeyTables } from '../tables.ts';
import { encodeValues } from '../transaction.ts';
import type { Engine } from './ddl.ts';

/** One change of the schema. Never edited after a release; a checksum guards that. */
export interface SchemaStep {
  id: number;
  name: string;
  statements: Record<Engine, readonly string[]>;
}

/** SHA-256 over the statements of one engine, hex. */
export function stepChecksum(step: SchemaStep, engine: Engine): string {
  return createHash('sha256').update(step.statements[engine].join(';\n')).digest('hex');
}

/**
 * What a store has of the steps this code knows. `newer`: all of them and others besides, because another process has upgraded
 * the store; steps only add, so this code goes on. `lacking`: it needs one that is not there, or that has another text.
 */
export type SchemaState = 'current' | 'newer' | 'lacking';

/** Compares the steps that were applied to a store with those this code knows. Changes nothing. @throws when it cannot be read */
export async function schemaState(
  engine: StoreEngine<ControlPlaneTables> | StoreEngine<KeyTables>,
  steps: readonly SchemaStep[],
): Promise<SchemaState> {
  const store = engine as StoreEngine<StepTables>;
  const applied = await appliedSteps(store.read);
  if (steps.some((step) => applied.get(step.id) !== stepChecksum(step, store.dialect))) return 'lacking';
  return applied.size > steps.length ? 'newer' : 'current';
}

/** Checksums by id. */
async function appliedSteps(query: Pick<Query<StepTables>, 'selectFrom'>): Promise<Map<number, string>> {
  const rows = await query.selectFrom('sys_schema_step').select(['id', 'checksum']).execute();
  return new Map(rows.map(({ id, checksum }) => [id, checksum]));
}

/** Both stores keep their steps in a table of the same shape. */
type StepTables = Pick<ControlPlaneTables, 'sys_schema_step'>;

/**
 * Applies the steps a store lacks, in order, in one transaction and under one lock, so that processes that start together
 * and a process that dies half-way leave the schema of either before or after. Steps newer than this code are left alone:
 * they only add (a rolling upgrade starts old and new code on one store).
 *
 * @throws Error when a step that was applied has another text here
 */
export async function applySchemaSteps(
  engine: StoreEngine<ControlPlaneTables> | StoreEngine<KeyTables>,
  steps: readonly SchemaStep[],
): Promise<void> {
  // A store that is current needs no lock and no right to change it. One that cannot be read tells why below.
  if ((await schemaState(engine, steps).catch(() => 'lacking')) !== 'lacking') return;
  const store = engine as StoreEngine<StepTables>;
  const instantType = engine.dialect === 'postgres' ? 'timestamptz(3)' : 'integer';
  await store.write(async (query, nowMs) => {
    if (engine.dialect === 'postgres') {
      // However long another process takes for its steps.
      await sql`set local lock_timeout = 0`.execute(query);
      await sql`select pg_advisory_xact_lock(hashtextextended('envplane schema steps', 0))`.execute(query);
      if (engine.schema) await sql`create schema if not exists ${sql.id(engine.schema)}`.execute(query);
    }
    await sql
      .raw(
        `create table if not exists sys_schema_step (id integer primary key, name text not null, checksum text not null, applied_at ${instantType} not null)`,
      )
      .execute(query);
    const applied = await appliedSteps(query);
    for (const step of steps) {
      const checksum = stepChecksum(step, engine.dialect);
      const known = applied.get(step.id);
      if (known !== undefined) {
        if (known !== checksum)
          throw new Error(`schema step ${step.id} (${step.name}) differs from the one that was applied`);
        continue;
      }
      for (const statement of step.statements[engine.dialect]) await sql.raw(statement).execute(query);
      await query
        .insertInto('sys_schema_step')
        .values(encodeValues(engine.dialect, { id: step.id, name: step.name, checksum, applied_at: nowMs }))
        .execute();
    }
  });
}
