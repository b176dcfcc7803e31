import { z } from 'zod';
import { JsonRecordSchema } from './metadata.zod.ts';
import { IdSchema, InstantSchema, PrincipalIdSchema, safeText } from './scalars.zod.ts';

export const PackageInstallationStatusSchema = z
  .enum(['installing', 'active', 'disabled', 'uninstalling', 'failed'])
  .describe('State of an installed package.');
export type PackageInstallationStatus = z.infer<typeof PackageInstallationStatusSchema>;

export const PackageInstallationSchema = z
  .object({
    id: IdSchema.describe('UUID of the installation.'),
    tenantId: IdSchema.describe('The tenant it is installed in.'),
    packageId: safeText(1, 255).describe('The package.'),
    version: safeText(1, 50).describe('The version of the package.'),
    status: PackageInstallationStatusSchema.default('installing').describe('State of the installation.'),
    installedAt: InstantSchema.describe('When it was installed.'),
    installedBy: PrincipalIdSchema.describe('Who installed it.'),
    config: JsonRecordSchema.optional().describe('Settings of the package.'),
    updatedAt: InstantSchema.describe('When it last changed.'),
  })
  .describe('A package that a host has installed for a tenant. Kept for the migration; nothing is installed here.');
export type PackageInstallation = z.infer<typeof PackageInstallationSchema>;
