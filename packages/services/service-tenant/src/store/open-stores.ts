import { dirname, join } from 'node:path';
import type { Meter } from '@envplane/spec';
import { noMeter } from '../metrics.ts';
import { asMigration, type Recorder } from '../tracing/recorder.ts';
import { StoreCallLog } from '../tracing/store-call-log.ts';
import type { StoreEngine } from './engine.ts';
import { findInstallation } from './installation.ts';
import { openPostgresEngine } from './postgres-engine.ts';
import { applySchemaSteps, type SchemaState, schemaState } from './schema/apply-steps.ts';
import { controlPlaneSteps, keyStoreSteps } from './schema/steps.ts';
import { openSqliteEngine } from './sqlite-engine.ts';
import type { ControlPlaneTables, KeyTables } from './tables.ts';

/** The control-plane store and, apart from it, the store of data keys. */
export interface Stores {
  main: StoreEngine<ControlPlaneTables>;
  keys: StoreEngine<KeyTables>;
  /** How the schema of both compares with this code's now: another process may have upgraded it, or somebody restored a backup. */
  schema(): Promise<SchemaState>;
  close(): Promise<void>;
}

/**
 * Opens both stores and brings their schema up to date. SQLite: `keys.db` beside the store file; PostgreSQL: the schemas
 * `envplane` and `ep_keys` of one database.
 *
 * @param url `file:<path>` or `postgres://…`
 * @param recorder what is asked of them is recorded there; a log of their own when absent
 * @throws Error when the URL is of another kind, the store cannot be opened, or a schema step differs
 */
export async function openStores(
  url: string,
  nowMs?: () => number,
  recorder: Recorder = new StoreCallLog(),
  meter: Meter = noMeter,
): Promise<Stores> {
  const stores = open(url, nowMs, { recorder, meter });
  const migration = asMigration(recorder);
  try {
    await applySchemaSteps(stores.main.recordedBy(migration), controlPlaneSteps);
    await applySchemaSteps(stores.keys.recordedBy(migration), keyStoreSteps);
    return stores;
  } catch (error) {
    await stores.close();
    throw error;
  }
}

/** Who is told of what happens in a store. */
interface Told {
  recorder: Recorder;
  meter: Meter;
}

/**
 * How the schema of a store compares with this code's, which is not applied. `empty`: no control plane was ever opened on it.
 * @throws Error when it cannot be read
 */
export async function lookAtStores(url: string): Promise<SchemaState | 'empty'> {
  const stores = open(url, undefined, { recorder: new StoreCallLog(), meter: noMeter });
  try {
    const state = await stores.schema();
    if (state === 'lacking') return state;
    return (await findInstallation(stores.main)) ? state : 'empty';
  } finally {
    await stores.close();
  }
}

function open(url: string, nowMs: (() => number) | undefined, told: Told): Stores {
  const [main, keys] = engines(url, nowMs, told);
  return {
    main,
    keys,
    schema: async () => {
      const states = [await schemaState(main, controlPlaneSteps), await schemaState(keys, keyStoreSteps)];
      return (['lacking', 'newer'] as const).find((state) => states.includes(state)) ?? 'current';
    },
    close: async () => {
      await Promise.all([main.close(), keys.close()]);
    },
  };
}

function engines(
  url: string,
  nowMs: (() => number) | undefined,
  { recorder, meter }: Told,
): [StoreEngine<ControlPlaneTables>, StoreEngine<KeyTables>] {
  if (url.startsWith('file:')) {
    const path = url.slice('file:'.length);
    const clock = nowMs ?? Date.now;
    const keysPath = join(dirname(path), 'keys.db');
    return [openSqliteEngine(path, clock, recorder, meter), openSqliteEngine(keysPath, clock, recorder, meter)];
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    return [
      openPostgresEngine(url, 'envplane', nowMs, recorder, meter),
      openPostgresEngine(url, 'ep_keys', nowMs, recorder, meter),
    ];
  }
  throw new Error('the store must be a file: or postgres: URL');
}
