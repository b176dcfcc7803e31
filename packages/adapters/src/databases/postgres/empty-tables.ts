import { identifier, TENANT_SCHEMA } from './names.ts';
import type { Session } from './session.ts';

/** The bit of `pg_trigger.tgtype` for triggers on TRUNCATE. */
const ON_TRUNCATE = 32;

/** How a trigger is switched to each state of `pg_trigger.tgenabled`. */
const ENABLE: Record<string, string> = { O: 'ENABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' };

/**
 * Takes all rows and large objects out of a copy and starts its sequences again. To be run inside a transaction, before anybody is
 * let in. No code of the tenant runs: triggers on TRUNCATE, which would run with the administrator's rights, are off meanwhile.
 */
export async function emptyTables(inside: Session): Promise<void> {
  const triggers = await inside.rows<{ name: string; table: string; state: string }>(
    `SELECT t.tgname::text AS name, t.tgrelid::regclass::text AS table, t.tgenabled::text AS state
     FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgtype & ${ON_TRUNCATE} <> 0 AND t.tgenabled <> 'D'`,
  );
  for (const { name, table } of triggers) await inside.run(`ALTER TABLE ${table} DISABLE TRIGGER ${identifier(name)}`);
  const tables = await relations(inside, ['r', 'p']);
  if (tables.length > 0) await inside.run(`TRUNCATE ${tables.join(', ')} RESTART IDENTITY CASCADE`);
  for (const { name, table, state } of triggers) {
    await inside.run(`ALTER TABLE ${table} ${ENABLE[state] ?? 'ENABLE'} TRIGGER ${identifier(name)}`);
  }
  for (const view of await relations(inside, ['m'])) await inside.run(`REFRESH MATERIALIZED VIEW ${view} WITH NO DATA`);
  for (const sequence of await relations(inside, ['S'])) await inside.run(`ALTER SEQUENCE ${sequence} RESTART`);
  await inside.run('SELECT lo_unlink(oid) FROM pg_largeobject_metadata');
}

/** Quoted names with their schema. */
async function relations(inside: Session, kinds: readonly string[]): Promise<string[]> {
  const rows = await inside.rows<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = '${TENANT_SCHEMA}' AND c.relkind = ANY ($1::text::"char"[])`,
    [`{${kinds.join(',')}}`],
  );
  return rows.map(({ name }) => name);
}
