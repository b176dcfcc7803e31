import type { DatabaseTarget } from '@envplane/spec';
import {
  adapterContext,
  newTarget,
  provision,
  readNotes,
  type TursoFault,
  type TursoRequest,
  writeNotes,
} from '@envplane/testkit';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { expectClean, failure, type TursoHarness, tursoHarness } from './turso-harness.ts';

const harness: TursoHarness = await tursoHarness();
const { adapter, cloud } = harness;
const usual = { ...cloud.switches };

afterEach(() => {
  Object.assign(cloud.switches, usual);
});
afterAll(() => harness.close());

const create = (target: DatabaseTarget, context = adapterContext()) =>
  adapter.createDatabase(target, { mustExist: false }, context);
const find = (target: DatabaseTarget) => adapter.findDatabase(target, adapterContext());
const onData = ({ host }: TursoRequest) => host !== 'api.turso.tech';

const NO_ROWS = { cols: [], rows: [], affected_row_count: 0, last_insert_rowid: null };
/** Of BEGIN and of the first statement. */
const BEGUN = { step_results: [NO_ROWS, NO_ROWS], step_errors: [null, null] };

describe('the host of a database', () => {
  const refused = () => cloud.requests.filter(onData).length;

  it('a new database may answer 404 for a while: create and verify wait', async () => {
    cloud.switches.hostDelayMs = 1500;
    const target = newTarget(harness);
    const before = refused();
    const startedAt = Date.now();
    const database = await provision(harness, target);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1500);
    expect(refused() - before).toBeGreaterThan(3);
    await writeNotes(harness, database, 'served');
    expect(await readNotes(harness, database)).toEqual(['served']);
  });

  it('I8 waiting for it ends with the call', async () => {
    cloud.switches.hostDelayMs = 600_000;
    const target = newTarget(harness);
    const signal = AbortSignal.timeout(1000);
    expect(await failure(create(target, adapterContext({ signal })))).toMatchObject({ code: 'outcome_unknown' });
    cloud.switches.hostDelayMs = 0;
    await provision(harness, target);
  });

  it('waiting for a database that has gone meanwhile ends at once', async () => {
    cloud.switches.hostDelayMs = 600_000;
    const target = newTarget(harness);
    const context = adapterContext({
      onBoundary: async (name) => {
        if (name !== 'tu.mark') return;
        await harness.callApi('PATCH', `databases/${target.databaseName}/configuration`, { delete_protection: false });
        await harness.callApi('DELETE', `databases/${target.databaseName}`);
      },
    });
    expect(await failure(create(target, context))).toMatchObject({ code: 'unavailable' });
  });

  it.each([
    'evil.example',
    'turso.io.evil.example',
    'evilturso.io',
    'a.b.turso.io',
    'turso.io@evil.example',
    'turso.io:8080',
  ])('sec S7 a host name that ends in %s is refused and never connected to', async (suffix) => {
    const target = newTarget(harness);
    cloud.switches.hostSuffix = suffix;
    const error = await failure(create(target));
    expect(error).toMatchObject({ code: 'outcome_unknown', definitive: false });
    expectClean(harness, error, target);
    expect(await find(target)).toMatchObject({ kind: 'unknown' });
    cloud.switches.hostSuffix = 'turso.io';
    await provision(harness, target);
    expect(
      [...cloud.dialled].filter((host) => !/(^|\.)turso\.(io|tech)$/.test(host) || host.startsWith('a.b.')),
    ).toEqual([]);
  });

  it.each<[string, TursoFault['answer']]>([
    ['a redirect', { status: 307, headers: { location: 'https://evil.example/v2/pipeline' } }],
    [
      'another base URL',
      {
        status: 200,
        body: {
          baton: 'b',
          base_url: 'https://evil.example/',
          results: [
            { type: 'ok', response: { type: 'store_sql' } },
            { type: 'ok', response: { type: 'batch', result: BEGUN } },
          ],
        },
      },
    ],
  ])('sec S7 %s from a database’s host is not followed', async (_title, answer) => {
    const database = await provision(harness);
    // Over JSON, which the client speaks when the newer endpoint is not there.
    cloud.inject({ match: (request) => onData(request) && request.path.startsWith('/v3'), answer: { status: 404 } });
    if (answer) cloud.inject({ match: (request) => onData(request) && request.method === 'POST', answer });
    const handle = await adapter.connect(database.target, database.location.databaseUrl, database.credential);
    const using = handle.tx(async (tx) => {
      await tx.query('SELECT 1');
      await tx.query('SELECT 2');
    });
    await expect(using).rejects.toThrow();
    await handle.close();
    expect(cloud.dialled).not.toContain('evil.example');
    await expect(
      adapter.verifyDatabase(database.target, database.credential, adapterContext()),
    ).resolves.toBeUndefined();
  });
});
