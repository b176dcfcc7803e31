import { databaseAdapterConformance, startSqld } from '@envplane/testkit';
import { afterAll } from 'vitest';
import { libsqlHarness } from './libsql-harness.ts';

const server = await startSqld();
afterAll(() => server.stop());

databaseAdapterConformance(libsqlHarness(server));
