import type { AdapterContext, DatabaseLocation, DatabaseTarget } from '@envplane/spec';
import type { Client } from '@libsql/client/http';
import { foreign } from '../../lib/adapter-errors.ts';
import { harden, make } from './create.ts';
import { unreachable } from './errors.ts';
import { MARKER_TABLE, mark } from './marker.ts';
import { callOf, contentsOf, inside, look, lookUp, type Sighting } from './observe.ts';
import type { DatabaseCall } from './platform-api.ts';

/** The contract's `copyDatabase`. The source keeps serving; the provider copies it as it is at one moment. */
export async function copyDatabase(
  fetch: typeof globalThis.fetch,
  source: DatabaseTarget,
  target: DatabaseTarget,
  options: { schemaOnly: boolean },
  context: AdapterContext,
): Promise<DatabaseLocation> {
  const from = callOf(fetch, source, context);
  const to = callOf(fetch, target, context);
  let database = await look(to, target, context);
  if (database?.contents.kind !== 'own') {
    const original = await lookUp(from, source, context);
    if (options.schemaOnly) {
      database ??= await make(to, target, null, context);
      await loadSchema(from, original, to, target, database, context);
    } else {
      await ensureMarked(from, source, original, context);
      database ??= await make(to, target, source.databaseName, context);
      await takeOver(to, source, target, database, context);
    }
  }
  await harden(to, target, context);
  return { databaseUrl: database.databaseUrl, externalUid: database.uid };
}

/** The copy is recognised by the marker that comes with it, and a tenant may have dropped it from the source. */
async function ensureMarked(
  call: DatabaseCall,
  source: DatabaseTarget,
  { uid, databaseUrl }: Sighting,
  context: AdapterContext,
): Promise<void> {
  const contents = await contentsOf(call, source, { uid, databaseUrl }, context);
  if (contents.kind === 'own') return;
  await inside(call, databaseUrl, 'full_access', 'tu.mark', context, (client) => mark(client, source, uid));
}

/** Replaces the source's marker. Until that is there the provider has not finished copying. */
async function takeOver(
  call: DatabaseCall,
  source: DatabaseTarget,
  target: DatabaseTarget,
  { uid, databaseUrl, contents }: Sighting,
  context: AdapterContext,
): Promise<void> {
  if (contents.kind === 'own') return;
  if (contents.kind === 'empty') throw unreachable();
  if (contents.objectId !== source.objectId) throw foreign();
  await inside(call, databaseUrl, 'full_access', 'tu.mark', context, (client) => mark(client, target, uid));
}

/** Replays the source's schema, without rows, in the transaction that marks the database. */
async function loadSchema(
  from: DatabaseCall,
  original: Sighting,
  to: DatabaseCall,
  target: DatabaseTarget,
  { uid, databaseUrl, contents }: Sighting,
  context: AdapterContext,
): Promise<void> {
  if (contents.kind === 'own') return;
  if (contents.kind === 'copied') throw foreign();
  const statements = await inside(from, original.databaseUrl, 'read_only', 'tu.load', context, readSchema);
  await inside(to, databaseUrl, 'full_access', 'tu.mark', context, (client) => mark(client, target, uid, statements));
}

/** Statements that make the schema. Shadow tables are left out: their virtual table or vector index makes its own. */
async function readSchema(client: Client): Promise<string[]> {
  const [schema, version] = await client.batch([{ sql: SCHEMA, args: [MARKER_TABLE] }, VERSION], 'read');
  const statements = (schema?.rows ?? []).map(({ sql }) => String(sql));
  return [...statements, `PRAGMA user_version = ${Number(version?.rows[0]?.[0])}`];
}

/** The PRAGMA itself counts as a write, which a read-only token may not. */
const VERSION = 'SELECT user_version FROM pragma_user_version()';

const SCHEMA = `
  SELECT sql FROM sqlite_schema
  WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'libsql\\_%' ESCAPE '\\' AND tbl_name <> ?
    AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
    AND tbl_name NOT IN (SELECT name || '_shadow' FROM sqlite_schema WHERE sql LIKE '%libsql\\_vector\\_idx%' ESCAPE '\\')
  ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, rowid`;
