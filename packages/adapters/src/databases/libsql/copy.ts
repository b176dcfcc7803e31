import type { AdapterContext, DatabaseLocation, DatabaseTarget } from '@envplane/spec';
import { dataError } from '../../lib/hrana-handle.ts';
import { forkNamespace, readConfig } from './admin-api.ts';
import { configure, inTurn } from './configure.ts';
import { createOwn, harden } from './create.ts';
import { effect } from './effects.ts';
import { look, lookUp } from './observe.ts';
import { withOwnAccess } from './own-access.ts';
import { namespaceOf, type Place, placeOf } from './place.ts';
import { remove } from './remove.ts';
import { stageOf } from './stages.ts';

const NO_KEYS: ReadonlyMap<string, string> = new Map();

/**
 * The contract's `copyDatabase`; the source keeps serving. A fork copies keys as well as rows, and what lies under the target's
 * name must be the target's from the first moment. So the copy is made ready in a stage, a namespace that nobody is told of: it
 * gets the target's marker and loses the source's keys, and is then forked into its name. A crash leaves nothing under the
 * name, or the whole copy.
 */
export async function copyDatabase(
  source: DatabaseTarget,
  target: DatabaseTarget,
  options: { schemaOnly: boolean },
  context: AdapterContext,
): Promise<DatabaseLocation> {
  const place = placeOf(target.placement);
  const stage = stageOf(target, options);
  const { signal } = context;
  if ((await effect(context, 'ns.observe', () => look(place, target, signal))) === null) {
    await (options.schemaOnly ? stageSchema : stageEverything)(place, stage, source, target, context);
    await effect(context, 'ns.fork', () => fork(place, stage, namespaceOf(target), signal));
  }
  const location = await harden(place, target, context);
  const left = await effect(context, 'ns.observe', () => readConfig(place, stage, signal));
  if (left !== null) await remove(place, stage, context);
  return location;
}

async function stageEverything(
  place: Place,
  stage: string,
  source: DatabaseTarget,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<void> {
  const { signal } = context;
  if ((await effect(context, 'ns.observe', () => readConfig(place, stage, signal))) === null) {
    await lookUp(place, source, context);
    await effect(context, 'ns.fork', () => fork(place, namespaceOf(source), stage, signal));
  }
  await effect(context, 'ns.config', () =>
    configure(place, stage, target, () => ({ keys: NO_KEYS, blocked: false }), { signal, also: source }),
  );
}

async function stageSchema(
  place: Place,
  stage: string,
  source: DatabaseTarget,
  target: DatabaseTarget,
  context: AdapterContext,
): Promise<void> {
  const { signal } = context;
  if ((await effect(context, 'ns.observe', () => readConfig(place, stage, signal))) === null) {
    await lookUp(place, source, context);
    await effect(context, 'ns.create', () => createOwn(place, stage, target, context));
  }
  const schema = await withOwnAccess(place, namespaceOf(source), source, context, 'read_only', (client) =>
    effect(context, 'ns.load', () =>
      client.batch([SCHEMA, 'SELECT user_version FROM pragma_user_version'], 'read').catch(refuse),
    ),
  );
  const [statements = [], version = []] = schema.map(({ rows }) => rows.map((row) => String(row[0])));
  await withOwnAccess(place, stage, target, context, 'full_access', (client) =>
    effect(context, 'ns.load', async () => {
      const { rows } = await client.execute('SELECT count(*) FROM sqlite_schema').catch(refuse);
      // All of it is one transaction, so anything means everything: an earlier attempt came this far.
      if (Number(rows[0]?.[0]) > 0) return;
      await client.batch([...statements, `PRAGMA user_version = ${Number(version[0])}`], 'write').catch(refuse);
    }),
  );
}

/** Tables first, since everything else refers to them. Shadow tables are left out: their virtual table makes its own. */
const SCHEMA = `
  SELECT sql FROM sqlite_schema
  WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'libsql\\_%' ESCAPE '\\'
    AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
  ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, rowid`;

function refuse(error: unknown): never {
  throw dataError(error);
}

function fork(place: Place, from: string, to: string, signal: AbortSignal): Promise<void> {
  return inTurn(`${place.adminUrl} ${to}`, () => forkNamespace(place, from, to, signal));
}
