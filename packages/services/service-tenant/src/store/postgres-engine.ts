import type { Meter } from '@envplane/spec';
import { CompiledQuery, Kysely, sql } from 'kysely';
import { PostgresJSDialect } from 'kysely-postgres-js';
import pRetry, { AbortError } from 'p-retry';
import postgres from 'postgres';
import { noMeter } from '../metrics.ts';
import type { Execute, StoreEngine } from './engine.ts';

const CONNECTIONS = 10;
/** Serialization failure and deadlock: PostgreSQL asks for the whole transaction to be repeated. */
const REPEATABLE = new Set(['40001', '40P01']);

/**
 * Opens a PostgreSQL database as a store. Times come from the server, so that replicas share one clock.
 *
 * @param url `postgres://…`; the schema named by `schema` must be creatable
 * @param nowMs a clock that replaces the server's, for tests
 */
export function openPostgresEngine<Tables>(
  url: string,
  schema: string,
  nowMs?: () => number,
  meter: Meter = noMeter,
): StoreEngine<Tables> {
  const client = postgres(url, {
    max: CONNECTIONS,
    connection: { application_name: 'envplane', search_path: schema },
    onnotice: () => undefined,
    types: {
      // Integers are `bigint` columns and numbers in code; the check keeps a wrong one from being rounded silently.
      bigint: { to: 20, from: [20], serialize: String, parse: safeInteger },
      instant: { to: 1184, from: [1184], serialize: String, parse: (text: string) => new Date(text).getTime() },
    },
  });
  const db = new Kysely<Tables>({ dialect: new PostgresJSDialect({ postgres: client }) });
  const serverNow = async (executor: Pick<Kysely<Tables>, 'getExecutor'>): Promise<number> => {
    const { rows } = await sql<{
      now: number;
    }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(executor);
    return rows[0]?.now ?? Number.NaN;
  };
  return {
    dialect: 'postgres',
    meter,
    schema,
    read: db,
    select: executor(db),
    dataVersion: () => null,
    now: async () => nowMs?.() ?? serverNow(db),
    write: (body, options) =>
      pRetry(
        () =>
          db
            .transaction()
            .execute(async (query) => body(query, nowMs?.() ?? (await serverNow(query)), executor(query)))
            .catch((error: unknown) => {
              if (!options?.once && error instanceof postgres.PostgresError && REPEATABLE.has(error.code)) throw error;
              throw new AbortError(error as Error);
            }),
        { retries: 5, minTimeout: 10, randomize: true },
      ),
    // The lock is the transaction's, and nothing else happens in it: between statements it holds back no cleaning up.
    exclusively: (name, body) =>
      db.transaction().execute(async (query) => {
        const key = `envplane ${schema} ${name}`;
        const { rows } = await sql<{
          taken: boolean;
        }>`select pg_try_advisory_xact_lock(hashtextextended(${key}, 0)) as taken`.execute(query);
        return rows[0]?.taken ? body() : undefined;
      }),
    close: () => client.end({ timeout: 5 }),
  };
}

const executor =
  (db: Pick<Kysely<unknown>, 'executeQuery'>): Execute =>
  async <Row>(text: string, parameters: readonly unknown[]) => {
    const result = await db.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]));
    return { rows: result.rows, changes: Number(result.numAffectedRows ?? 0n) };
  };

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('an integer of the store is too large');
  return value;
}
