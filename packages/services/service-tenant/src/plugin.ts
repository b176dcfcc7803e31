import type { Logger } from '@envplane/spec';
import type { HostEngine, HostPlugin } from './host/host-context.ts';
import type { HostDatabase } from './host/host-database.ts';
import type { ControlPlane } from './open-control-plane.ts';
import type { HostOrganizations } from './organizations/adopt-organization.ts';

export type { HostContext, HostPlugin } from './host/host-context.ts';
export type { HostDatabase } from './host/host-database.ts';

/** What the host application has for the control plane that is opened inside of it. */
export interface Host {
  logger: Logger;
  /** Its own database; undefined where it has none that a store could be in. */
  database: HostDatabase | undefined;
  /** Names of the objects whose tables it keeps in its own databases. */
  objects: readonly string[];
  organizations: HostOrganizations;
  /** A service of the host, asked for when it is needed: it may come later than this plugin. */
  service<Service>(name: string): Service | undefined;
}

/** A control plane that runs inside of a host. */
export interface Hosted {
  controlPlane: ControlPlane;
  /** Closes it with everything that was opened for it. */
  close(): Promise<void>;
}

export interface HostPluginOptions {
  /** Registers the objects with the host, whose engine then reads their records; true when absent. */
  registerSystemObjects?: boolean;
  /** Registers the tables of version 4 besides; true when absent. */
  registerLegacyTenantDatabase?: boolean;
  version: string;
  /** Opens the control plane when the host's engine has started. */
  open(host: Host): Promise<Hosted>;
}

/**
 * Makes the plugin by which a host application runs a control plane. It depends on no package of a host: what it needs of one
 * is in `host/host-context.ts`. Loading this module loads nothing else; the rest comes with `init`.
 */
export function createHostPlugin(options: HostPluginOptions): HostPlugin {
  let hosted: Hosted | undefined;
  const isRegistering = options.registerSystemObjects ?? true;
  const isKeepingLegacy = isRegistering && (options.registerLegacyTenantDatabase ?? true);
  return {
    name: 'com.envplane.tenant',
    version: options.version,
    type: 'standard',
    dependencies: ['com.objectstack.engine.objectql'],

    init: async (context) => {
      if (!isRegistering) return;
      const { hostObjects } = await import('./host/host-objects.ts');
      const { legacyHostObjects } = await import('./host/legacy-tables.ts');
      const manifest = context.getService('manifest') as { register(manifest: object): void };
      manifest.register({
        id: 'com.envplane.tenant',
        name: 'Envplane',
        version: options.version,
        type: 'plugin',
        scope: 'system',
        // HAZARD: with a namespace the oldest hosts would rename them.
        objects: [...hostObjects(), ...(isKeepingLegacy ? legacyHostObjects() : [])],
      });
    },

    start: async (context) => {
      const { loggerOf, serviceOf } = await import('./host/host-context.ts');
      const { organizationsOf } = await import('./host/host-organizations.ts');
      const { databaseOf } = await import('./host/host-database.ts');
      const { DATASOURCE } = await import('./host/host-objects.ts');
      const logger = loggerOf(context);
      const engine = context.getService('objectql') as HostEngine;
      // Before anything is opened: it is what can be wrong with the host.
      if (isKeepingLegacy) await (await import('./host/legacy-tables.ts')).indexLegacyTables(engine, logger);
      hosted = await options.open({
        logger,
        // What no object was registered for is where the host keeps its own.
        database: databaseOf(engine.getDriverForObject('envplane')),
        objects: engine.registry
          .getAllObjects()
          .filter(({ datasource }) => datasource !== DATASOURCE)
          .map(({ name }) => name),
        organizations: organizationsOf(engine),
        service: (name) => serviceOf(context, name),
      });
      const { controlPlane } = hosted;
      if (isRegistering) {
        const { recordDriver } = await import('./host/record-driver.ts');
        engine.registerDriver(recordDriver(controlPlane.records, options.version));
      }
      context.registerService('tenant.provisioning', controlPlane.service);
    },

    destroy: async () => {
      await hosted?.close();
      hosted = undefined;
    },
  };
}
