/** Environment roles in which an application's permission can be included. Owner holds all of them, guest none. */
export const APPLICATION_ROLES = ['admin', 'maker', 'reader'] as const;
export type ApplicationRole = (typeof APPLICATION_ROLES)[number];

/** Roles on the platform. A bootstrap token is an administrator. */
export const PLATFORM_ROLES = ['administrator', 'operator', 'auditor', 'gateway'] as const;
export type PlatformRole = (typeof PLATFORM_ROLES)[number];

export const ORGANIZATION_ROLES = ['owner', 'admin', 'member'] as const;
export const ENVIRONMENT_ROLES = ['owner', 'admin', 'maker', 'reader', 'guest'] as const;

/** A role with the scope it is given in, such as `org:admin`. */
export type RoleName =
  | `platform:${PlatformRole}`
  | `org:${(typeof ORGANIZATION_ROLES)[number]}`
  | `env:${(typeof ENVIRONMENT_ROLES)[number]}`;
