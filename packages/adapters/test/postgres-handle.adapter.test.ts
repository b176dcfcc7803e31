import type { DatabaseHandle, SqlValue } from '@envplane/spec';
import { provision } from '@envplane/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { postgresHarness } from './postgres-harness.ts';

const harness = postgresHarness(inject('postgresAdminUrl'));
let handle: DatabaseHandle;

beforeAll(async () => {
  await harness.adapter.checkPlacement(harness.placement);
  const { target, location, credential } = await provision(harness);
  handle = await harness.adapter.connect(target, location.databaseUrl, credential);
  await handle.exec('CREATE TABLE note (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text)');
});
afterAll(() => handle.close());

/** What a value becomes on its way through a parameter, a column of that type and back. */
async function through(type: string, value: SqlValue): Promise<SqlValue | undefined> {
  const row = await handle.one(`SELECT CAST($1 AS ${type}) AS value`, [value]);
  return row?.['value'];
}

describe('values', () => {
  it.each<[string, SqlValue, SqlValue]>([
    ['text', "it's \\ \u00e9\u{1f600}", "it's \\ \u00e9\u{1f600}"],
    ['integer', 7, 7],
    ['bigint', 2n ** 62n, 2n ** 62n],
    ['bigint', -5, -5],
    ['double precision', 1.5e-7, 1.5e-7],
    ['double precision', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['numeric', '12345678901234567890.123456789', '12345678901234567890.123456789'],
    ['boolean', true, true],
    ['boolean', false, false],
    ['boolean', 'true', true],
    ['bytea', new Uint8Array([0, 1, 255]), Buffer.from([0, 1, 255])],
    ['text', null, null],
    ['json', '{"a": [1, null]}', '{"a": [1, null]}'],
    ['jsonb', '{"a":   1}', '{"a": 1}'],
    ['jsonb', '"text"', '"text"'],
    ['date', '2026-01-02', '2026-01-02'],
    ['timestamp', '2026-01-02T03:04:05.678901', '2026-01-02T03:04:05.678901'],
    ['timestamptz', '2026-01-02T03:04:05.678901+02:00', '2026-01-02T01:04:05.678901Z'],
    ['timestamptz', 'infinity', 'infinity'],
    ['uuid', '6f2b8b0e-6f43-4f1c-8f43-4f1c8f434f1c', '6f2b8b0e-6f43-4f1c-8f43-4f1c8f434f1c'],
    ['integer[]', '{1,NULL,3}', '{1,NULL,3}'],
  ])('%s: %s comes back as %s', async (type, value, expected) => {
    expect(await through(type, value)).toEqual(expected);
  });

  it('text, bytes, integers and json survive the way there and back', async () => {
    const json = fc.json().filter((text) => !text.includes('\\u0000'));
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
        fc.uint8Array(),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        json,
        async (text, bytes, integer, document) => {
          const row = await handle.one('SELECT $1::text AS t, $2::bytea AS b, $3::bigint AS i, $4::json AS j', [
            ...[text, bytes, integer, document],
          ]);
          const safe = Number.isSafeInteger(Number(integer));
          expect(row).toEqual({ t: text, b: Buffer.from(bytes), i: safe ? Number(integer) : integer, j: document });
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('statements', () => {
  it('counts the rows that a statement changed, also when it returns them', async () => {
    expect(await handle.exec("INSERT INTO note (body) VALUES ('a'), ('b')")).toEqual({ rowCount: 2 });
    expect(await handle.exec("UPDATE note SET body = 'c' RETURNING id")).toEqual({ rowCount: 2 });
    expect(await handle.exec('SELECT * FROM note')).toEqual({ rowCount: 0 });
    expect(await handle.exec('DELETE FROM note')).toEqual({ rowCount: 2 });
    expect(await handle.exec('ANALYZE note')).toEqual({ rowCount: 0 });
  });

  it('runs one statement at a time', async () => {
    await expect(handle.query('SELECT 1; DROP TABLE note')).rejects.toMatchObject({ code: '42601' });
    expect(await handle.query('SELECT * FROM note')).toEqual([]);
  });

  it('a transaction that has failed inside is not reported as committed', async () => {
    const swallowing = handle.tx(async (tx) => {
      await tx.exec("INSERT INTO note (body) VALUES ('lost')");
      await tx.exec('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(swallowing).rejects.toMatchObject({ name: 'AdapterError', code: 'outcome_unknown' });
    expect(await handle.query('SELECT * FROM note')).toEqual([]);
  });

  it('keeps calls from outside out of an open transaction', async () => {
    const order: string[] = [];
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const transaction = handle.tx(async (tx) => {
      await tx.exec("INSERT INTO note (body) VALUES ('inside')");
      await gate;
      order.push('committing');
    });
    const outside = handle.exec("INSERT INTO note (body) VALUES ('outside')").then(() => order.push('outside'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual([]);
    finish();
    await Promise.all([transaction, outside]);
    expect(order).toEqual(['committing', 'outside']);
    await handle.exec('DELETE FROM note');
  });

  it('ends a transaction with its body: its handle refuses what comes later', async () => {
    let leaked: Omit<DatabaseHandle, 'tx' | 'close'> | undefined;
    await handle.tx(async (tx) => {
      leaked = tx;
    });
    await expect(leaked?.exec("INSERT INTO note (body) VALUES ('late')")).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect(await handle.query('SELECT * FROM note')).toEqual([]);
  });

  it('refuses statements after it was closed, and does not connect again', async () => {
    const { target, location, credential } = await provision(harness);
    const closed = await harness.adapter.connect(target, location.databaseUrl, credential);
    await closed.close();
    await expect(closed.query('SELECT 1')).rejects.toMatchObject({ name: 'AdapterError', code: 'unavailable' });
    expect(await harness.query(`SELECT pid FROM pg_stat_activity WHERE usename = '${target.databaseName}_a'`)).toEqual(
      [],
    );
  });

  it('opens no database but the one of its target', async () => {
    const one = await provision(harness);
    const other = await provision(harness);
    for (const url of [other.location.databaseUrl, '', one.location.databaseUrl.replace('127.0.0.1', 'localhost')]) {
      await expect(harness.adapter.connect(one.target, url, one.credential)).rejects.toMatchObject({
        name: 'AdapterError',
        code: 'invalid_request',
      });
    }
    const info = harness.adapter.describeConnection(one.target, one.location.databaseUrl, one.credential);
    expect(info).toEqual({
      url: one.location.databaseUrl,
      user: `${one.target.databaseName}_a`,
      secret: one.credential?.secret,
    });
  });
});
