// A process that opens a store. With `stall` it dies, unless killed before, in the middle of a schema step that never ends.
import { openStores } from '../../src/store/open-stores.ts';
import { openPostgresEngine } from '../../src/store/postgres-engine.ts';
import { applySchemaSteps } from '../../src/store/schema/apply-steps.ts';
import { openSqliteEngine } from '../../src/store/sqlite-engine.ts';
import type { ControlPlaneTables } from '../../src/store/tables.ts';
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
} else {
  const stores = await openStores(url);
  await stores.close();
}
