import { PackageInstallationSchema, TenantDatabaseSchema } from '@envplane/spec';
import { z } from 'zod';
import { defineObject, instant } from './define-object.ts';

const tenant = TenantDatabaseSchema.shape;
const installation = PackageInstallationSchema.shape;

/** @deprecated The version 4 model. Host applications keep the table until they have migrated; the control plane has none. */
export const SysTenantDatabase = defineObject({
  name: 'sys_tenant_database',
  label: 'Tenant database',
  pluralLabel: 'Tenant databases',
  icon: 'database',
  schema: z
    .object({
      id: tenant.id,
      organizationId: tenant.organizationId,
      databaseName: tenant.databaseName,
      databaseUrl: tenant.databaseUrl,
      authToken: tenant.authToken,
      status: tenant.status,
      region: tenant.region,
      plan: tenant.plan,
      storageLimitMb: tenant.storageLimitMb,
      lastAccessedAt: instant().nullable().describe('When it was last used.'),
      metadata: tenant.metadata,
      createdAt: instant().describe('When it was created.'),
      updatedAt: instant().describe('When it last changed.'),
    })
    .describe('The one database of an organization in version 4. Deprecated.'),
  indexes: [
    { fields: ['databaseName'], unique: true },
    { fields: ['organizationId'] },
    { fields: ['status'] },
    { fields: ['plan'] },
  ],
});

/** @deprecated Kept for the migration; nothing is installed here. */
export const SysPackageInstallation = defineObject({
  name: 'sys_package_installation',
  label: 'Package installation',
  pluralLabel: 'Package installations',
  icon: 'package',
  schema: z
    .object({
      id: installation.id,
      tenantId: installation.tenantId,
      environmentId: z.string().nullable().describe('The environment that took the tenant’s place; null before that.'),
      packageId: installation.packageId,
      version: installation.version,
      status: installation.status,
      installedAt: instant().describe('When it was installed.'),
      installedBy: installation.installedBy,
      config: installation.config,
      createdAt: instant().describe('When the row was created.'),
      updatedAt: instant().describe('When it last changed.'),
    })
    .describe('A package that a host has installed for a tenant. Deprecated.'),
  indexes: [
    { fields: ['tenantId', 'packageId'], unique: true },
    { fields: ['tenantId'] },
    { fields: ['packageId'] },
    { fields: ['status'] },
  ],
});
