import type { EnvironmentDatabaseAdapter, EnvironmentProvisioningConfig } from '@envplane/service-tenant';
import * as service from '@envplane/service-tenant';
import * as schema from '@envplane/service-tenant/schema';
import type { DatabaseAdapter } from '@envplane/spec';
import { expect, expectTypeOf, it } from 'vitest';
import * as plugin from '../../src/plugin.ts';

it('what applications of the protocol import is exported under the names that they know', () => {
  expect(plugin).toHaveProperty('createTenantPlugin');
  for (const name of ['EnvironmentProvisioningService', 'TenantContextService', 'migrateV4ToV5Environments']) {
    expect(service, name).toHaveProperty(name);
  }
  for (const name of ['Environment', 'EnvironmentDatabase', 'DatabaseCredential', 'EnvironmentMember']) {
    expect(schema, name).toHaveProperty(`Sys${name}`);
  }
  for (const name of ['SysTenantDatabase', 'SysPackageInstallation']) expect(schema, name).toHaveProperty(name);
  const { prototype } = service.EnvironmentProvisioningService;
  for (const verb of ['provisionSystemEnvironment', 'provisionSystemProject', 'rotateCredential', 'registerAdapter']) {
    expect(prototype, verb).toHaveProperty(verb);
  }
  expectTypeOf<EnvironmentDatabaseAdapter>().toEqualTypeOf<DatabaseAdapter>();
  expectTypeOf<EnvironmentProvisioningConfig>().toEqualTypeOf<service.ControlPlaneOptions>();
  expectTypeOf<plugin.TenantPluginConfig>().toEqualTypeOf<plugin.TenantPluginOptions>();
});
