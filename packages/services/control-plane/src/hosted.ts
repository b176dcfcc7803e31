import { resolve } from 'node:path';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import { openControlPlane } from '@envplane/service-tenant';
import type { Host, Hosted } from '@envplane/service-tenant/plugin';
import { controlPlaneObjects } from '@envplane/service-tenant/schema';
import { ControlPlaneError, type IdentityProvider, type IdentityRequest, type Principal } from '@envplane/spec';
import { environmentsDirectory, localKeyFile, storeUrl } from './config.ts';
import { lockDataDirectory, openDataDirectory } from './data-directory.ts';
import { createApp } from './http/app.ts';
import { mountInHost } from './http/host-mount.ts';
import { unavailable } from './http/middleware/authenticate.ts';
import { authServiceSession } from './identity/auth-service.ts';
import { identify, identityProviders } from './identity/providers.ts';
import type { TenantPluginOptions } from './plugin.ts';
import { VERSION } from './version.ts';

/**
 * Opens the control plane of a host application. What was opened before a failure is closed again.
 * @throws Error for a store that is not there or cannot be opened, a data directory that is in use or not ours, a placement that
 *   cannot be used; ControlPlaneError `encryptor_unavailable`
 */
export async function openHosted(host: Host, options: TenantPluginOptions): Promise<Hosted> {
  const dataDirectory = resolve(options.dataDirectory ?? './.envplane');
  const directories = { dataDirectory };
  const opened: (() => unknown)[] = [];
  const close = async () => {
    for (let last = opened.pop(); last; last = opened.pop()) await last();
  };
  try {
    openDataDirectory(dataDirectory);
    const store = storeOf(host, options.store, dataDirectory);
    // Processes may share a PostgreSQL store; a SQLite file has one owner.
    if (store.startsWith('file:')) opened.push(lockDataDirectory(dataDirectory).release);
    const controlPlane = await openControlPlane({
      adapters: [sqliteAdapter({ rootDirectory: environmentsDirectory(directories) })],
      encryptor: ({ inUse }) =>
        localKeyEncryptor({ keyFile: localKeyFile(directories), createIfMissing: !inUse.has('local') }),
      ...given(options),
      store,
      hostOrganizations: host.organizations,
      logger: host.logger,
    });
    opened.push(controlPlane.close);
    const identity = identityProviders({
      serviceAccounts: (token, trace) => controlPlane.service.within(trace).serviceAccounts.authenticate(token),
      hostSession: options.identity ?? authServiceSession(host),
    });
    if (options.http ?? true) {
      let isDraining = false;
      const app = createApp({
        ...{ controlPlane, identity, logger: host.logger, version: VERSION },
        metricsArePublic: false,
        isDraining: () => isDraining,
      });
      opened.push(() => {
        isDraining = true;
      });
      if (!mountInHost(host, app))
        host.logger.info({ event: 'http.absent' }, 'the host has no HTTP server; the API is not served');
    }
    return { controlPlane, identify: (request) => identifyOrRefuse(identity, request), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws ControlPlaneError `invalid_token` for a credential that is bad, and as a provider does that cannot tell */
async function identifyOrRefuse(
  identity: readonly IdentityProvider[],
  request: IdentityRequest,
): Promise<Principal | null> {
  const principal = await identify(identity, request).catch(unavailable);
  if (principal !== 'invalid') return principal;
  throw new ControlPlaneError('invalid_token', 'The credential is not valid; use another one.');
}

/** @throws Error when the host's database is asked for and cannot hold a store */
function storeOf({ database, objects }: Host, store: string | undefined, dataDirectory: string): string {
  if (store === undefined && database?.engine === 'postgres') return database.url;
  if (store !== 'host') return storeUrl(store, dataDirectory);
  if (!database) {
    throw new Error(
      'the host has no SQLite file and no PostgreSQL database that a store could be in; pass store: "file:…" or "postgres://…"',
    );
  }
  // On PostgreSQL the store has schemas of its own. In one file a name is one table, and the host would alter ours.
  const taken = database.engine === 'sqlite' && controlPlaneObjects.find(({ name }) => objects.includes(name));
  if (taken) {
    throw new Error(
      `the host's database has an object ${taken.name} of its own, so the store needs another file; leave store out or pass "file:…"`,
    );
  }
  return database.url;
}

/** Options that the control plane takes as they are. */
const GIVEN = [
  'adapters',
  'defaultDriver',
  'defaultStorageLimitMb',
  'encryptor',
  'handlers',
  'otherEncryptors',
  'permissions',
  'placements',
  'rootDomain',
] as const;

function given(options: TenantPluginOptions) {
  return Object.fromEntries(GIVEN.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]))) as {
    [Name in (typeof GIVEN)[number]]?: Exclude<TenantPluginOptions[Name], undefined>;
  };
}
