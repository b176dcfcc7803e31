import type { DatabaseTarget } from '@envplane/spec';
import { REACHES_MORE } from './errors.ts';
import { FENCE_DATABASE, identifier, literal, loginsOf, type Names } from './names.ts';
import { markerOf, type Progress } from './observe.ts';
import type { Session } from './session.ts';
import { type Place, serverDatabases } from './settings.ts';

const WITHOUT_RIGHTS = 'NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';

/** Makes what is missing of the roles of a database and sets their marker. Whoever runs it holds the lock on that database. */
export function makeRoles(names: Names, target: DatabaseTarget, progress: Progress): string[] {
  return [
    `DO $$ BEGIN
      ${makeDatabaseOwner(names.databaseOwner)}
      ${[names.owner, names.reader].map((role) => makeRole(names, role)).join('\n')}
    END $$`,
    mark(names, target, progress),
  ];
}

/** Writes the marker. The transaction it is part of decides what it speaks of. */
export function mark(names: Names, target: DatabaseTarget, progress: Progress): string {
  return `COMMENT ON ROLE ${identifier(names.owner)} IS ${literal(markerOf(target, progress))}`;
}

/** Creates a role of a database unless it is there. Asked by function, which needs no plan. */
function makeRole(names: Names, role: string): string {
  return `IF to_regrole(${literal(role)}) IS NULL THEN ${newRole(names, role).join('; ')}; END IF;`;
}

/**
 * Creates a role of a database. The installation's owner role becomes a member: what belongs to a tenant can be reached through it
 * by an administrator who is no superuser, and by nobody else.
 */
export function newRole(names: Names, role: string): string[] {
  return [
    `CREATE ROLE ${identifier(role)} ${WITHOUT_RIGHTS} NOINHERIT`,
    `GRANT ${identifier(role)} TO ${identifier(names.databaseOwner)}`,
  ];
}

/** Of these roles those that exist, in the order given. */
export async function existing(session: Session, roles: readonly string[]): Promise<string[]> {
  const rows = await session.rows<{ rolname: string }>(
    `SELECT rolname::text AS rolname FROM pg_roles WHERE rolname = ANY (${literal(arrayOf(roles))}::name[])`,
  );
  const found = new Set(rows.map(({ rolname }) => rolname));
  return roles.filter((role) => found.has(role));
}

/** The logins of the database that may connect to it once they may log in. */
export async function enterable(session: Session, names: Names): Promise<string[]> {
  const rows = await session.rows<{ login: string }>(
    `SELECT rolname::text AS login FROM pg_roles WHERE rolname = ANY (${literal(arrayOf(loginsOf(names)))}::name[])
       AND has_database_privilege(oid, ${literal(names.database)}, 'CONNECT')`,
  );
  return rows.map(({ login }) => login);
}

/** Asks whether one of these roles may enter a database that holds nothing of any tenant: what the server itself asks at a login (S13). */
export function getsBeyond(place: Place, roles: readonly string[]): string {
  const databases = [...serverDatabases(place), FENCE_DATABASE].map(literal).join(', ');
  const enters = roles.map((role) => `has_database_privilege(${role}, oid, 'CONNECT')`).join(' OR ');
  return `EXISTS (SELECT FROM pg_database WHERE datname IN (${databases}) AND datallowconn AND (${enters}))`;
}

/**
 * Ends the transaction with `REACHES_MORE` when one of the logins may enter such a database. The administrator asks: its session knows the
 * catalog, one that has just begun would read it for this.
 */
export function stayWithin(place: Place, logins: readonly string[]): string {
  return `DO $$ BEGIN
    IF ${getsBeyond(place, logins.map(literal))} THEN
      RAISE EXCEPTION 'a tenant could enter a database of the server itself' USING ERRCODE = '${REACHES_MORE}';
    END IF;
  END $$`;
}

/** Closes every login of the database to new sessions. */
export async function closeLogins(session: Session, names: Names): Promise<string[]> {
  return (await existing(session, loginsOf(names))).map((login) => `ALTER ROLE ${identifier(login)} NOLOGIN`);
}

/** A list of generated names as an array constant, which needs no quoting for them. */
export function arrayOf(names: readonly string[]): string {
  return `{${names.join(',')}}`;
}

/**
 * Made with the first database of an installation, by one of those that make the first. What is asked behind the lock is a query: a function
 * may still answer from what the session knew before it waited.
 */
function makeDatabaseOwner(role: string): string {
  return `IF NOT coalesce(pg_has_role(to_regrole(${literal(role)}), 'USAGE'), false) THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(${literal(role)}, 0));
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(role)}) THEN
          CREATE ROLE ${identifier(role)} ${WITHOUT_RIGHTS};
        END IF;
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(role)} AND pg_has_role(oid, 'USAGE')) THEN
          GRANT ${identifier(role)} TO CURRENT_USER;
        END IF;
      END IF;`;
}
