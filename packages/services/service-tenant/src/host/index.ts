import type { Logger } from '@envplane/spec';
import type { Host } from '../plugin.ts';
import { type HostContext, type HostEngine, serviceOf } from './host-context.ts';
import { databaseOf } from './host-database.ts';
import { DATASOURCE, hostObjects } from './host-objects.ts';
import { organizationsOf } from './host-organizations.ts';
import { legacyHostObjects } from './legacy-tables.ts';

/** Everything that the plugin loads when a host starts it. */
export { environmentRegistry } from './environment-registry.ts';
export { loggerOf } from './host-context.ts';
export { kernelResolver } from './kernel-resolver.ts';
export { indexLegacyTables } from './legacy-tables.ts';
export { recordDriver } from './record-driver.ts';
export { TenantContextService } from './tenant-context.ts';

/** What is registered with the service `manifest` of a host. */
export const manifestOf = (version: string, { isKeepingLegacy }: { isKeepingLegacy: boolean }) => ({
  id: 'com.envplane.tenant',
  name: 'Envplane',
  version,
  type: 'plugin',
  scope: 'system',
  // HAZARD: with a namespace the oldest hosts would rename them.
  objects: [...hostObjects(), ...(isKeepingLegacy ? legacyHostObjects() : [])],
});

export function describeHost(context: HostContext, engine: HostEngine, logger: Logger): Host {
  const own = engine.registry.getAllObjects().filter(({ datasource }) => datasource !== DATASOURCE);
  return {
    logger,
    // What no object was registered for is where the host keeps its own.
    database: databaseOf(engine.getDriverForObject('envplane')),
    objects: own.map(({ name }) => name),
    organizations: organizationsOf(engine),
    service: (name) => serviceOf(context, name),
  };
}
