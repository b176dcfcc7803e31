import postgres from 'postgres';
import { inject, it } from 'vitest';
import { fuzz, requestsOr, SEED } from './fuzz.ts';

const REQUESTS = requestsOr(5_000);

it(`cap HT7, sec S6 ${REQUESTS} random requests to a service on a PostgreSQL store (seed ${SEED})`, {
  timeout: 600_000,
}, async () => {
  const url = new URL(inject('postgresAdminUrl'));
  url.pathname = '/fuzz';
  const administrator = postgres(inject('postgresAdminUrl'), { max: 1 });
  await administrator`create database fuzz`;
  await administrator.end();
  // Fewer requests come to fewer ends; what is named here comes often enough.
  const operations = ['organizations.create', 'environments.archive', 'operations.events'];
  const statuses = [200, 201, 202, 400, 401, 404, 409, 412, 422];
  await fuzz(REQUESTS, { store: url.href }, { operations, statuses });
});
