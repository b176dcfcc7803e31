import { resolve } from 'node:path';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import { openControlPlane, openLegacyDatabase, openMigration, splitIntoEnvironment } from '@envplane/service-tenant';
import { decryptToken, makeSample } from './sample.ts';

const directory = resolve(process.argv[2] ?? './migration-data');
const { controlPlane: from, shared } = makeSample(directory);

const plane = {
  store: `file:${directory}/v5/control-plane.db`,
  adapters: [sqliteAdapter({ rootDirectory: `${directory}/v5/environments` })],
  encryptor: ({ firstStart }: { firstStart: boolean }) =>
    localKeyEncryptor({ keyFile: `${directory}/v5/local-key.json`, createIfMissing: firstStart }),
};

// 1. Every database of version 4 becomes an environment, where it is.
const legacy = openLegacyDatabase(from, { writable: true });
const migration = await openMigration({ ...plane, legacy, decryptLegacy: decryptToken, systemUserId: 'migration' });
const plan = await migration.plan();
console.log(`plan:     ${plan.migrated} of ${plan.total} rows`);
const report = await migration.apply();
for (const { databaseName, outcome, slug, status, code } of report.rows) {
  console.log(
    `  ${databaseName.padEnd(15)} ${outcome.padEnd(8)} ${slug ?? '-'} ${status ?? '-'} ${code ?? ''}`.trimEnd(),
  );
}
console.log(`again:    ${(await migration.apply()).migrated} rows`);
console.log(`finalize: ${(await migration.finalize()).changed} rows`);
await migration.close();
await legacy.close();

// 2. One environment's rows leave a database that many share.
const acme = report.rows.find(({ databaseName }) => databaseName === 'acme-db')?.environmentId ?? '';
const split = await splitIntoEnvironment({
  ...plane,
  from: shared,
  environment: acme,
  environmentColumn: 'env_id',
  environmentValue: 'acme',
  dryRun: false,
});
for (const { table, outcome, rows } of split.tables) console.log(`split:    ${table} ${outcome}, ${rows} rows`);

// 3. Both are there.
const controlPlane = await openControlPlane(plane);
const database = await controlPlane.service.connect(acme);
console.log('orders:  ', await database.query('SELECT item FROM orders'));
console.log('invoices:', await database.query('SELECT amount FROM invoice ORDER BY amount'));
await controlPlane.close();
