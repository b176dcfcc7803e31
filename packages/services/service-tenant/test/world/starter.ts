// A process that opens a store. With `stall` it dies, unless killed before, in the middle of a schema step that never ends. With `hold` it
// says when it is inside of a transaction, goes on with it 3 s later, and tells how that ended.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { openStores } from '../../src/store/open-stores.ts';
import { openPostgresEngine } from '../../src/store/postgres-engine.ts';
import { applySchemaSteps } from '../../src/store/schema/apply-steps.ts';
import { openSqliteEngine } from '../../src/store/sqlite-engine.ts';
import type { ControlPlaneTables } from '../../src/store/tables.ts';
import { transact } from '../../src/store/transaction.ts';
import { StoreCallLog } from '../../src/tracing/store-call-log.ts';

const [url = '', mode] = process.argv.slice(2);

if (mode === 'stall') {
  const log = new StoreCallLog();
  const engine = url.startsWith('file:')
    ? openSqliteEngine<ControlPlaneTables>(url.slice('file:'.length), Date.now, log)
    : openPostgresEngine<ControlPlaneTables>(url, 'envplane', undefined, log);
  const half = 'create table half (id integer)';
  await applySchemaSteps(engine, [
    {
      id: 1,
      name: 'endless',
      statements: {
        sqlite: [half, 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n'],
        postgres: [half, 'select pg_sleep(600)'],
      },
    },
  ]);
} else if (mode === 'hold') {
  const { main, close } = await openStores(url);
  const change = "update scratch set value = 'by who was stopped' where id = 'stopped'";
  const outcome = await transact(main, async ({ query }) => {
    await sql.raw(change).execute(query);
    process.stdout.write('inside\n');
    await sleep(3_000);
    await sql.raw(change).execute(query);
  }).then(
    () => 'committed',
    ({ code }: { code: string }) => code,
  );
  const { rows } = await main.select('select 1', []);
  process.stdout.write(`${outcome}, then it reads ${rows.length}\n`);
  await close();
} else {
  const stores = await openStores(url);
  await stores.close();
}
