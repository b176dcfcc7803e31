import type { ControlPlaneOptions } from '@envplane/service-tenant';
import { createHostPlugin, type HostPlugin, type HostPluginOptions } from '@envplane/service-tenant/plugin';
import type { ResolveHostSession } from './identity/host-session.ts';
import { VERSION } from './version.ts';

export type { HostPlugin } from '@envplane/service-tenant/plugin';
export type { HostSession, ResolveHostSession } from './identity/host-session.ts';

export interface TenantPluginOptions
  extends Omit<HostPluginOptions, 'version' | 'open'>,
    Partial<
      Pick<
        ControlPlaneOptions,
        | 'adapters'
        | 'defaultDriver'
        | 'defaultStorageLimitMb'
        | 'encryptor'
        | 'handlers'
        | 'otherEncryptors'
        | 'permissions'
        | 'placements'
        | 'rootDomain'
      >
    > {
  /**
   * Where the records are: `host` for the host's own database, or a URL of their own, `file:<path>` or `postgres://…`. When
   * absent the host's own database where that is PostgreSQL, and a file in `dataDirectory` otherwise.
   */
  store?: string;
  /** Holds what has no other place: a store file, SQLite databases, the local key; `./.envplane` when absent. */
  dataDirectory?: string;
  /** Serves the HTTP API under `/v1` on the host's server; true when absent. */
  http?: boolean;
  /** Tells whose session a request belongs to; the host's service `auth` does when absent. */
  identity?: ResolveHostSession;
}

/** What the protocol calls them. */
export type TenantPluginConfig = TenantPluginOptions;

/**
 * Makes the plugin that runs Envplane inside of a host application: `kernel.use(createTenantPlugin())`. What is not given has
 * a default that works on one machine: a store file, SQLite databases and a local key, all in the data directory.
 */
export function createTenantPlugin(options: TenantPluginOptions = {}): HostPlugin {
  return createHostPlugin({
    ...options,
    version: VERSION,
    // Loaded when the host starts: whoever only imports the plugin pays for none of it.
    open: async (host) => (await import('./hosted.ts')).openHosted(host, options),
  });
}
