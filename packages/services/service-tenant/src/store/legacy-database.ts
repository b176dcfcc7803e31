import postgres from 'postgres';
import { openForeignFile } from './sqlite-engine.ts';

/** A database of version 4, opened for the migration: nothing about it is set up or changed. */
export interface LegacyDatabase {
  /** Runs one statement; parameters are written `?`. */
  execute(sql: string, params?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/**
 * @param url `file:<path>` or `postgres://…`
 * @param writable only the last step of a migration writes
 * @throws Error when the URL is of another kind or the file cannot be opened
 */
export function openLegacyDatabase(url: string, { writable }: { writable: boolean }): LegacyDatabase {
  if (url.startsWith('file:')) return openFile(url.slice('file:'.length), writable);
  if (/^postgres(ql)?:\/\//.test(url)) return openServer(url, writable);
  throw new Error('the database to migrate from must be a file: or postgres: URL');
}

function openFile(path: string, writable: boolean): LegacyDatabase {
  const file = openForeignFile(path, { writable });
  return {
    execute: async (sql, params = []) => {
      const statement = file.prepare<unknown[], Record<string, unknown>>(sql);
      if (statement.reader) return statement.all(...params);
      statement.run(...params);
      return [];
    },
    close: async () => void file.close(),
  };
}

function openServer(url: string, writable: boolean): LegacyDatabase {
  const sql = postgres(url, {
    max: 4,
    onnotice: () => undefined,
    connection: { application_name: 'envplane-migrate', default_transaction_read_only: !writable },
  });
  return {
    execute: async (text, params = []) => {
      let count = 0;
      const numbered = text.replace(/\?/g, () => `$${++count}`);
      return [...(await sql.unsafe<Record<string, unknown>[]>(numbered, params as never[]))];
    },
    close: () => sql.end({ timeout: 5 }),
  };
}
