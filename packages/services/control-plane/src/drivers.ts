import { libsqlAdapter, libsqlEffects } from '@envplane/adapters/libsql';
import { postgresAdapter, postgresEffects } from '@envplane/adapters/postgres';
import { sqliteAdapter, sqliteEffects } from '@envplane/adapters/sqlite';
import { tursoAdapter, tursoEffects } from '@envplane/adapters/turso';
import {
  type ControlPlaneOptions,
  MIGRATION_FAILPOINTS,
  STORE_FAILPOINTS,
  SWEEP_FAILPOINTS,
} from '@envplane/service-tenant';
import { type Config, environmentsDirectory, readVariable } from './config.ts';
import { EXIT, refusal } from './exit.ts';
import { administratorSecret } from './placement-config.ts';

/**
 * The one place where adapters are chosen. Every adapter is there, so that placements of its driver can
 * be added while the service runs; a placement is there when the configuration describes it.
 * @throws refusal when the default driver has no adapter here
 */
export function chooseDrivers(
  config: Config,
): Pick<ControlPlaneOptions, 'store' | 'adapters' | 'defaultDriver' | 'placements' | 'administratorVariable'> {
  const adapters = [
    sqliteAdapter({ rootDirectory: environmentsDirectory(config) }),
    postgresAdapter(),
    libsqlAdapter(),
    tursoAdapter(),
  ];
  const drivers = adapters.map(({ driver }) => driver);
  if (!drivers.includes(config.defaultDriver)) {
    throw refusal(EXIT.usage, `ENVPLANE_DEFAULT_DRIVER must be one of ${drivers.join(', ')}.`);
  }
  return {
    store: config.storeUrl,
    adapters,
    defaultDriver: config.defaultDriver,
    placements: config.placements,
    administratorVariable: (name) => administratorSecret(name, readVariable(name)),
  };
}

/** Every failpoint of the store and of the adapters above. */
export const FAILPOINT_NAMES: ReadonlySet<string> = new Set(
  [
    STORE_FAILPOINTS,
    MIGRATION_FAILPOINTS,
    SWEEP_FAILPOINTS,
    sqliteEffects,
    postgresEffects,
    libsqlEffects,
    tursoEffects,
  ].flatMap(Object.keys),
);
