import { databaseAdapterConformance, startPostgres } from '@envplane/testkit';
import { afterAll } from 'vitest';
import { postgresHarness } from './postgres-harness.ts';

const server = await startPostgres({ version: 15 });
// Removing some hundred databases from a busy disk takes longer than a hook may by default.
afterAll(() => server.stop(), 180_000);

databaseAdapterConformance(postgresHarness(server.adminUrl));
