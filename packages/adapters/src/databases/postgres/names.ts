import { AdapterError, type DatabaseTarget } from '@envplane/spec';

/** What our generator makes, and nothing else becomes part of a statement (S9). */
const GENERATED_NAME = /^[a-z0-9]{20,40}$/;
const INSTALLATION_ID = /^[a-z0-9]{6}$/;
const OBJECT_ID = /^[0-9A-Za-z-]{1,64}$/;

/** The database of one administrator per cluster that holds the fence. Nobody but that administrator may connect to it. */
export const FENCE_DATABASE = 'envplane_fence';

/** The schema that is the tenant's own. */
export const TENANT_SCHEMA = 'app';

/** The names of everything that belongs to one database. Without quotes; all of them are plain lower-case identifiers. */
export interface Names {
  database: string;
  /** Owns every database of the installation. Nobody can log in as it. */
  databaseOwner: string;
  /** Owns the schema and all that tenants create. Nobody can log in as it. */
  owner: string;
  /** May read what the owner creates. Nobody can log in as it. */
  reader: string;
  /** Two alternating logins an authorization. */
  logins: { full_access: readonly [string, string]; read_only: readonly [string, string] };
}

/** @throws AdapterError `invalid_request` for names that our generator cannot have made. */
export function namesOf(target: Omit<DatabaseTarget, 'placement' | 'storageLimitMb' | 'externalUid'>): Names {
  const { databaseName, organizationScope, installationId, objectId } = target;
  if (!GENERATED_NAME.test(databaseName) || !GENERATED_NAME.test(organizationScope) || !OBJECT_ID.test(objectId)) {
    throw new AdapterError('invalid_request', 'The name of the database or of its scope is not a generated one.');
  }
  return {
    database: databaseName,
    databaseOwner: `${prefixOf(installationId)}_dbo`,
    owner: `${databaseName}_o`,
    reader: `${databaseName}_r`,
    logins: {
      full_access: [`${databaseName}_a`, `${databaseName}_b`],
      read_only: [`${databaseName}_c`, `${databaseName}_d`],
    },
  };
}

/** What every database name of an installation begins with. @throws AdapterError `invalid_request` */
export function prefixOf(installationId: string): string {
  if (!INSTALLATION_ID.test(installationId)) {
    throw new AdapterError('invalid_request', 'The installation id is not a generated one.');
  }
  return `ep${installationId}`;
}

export function isGenerated(name: string): boolean {
  return GENERATED_NAME.test(name);
}

export function loginsOf({ logins }: Names): string[] {
  return [...logins.full_access, ...logins.read_only];
}

/** In the order in which they can be dropped. */
export function rolesOf(names: Names): string[] {
  return [...loginsOf(names), names.reader, names.owner];
}

/** An identifier for a statement. DDL takes no parameters. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string constant for a statement. Sessions run with `standard_conforming_strings = on`. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
