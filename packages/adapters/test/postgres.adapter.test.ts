import { databaseAdapterConformance } from '@envplane/testkit';
import { inject } from 'vitest';
import { postgresHarness } from './postgres-harness.ts';

databaseAdapterConformance(postgresHarness(inject('postgresAdminUrl')));
