import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../packages/testkit/src/servers/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The superuser's URL of the PostgreSQL server of this run, its password included. */
    postgresAdminUrl: string;
  }
}

/** Starts PostgreSQL once for all tests of the project; the returned function stops it. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres();
  provide('postgresAdminUrl', postgres.adminUrl);
  return postgres.stop;
}
