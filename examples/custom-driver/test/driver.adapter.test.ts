import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdapterCredential, DatabaseTarget } from '@envplane/spec';
import {
  adapterContext,
  type DatabaseAdapterHarness,
  databaseAdapterConformance,
  newTarget,
  provision,
  readNotes,
  withHandle,
  writeNotes,
} from '@envplane/testkit';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { fileboxAdapter } from '../driver/index.ts';

/** What the suite cannot know: how to look at this provider without its driver, and how to put something strange there. */
function fileboxHarness(): DatabaseAdapterHarness & { root: string } {
  const root = mkdtempSync(join(tmpdir(), 'envplane-filebox-'));
  return {
    adapter: fileboxAdapter({ rootDirectory: root }),
    placement: { id: 'pl', name: 'filebox', driver: 'filebox', region: 'local', settings: {}, administrator: null },
    installationId: 'tst234',
    root,
    listObjects: async () => readdirSync(root),
    async plantForeign({ databaseName }) {
      const path = join(root, `${databaseName}.db`);
      writeFileSync(path, 'the letters of somebody else');
      return async () => expect(readFileSync(path, 'utf8')).toBe('the letters of somebody else');
    },
    close: async () => rmSync(root, { recursive: true }),
  };
}

databaseAdapterConformance(fileboxHarness());

/** What the suite leaves to the driver: guards that a server would have of its own. */
describe('filebox', () => {
  const harness = fileboxHarness();
  const { adapter, root } = harness;
  const { credentials } = adapter;
  if (credentials.kind !== 'caller_set') throw new Error('the login is set by us');
  const pathOf = (target: DatabaseTarget) => join(root, `${target.databaseName}.db`);
  const find = (target: DatabaseTarget) => adapter.findDatabase(target, adapterContext());
  const create = (target: DatabaseTarget, mustExist = false) =>
    adapter.createDatabase(target, { mustExist }, adapterContext());
  const conflict = { name: 'AdapterError', code: 'conflict' };
  afterAll(() => harness.close());

  it.each([
    "ATTACH ':memory:' AS other",
    "VACUUM INTO ':memory:'",
    '/**/ PRAGMA writable_schema = ON',
    'BEGIN',
    'SELECT 1; SELECT 2',
    'SELECT * FROM _filebox',
    'DROP TABLE "_FILEBOX"',
  ])('cap G2 a tenant cannot run %s', async (sql) => {
    const database = await provision(harness);
    await withHandle(harness, database, (handle) => expect(handle.exec(sql)).rejects.toThrow());
    expect(await find(database.target)).toMatchObject({ kind: 'ours' });
  });

  it('a call beside a transaction waits for its end', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'before');
    await withHandle(harness, database, async (handle) => {
      const failing = handle.tx(async (tx) => {
        await tx.exec("UPDATE note SET body = 'during'");
        await expect(find(database.target)).resolves.toMatchObject({ kind: 'ours' });
        throw new Error('changed my mind');
      });
      const beside = handle.one('SELECT body FROM note');
      await expect(failing).rejects.toThrow('changed my mind');
      expect(await beside).toEqual({ body: 'before' });
    });
  });

  it('integers keep their value, and a closed handle says so', async () => {
    const database = await provision(harness);
    const handle = await adapter.connect(database.target, '', database.credential);
    const row = await handle.one('SELECT ? AS large, 7 AS small, ? AS yes', [2n ** 60n, true]);
    expect(row).toEqual({ large: 2n ** 60n, small: 7, yes: 1 });
    await handle.close();
    await expect(handle.query('SELECT 1')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('a login in each slot opens the file, and none is read-only', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    const login = { credentialId: 'second', version: 2, authorization: 'full_access', slot: 1 } as const;
    const second = { ...login, secret: credentials.generateSecret() };
    const both = [database.credential as AdapterCredential, second];
    await credentials.applyCredentials(database.target, both, adapterContext());
    expect(await readNotes(harness, { ...database, credential: second })).toEqual(['kept']);
    expect(await readNotes(harness, database)).toEqual(['kept']);
    const weaker = { ...second, authorization: 'read_only' } as const;
    const applying = credentials.applyCredentials(database.target, [weaker], adapterContext());
    await expect(applying).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('is not ready while it cannot be written', async () => {
    const { target, credential } = await provision(harness);
    const other = new Database(pathOf(target)).exec('BEGIN IMMEDIATE');
    const verifying = adapter.verifyDatabase(target, credential, adapterContext());
    await expect(verifying).rejects.toMatchObject({ code: 'unavailable' });
    other.close();
    await adapter.verifyDatabase(target, credential, adapterContext());
  });

  it('F3 a worker that has lost its claim changes nothing', async () => {
    const target = newTarget(harness);
    const fence = { epoch: 0 };
    const stale = adapterContext({ fence });
    const current = adapterContext({ fence });
    await expect(adapter.createDatabase(target, { mustExist: false }, stale)).rejects.toThrow('claim');
    expect(await harness.listObjects()).not.toContain(`${target.databaseName}.db`);
    await adapter.createDatabase(target, { mustExist: false }, current);
    await expect(adapter.deleteDatabase(target, stale)).rejects.toThrow('claim');
    expect(await find(target)).toMatchObject({ kind: 'ours' });
  });

  it('I4, I5 a creation that was cut short is absent, and is completed only by a creation', async () => {
    const target = newTarget(harness);
    writeFileSync(pathOf(target), '');
    expect(await find(target)).toEqual({ kind: 'absent' });
    await expect(create(target, true)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await find(target)).toEqual({ kind: 'absent' });
    expect({ kind: 'ours', ...(await create(target)) }).toEqual(await find(target));
  });

  it('I7 nothing is left of a database that was deleted during a transaction', async () => {
    const { target } = await provision(harness);
    const other = new Database(pathOf(target)).exec('BEGIN; CREATE TABLE note (body)');
    expect(await harness.listObjects()).toContain(`${target.databaseName}.db-journal`);
    await adapter.deleteDatabase(target, adapterContext());
    expect((await harness.listObjects()).filter((name) => name.includes(target.databaseName))).toEqual([]);
    other.close();
  });

  it('I10 a database that was not made here is foreign', async () => {
    const target = newTarget(harness);
    new Database(pathOf(target)).exec('CREATE TABLE letters (body)').close();
    const before = readFileSync(pathOf(target));
    await expect(create(target)).rejects.toMatchObject(conflict);
    expect(await find(target)).toEqual({ kind: 'foreign' });
    expect(readFileSync(pathOf(target))).toEqual(before);
  });

  it('I10 the database of another object is neither adopted, measured, given a login nor entered', async () => {
    const { target, credential } = await provision(harness);
    if (credential === null) throw new Error('the driver has logins');
    const imposter = { ...target, objectId: randomUUID() };
    const before = readFileSync(pathOf(target));
    const other = { ...credential, secret: credentials.generateSecret() };
    await expect(create(imposter)).rejects.toMatchObject(conflict);
    await expect(credentials.applyCredentials(imposter, [other], adapterContext())).rejects.toMatchObject(conflict);
    await expect(adapter.stats?.measureDatabase(imposter, null, adapterContext())).rejects.toMatchObject(conflict);
    await expect(adapter.connect(imposter, '', credential)).rejects.toMatchObject(conflict);
    expect(readFileSync(pathOf(target))).toEqual(before);
  });

  it('sec S19 a link is foreign, wherever it leads', async () => {
    const { target: own } = await provision(harness);
    const target = newTarget(harness, { objectId: own.objectId });
    symlinkSync(pathOf(own), pathOf(target));
    expect(await find(target)).toEqual({ kind: 'foreign' });
    await expect(create(target)).rejects.toMatchObject(conflict);
  });

  it('sec S22 a directory that others may enter is refused', async () => {
    chmodSync(root, 0o755);
    await expect(adapter.checkPlacement(harness.placement)).rejects.toMatchObject({ code: 'invalid_request' });
    chmodSync(root, 0o700);
    expect(await adapter.checkPlacement(harness.placement)).toEqual({
      identity: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });
});
