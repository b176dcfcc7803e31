import { type AdapterContext, AdapterError, ControlPlaneError, type Placement, Secret } from '@envplane/spec';
import type { Foundation } from '../foundation.ts';
import type { DatabaseCredentialRow, EnvironmentDatabaseRow } from '../objects/index.ts';
import { adoptOf, lookingContext } from '../placements/adopted.ts';
import { openCredential } from '../provisioning/pass-context.ts';
import { servingPlacements } from '../store/migration.ts';
import type { LegacyRow } from './legacy-source.ts';
import type { Located, MigrationCode } from './plan.ts';

/** How long looking at one database may take, in ms. */
const PROBE_MS = 20_000;

/** Turns what version 4 stored into the plain token. */
export type DecryptLegacy = (stored: string) => Promise<string> | string;

/** The placements that rows of version 4 can be served from, opened. */
export interface MigrationTarget {
  /** Where an address leads. Contacts nobody. */
  locate(address: string): Located | MigrationCode;
  /** What to log in with; null where the driver needs none. @throws MigrationRefusal */
  loginOf(row: LegacyRow, located: Located): Promise<Secret | null>;
  /** Looks at a database and logs in; nothing of it changes. @throws AdapterError */
  probe(
    database: Pick<EnvironmentDatabaseRow, 'driver' | 'placement_id' | 'database_url' | 'external_uid'>,
    login: Secret | null,
  ): Promise<{ externalUid: string }>;
  /** The login of a database that was copied. @throws MigrationRefusal when what was sealed does not open */
  openLogin(environmentId: string, credential: DatabaseCredentialRow | undefined): Promise<Secret | null>;
  /** When the login dies by itself, epoch ms; null: never, as far as it tells. */
  expiryOf(located: Located, login: Secret): number | null;
  placement(id: string): { id: string; driver: string; region: string };
}

/** A row is not migrated, for this reason. */
export class MigrationRefusal extends Error {
  override readonly name = 'MigrationRefusal';
  readonly code: MigrationCode;

  constructor(code: MigrationCode) {
    super(code);
    this.code = code;
  }
}

export async function openTarget(foundation: Foundation, decryptLegacy: DecryptLegacy): Promise<MigrationTarget> {
  const { adapters, dataKeys, installationId, effect } = foundation;
  const rows = (await servingPlacements(foundation.stores.main)).filter(({ driver }) => adapters.find(driver)?.adopt);
  const placements: Placement[] = [];
  for (const row of rows) placements.push(await adapters.placement(row));
  const byId = new Map(placements.map((placement) => [placement.id, placement]));
  const opened = (id: string): Placement => {
    const placement = byId.get(id);
    if (!placement) throw new AdapterError('unavailable', 'The placement of the database cannot be used.');
    return placement;
  };

  return {
    locate(address) {
      const driver = driverOf(address);
      if (driver === null) return 'driver_unknown';
      try {
        for (const placement of placements.filter((each) => each.driver === driver)) {
          const found = adoptOf(adapters.get(driver)).locate(placement, address);
          if (found) return { driver, placementId: placement.id, ...found };
        }
      } catch (error) {
        if (error instanceof AdapterError) return 'address_refused';
        throw error;
      }
      return 'driver_not_configured';
    },
    async loginOf(row, located) {
      const adopt = adoptOf(adapters.get(located.driver));
      if (adopt.login === 'none') return null;
      const token = row.authToken === '' ? null : await decrypt(decryptLegacy, row.authToken);
      try {
        return adopt.loginOf(row.databaseUrl, token);
      } catch (error) {
        if (error instanceof AdapterError) throw new MigrationRefusal('login_refused');
        throw error;
      }
    },
    async probe(database, login) {
      const adopt = adoptOf(adapters.get(database.driver));
      const looked = {
        databaseUrl: database.database_url ?? '',
        placement: opened(database.placement_id),
        externalUid: database.external_uid,
      };
      const context: AdapterContext = lookingContext(AbortSignal.timeout(PROBE_MS), effect);
      const found = await adopt.find(looked, context);
      if (found.kind === 'absent') throw new AdapterError('unavailable', 'There is no database at the address.');
      if (found.kind === 'foreign') throw new AdapterError('conflict', 'Another database stands at the address.');
      if (found.kind === 'unknown') {
        throw found.error instanceof AdapterError
          ? found.error
          : new AdapterError('outcome_unknown', 'It cannot be told whether the database is there.');
      }
      await adopt.verify(looked, login, context);
      return { externalUid: found.externalUid };
    },
    async openLogin(environmentId, credential) {
      try {
        return (await openCredential({ installationId, dataKeys }, environmentId, credential))?.secret ?? null;
      } catch (error) {
        // Without the key nothing opens, which says nothing of this row.
        if (error instanceof ControlPlaneError) throw error;
        throw new MigrationRefusal('secret_unreadable');
      }
    },
    expiryOf({ driver, placementId, databaseUrl }, login) {
      const database = { databaseUrl, placement: opened(placementId), externalUid: null };
      return adoptOf(adapters.get(driver)).describe(database, login).expiresAtMs ?? null;
    },
    placement: opened,
  };
}

/** Never assumed: an address of any other form is a finding. */
export function driverOf(address: string): 'sqlite' | 'postgres' | 'libsql' | 'turso' | null {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === 'file') return 'sqlite';
  if (scheme === 'postgres' || scheme === 'postgresql') return 'postgres';
  if (scheme === undefined || !['libsql', 'https', 'http', 'wss', 'ws'].includes(scheme) || !URL.canParse(address)) {
    return null;
  }
  return new URL(address).hostname.endsWith('.turso.io') ? 'turso' : 'libsql';
}

/** What the caller's function throws may hold the secret; it is dropped. */
async function decrypt(decryptLegacy: DecryptLegacy, stored: string): Promise<Secret> {
  let plain: string;
  try {
    plain = await decryptLegacy(stored);
  } catch (error) {
    if (error instanceof ControlPlaneError) throw error;
    throw new MigrationRefusal('secret_undecryptable');
  }
  if (plain === '') throw new MigrationRefusal('secret_undecryptable');
  return new Secret(plain);
}
