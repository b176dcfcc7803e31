import { type AdapterContext, AdapterError, type DatabaseLocation, type DatabaseTarget } from '@envplane/spec';
import { asAdministrator } from './administrator.ts';
import { effect } from './effects.ts';
import type { FencedWork } from './fence.ts';
import { identifier, literal, type Names, rolesOf, TENANT_SCHEMA } from './names.ts';
import type { Progress } from './observe.ts';
import { mark } from './roles.ts';
import { databaseUrlOf } from './settings.ts';

/** Brings a database of ours to how it should be. Logins are left as they are: a suspended database stays suspended. */
export async function harden(
  { place, script, names }: FencedWork,
  target: DatabaseTarget,
  progress: Progress,
  context: AdapterContext,
): Promise<DatabaseLocation> {
  return effect(context, 'pg.harden', async () => {
    // Asked here and not inside: a session that has just begun knows nothing of the catalog yet.
    const { oid } = refuseFindings(
      await script<Findings>([...openDatabase(names, place.connectionLimit), findingsAround(names)]),
    );
    await asAdministrator(place, names.database, context.signal, async (inside) =>
      refuseFindings(
        await inside.script<Findings>([
          ...secureInside(names),
          ...(progress === 'made' ? [] : [mark(names, target, 'made')]),
          // Before it was complete nobody has entered it but us, whose transaction makes its schema.
          progress === 'making' ? `SELECT ${SCHEMA_OPEN}` : findingsWithin(names),
        ]),
      ),
    );
    return { databaseUrl: databaseUrlOf(place, names.database), externalUid: String(oid) };
  });
}

/** Lets connections in after everybody but its own roles has been shut out (S12). */
export function openDatabase(names: Names, connectionLimit: number): string[] {
  const database = identifier(names.database);
  return [
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
    `GRANT TEMPORARY ON DATABASE ${database} TO ${identifier(names.owner)}`,
    `ALTER DATABASE ${database} WITH ALLOW_CONNECTIONS true CONNECTION LIMIT ${connectionLimit}`,
  ];
}

/** The privileges inside the database. Tenants own a schema, never the database: its owner could drop it. */
export function secureInside(names: Names): string[] {
  const [owner, reader] = [identifier(names.owner), identifier(names.reader)];
  return [
    'REVOKE ALL ON SCHEMA public FROM PUBLIC',
    `CREATE SCHEMA IF NOT EXISTS ${TENANT_SCHEMA} AUTHORIZATION ${owner}`,
    `REVOKE CREATE ON SCHEMA ${TENANT_SCHEMA} FROM ${reader}`,
    `GRANT USAGE ON SCHEMA ${TENANT_SCHEMA} TO ${reader}`,
    ...['TABLES', 'SEQUENCES'].map(
      (kind) =>
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA ${TENANT_SCHEMA} GRANT SELECT ON ${kind} TO ${reader}`,
    ),
  ];
}

/** What is not as it must be, by name, and which database was asked. */
export type Findings = Record<string, boolean | string>;

/** Asks the server whether a database and its roles are as they must be (S11, S14). Somebody with more rights than ours may have changed them. */
export function findingsAround(names: Names): string {
  const [database, databaseOwner, owner, reader] = [names.database, names.databaseOwner, names.owner, names.reader].map(
    literal,
  );
  const oneOf = (list: readonly string[]) => `rolname IN (${list.map(literal).join(', ')})`;
  return `SELECT d.oid::text AS oid, pg_get_userbyid(d.datdba) <> ${databaseOwner} AS owner,
      has_database_privilege('public', d.oid, 'CONNECT, TEMPORARY, CREATE') AS database_open, r.*
    FROM pg_database d, (SELECT
      bool_or(rolsuper OR rolinherit OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) AS powerful,
      bool_or(rolcanlogin AND rolname IN (${owner}, ${reader})) AS enterable,
      bool_or(EXISTS (SELECT FROM pg_auth_members m WHERE m.member = pg_roles.oid AND m.roleid IS DISTINCT FROM
        CASE WHEN ${oneOf(names.logins.full_access)} THEN to_regrole(${owner})
             WHEN ${oneOf(names.logins.read_only)} THEN to_regrole(${reader}) END)) AS related
      FROM pg_roles WHERE ${oneOf(rolesOf(names))}) r
    WHERE d.datname = ${database}`;
}

/** Of a schema that every database has. A new session answers it at once: a query would have to be planned, with nothing of the catalog known. */
const SCHEMA_OPEN = "has_schema_privilege('public', 'public', 'USAGE, CREATE') AS schema_open";

/** Asks a database whether its schemas are as they must be (S13, S15). */
export function findingsWithin(names: Names): string {
  return `SELECT ${SCHEMA_OPEN},
    EXISTS (SELECT FROM pg_namespace WHERE nspname = '${TENANT_SCHEMA}' AND pg_get_userbyid(nspowner) <> ${literal(names.owner)}) AS schema`;
}

/** The answer to one of the questions above, the last of these results. */
export const findingsOf = (results: readonly Findings[][]): Findings => results.at(-1)?.[0] ?? {};

/**
 * Reads such an answer.
 * @throws AdapterError `unavailable` when anything was found, or nothing was asked
 */
export function refuseFindings(results: readonly Findings[][]): Findings {
  const answer = findingsOf(results);
  const { oid: _oid, ...found } = answer;
  const answers = Object.values(found);
  if (answers.length === 0 || answers.some((each) => each !== false)) {
    throw new AdapterError('unavailable', 'The roles or privileges of the database are not as they must be.');
  }
  return answer;
}
