import { type AdapterContext, AdapterError, type DatabaseLocation, type DatabaseTarget } from '@envplane/spec';
import { foreign, missing } from '../../lib/adapter-errors.ts';
import { syncFile, writeNewFile } from '../../lib/private-file.ts';
import { publish } from './create.ts';
import { effect } from './effects.ts';
import { blankImage, carriesMarker, MARKER_TABLE, writeMarker } from './marker.ts';
import { lookUp } from './observe.ts';
import { openFile, type SqliteFile, withFile } from './opener.ts';
import { layoutOf } from './paths.ts';
import { newTemporary } from './temporary.ts';

/** Pages copied before other work gets a turn: a few ms. */
const PAGES_PER_TURN = 500;

/** The contract's `copyDatabase`. The source keeps serving; the copy shows it as it was at one moment. */
export async function copyDatabase(
  root: string,
  source: DatabaseTarget,
  target: DatabaseTarget,
  options: { schemaOnly: boolean },
  context: AdapterContext,
): Promise<DatabaseLocation> {
  const from = layoutOf(root, source);
  const to = layoutOf(root, target);
  return publish(to, target, context, async () => {
    const found = await lookUp(from, source, context);
    if (!found.live) throw missing();
    return effect(context, 'sq.load', async () => {
      const temporary = newTemporary(to, context.fenceEpoch);
      // The file exists with our mode and name before SQLite opens it; a link in its place would have been refused.
      await writeNewFile(temporary, options.schemaOnly ? blankImage(target) : new Uint8Array());
      const file = openFile(from.live, 'shared');
      try {
        if (!carriesMarker(file, source)) throw foreign();
        await (options.schemaOnly ? copySchema(file, temporary) : copyPages(file, temporary, context.signal));
      } finally {
        file.close();
      }
      await markAsOwn(temporary, target);
      return temporary;
    });
  });
}

/** Copies all pages of one snapshot in small turns. `VACUUM INTO` would block the process, and with it the lease, for as long as it takes. */
async function copyPages(file: SqliteFile, destination: string, signal: AbortSignal): Promise<void> {
  // Without a read transaction of its own the copy starts over whenever somebody writes.
  file.exec('BEGIN; SELECT 1 FROM sqlite_schema');
  await file.backup(destination, {
    progress() {
      if (signal.aborted) throw new AdapterError('outcome_unknown', 'The call was aborted.');
      return PAGES_PER_TURN;
    },
  });
}

/** Replays what the schema says, without rows. Shadow tables are left out: their virtual table makes its own. */
function copySchema(source: SqliteFile, destination: string): void {
  const statements = source
    .prepare<unknown[], string>(
      `SELECT sql FROM sqlite_schema
       WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND tbl_name <> ?
         AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
       ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, rowid`,
    )
    .pluck()
    .all(MARKER_TABLE);
  withFile(destination, 'exclusive', (file) => {
    file.exec('BEGIN');
    for (const sql of statements) file.prepare(sql).run();
    file.pragma(`user_version = ${source.pragma('user_version', { simple: true })}`);
    file.exec('COMMIT');
  });
}

/** Replaces the source's marker before anybody can reach the copy, and waits until the copy is on disk. */
async function markAsOwn(path: string, target: DatabaseTarget): Promise<void> {
  withFile(path, 'exclusive', (file) => {
    file.pragma('journal_mode = WAL');
    writeMarker(file, target);
  });
  await syncFile(path);
}
