import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { sqliteAdapter, sqliteEffects } from '@envplane/adapters/sqlite';
import { type ControlPlaneOptions, STORE_FAILPOINTS } from '@envplane/service-tenant';
import { type Config, environmentsDirectory, localKeyFile } from './config.ts';
import { EXIT, refusal } from './exit.ts';

/**
 * The one place where adapters and the key encryptor are chosen.
 * @throws refusal when the default driver has no adapter here
 */
export function chooseDrivers(
  config: Config,
): Pick<ControlPlaneOptions, 'store' | 'adapters' | 'encryptor' | 'defaultDriver'> {
  const adapters = [sqliteAdapter({ rootDirectory: environmentsDirectory(config) })];
  const drivers = adapters.map(({ driver }) => driver);
  if (!drivers.includes(config.defaultDriver)) {
    throw refusal(EXIT.usage, `ENVPLANE_DEFAULT_DRIVER must be one of the configured drivers: ${drivers.join(', ')}.`);
  }
  return {
    store: config.storeUrl,
    adapters,
    encryptor: ({ firstStart }) => localKeyEncryptor({ keyFile: localKeyFile(config), createIfMissing: firstStart }),
    defaultDriver: config.defaultDriver,
  };
}

/** Every failpoint of the store and of the adapters above. */
export const FAILPOINT_NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(STORE_FAILPOINTS),
  ...Object.keys(sqliteEffects),
]);
