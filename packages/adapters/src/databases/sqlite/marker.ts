import type { DatabaseTarget } from '@envplane/spec';
import { isDamage, isUnknownToSchema, openMemory, type SqliteFile } from './opener.ts';

/** `EPLN`, at offset 68 of the file. */
const APPLICATION_ID = 0x45504c4e;

export const MARKER_TABLE = '_ep_meta';

/** File-format write and read version (SQLite file format, 1.3): 2 is WAL. */
const WRITE_VERSION_OFFSET = 18;
const READ_VERSION_OFFSET = 19;
const WAL_VERSION = 2;

/** An empty database in memory that every new file begins as; made once, since making it costs more than the file. */
let blank: SqliteFile | undefined;

/** The bytes of an empty database in WAL mode that carries the target's marker. Built in memory: no file is open before it has its name. */
export function blankImage(target: DatabaseTarget): Buffer {
  if (!blank) {
    blank = openMemory();
    blank.exec(`CREATE TABLE ${MARKER_TABLE} (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`);
  }
  writeMarker(blank, target);
  const image = blank.serialize();
  image[WRITE_VERSION_OFFSET] = WAL_VERSION;
  image[READ_VERSION_OFFSET] = WAL_VERSION;
  return image;
}

/** Makes the file the target's own. */
export function writeMarker(file: SqliteFile, target: DatabaseTarget): void {
  file.pragma(`application_id = ${APPLICATION_ID}`);
  file
    .prepare(`INSERT OR REPLACE INTO ${MARKER_TABLE} VALUES ('object_id', ?), ('installation', ?)`)
    .run(target.objectId, target.installationId);
}

/** True when the file carries the target's marker. A file that is no database, or a damaged one, does not. */
export function carriesMarker(file: SqliteFile, target: DatabaseTarget): boolean {
  try {
    return (
      file.pragma('application_id', { simple: true }) === APPLICATION_ID &&
      file.prepare(`SELECT value FROM ${MARKER_TABLE} WHERE key = 'object_id'`).pluck().get() === target.objectId
    );
  } catch (error) {
    if (isDamage(error) || isUnknownToSchema(error)) return false;
    throw error;
  }
}

/** The object that the file was made as by this installation; null when it is nothing of it. */
export function objectOf(file: SqliteFile, installationId: string): string | null {
  if (!carriesAnyMarker(file)) return null;
  try {
    const rows = file.prepare(`SELECT key, value FROM ${MARKER_TABLE}`).all() as { key: string; value: string }[];
    const marker = new Map(rows.map(({ key, value }) => [key, value]));
    return marker.get('installation') === installationId ? (marker.get('object_id') ?? null) : null;
  } catch (error) {
    if (isDamage(error) || isUnknownToSchema(error)) return null;
    throw error;
  }
}

/** True when the file is a database of any control plane. */
export function carriesAnyMarker(file: SqliteFile): boolean {
  return file.pragma('application_id', { simple: true }) === APPLICATION_ID;
}
