import { describe, expect, it } from 'vitest';
import {
  covers,
  definePermissions,
  ENVIRONMENT_ROLES,
  expandRole,
  grantableIn,
  type Held,
  isPattern,
  missingFor,
  ORGANIZATION_ROLES,
  PLATFORM_ROLES,
  type RoleName,
  scopeOf,
  unite,
} from '../../src/index.ts';

const catalogue = definePermissions({
  blog: {
    'posts.read': { description: 'Read posts.', roles: ['admin', 'maker', 'reader'] },
    'posts.publish': { description: 'Publish posts.', roles: ['admin'] },
    'drafts.purge': { description: 'Purge drafts.' },
  },
});
const ROLES: RoleName[] = [
  ...PLATFORM_ROLES.map((role) => `platform:${role}` as const),
  ...ORGANIZATION_ROLES.map((role) => `org:${role}` as const),
  ...ENVIRONMENT_ROLES.map((role) => `env:${role}` as const),
];
const NOBODY: Held = { platform: [], org: [], env: [] };
const has = (held: Held, permission: string) => covers(held[scopeOf(permission)], permission);

/** Role by role, what it holds of the catalogue. A new permission or role must be decided here. */
const TABLE: Record<string, RoleName[]> = {
  'platform:organizations.create': ['platform:operator'],
  'platform:organizations.read': ['platform:operator', 'platform:auditor'],
  'platform:organizations.archive': ['platform:operator'],
  'platform:organizations.purge': ['platform:operator'],
  'platform:placements.read': ['platform:operator', 'platform:auditor'],
  'platform:placements.manage': ['platform:operator'],
  'platform:quotas.update': ['platform:operator'],
  'platform:service_accounts.manage': ['platform:operator'],
  'platform:identities.act_as': [],
  'platform:operations.read': ['platform:operator', 'platform:auditor'],
  'platform:audit.read': ['platform:operator', 'platform:auditor'],
  'platform:traces.read': ['platform:operator', 'platform:auditor'],
  'platform:token_epochs.read': ['platform:operator', 'platform:auditor', 'platform:gateway'],
  'platform:signing_keys.read': ['platform:operator', 'platform:auditor'],
  'platform:signing_keys.rotate': ['platform:operator'],
  'platform:signing_keys.revoke': [],
  'platform:encryption_keys.read': ['platform:auditor'],
  'platform:encryption_keys.rotate': [],
  'platform:fleet.repair': ['platform:operator'],
  'org:organization.read': ['platform:operator', 'org:owner', 'org:admin', 'org:member'],
  'org:organization.update': ['platform:operator', 'org:owner', 'org:admin'],
  'org:members.read': ['platform:operator', 'org:owner', 'org:admin'],
  'org:members.manage': ['platform:operator', 'org:owner', 'org:admin'],
  'org:ownership.transfer': ['platform:operator', 'org:owner'],
  'org:environments.read': ['platform:operator', 'org:owner', 'org:admin', 'org:member'],
  'org:environments.create': ['platform:operator', 'org:owner', 'org:admin'],
  'org:environments.set_default': ['platform:operator', 'org:owner', 'org:admin'],
  'org:service_accounts.read': ['platform:operator', 'org:owner', 'org:admin'],
  'org:service_accounts.manage': ['platform:operator', 'org:owner', 'org:admin'],
  'org:audit.read': ['platform:operator', 'org:owner', 'org:admin'],
  'env:environment.read': [
    'platform:operator',
    'org:owner',
    'org:admin',
    'env:owner',
    'env:admin',
    'env:maker',
    'env:reader',
  ],
  'env:environment.update': ['platform:operator', 'org:owner', 'org:admin', 'env:owner', 'env:admin'],
  'env:environment.suspend': ['platform:operator', 'org:owner', 'org:admin', 'env:owner', 'env:admin'],
  'env:environment.archive': ['platform:operator', 'org:owner', 'org:admin', 'env:owner', 'env:admin'],
  'env:environment.restore': ['platform:operator', 'org:owner', 'org:admin', 'env:owner', 'env:admin'],
  'env:environment.purge': ['platform:operator', 'org:owner', 'env:owner'],
  'env:environment.copy': ['platform:operator', 'org:owner', 'org:admin', 'env:owner', 'env:admin'],
  'env:ownership.transfer': ['platform:operator', 'org:owner', 'env:owner'],
  'env:members.read': ['platform:operator', 'org:owner', 'org:admin', 'env:owner', 'env:admin'],
  'env:members.manage': ['platform:operator', 'org:owner', 'org:admin', 'env:owner', 'env:admin'],
  'env:credentials.read': ['platform:operator', 'org:owner', 'org:admin', 'env:owner', 'env:admin'],
  'env:credentials.rotate': ['platform:operator', 'org:owner', 'org:admin', 'env:owner', 'env:admin'],
  'env:credentials.revoke': ['platform:operator', 'org:owner', 'org:admin', 'env:owner', 'env:admin'],
  'env:connections.read_only': ['env:owner', 'env:admin'],
  'env:connections.full_access': ['env:owner', 'env:admin'],
  'env:operations.read': ['platform:operator', 'org:owner', 'org:admin', 'env:owner', 'env:admin', 'env:maker'],
  'env:operations.manage': ['platform:operator', 'org:owner', 'org:admin', 'env:owner', 'env:admin'],
  'env:audit.read': ['env:owner', 'env:admin'],
  'env:data.read': ['env:owner', 'env:admin', 'env:maker', 'env:reader'],
  'env:data.write': ['env:owner', 'env:admin', 'env:maker'],
  'env:data.schema': ['env:owner', 'env:admin', 'env:maker'],
  'env:tokens.issue': ['env:owner', 'env:admin', 'env:maker', 'env:reader'],
  'env:traces.read': ['platform:operator', 'org:owner', 'org:admin', 'env:owner', 'env:admin'],
  'blog:posts.read': ['env:owner', 'env:admin', 'env:maker', 'env:reader'],
  'blog:posts.publish': ['env:owner', 'env:admin'],
  'blog:drafts.purge': ['env:owner'],
};

describe('cap R3 roles are templates', () => {
  it('the decision table covers the catalogue', () => {
    expect(Object.keys(TABLE)).toEqual(catalogue.definitions.map(({ permission }) => permission));
  });

  it.each(ROLES)('%s holds what the table says', (role) => {
    const held = expandRole(role, catalogue);
    for (const [permission, roles] of Object.entries(TABLE)) {
      expect(has(held, permission), permission).toBe(role === 'platform:administrator' || roles.includes(role));
    }
    for (const pattern of [...held.platform, ...held.org, ...held.env]) expect(isPattern(pattern), pattern).toBe(true);
  });

  it('cap AP2 no organization role and no operator holds data, a connection or a token', () => {
    const roles: RoleName[] = [
      'org:owner',
      'org:admin',
      'org:member',
      'platform:operator',
      'platform:auditor',
      'platform:gateway',
    ];
    for (const role of roles) {
      const { env } = expandRole(role, catalogue);
      const reaching = catalogue.definitions
        .map(({ permission }) => permission)
        .filter((permission) => /^(env:(data|connections|tokens)\.|blog:)/.test(permission) && covers(env, permission));
      expect(reaching, role).toEqual([]);
    }
  });
});

describe('cap R9 nobody hands on more than they have', () => {
  const grantable = (role: RoleName) => {
    const [scope, name] = role.split(':') as [string, string];
    const roles = { organization: scope === 'org' ? name : null, platform: scope === 'platform' ? name : null };
    return grantableIn(expandRole(role, catalogue), roles, catalogue);
  };
  const mayGive = (role: RoleName) =>
    ENVIRONMENT_ROLES.filter((given) => missingFor(grantable(role), `env:${given}`, catalogue).length === 0);

  it.each<[RoleName, string[]]>([
    ['platform:administrator', ['owner', 'admin', 'maker', 'reader', 'guest']],
    ['platform:operator', ['owner', 'admin', 'maker', 'reader', 'guest']],
    ['platform:auditor', ['guest']],
    ['org:owner', ['owner', 'admin', 'maker', 'reader', 'guest']],
    ['org:admin', ['admin', 'maker', 'reader', 'guest']],
    ['org:member', ['guest']],
    ['env:owner', ['owner', 'admin', 'maker', 'reader', 'guest']],
    ['env:admin', ['admin', 'maker', 'reader', 'guest']],
    ['env:maker', ['maker', 'reader', 'guest']],
    ['env:reader', ['reader', 'guest']],
    ['env:guest', ['guest']],
  ])('in an environment %s could hand on %j', (role, given) => {
    expect(mayGive(role)).toEqual(given);
  });

  it.each<[RoleName, RoleName[]]>([
    ['platform:administrator', ROLES],
    // An auditor reads more of the platform than an operator does.
    ['platform:operator', ['platform:operator', 'platform:gateway', 'org:owner', 'org:admin', 'org:member']],
    ['org:owner', ['org:owner', 'org:admin', 'org:member']],
    ['org:admin', ['org:admin', 'org:member']],
    ['org:member', ['org:member']],
  ])('outside of environments %s could hand on %j', (role, given) => {
    const held = expandRole(role, catalogue);
    const outside = ROLES.filter((each) => role === 'platform:administrator' || !each.startsWith('env:'));
    const may = outside.filter((each) => missingFor(held, each, catalogue).length === 0);
    expect(may).toEqual(given.filter((each) => outside.includes(each)));
  });

  it('names what is missing', () => {
    expect(missingFor(grantable('env:admin'), 'env:owner', catalogue)).toEqual([
      'env:environment.purge',
      'env:ownership.transfer',
      'blog:drafts.purge',
    ]);
    expect(missingFor(NOBODY, 'env:reader', catalogue)).toEqual(expandRole('env:reader', catalogue).env);
  });

  it('roles add up', () => {
    const both = unite(expandRole('org:admin', catalogue), expandRole('env:reader', catalogue));
    expect(has(both, 'env:data.read') && has(both, 'env:members.manage')).toBe(true);
    expect(has(both, 'env:data.write')).toBe(false);
  });
});
