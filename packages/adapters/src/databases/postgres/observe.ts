import type { DatabaseTarget, SqlRow } from '@envplane/spec';
import { foreign, missing } from '../../lib/adapter-errors.ts';
import { literal, loginsOf, type Names, namesOf } from './names.ts';
import type { Session } from './session.ts';

/**
 * How far the database has come. It stands in the marker, which is the comment on the owner role: that role is made before the
 * database and dropped after it, can be read without entering the database, and only the administrator can write its comment.
 */
export type Progress = 'making' | 'loading' | 'made' | 'dropping';

/** Something of ours: the database, or roles that were made for it or have outlived it. */
export interface Sighting {
  /** Null when there are only roles. */
  oid: string | null;
  progress: Progress;
  /** A drop of the database was interrupted in the server. All that can be done with it is to drop it again. */
  broken: boolean;
  /** Those of its logins that exist. */
  logins: readonly string[];
  /** A login that may connect may not log in: suspending does that, and nothing else. */
  suspended: boolean;
}

/** The marker of an object: the text of the comment on its owner role. */
export function markerOf(target: DatabaseTarget, progress: Progress): string {
  return `envplane:${target.objectId}:${progress}`;
}

/** The object that a marker names, of a database that is complete; null for any other text. */
export function objectIdOf(marker: string | null): string | null {
  return /^envplane:([0-9A-Za-z-]{1,64}):made$/.exec(marker ?? '')?.[1] ?? null;
}

type Row = {
  oid: string | null;
  owner: string | null;
  broken: boolean | null;
  role: boolean;
  marker: string | null;
  logins: string | null;
  suspended: boolean;
};

/** The statement that looks for a database and its roles. `sightingOf` understands its row. */
export function lookStatement(names: Names): string {
  const logins = loginsOf(names).map(literal).join(', ');
  return `SELECT d.oid::text AS oid, pg_get_userbyid(d.datdba)::text AS owner, d.datconnlimit = -2 AS broken,
            r.oid IS NOT NULL AS role,
            (SELECT description FROM pg_shdescription WHERE objoid = r.oid AND classoid = 'pg_authid'::regclass) AS marker,
            l.logins, coalesce(l.suspended, false) AS suspended
     FROM (SELECT to_regrole(${literal(names.owner)})::oid AS oid) r LEFT JOIN pg_database d ON d.datname = ${literal(names.database)},
     LATERAL (SELECT string_agg(rolname, ' ') AS logins, bool_or(NOT rolcanlogin AND has_database_privilege(oid, d.oid, 'CONNECT')) AS suspended
       FROM pg_roles WHERE rolname IN (${logins})) l`;
}

/**
 * What stands under the target's names; null when there is neither database nor role. "Ours" is a database of the installation's
 * owner role whose own owner role carries the target's marker. The oid is not compared: a database restored from a dump has
 * another one.
 * @throws AdapterError `conflict` for anything else under these names
 */
export function sightingOf(row: SqlRow | undefined, target: DatabaseTarget): Sighting | null {
  const { oid, owner, broken, role, marker, logins, suspended } = row as Row;
  if (oid === null && !role) return null;
  const progress = (['making', 'loading', 'made', 'dropping'] as const).find((p) => marker === markerOf(target, p));
  if (progress === undefined || (oid !== null && owner !== namesOf(target).databaseOwner)) throw foreign();
  return { oid, progress, broken: broken ?? false, logins: logins?.split(' ') ?? [], suspended };
}

/** Looks for the target's database and roles. @throws as `sightingOf` */
export async function look(session: Session, target: DatabaseTarget): Promise<Sighting | null> {
  const [row] = await session.rows(lookStatement(namesOf(target)));
  return sightingOf(row, target);
}

/** A database of ours that stands complete. */
export type Standing = Sighting & { oid: string };

/** @throws AdapterError `unavailable` when the database is not there */
export function standing(sighting: Sighting | null): Standing {
  if (sighting === null || sighting.oid === null || sighting.broken) throw missing();
  return { ...sighting, oid: sighting.oid };
}
