import { adapterContext, newTarget, objectsOf, provision, readNotes, withHandle, writeNotes } from '@envplane/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { newCredential, postgresHarness } from './postgres-harness.ts';

const adminUrl = inject('postgresAdminUrl');
const harness = postgresHarness(adminUrl, { installationId: 'tst789' });
const { adapter } = harness;
const { copy } = adapter;
if (copy === undefined) throw new Error('the driver copies');

beforeAll(() => adapter.checkPlacement(harness.placement).then(() => undefined));
afterAll(() => harness.close());

describe('copy', () => {
  it('cap CP1 the copy belongs to its own roles alone, and keeps what the reader could not read', async () => {
    const source = await provision(harness);
    await withHandle(harness, source, async (handle) => {
      await handle.exec('CREATE TABLE open_table AS SELECT 1 AS a');
      await handle.exec('CREATE TABLE closed_table AS SELECT 2 AS a');
      await handle.exec(`REVOKE ALL ON closed_table FROM ${source.target.databaseName}_r`);
      await handle.exec(`GRANT SELECT ON open_table TO ${source.target.databaseName}_a`);
      await handle.exec('CREATE FUNCTION three() RETURNS int LANGUAGE sql RETURN 3');
    });
    const before = await harness.query(
      `SELECT datacl::text FROM pg_database WHERE datname = '${source.target.databaseName}'`,
    );
    const target = newTarget(harness);
    const location = await copy.copyDatabase(source.target, target, { schemaOnly: false }, adapterContext());
    const knows = await harness.query(
      `SELECT r.rolname || '' AS role FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid JOIN pg_database d ON d.oid = s.dbid
       WHERE d.datname = '${target.databaseName}' AND r.rolname NOT LIKE '${target.databaseName}%'`,
    );
    expect(knows).toEqual([]);
    const sorted = (rows: Record<string, unknown>[]) => String(rows[0]?.['datacl']).slice(1, -1).split(',').sort();
    const after = await harness.query(
      `SELECT datacl::text FROM pg_database WHERE datname = '${source.target.databaseName}'`,
    );
    expect(sorted(after)).toEqual(sorted(before));
    const reader = {
      target,
      location,
      credential: await newCredential(harness, { target, credential: null }, { authorization: 'read_only' }),
    };
    await withHandle(harness, reader, async (handle) => {
      expect(await handle.query('SELECT a FROM open_table')).toEqual([{ a: 1 }]);
      expect(await handle.query('SELECT three() AS a')).toEqual([{ a: 3 }]);
      await expect(handle.query('SELECT a FROM closed_table')).rejects.toMatchObject({ code: '42501' });
    });
  });

  it('cap CP2 schema only: no rows, no large objects, sequences at their start, references intact', async () => {
    const source = await provision(harness);
    await withHandle(harness, source, async (handle) => {
      await handle.exec('CREATE TABLE parent (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)');
      await handle.exec('CREATE TABLE "Child, one" (id int REFERENCES parent, made timestamptz DEFAULT now())');
      await handle.exec('CREATE SEQUENCE counter START 5');
      await handle.exec('CREATE MATERIALIZED VIEW seen AS SELECT count(*) AS n FROM parent');
      await handle.exec('INSERT INTO parent DEFAULT VALUES');
      await handle.exec('INSERT INTO "Child, one" VALUES (1)');
      await handle.query("SELECT nextval('counter'), nextval('counter'), lo_from_bytea(0, '\\x01')");
    });
    const target = newTarget(harness);
    const location = await copy.copyDatabase(source.target, target, { schemaOnly: true }, adapterContext());
    const copied = { target, location, credential: await newCredential(harness, { target, credential: null }, {}) };
    await withHandle(harness, copied, async (handle) => {
      expect(await handle.query('SELECT * FROM parent')).toEqual([]);
      expect(await handle.query('SELECT * FROM "Child, one"')).toEqual([]);
      expect(await handle.query('SELECT oid FROM pg_largeobject_metadata')).toEqual([]);
      await expect(handle.query('SELECT * FROM seen')).rejects.toMatchObject({ code: '55000' });
      expect(await handle.one("SELECT nextval('counter') AS n")).toEqual({ n: 5 });
      expect(await handle.one('INSERT INTO parent DEFAULT VALUES RETURNING id')).toEqual({ id: 1 });
      await expect(handle.exec('INSERT INTO "Child, one" VALUES (7)')).rejects.toMatchObject({ code: '23503' });
    });
  });

  it("a tenant's grant to another tenant's roles does not keep them from being deleted", async () => {
    const granting = await provision(harness);
    const leaving = await provision(harness);
    await writeNotes(harness, granting, 'mine');
    const roles = ['a', 'o', 'r'].map((suffix) => `${leaving.target.databaseName}_${suffix}`).join(', ');
    await withHandle(harness, granting, (handle) => handle.exec(`GRANT SELECT ON note TO ${roles}`));
    await adapter.deleteDatabase(leaving.target, adapterContext());
    expect(await objectsOf(harness, leaving.target)).toEqual([]);
    expect(await readNotes(harness, granting)).toEqual(['mine']);
  });
});
