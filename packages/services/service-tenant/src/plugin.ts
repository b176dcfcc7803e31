import type { Logger, TenantRoutingConfig } from '@envplane/spec';
import type { HostContext, HostEngine, HostPlugin } from './host/host-context.ts';
import type { HostDatabase } from './host/host-database.ts';
import type { Identify } from './host/kernel-resolver.ts';
import type { ControlPlane } from './open-control-plane.ts';
import type { HostOrganizations } from './organizations/adopt-organization.ts';

export type { HostContext, HostPlugin } from './host/host-context.ts';
export type { HostDatabase } from './host/host-database.ts';
export type { Identify } from './host/kernel-resolver.ts';

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
  identify: Identify;
  /** Closes it with everything that was opened for it. */
  close(): Promise<void>;
}

export interface HostPluginOptions {
  /** How requests are told apart by tenant; the service `tenant` is there when it is given. */
  routing?: TenantRoutingConfig;
  /** Takes over from the host how a request finds its environment, by the service `kernel-resolver`; false when absent. */
  resolveKernels?: boolean;
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
  const opened = () => {
    if (hosted) return { service: hosted.controlPlane.service, identify: hosted.identify };
    throw new Error('the control plane is not open: the host has not started this plugin yet, or has stopped it');
  };
  const isRegistering = options.registerSystemObjects ?? true;
  const isKeepingLegacy = isRegistering && (options.registerLegacyTenantDatabase ?? true);
  return {
    name: 'com.envplane.tenant',
    version: options.version,
    type: 'standard',
    dependencies: ['com.objectstack.engine.objectql'],

    // The services that hosts look up when they start are there before any of them does.
    init: async (context) => {
      const host = await import('./host/index.ts');
      if (isRegistering) {
        const manifest = context.getService('manifest') as { register(manifest: object): void };
        manifest.register(host.manifestOf(options.version, { isKeepingLegacy }));
      }
      context.registerService('env-registry', host.environmentRegistry(opened));
      if (options.routing) context.registerService('tenant', new host.TenantContextService(options.routing, opened));
      if (options.resolveKernels) context.registerService('kernel-resolver', host.kernelResolver(opened));
    },

    start: async (context) => {
      const host = await import('./host/index.ts');
      const logger = host.loggerOf(context);
      const engine = context.getService('objectql') as HostEngine;
      // Before anything is opened: it is what can be wrong with the host.
      if (isKeepingLegacy) await host.indexLegacyTables(engine, logger);
      const opening = await options.open(host.describeHost(context, engine, logger));
      try {
        const { controlPlane } = opening;
        if (isRegistering) engine.registerDriver(host.recordDriver(controlPlane.records, options.version));
        registerServices(context, controlPlane);
        hosted = opening;
      } catch (error) {
        // A plugin that did not start is not asked to stop.
        await opening.close();
        throw error;
      }
    },

    destroy: async () => {
      const closing = hosted;
      hosted = undefined;
      await closing?.close();
    },
  };
}

/** What hosts and the applications in them know the control plane by. */
function registerServices(context: HostContext, { service, adapters }: ControlPlane): void {
  const registry = { get: (driver: string) => adapters.find(driver), list: () => adapters.list() };
  context.registerService('tenant.provisioning', service);
  context.registerService('environment-provisioning-adapters', registry);
  context.registerService('project-provisioning-adapters', registry);
}
