import { z } from 'zod';
import { defineObject, instant } from './define-object.ts';

export const SysMigrationLedger = defineObject({
  name: 'sys_migration_ledger',
  label: 'Migration ledger entry',
  pluralLabel: 'Migration ledger',
  icon: 'book',
  schema: z
    .object({
      sourceTable: z.string().describe('The table the row was read from.'),
      sourceId: z.string().describe('Id of the row in that table.'),
      sourceHash: z.string().describe('SHA-256 over what was read of the row, to notice that it has changed since.'),
      organizationId: z.string().describe('The organization that the row belongs to.'),
      environmentId: z.string().describe('The environment that it became.'),
      state: z
        .enum(['copied', 'verified', 'finalized'])
        .describe(
          'copied: rows are written, the database is not proved; verified: the environment serves; finalized: version 4 has let go.',
        ),
      madeOrganization: z.boolean().describe('Whether the organization was made with it.'),
      lastErrorCode: z.string().nullable().describe('Why it is not verified yet, or was not proved: a code.'),
      createdAt: instant().describe('When the row was copied.'),
      updatedAt: instant().describe('When this entry last changed.'),
    })
    .describe('One row of version 4 and the environment that it became. Never two environments for one row.'),
  primaryKey: ['sourceTable', 'sourceId'],
  indexes: [{ fields: ['environmentId'], unique: true }, { fields: ['state'] }],
});

export const SysEnvironmentPackage = defineObject({
  name: 'sys_environment_package',
  label: 'Environment package',
  pluralLabel: 'Environment packages',
  icon: 'package',
  schema: z
    .object({
      id: z.string().describe('Id of the installation.'),
      tenantId: z.string().describe('The tenant it was installed in: a row of version 4.'),
      environmentId: z.string().describe('The environment that tenant became.'),
      packageId: z.string().max(255).describe('The package.'),
      packageVersion: z.string().max(50).describe('The version of the package.'),
      installationStatus: z.string().describe('State of the installation, as version 4 had it.'),
      installedAt: instant().describe('When it was installed.'),
      installedBy: z.string().describe('Who installed it.'),
      config: z.record(z.string(), z.unknown()).nullable().describe('Settings of the package.'),
    })
    .describe('A package that a host had installed for a tenant, with the environment that it belongs to now.'),
  references: { environmentId: 'sys_environment' },
  indexes: [
    { fields: ['environmentId', 'packageId'], unique: true },
    { fields: ['tenantId', 'packageId'], unique: true },
  ],
});
