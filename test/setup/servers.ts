import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../packages/testkit/src/servers/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The superuser's URL of the PostgreSQL server of this run, its password included. */
    postgresAdminUrl: string;
    /** The same server for who opens a store by `postgres:///<database>`, without TCP and without a password. */
    postgresVariables: { PGHOST: string; PGPORT: string; PGUSER: string };
  }
}

/** Starts PostgreSQL once for all tests of the project; the returned function stops it. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres();
  provide('postgresAdminUrl', postgres.adminUrl);
  provide('postgresVariables', {
    PGHOST: postgres.socketDirectory,
    PGPORT: String(postgres.port),
    PGUSER: new URL(postgres.adminUrl).username,
  });
  return postgres.stop;
}
