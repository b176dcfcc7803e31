import { BUILT_IN_PERMISSIONS, type BuiltInPermission } from './built-in-permissions.ts';
import { APPLICATION_ROLES, type ApplicationRole } from './role-names.ts';

/** Where a permission is held and asked for: on the platform, in one organization or in one environment. */
export type PermissionScope = 'platform' | 'org' | 'env';

/** A permission: `service:resource.action`. */
export type Permission = BuiltInPermission | `${string}:${string}.${string}`;

/** Longest permission, in characters. */
export const MAX_PERMISSION_LENGTH = 96;

const PERMISSION = /^[a-z][a-z0-9_-]*:[a-z][a-z0-9_-]*\.[a-z][a-z0-9_-]*$/;

/** Whether a string has the form of a permission. It may still be in no catalogue. */
export const isPermission = (text: string): text is Permission =>
  text.length <= MAX_PERMISSION_LENGTH && PERMISSION.test(text);

/**
 * The scope that a permission belongs to, by its service: `platform` and `org` have theirs, `env` and every service of an
 * application belong to the environment.
 */
export function scopeOf(permission: string): PermissionScope {
  const service = permission.slice(0, permission.indexOf(':'));
  return service === 'platform' || service === 'org' ? service : 'env';
}

/** One entry of the catalogue. */
export interface PermissionDefinition {
  permission: Permission;
  scope: PermissionScope;
  /** What its holder may do. */
  description: string;
  /** Of an application's permission: the environment roles that include it, beside owner, who holds everything. */
  roles: readonly ApplicationRole[];
}

/** The permissions of an application, by service and `resource.action`. */
export type ApplicationPermissions = Record<
  string,
  Record<string, { description: string; roles?: readonly ApplicationRole[] }>
>;

/** Every permission there is in an installation. What is not in it is held by nobody. */
export interface PermissionCatalogue {
  readonly definitions: readonly PermissionDefinition[];
  /** Services of the application, without those of the control plane. */
  readonly services: readonly string[];
  has(permission: string): permission is Permission;
}

/**
 * Makes the catalogue: the permissions of the control plane, and those of the application that runs in the environments.
 *
 * @throws TypeError for a permission that is malformed, belongs to a service of the control plane, or names an unknown role
 */
export function definePermissions(application: ApplicationPermissions = {}): PermissionCatalogue {
  const definitions: PermissionDefinition[] = Object.entries(BUILT_IN_PERMISSIONS).map(([permission, description]) => ({
    permission: permission as BuiltInPermission,
    scope: scopeOf(permission),
    description,
    roles: [],
  }));
  for (const [service, permissions] of Object.entries(application)) {
    if (RESERVED.has(service)) throw new TypeError(`the service ${service} belongs to the control plane`);
    for (const [name, { description, roles = [] }] of Object.entries(permissions)) {
      const permission = `${service}:${name}`;
      if (!isPermission(permission)) throw new TypeError(`${permission} is not a permission: service:resource.action`);
      const unknown = roles.find((role) => !APPLICATION_ROLES.includes(role));
      if (unknown !== undefined) throw new TypeError(`${permission} names the role ${unknown}, which there is not`);
      definitions.push({ permission, scope: 'env', description, roles: [...roles] });
    }
  }
  const known = new Set<string>(definitions.map(({ permission }) => permission));
  return {
    definitions,
    services: Object.keys(application),
    has: (permission): permission is Permission => known.has(permission),
  };
}

const RESERVED = new Set(['platform', 'org', 'env']);
