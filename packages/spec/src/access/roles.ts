import type { BuiltInPermission } from './built-in-permissions.ts';
import { missingOf, type Pattern } from './patterns.ts';
import type { PermissionCatalogue, PermissionScope } from './permissions.ts';
import type { ApplicationRole, RoleName } from './role-names.ts';

/** What somebody holds, by the scope it is held in. */
export type Held = Record<PermissionScope, readonly Pattern[]>;

const NOTHING: Held = { platform: [], org: [], env: [] };

/** What an organization's owner may do in every environment of it. No data, no connection and no token (those take a membership). */
const INHERITED_BY_OWNER = [
  'env:environment.*',
  'env:ownership.transfer',
  'env:members.*',
  'env:credentials.*',
  'env:operations.*',
  'env:traces.read',
] as const;

const NOT_OPERATOR: readonly BuiltInPermission[] = [
  'platform:identities.act_as',
  'platform:signing_keys.revoke',
  'platform:encryption_keys.read',
  'platform:encryption_keys.rotate',
];
const NOT_ORGANIZATION_ADMIN: readonly BuiltInPermission[] = [
  'org:ownership.transfer',
  'env:environment.purge',
  'env:ownership.transfer',
];
const NOT_ENVIRONMENT_ADMIN: readonly BuiltInPermission[] = ['env:environment.purge', 'env:ownership.transfer'];

const READER: readonly BuiltInPermission[] = ['env:environment.read', 'env:tokens.issue', 'env:data.read'];
const MAKER: readonly BuiltInPermission[] = [...READER, 'env:data.write', 'env:data.schema', 'env:operations.read'];

/**
 * What a role gives. Roles are templates in code; nothing decides by their name. A wildcard stays one where the role is to
 * hold whatever is added to the catalogue later.
 */
export function expandRole(role: RoleName, catalogue: PermissionCatalogue): Held {
  const all = (...patterns: Pattern[]) => concrete(catalogue, patterns);
  const except = (patterns: readonly Pattern[], without: readonly string[]) =>
    concrete(catalogue, patterns).filter((permission) => !without.includes(permission));
  const marked = (name: ApplicationRole) =>
    catalogue.definitions.filter(({ roles }) => roles.includes(name)).map(({ permission }) => permission);

  switch (role) {
    case 'platform:administrator':
      return { platform: ['platform:*'], org: ['org:*'], env: ['*'] };
    case 'platform:operator':
      return { platform: except(['platform:*'], NOT_OPERATOR), org: ['org:*'], env: INHERITED_BY_OWNER };
    case 'platform:auditor':
      return { ...NOTHING, platform: all('platform:*').filter((permission) => permission.endsWith('.read')) };
    case 'platform:gateway':
      return { ...NOTHING, platform: ['platform:token_epochs.read'] };
    case 'org:owner':
      return { ...NOTHING, org: ['org:*'], env: INHERITED_BY_OWNER };
    case 'org:admin':
      return {
        ...NOTHING,
        org: except(['org:*'], NOT_ORGANIZATION_ADMIN),
        env: except(INHERITED_BY_OWNER, NOT_ORGANIZATION_ADMIN),
      };
    case 'org:member':
      return { ...NOTHING, org: ['org:organization.read', 'org:environments.read'] };
    case 'env:owner':
      return { ...NOTHING, env: ['*'] };
    case 'env:admin':
      return { ...NOTHING, env: [...except(['env:*'], NOT_ENVIRONMENT_ADMIN), ...marked('admin')] };
    case 'env:maker':
      return { ...NOTHING, env: [...MAKER, ...marked('maker')] };
    case 'env:reader':
      return { ...NOTHING, env: [...READER, ...marked('reader')] };
    case 'env:guest':
      return NOTHING;
    // A store may hold roles of a newer version.
    default:
      return NOTHING;
  }
}

/** The permissions of the catalogue that patterns stand for. */
function concrete(catalogue: PermissionCatalogue, patterns: readonly Pattern[]): Pattern[] {
  return missingOf([], patterns, catalogue);
}

/** What several roles give together; grants only add. */
export function unite(...parts: readonly Held[]): Held {
  const union = (scope: PermissionScope) => [...new Set(parts.flatMap((part) => part[scope]))];
  return { platform: union('platform'), org: union('org'), env: union('env') };
}

/**
 * What a holder may hand on in an environment: what they hold there; whoever manages the environments of an organization as
 * its admin may also make environment admins, as its owner (or as operator or administrator) environment owners.
 */
export function grantableIn(
  held: Held,
  roles: { organization: string | null; platform: string | null },
  catalogue: PermissionCatalogue,
): Held {
  const isOwner = roles.organization === 'owner' || roles.platform === 'operator' || roles.platform === 'administrator';
  if (isOwner) return unite(held, expandRole('env:owner', catalogue));
  return roles.organization === 'admin' ? unite(held, expandRole('env:admin', catalogue)) : held;
}

/** What a role would give that the set does not hold; empty when it may be assigned, changed or taken away. */
export function missingFor(set: Held, role: RoleName, catalogue: PermissionCatalogue): Pattern[] {
  const wanted = expandRole(role, catalogue);
  const scopes: PermissionScope[] = ['platform', 'org', 'env'];
  return scopes.flatMap((scope) => missingOf(set[scope], wanted[scope], catalogue));
}
