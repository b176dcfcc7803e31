import type { DatabaseTarget } from '@envplane/spec';
import type { Client } from '@libsql/client/http';

export const MARKER_TABLE = '_ep_meta';

export const MAKE_MARKER_TABLE = `CREATE TABLE IF NOT EXISTS ${MARKER_TABLE} (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`;

/**
 * What a database of our name holds. `copied`: the marker names the provider's id of another database, with which it came here
 * as part of a seed, so this one has not been marked yet. `foreign`: contents without a marker of ours.
 */
export type Contents = { kind: 'empty' } | { kind: 'own' } | { kind: 'copied'; objectId: string } | { kind: 'foreign' };

/** Looks at the contents of the database that the provider calls `uid`. */
export async function readContents(client: Client, target: DatabaseTarget, uid: string): Promise<Contents> {
  // Tables of libSQL itself come and go with its extensions.
  const { rows } = await client.execute(
    `SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'libsql\\_%' ESCAPE '\\'`,
  );
  if (rows.length === 0) return { kind: 'empty' };
  if (!rows.some(({ name }) => name === MARKER_TABLE)) return { kind: 'foreign' };
  const marker = await entriesOf(client);
  const objectId = marker.get('object_id');
  if (typeof objectId !== 'string' || marker.get('installation') !== target.installationId) return { kind: 'foreign' };
  if (marker.get('database_uid') !== uid) return { kind: 'copied', objectId };
  return { kind: objectId === target.objectId ? 'own' : 'foreign' };
}

/** The marker of a database, by key; empty where there is none. */
export async function readMarker(client: Client): Promise<ReadonlyMap<unknown, unknown>> {
  const { rows } = await client.execute(`SELECT 1 FROM sqlite_schema WHERE name = '${MARKER_TABLE}'`);
  return rows.length === 0 ? new Map() : entriesOf(client);
}

async function entriesOf(client: Client): Promise<ReadonlyMap<unknown, unknown>> {
  const { rows } = await client.execute(
    `SELECT key, value FROM ${MARKER_TABLE} WHERE key IN ('object_id', 'installation', 'database_uid')`,
  );
  return new Map(rows.map(({ key, value }) => [key, value]));
}

/** Runs `statements` and makes the database the target's own, in one transaction. */
export async function mark(
  client: Client,
  target: DatabaseTarget,
  uid: string,
  statements: string[] = [],
): Promise<void> {
  await client.batch(
    [
      ...statements,
      MAKE_MARKER_TABLE,
      {
        sql: `INSERT OR REPLACE INTO ${MARKER_TABLE} VALUES ('object_id', ?), ('installation', ?), ('database_uid', ?)`,
        args: [target.objectId, target.installationId, uid],
      },
    ],
    'write',
  );
}
