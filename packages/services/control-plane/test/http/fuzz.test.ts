import { it } from 'vitest';
import { fuzz, requestsOr, SEED } from './fuzz.ts';

const REQUESTS = requestsOr(45_000);

it(`cap HT7, sec S6 ${REQUESTS} random requests: no 5xx but 503, nothing undocumented, no secret (seed ${SEED})`, {
  timeout: 600_000,
}, async () => {
  const operations = [
    'organizations.create',
    'environments.create',
    'environments.connect',
    'environments.purge',
    'cloudEnvironments.create',
  ];
  const statuses = [200, 201, 202, 400, 401, 404, 409, 412, 413, 415, 422];
  await fuzz(REQUESTS, {}, { operations: [...operations, 'operations.events'], statuses });
});
