import postgres from 'postgres';
import { openForeignFile } from './sqlite-engine.ts';

export type SharedValue = string | number | bigint | Uint8Array | null;
export type SharedRow = Record<string, SharedValue>;

/** A shared database as it was at one moment. There is no way to write to it. */
export interface SharedSnapshot {
  readonly family: 'sqlite' | 'postgres';
  rows(sql: string, params?: readonly string[]): Promise<SharedRow[]>;
  /** Rows a few hundred at a time, so that a table of any size fits. */
  pages(sql: string, params: readonly string[], size: number): AsyncIterable<SharedRow[]>;
}

/**
 * Runs `body` on one read-only transaction of a shared database: what others write meanwhile is not seen, in any table.
 *
 * @param url `file:<path>` or `postgres://…`
 * @throws Error when the URL is of another kind or the database cannot be opened
 */
export function withSharedDatabase<T>(url: string, body: (snapshot: SharedSnapshot) => Promise<T>): Promise<T> {
  if (url.startsWith('file:')) return withFile(url.slice('file:'.length), body);
  if (/^postgres(ql)?:\/\//.test(url)) return withServer(url, body);
  throw new Error('the shared database must be a file: or postgres: URL');
}

async function withFile<T>(path: string, body: (snapshot: SharedSnapshot) => Promise<T>): Promise<T> {
  const file = openForeignFile(path, { writable: false });
  try {
    file.defaultSafeIntegers(true);
    file.exec('BEGIN');
    const prepare = (sql: string) => file.prepare<unknown[], SharedRow>(sql);
    return await body({
      family: 'sqlite',
      rows: async (sql, params = []) => prepare(sql).all(...params),
      async *pages(sql, params, size) {
        let page: SharedRow[] = [];
        for (const row of prepare(sql).iterate(...params)) {
          page.push(row);
          if (page.length === size) {
            yield page;
            page = [];
          }
        }
        if (page.length > 0) yield page;
      },
    });
  } finally {
    file.close();
  }
}

async function withServer<T>(url: string, body: (snapshot: SharedSnapshot) => Promise<T>): Promise<T> {
  const client = postgres(url, {
    max: 1,
    onnotice: () => undefined,
    connection: {
      application_name: 'envplane-split',
      default_transaction_read_only: true,
      TimeZone: 'UTC',
      DateStyle: 'ISO',
      bytea_output: 'hex',
    },
  });
  try {
    return (await client.begin('isolation level repeatable read read only', async (tx) =>
      body({
        family: 'postgres',
        rows: async (sql, params = []) => [...(await tx.unsafe<SharedRow[]>(sql, [...params]))],
        pages: (sql, params, size) =>
          tx.unsafe<SharedRow[]>(sql, [...params]).cursor(size) as AsyncIterable<SharedRow[]>,
      }),
    )) as T;
  } finally {
    await client.end({ timeout: 5 });
  }
}
