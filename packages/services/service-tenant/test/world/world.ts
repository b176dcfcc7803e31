import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import type { OperationView, ProvisionEnvironmentRequest, SecretEncryptor } from '@envplane/spec';
import { type ControlPlane, type ControlPlaneOptions, openControlPlane } from '../../src/open-control-plane.ts';
import type { EnvironmentProvisioningService } from '../../src/service.ts';
import { nextDueAt } from '../../src/store/work.ts';

export { MemoryDriver } from './drivers.ts';

import { MemoryDriver, sqliteDriver, type TestDriver } from './drivers.ts';
import { type Observed, observe, ownedBy } from './observe.ts';
import { createStore, type StoreKind, type TestStore, temporaryDirectory } from './stores.ts';

/** Longer than any lease a pass takes. */
export const BEYOND_LEASE_MS = 2 * 60_000;
/** Longer than any backoff. */
const BEYOND_BACKOFF_MS = 61_000;
export const DAY_MS = 24 * 3_600_000;

/** `memory`: we choose the secret; `minted`: the provider does; `sqlite`: there is none. */
export const DRIVERS = ['sqlite', 'memory', 'minted'] as const;
export type DriverKind = (typeof DRIVERS)[number];

/** A clock that only tests move. */
export interface Clock {
  nowMs: number;
  advance(ms: number): void;
}

/**
 * One store and one provider, over which control planes come and go. What a test knows of it, it reads from the store and
 * from the provider, never from a control plane.
 */
export interface World<Driver extends TestDriver = TestDriver> extends Observed {
  readonly directory: string;
  readonly store: TestStore;
  readonly driver: Driver;
  readonly clock: Clock;
  /** Another replica, or the next process after a crash. Closed with the world at the latest. */
  open(options?: Partial<ControlPlaneOptions>): Promise<ControlPlane>;
  close(): Promise<void>;
}

export function openWorld(store: StoreKind, driver: 'memory' | 'minted'): Promise<World<MemoryDriver>>;
export function openWorld(store: StoreKind, driver?: DriverKind | TestDriver): Promise<World>;
export async function openWorld(storeKind: StoreKind, given: DriverKind | TestDriver = 'sqlite'): Promise<World> {
  const directory = temporaryDirectory();
  const store = await createStore(storeKind, directory);
  const driver = typeof given === 'string' ? driverOf(given, directory) : given;
  const clock: Clock = {
    nowMs: driver.nowMs?.() ?? Date.UTC(2030, 0, 1),
    advance(ms) {
      this.nowMs += ms;
    },
  };
  if (driver instanceof MemoryDriver) driver.provider.nowMs = () => clock.nowMs;
  const opened = new Set<ControlPlane>();
  const observed = observe([driver], store.inspect, () => keyFileEncryptor(directory, false));

  return {
    directory,
    store,
    driver,
    clock,
    open: async (options = {}) => {
      const controlPlane = await openControlPlane({
        store: store.url,
        adapters: [driver.adapter()],
        defaultDriver: driver.driver,
        ...(driver.place && placing(driver.driver, driver.place)),
        encryptor: ({ firstStart }) => keyFileEncryptor(directory, firstStart),
        nowMs: () => clock.nowMs,
        ...options,
      });
      opened.add(controlPlane);
      const { close } = controlPlane;
      return Object.assign(controlPlane, {
        close: async () => {
          if (opened.delete(controlPlane)) await close();
        },
      });
    },
    ...observed,
    close: async () => {
      await Promise.all([...opened].map((controlPlane) => controlPlane.close()));
      await driver.clear?.(await ownedBy(store.inspect));
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function driverOf(kind: DriverKind, directory: string): TestDriver {
  if (kind === 'sqlite') return sqliteDriver(join(directory, 'data'));
  return new MemoryDriver(kind === 'minted' ? 'provider_minted' : 'caller_set');
}

function placing(
  driver: string,
  { settings, administrator }: NonNullable<TestDriver['place']>,
): Pick<ControlPlaneOptions, 'placements' | 'administratorVariable'> {
  return {
    placements: [{ name: driver, driver, settings, administratorVariable: 'ADMINISTRATOR' }],
    administratorVariable: () => administrator,
  };
}

export function keyFileEncryptor(directory: string, firstStart: boolean): Promise<SecretEncryptor> {
  return localKeyEncryptor({ keyFile: join(directory, 'key.json'), createIfMissing: firstStart });
}

/** Lets time pass until no operation runs and nothing is due any more; the reconciler's own jitter never needs more. Throws when something is left. */
export async function settle(world: World, controlPlane: ControlPlane): Promise<void> {
  const { main } = await world.inspect();
  const stepMs = Math.max(BEYOND_BACKOFF_MS, world.driver.adapter().settleMs + 1_000);
  for (let round = 0; round < 8; round += 1) {
    await controlPlane.worker.settle();
    const { rows } = await main.select(
      `select 1 from sys_operation where status in ('running', 'queued')
       union all select 1 from sys_environment_database where lease_owner is not null`,
      [],
    );
    if (rows.length === 0) return;
    world.clock.advance(Math.max(stepMs, ((await nextDueAt(main)) ?? 0) - world.clock.nowMs));
  }
  throw new Error('there is still something under way');
}

export const organizationRequest = (slug = 'acme') => ({
  organization: { slug, displayName: 'Acme', ownerUserId: `owner-of-${slug}` },
  createdBy: 'tester',
});

export const environmentRequest = (
  organizationId: string,
  slug = 'dev',
): Pick<ProvisionEnvironmentRequest, 'organizationId' | 'slug' | 'envType' | 'createdBy'> => ({
  organizationId,
  slug,
  envType: 'development',
  createdBy: 'tester',
});

/** Writes one row that identifies an environment's database. */
export async function writeNote(world: World, environmentId: string, text = environmentId): Promise<void> {
  const handle = await world.login(environmentId);
  try {
    await handle.exec('CREATE TABLE IF NOT EXISTS note (text TEXT)');
    // Drivers differ in how a parameter is written.
    await handle.exec(`INSERT INTO note VALUES ('${text}')`);
  } finally {
    await handle.close();
  }
}

/** What `writeNote` left, or null where there is no such table. */
export async function readNotes(world: World, environmentId: string): Promise<unknown[] | null> {
  const handle = await world.login(environmentId);
  try {
    const [column, catalog] =
      world.driver.driver === 'postgres' ? ['tablename', 'pg_tables'] : ['name', 'sqlite_schema'];
    const table = await handle.one(`SELECT ${column} FROM ${catalog} WHERE ${column} = 'note'`);
    if (!table) return null;
    return (await handle.query('SELECT text FROM note')).map((row) => row['text']);
  } finally {
    await handle.close();
  }
}

/** Waits for the operation of an accepted request and returns it as it is then. */
export async function finish(
  service: EnvironmentProvisioningService,
  accepted: Promise<{ kind: 'receipt' } | { kind?: 'accepted'; operationId: string | null }>,
): Promise<OperationView> {
  const answer = await accepted;
  if (answer.kind === 'receipt') throw new Error('a receipt for what is still there');
  return service.operations.wait(answer.operationId ?? '', 30_000);
}
