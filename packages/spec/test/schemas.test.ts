import { describe, expect, it } from 'vitest';
import * as spec from '../src/index.ts';
import { credential, database, environment, ID, NOW } from './fixtures.ts';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe('enums', () => {
  it.each([
    [
      'EnvironmentTypeSchema',
      spec.EnvironmentTypeSchema,
      ['production', 'sandbox', 'development', 'test', 'staging', 'preview', 'trial'],
      'prod',
    ],
    [
      'EnvironmentStatusSchema',
      spec.EnvironmentStatusSchema,
      ['provisioning', 'active', 'suspended', 'archived', 'failed', 'migrating'],
      'deleted',
    ],
    [
      'DatabaseCredentialStatusSchema',
      spec.DatabaseCredentialStatusSchema,
      ['active', 'rotating', 'revoked'],
      'staged',
    ],
    ['AuthorizationSchema', spec.AuthorizationSchema, ['full_access', 'read_only'], 'admin'],
    ['EnvironmentRoleSchema', spec.EnvironmentRoleSchema, ['owner', 'admin', 'maker', 'reader', 'guest'], 'viewer'],
    ['OrganizationRoleSchema', spec.OrganizationRoleSchema, ['owner', 'admin', 'member'], 'guest'],
    ['TenantPlanSchema', spec.TenantPlanSchema, ['free', 'starter', 'pro', 'enterprise', 'custom'], 'basic'],
    ['VisibilitySchema', spec.VisibilitySchema, ['private', 'public'], 'unlisted'],
    [
      'TenantDatabaseStatusSchema',
      spec.TenantDatabaseStatusSchema,
      ['provisioning', 'active', 'suspended', 'archived', 'failed'],
      'migrating',
    ],
    [
      'PackageInstallationStatusSchema',
      spec.PackageInstallationStatusSchema,
      ['installing', 'active', 'disabled', 'uninstalling', 'failed'],
      'installed',
    ],
  ])('%s has exactly its values', (_name, schema, values, other) => {
    expect([...schema.options]).toEqual(values);
    expect(accepts(schema, other)).toBe(false);
  });

  it('the driver is an open set without the empty name', () => {
    expect(accepts(spec.DatabaseDriverSchema, 'cockroach')).toBe(true);
    expect(accepts(spec.DatabaseDriverSchema, '')).toBe(false);
  });

  it('every credential state has a status', () => {
    expect(spec.CREDENTIAL_STATUS).toEqual({
      staged: 'rotating',
      active: 'active',
      retiring: 'rotating',
      revoked: 'revoked',
      failed: 'revoked',
    });
    expect(Object.keys(spec.CREDENTIAL_STATUS)).toEqual([...spec.CredentialStateSchema.options]);
  });
});

describe('EnvironmentSchema', () => {
  it('fills in the defaults', () => {
    expect(spec.EnvironmentSchema.parse(environment)).toEqual({
      ...environment,
      isDefault: false,
      plan: 'free',
      status: 'provisioning',
      visibility: 'private',
      deletionProtection: false,
      version: 1,
    });
  });

  it.each([
    ['upper case', 'Prod'],
    ['64 characters', 'a'.repeat(64)],
    ['a leading hyphen', '-prod'],
    ['an underscore', 'my_env'],
    ['nothing', ''],
    ['a line break at the end', 'prod\n'],
  ])('refuses a slug with %s', (_name, slug) => {
    expect(accepts(spec.EnvironmentSchema, { ...environment, slug })).toBe(false);
  });

  it.each(['p', '0', 'a'.repeat(63), 'a-1-b'])('takes the slug %s', (slug) => {
    expect(accepts(spec.EnvironmentSchema, { ...environment, slug })).toBe(true);
  });

  it.each([
    ['an id that is no UUID', { id: 'env-1' }],
    ['no organization', { organizationId: '' }],
    ['no creator', { createdBy: '' }],
    ['a type that does not exist', { envType: 'prod' }],
    ['a time without zone', { createdAt: '2026-01-31T12:00:00' }],
    ['a time with an offset', { createdAt: '2026-01-31T12:00:00+01:00' }],
    ['a day that does not exist', { createdAt: '2026-02-30T12:00:00Z' }],
    ['version 0', { version: 0 }],
  ])('refuses %s', (_name, change) => {
    expect(accepts(spec.EnvironmentSchema, { ...environment, ...change })).toBe(false);
  });

  it('tolerates a field it does not know and leaves it out', () => {
    expect(spec.EnvironmentSchema.parse({ ...environment, later: 1 })).not.toHaveProperty('later');
  });
});

describe('EnvironmentDatabaseSchema', () => {
  it.each([0, -1, 1.5, 2 ** 31, '1024'])('refuses storageLimitMb %s', (storageLimitMb) => {
    expect(accepts(spec.EnvironmentDatabaseSchema, { ...database, storageLimitMb })).toBe(false);
  });

  it('keeps the largest storage limit a safe integer in bytes', () => {
    const largest = 2 ** 31 - 1;
    expect(accepts(spec.EnvironmentDatabaseSchema, { ...database, storageLimitMb: largest })).toBe(true);
    expect(Number.isSafeInteger(largest * 2 ** 20)).toBe(true);
  });

  it.each(['not a url', '/var/lib/x.db', ''])('refuses the address %j', (databaseUrl) => {
    expect(accepts(spec.EnvironmentDatabaseSchema, { ...database, databaseUrl })).toBe(false);
  });

  it.each([
    'postgres://user:pass@db.example/x',
    'postgres://user@db.example/x',
    'postgres://:pass@db.example/x',
    'postgres://db.example/x?password=p',
    'postgres://db.example/x?USER=u',
    'libsql://db.example?authToken=t',
    'libsql://db.example?tls=1&jwt=t',
  ])('sec: refuses the address %s, which holds a credential', (databaseUrl) => {
    expect(accepts(spec.EnvironmentDatabaseSchema, { ...database, databaseUrl })).toBe(false);
  });

  it.each(['file:///data/ep1.db', 'postgres://db.example:5432/ep1?sslmode=require', 'libsql://ep1.example.io', null])(
    'takes the address %s',
    (databaseUrl) => {
      expect(accepts(spec.EnvironmentDatabaseSchema, { ...database, databaseUrl })).toBe(true);
    },
  );

  it('is complete without an address and a time only by saying null', () => {
    expect(accepts(spec.EnvironmentDatabaseSchema, { ...database, databaseUrl: null, provisionedAt: null })).toBe(true);
    expect(accepts(spec.EnvironmentDatabaseSchema, { ...database, databaseUrl: undefined })).toBe(false);
  });
});

describe('DatabaseCredentialSchema', () => {
  it('fills in the defaults', () => {
    expect(spec.DatabaseCredentialSchema.parse(credential)).toEqual({
      ...credential,
      authorization: 'full_access',
      status: 'active',
    });
  });

  it('takes an empty ciphertext, and none of the internal states as status', () => {
    expect(accepts(spec.DatabaseCredentialSchema, { ...credential, secretCiphertext: '' })).toBe(true);
    expect(accepts(spec.DatabaseCredentialSchema, { ...credential, status: 'retiring' })).toBe(false);
  });
});

describe('EnvironmentMemberSchema', () => {
  const member = { id: ID, environmentId: ID, userId: 'u', invitedBy: 'u', createdAt: NOW, updatedAt: NOW };

  it.each(['owner', 'admin', 'maker', 'reader', 'guest'])('takes the role %s', (role) => {
    expect(accepts(spec.EnvironmentMemberSchema, { ...member, role })).toBe(true);
  });

  it('has no default role', () => {
    expect(accepts(spec.EnvironmentMemberSchema, member)).toBe(false);
  });
});

describe('provisioning', () => {
  const request = { organizationId: 'org-1', slug: 'dev', envType: 'development', createdBy: 'user-1' };

  it('takes the smallest request and adds nothing to it', () => {
    expect(spec.ProvisionEnvironmentRequestSchema.parse(request)).toEqual(request);
  });

  it.each(['organizationId', 'slug', 'envType', 'createdBy'])('refuses a request without %s', (field) => {
    expect(accepts(spec.ProvisionEnvironmentRequestSchema, { ...request, [field]: undefined })).toBe(false);
    expect(accepts(spec.ProvisionEnvironmentRequestSchema, { ...request, [field]: '' })).toBe(false);
  });

  it('fills in the defaults of an organization', () => {
    expect(spec.ProvisionOrganizationRequestSchema.parse({ organizationId: 'org-1', createdBy: 'user-1' })).toEqual({
      organizationId: 'org-1',
      createdBy: 'user-1',
      defaultEnvType: 'production',
      defaultEnvSlug: 'prod',
      defaultEnvDisplayName: 'Production',
    });
  });

  it('needs an organization or the description of one', () => {
    const organization = { slug: 'acme', displayName: 'Acme', ownerUserId: 'user-1' };
    expect(accepts(spec.ProvisionOrganizationRequestSchema, { createdBy: 'user-1' })).toBe(false);
    expect(accepts(spec.ProvisionOrganizationRequestSchema, { createdBy: 'user-1', organization })).toBe(true);
  });

  it('takes the whole answer, in both forms', () => {
    const made = {
      environment: spec.EnvironmentSchema.parse(environment),
      database,
      credential: spec.DatabaseCredentialSchema.parse(credential),
      durationMs: 12.5,
      operationId: ID,
    };
    expect(spec.ProvisionEnvironmentResponseSchema.parse(made)).toEqual(made);
    const answer = { defaultEnvironment: made, durationMs: 13, operationId: ID, warnings: ['slow'] };
    expect(spec.ProvisionOrganizationResponseSchema.parse(answer)).toEqual(answer);
    expect(accepts(spec.ProvisionEnvironmentResponseSchema, { ...made, durationMs: -1 })).toBe(false);
  });

  it('an organization over HTTP gets a production environment unless told otherwise', () => {
    const body = { slug: 'acme', displayName: 'Acme', ownerUserId: 'user-1' };
    const byDefault = { slug: 'prod', envType: 'production' };
    expect(spec.CreateOrganizationBodySchema.parse(body).defaultEnvironment).toEqual(byDefault);
    expect(spec.CreateOrganizationBodySchema.parse({ ...body, defaultEnvironment: {} }).defaultEnvironment).toEqual(
      byDefault,
    );
    expect(
      spec.CreateOrganizationBodySchema.parse({ ...body, defaultEnvironment: { envType: 'trial' } }).defaultEnvironment,
    ).toEqual({ slug: 'prod', envType: 'trial' });
  });

  it('the creator over HTTP is the caller, never the body', () => {
    const body = { slug: 'dev', envType: 'development' };
    expect(accepts(spec.CreateEnvironmentBodySchema, body)).toBe(true);
    expect(accepts(spec.CreateEnvironmentBodySchema, { ...body, createdBy: 'user-1' })).toBe(false);
    expect(accepts(spec.CreateEnvironmentBodySchema, { ...body, organizationId: 'org-1' })).toBe(false);
  });

  it('the slug of an upsert is in the path, never in the body', () => {
    expect(accepts(spec.UpsertEnvironmentBodySchema, { envType: 'development' })).toBe(true);
    expect(accepts(spec.UpsertEnvironmentBodySchema, { envType: 'development', slug: 'dev' })).toBe(false);
  });

  it('the status of an environment cannot be patched', () => {
    expect(accepts(spec.UpdateEnvironmentBodySchema, { displayName: 'Dev' })).toBe(true);
    expect(accepts(spec.UpdateEnvironmentBodySchema, { status: 'active' })).toBe(false);
  });

  it('a purge needs its confirmation', () => {
    expect(accepts(spec.PurgeBodySchema, {})).toBe(false);
    expect(accepts(spec.PurgeBodySchema, { confirm: 'dev' })).toBe(true);
  });

  it('a connection has full access unless asked for less', () => {
    expect(spec.ConnectionBodySchema.parse({})).toEqual({ authorization: 'full_access' });
  });
});

describe('organization slug', () => {
  it('never has the form of a UUID', () => {
    expect(accepts(spec.SlugSchema, ID)).toBe(true);
    expect(accepts(spec.OrganizationSlugSchema, ID)).toBe(false);
    expect(accepts(spec.OrganizationSlugSchema, '00000000-0000-0000-0000-000000000000')).toBe(false);
    expect(accepts(spec.OrganizationSlugSchema, `${ID}a`)).toBe(true);
  });
});

describe('tenant routing', () => {
  it('fills in the defaults', () => {
    expect(spec.TenantRoutingConfigSchema.parse({})).toEqual({
      enabled: false,
      identificationSources: ['subdomain', 'header', 'jwt_claim'],
      tenantHeaderName: 'X-Tenant-ID',
      jwtOrganizationClaim: 'organizationId',
    });
  });

  it('does not share its default list between two configurations', () => {
    spec.TenantRoutingConfigSchema.parse({}).identificationSources.push('default');
    expect(spec.TenantRoutingConfigSchema.parse({}).identificationSources).toHaveLength(3);
  });
});

describe('version 4', () => {
  it('fills in the defaults of a database and an installation', () => {
    const tenant = spec.TenantDatabaseSchema.parse({
      id: ID,
      organizationId: 'org-1',
      databaseName: 'org-1',
      databaseUrl: 'libsql://org-1.example.io',
      authToken: 'sealed',
      region: 'us-east-1',
      storageLimitMb: 1024,
      createdAt: NOW,
      updatedAt: NOW,
    });
    expect(tenant).toMatchObject({ status: 'provisioning', plan: 'free' });
    const installation = {
      id: ID,
      tenantId: ID,
      packageId: 'crm',
      version: '1.0.0',
      installedBy: 'u',
      installedAt: NOW,
      updatedAt: NOW,
    };
    expect(spec.PackageInstallationSchema.parse(installation).status).toBe('installing');
    expect(spec.ProvisionTenantRequestSchema.parse({ organizationId: 'org-1' })).toEqual({
      organizationId: 'org-1',
      plan: 'free',
    });
  });
});
