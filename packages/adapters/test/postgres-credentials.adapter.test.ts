import type { AdapterCredential, CallerSetCredentials, DatabaseTarget } from '@envplane/spec';
import { adapterContext, provision, readNotes, startPostgres, withHandle, writeNotes } from '@envplane/testkit';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newCredential, placementAt, postgresHarness, verifiersOf } from './postgres-harness.ts';

// A server of its own: a test here opens one of its databases to everybody for a moment.
const server = await startPostgres();
const { adminUrl } = server;
const harness = postgresHarness(adminUrl, { installationId: 'tst678' });
const { adapter } = harness;
const { suspend } = adapter;
if (suspend === undefined) throw new Error('the driver suspends');
const credentials = adapter.credentials as CallerSetCredentials;

beforeAll(() => adapter.checkPlacement(harness.placement).then(() => undefined));
afterAll(() => server.stop());

const undecided = { name: 'AdapterError', definitive: false };
const create = (target: DatabaseTarget) => adapter.createDatabase(target, { mustExist: false }, adapterContext());

const OUTCOME = [() => true, () => false] as const;

/** As an administrator of the server who is not this project. */
async function administer(...statements: string[]): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  for (const statement of statements) await sql.unsafe(statement);
  await sql.end();
}

describe('credentials', () => {
  it('cap CR3 a read-only credential reads what the other creates, and writes nothing', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'readable');
    const reader = {
      ...database,
      credential: await newCredential(harness, database, { authorization: 'read_only' }),
    };
    await adapter.verifyDatabase(database.target, reader.credential, adapterContext());
    expect(await readNotes(harness, reader)).toEqual(['readable']);
    await withHandle(harness, reader, async (handle) => {
      for (const sql of [
        "INSERT INTO note VALUES (2, 'x')",
        "UPDATE note SET body = 'x'",
        'DELETE FROM note',
        'TRUNCATE note',
        'DROP TABLE note',
        'CREATE TABLE mine (a int)',
        'CREATE TEMPORARY TABLE mine (a int)',
        `SET ROLE ${database.target.databaseName}_o`,
        'SELECT lo_from_bytea(0, NULL) FROM note FOR UPDATE',
      ]) {
        await expect(handle.exec(sql), sql).rejects.toMatchObject({ code: '42501' });
      }
      await handle.exec('RESET ROLE');
      await expect(handle.exec("INSERT INTO app.note VALUES (2, 'x')")).rejects.toMatchObject({ code: '42501' });
    });
    expect(await readNotes(harness, database)).toEqual(['readable']);
  });

  it('I2 both slots work side by side on the same tables, and setting one again changes no byte', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'by slot a');
    const second = { ...database, credential: await newCredential(harness, database, { slot: 1, version: 2 }) };
    await withHandle(harness, second, async (handle) => {
      await handle.exec('ALTER TABLE note ADD COLUMN seen boolean');
      await handle.exec("UPDATE note SET body = 'by slot b'");
    });
    expect(await readNotes(harness, database)).toEqual(['by slot b']);
    const before = await verifiersOf(harness, database.target);
    const both = [database.credential as AdapterCredential, second.credential];
    await credentials.applyCredentials(database.target, both, adapterContext());
    expect(await verifiersOf(harness, database.target)).toEqual(before);
    expect(await readNotes(harness, second)).toEqual(['by slot b']);
  });

  it('I2 one that was proved is set again only when its login is gone', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    const { authorization, slot, ...secret } = database.credential as AdapterCredential;
    const first = { authorization, slot, isProved: true, open: async () => ({ authorization, slot, ...secret }) };
    const second = await newCredential(harness, database, { slot: 1, version: 2 });
    const login = `${database.target.databaseName}_a`;
    const setBoth = () => credentials.applyCredentials(database.target, [first, second], adapterContext());
    const opens = () => readNotes(harness, database).then(...OUTCOME);

    await administer(`ALTER ROLE ${login} PASSWORD 'another'`);
    await setBoth();
    expect(await opens()).toBe(false);
    await administer(
      `REVOKE CONNECT ON DATABASE ${database.target.databaseName} FROM ${login}`,
      `ALTER ROLE ${login} IN DATABASE ${database.target.databaseName} RESET ALL`,
      `DROP ROLE ${login}`,
    );
    await setBoth();
    expect(await opens()).toBe(true);
  });

  it('I2 one that the store does not have yet is let in when it has, and never if it never will', async () => {
    const database = await provision(harness);
    const { target } = database;
    const first = database.credential as AdapterCredential;
    const second = {
      ...first,
      credentialId: 'second',
      slot: 1 as const,
      version: 2,
      secret: credentials.generateSecret(),
    };
    const opens = (credential: AdapterCredential) => readNotes(harness, { ...database, credential }).then(...OUTCOME);
    await writeNotes(harness, database, 'kept');
    for (const isStored of [false, true]) {
      let decide: (isStored: boolean) => void = () => undefined;
      const decision = new Promise<boolean>((resolve) => {
        decide = resolve;
      });
      const reached = vi.fn();
      const staged = {
        ...{ authorization: second.authorization, slot: second.slot, isProved: false },
        prepare: async () => second,
        open: async () => {
          if (await decision) return second;
          throw new Error('it was not stored');
        },
      };
      const effect = async <T>(name: string, run: () => T | Promise<T>) => {
        const result = run();
        if (name === 'pg.set') reached();
        return result;
      };
      const setting = credentials.applyCredentials(target, [first, staged], { ...adapterContext(), effect });
      setting.catch(() => undefined);
      await vi.waitUntil(() => reached.mock.calls.length > 0);
      expect([await opens(first), await opens(second)]).toEqual([true, false]);
      decide(isStored);
      if (isStored) await setting;
      else await expect(setting).rejects.toMatchObject(undecided);
      expect([await opens(first), await opens(second)]).toEqual([true, isStored]);
    }
  });

  it('sec S18 a suspend ends live sessions, and hardening again lets nobody in', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    const live = await adapter.connect(database.target, database.location.databaseUrl, database.credential);
    await suspend.suspendDatabase(database.target, adapterContext());
    // Whether the server's last words arrive before its end does, nobody can say.
    await expect(live.query('SELECT 1')).rejects.toMatchObject(undecided);
    await create(database.target);
    await expect(readNotes(harness, database)).rejects.toMatchObject({ name: 'AdapterError', code: 'unauthorized' });
    expect(await adapter.findDatabase(database.target, adapterContext())).toMatchObject({ kind: 'ours' });
    await suspend.resumeDatabase(database.target, adapterContext());
    expect(await readNotes(harness, database)).toEqual(['kept']);
  });

  it('a tenant that is refused does not count as a definitive failure of the administrator', async () => {
    const { target, credential } = await provision(harness);
    const wrong = { ...(credential as AdapterCredential), secret: credentials.generateSecret() };
    await expect(adapter.verifyDatabase(target, wrong, adapterContext())).rejects.toMatchObject(undecided);
  });

  it('sec S14 roles that somebody gave more rights are found by hardening', async () => {
    const { target } = await provision(harness);
    for (const [change, undo] of [
      [`ALTER ROLE ${target.databaseName}_a CREATEDB`, `ALTER ROLE ${target.databaseName}_a NOCREATEDB`],
      [
        `GRANT pg_read_server_files TO ${target.databaseName}_o`,
        `REVOKE pg_read_server_files FROM ${target.databaseName}_o`,
      ],
      [`ALTER ROLE ${target.databaseName}_r LOGIN`, `ALTER ROLE ${target.databaseName}_r NOLOGIN`],
    ] as const) {
      await harness.query(change);
      await expect(create(target), change).rejects.toMatchObject(undecided);
      await harness.query(undo);
      await create(target);
    }
  });

  it('sec S13 no login is let in that would enter a database of the server', async () => {
    const { target, credential, location } = await provision(harness);
    const other = { ...(credential as AdapterCredential), slot: 1 as const, secret: credentials.generateSecret() };
    await harness.query('GRANT CONNECT ON DATABASE postgres TO PUBLIC');
    await expect(credentials.applyCredentials(target, [other], adapterContext())).rejects.toMatchObject({
      code: 'unsupported',
    });
    await expect(adapter.connect(target, location.databaseUrl, other)).rejects.toMatchObject({ code: 'unauthorized' });
    await adapter.verifyDatabase(target, credential, adapterContext());
    await adapter.checkPlacement(harness.placement);
    await credentials.applyCredentials(target, [other], adapterContext());
    await adapter.verifyDatabase(target, other, adapterContext());
  });

  it('sec S16 one session more than the connection limit is refused, and keeps nobody from replacing the login', async () => {
    const own = postgresHarness(adminUrl, { installationId: 'tst890' });
    own.placement = placementAt(adminUrl, { connectionLimit: 3 });
    const { target, location, credential } = await provision(own);
    const open = () => adapter.connect(target, location.databaseUrl, credential);
    const sessions = await Promise.all([open(), open(), open()]);
    await expect(open()).rejects.toMatchObject({ name: 'AdapterError', code: 'unavailable' });
    const measured = await adapter.stats?.measureDatabase(target, credential, adapterContext());
    expect(measured?.sessions).toEqual({ open: 3, limit: 3 });
    await adapter.verifyDatabase(target, credential, adapterContext());
    const wrong = { ...(credential as AdapterCredential), secret: credentials.generateSecret() };
    await expect(adapter.verifyDatabase(target, wrong, adapterContext())).rejects.toMatchObject(undecided);
    await sessions[0]?.close();
    await expect
      .poll(() =>
        open().then(
          (session) => sessions.push(session),
          () => 0,
        ),
      )
      .toBe(4);
    await Promise.all(sessions.map((session) => session.close()));
  });
});
