import type { AdapterCredential } from '@envplane/spec';
import {
  adapterContext,
  newTarget,
  objectsOf,
  type PostgresServer,
  type Provisioned,
  provision,
  readNotes,
  startPostgres,
  withHandle,
  writeNotes,
} from '@envplane/testkit';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { newCredential, type PostgresHarness, postgresHarness, queryAs, urlAs } from './postgres-harness.ts';

const HOOK_MS = 180_000;
const REFUSED = { code: '42501' };
const PUBLIC_DATABASES = ['postgres', 'template1', 'envplane_fence'];

// The administrator is no superuser here: everything below holds with the rights that the driver asks for, and no more.
describe.each([17, 15] as const)('on PostgreSQL %i', (version) => {
  let server: PostgresServer;
  let harness: PostgresHarness;
  let log = '';
  let three: Provisioned[];

  const superuser = (sql: string, database?: string) => queryAs(server.adminUrl, sql, database);
  const loginOf = ({ target }: Provisioned) => `${target.databaseName}_a`;
  const passwordOf = ({ credential }: Provisioned) => credential?.secret.reveal() ?? '';
  const enter = (database: Provisioned, name = database.target.databaseName) =>
    urlAs(server.adminUrl, loginOf(database), passwordOf(database), name);
  const asTenant = (database: Provisioned, sql: string) => queryAs(enter(database), sql);
  const pairs = () =>
    three.flatMap((one) => three.filter((other) => other !== one).map((other) => [one, other] as const));

  beforeAll(async () => {
    server = await startPostgres({
      version,
      onLog: (text) => {
        log += text;
      },
    });
    await superuser("CREATE ROLE control_plane LOGIN PASSWORD 'an administrator password'");
    await superuser("ALTER SYSTEM SET log_statement = 'all'");
    await superuser('SELECT pg_reload_conf()');
    await vi.waitUntil(() => log.includes('parameter "log_statement" changed to "all"'));
    const administratorUrl = urlAs(server.adminUrl, 'control_plane', 'an administrator password');
    harness = postgresHarness(server.adminUrl, { administratorUrl });
    const refusal: unknown = await harness.adapter.checkPlacement(harness.placement).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'AdapterError', code: 'unauthorized' });
    const statements =
      String(refusal)
        .match(/has to run: (.*)\.$/)?.[1]
        ?.split('; ') ?? [];
    expect(statements).toEqual([
      'ALTER ROLE "control_plane" CREATEDB',
      'ALTER ROLE "control_plane" CREATEROLE',
      'GRANT CONNECT ON DATABASE postgres TO "control_plane"',
      expect.stringMatching(/^REVOKE CONNECT ON DATABASE (postgres|template1) FROM PUBLIC$/),
      expect.stringMatching(/^REVOKE CONNECT ON DATABASE (postgres|template1) FROM PUBLIC$/),
    ]);
    for (const statement of statements) await superuser(statement);
    await Promise.all(Array.from({ length: 5 }, () => harness.adapter.checkPlacement(harness.placement)));
    three = [await provision(harness), await provision(harness), await provision(harness)];
    for (const [index, database] of three.entries()) await writeNotes(harness, database, `private ${index}`);
  }, HOOK_MS);
  afterAll(() => server.stop(), HOOK_MS);

  it('sec S11 the catalog after a create: who owns what, and who may enter', async () => {
    const [{ target }] = three as [Provisioned];
    const n = target.databaseName;
    expect(
      await superuser(
        `SELECT pg_get_userbyid(datdba) || '' AS owner, datallowconn, datconnlimit,
           has_database_privilege('public', oid, 'CONNECT, TEMPORARY, CREATE') AS open
         FROM pg_database WHERE datname = '${n}'`,
      ),
    ).toEqual([{ owner: 'eptst234_dbo', datallowconn: true, datconnlimit: 20, open: false }]);
    expect(
      await superuser(
        `SELECT nspname || '' AS name, pg_get_userbyid(nspowner) || '' AS owner,
        has_schema_privilege('public', oid, 'USAGE, CREATE') AS open FROM pg_namespace
        WHERE nspname IN ('app', 'public') ORDER BY 1`,
        n,
      ),
    ).toEqual([
      { name: 'app', owner: `${n}_o`, open: false },
      { name: 'public', owner: 'pg_database_owner', open: false },
    ]);
  });

  it('cap DR1 tells what somebody with more rights has changed, until it is hardened and let in again', async () => {
    const database = await provision(harness);
    const { target, credential } = database;
    const { credentials, drift } = harness.adapter;
    if (!drift || credentials.kind !== 'caller_set' || !credential) throw new Error('a facet is missing');
    const found = () => drift.findDrift(target, null, adapterContext());
    const n = target.databaseName;
    for (const [statement, undo, kind, inside] of [
      [`ALTER DATABASE "${n}" CONNECTION LIMIT 3`, `ALTER DATABASE "${n}" CONNECTION LIMIT 20`, 'settings', false],
      [`GRANT CONNECT ON DATABASE "${n}" TO PUBLIC`, `REVOKE ALL ON DATABASE "${n}" FROM PUBLIC`, 'grants', false],
      [`ALTER ROLE "${n}_a" CREATEDB`, `ALTER ROLE "${n}_a" NOCREATEDB`, 'grants', false],
      [`ALTER ROLE "${n}_o" LOGIN`, `ALTER ROLE "${n}_o" NOLOGIN`, 'grants', false],
      [`GRANT pg_read_all_data TO "${n}_r"`, `REVOKE pg_read_all_data FROM "${n}_r"`, 'grants', false],
      [`GRANT "${n}_r" TO "${n}_a"`, `REVOKE "${n}_r" FROM "${n}_a"`, 'grants', false],
      [`ALTER DATABASE "${n}" OWNER TO CURRENT_USER`, `ALTER DATABASE "${n}" OWNER TO eptst234_dbo`, null, false],
      ['GRANT CREATE ON SCHEMA public TO PUBLIC', 'REVOKE ALL ON SCHEMA public FROM PUBLIC', 'grants', true],
      ['ALTER SCHEMA app OWNER TO CURRENT_USER', `ALTER SCHEMA app OWNER TO "${n}_o"`, 'grants', true],
    ] as const) {
      await superuser(statement, inside ? n : undefined);
      if (kind === null) await expect(found(), statement).rejects.toMatchObject({ code: 'conflict' });
      else expect(await found(), statement).toEqual([{ kind, detail: expect.any(String) }]);
      await superuser(undo, inside ? n : undefined);
      expect(await found(), undo).toEqual([]);
    }
    await superuser(`ALTER ROLE "${n}_a" IN DATABASE "${n}" RESET role`);
    await superuser(`ALTER DATABASE "${n}" ALLOW_CONNECTIONS false`);
    expect((await found()).map(({ kind }) => kind)).toEqual(['settings', 'grants']);
    await harness.adapter.createDatabase(target, { mustExist: true }, adapterContext());
    await credentials.applyCredentials(target, [credential], adapterContext());
    expect(await found()).toEqual([]);
  });

  it('sec S14 no role of a tenant has a right of its own, and each is a member of at most its one group', async () => {
    const [{ target }] = three as [Provisioned];
    const n = target.databaseName;
    const roles =
      await superuser(`SELECT rolname || '' AS name, rolcanlogin AS login FROM pg_roles WHERE rolname LIKE '${n}%'
      AND NOT (rolsuper OR rolinherit OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) ORDER BY 1`);
    expect(roles).toEqual([
      { name: `${n}_a`, login: true },
      { name: `${n}_o`, login: false },
      { name: `${n}_r`, login: false },
    ]);
    expect(
      await superuser(`SELECT member::regrole || '' AS member, roleid::regrole || '' AS of FROM pg_auth_members
        WHERE member::regrole::text LIKE '${n}%'`),
    ).toEqual([{ member: `${n}_a`, of: `${n}_o` }]);
  });

  it('sec S13 a tenant enters its own database and no other, whoever it belongs to', async () => {
    for (const one of three) expect(await asTenant(one, 'SELECT body FROM note')).toHaveLength(1);
    for (const [one, other] of pairs()) {
      await expect(queryAs(enter(one, other.target.databaseName), 'SELECT 1')).rejects.toMatchObject(REFUSED);
      const stolen = { ...other, credential: one.credential };
      await expect(readNotes(harness, stolen)).rejects.toMatchObject({ name: 'AdapterError' });
    }
    for (const one of three) {
      for (const database of PUBLIC_DATABASES) {
        await expect(queryAs(enter(one, database), 'SELECT 1')).rejects.toMatchObject(REFUSED);
      }
    }
  });

  it("sec S11 a tenant ends nobody else's session and changes nobody else's database, nor its own", async () => {
    const busy = await Promise.all(
      three.map(async (database) => {
        const sql = postgres(enter(database), { max: 1 });
        const [row] = await sql`SELECT pg_backend_pid() AS pid`;
        onTestFinished(() => sql.end());
        return { sql, pid: Number(row?.['pid']) };
      }),
    );
    for (const [one, other] of pairs()) {
      const pid = busy[three.indexOf(other)]?.pid;
      for (const act of ['pg_terminate_backend', 'pg_cancel_backend']) {
        await expect(asTenant(one, `SELECT ${act}(${pid})`)).rejects.toMatchObject(REFUSED);
      }
    }
    for (const one of three) {
      for (const { target } of three) {
        const n = target.databaseName;
        for (const sql of [
          `DROP DATABASE ${n}`,
          `ALTER DATABASE ${n} RENAME TO mine`,
          `ALTER DATABASE ${n} CONNECTION LIMIT -1`,
          `ALTER DATABASE ${n} OWNER TO ${loginOf(one)}`,
          `GRANT ${n}_o TO ${loginOf(one)} WITH ADMIN OPTION`,
          `CREATE DATABASE mine TEMPLATE ${n}`,
          `COMMENT ON ROLE ${n}_o IS 'mine'`,
        ]) {
          await expect(asTenant(one, sql), sql).rejects.toMatchObject({
            code: expect.stringMatching(/^42501$|^55006$/),
          });
        }
      }
    }
    for (const { sql, pid } of busy) expect(await sql`SELECT pg_backend_pid() AS pid`).toMatchObject([{ pid }]);
  });

  it('sec S14 a tenant has no way out of its schema: no extension, no file, no program, no other role', async () => {
    const [one] = three as [Provisioned];
    for (const sql of [
      'CREATE EXTENSION dblink',
      'CREATE EXTENSION postgres_fdw',
      'CREATE EXTENSION pgcrypto',
      'CREATE SCHEMA mine',
      'CREATE TABLE public.t (a int)',
      'CREATE ROLE mine LOGIN',
      'CREATE PUBLICATION p FOR ALL TABLES',
      "COPY note TO PROGRAM 'cat'",
      "COPY note FROM '/etc/passwd'",
      "SELECT pg_read_file('/etc/passwd')",
      "SELECT lo_import('/etc/passwd')",
      "ALTER SYSTEM SET work_mem = '1GB'",
      'SET ROLE eptst234_dbo',
      'SET SESSION AUTHORIZATION control_plane',
      'SELECT * FROM pg_authid',
      'CREATE FUNCTION f() RETURNS int LANGUAGE c AS $$libc$$',
    ]) {
      await expect(asTenant(one, sql), sql).rejects.toMatchObject(REFUSED);
    }
  });

  it("sec S15 names are looked up in the tenant's schema, and what a tenant defines does not run as the administrator", async () => {
    const trapped = await provision(harness);
    expect(await asTenant(trapped, 'SHOW search_path')).toEqual([{ search_path: 'app' }]);
    await asTenant(
      trapped,
      `CREATE TABLE log (who text);
       CREATE TABLE bait (a int);
       CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN RESET ROLE; INSERT INTO app.log VALUES (session_user); RETURN NULL; END $$;
       CREATE TRIGGER t AFTER TRUNCATE ON bait EXECUTE FUNCTION noted();
       CREATE FUNCTION has_schema_privilege(text, text, text) RETURNS boolean LANGUAGE sql AS $$
         INSERT INTO app.log VALUES (session_user); SELECT false $$;
       CREATE FUNCTION trap(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
         BEGIN RAISE LOG 'trap sprung by % as %', session_user, current_user; RETURN 1; END $$;
       CREATE DOMAIN checked AS int CHECK (app.trap(VALUE) = 1);
       CREATE TABLE rich (a int DEFAULT trap(0), b checked, c int GENERATED ALWAYS AS (trap(a)) STORED, CHECK (trap(b) = 1));
       CREATE INDEX ON rich (trap(a));
       CREATE MATERIALIZED VIEW seen AS SELECT trap(a) FROM rich WITH NO DATA;
       ALTER TABLE rich ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
       CREATE POLICY own ON rich TO ${trapped.target.databaseName}_o USING (trap(a) = 1) WITH CHECK (true);
       CREATE POLICY readers ON rich FOR SELECT TO ${trapped.target.databaseName}_r USING (trap(a) = 1);
       INSERT INTO rich (b) VALUES (2)`,
    );
    await harness.adapter.createDatabase(trapped.target, { mustExist: true }, adapterContext());
    const copied = newTarget(harness);
    await harness.adapter.copy?.copyDatabase(trapped.target, copied, { schemaOnly: true }, adapterContext());
    expect(await superuser('SELECT who FROM app.log', trapped.target.databaseName)).toEqual([]);
    expect(await superuser('SELECT who FROM app.log', copied.databaseName)).toEqual([]);
    expect(
      await superuser("SELECT tgname || '' AS t, tgenabled::text AS e FROM pg_trigger", copied.databaseName),
    ).toEqual([{ t: 't', e: 'O' }]);
    expect(
      await superuser(
        "SELECT polname || '' AS p, polroles::regrole[]::text AS r FROM pg_policy ORDER BY 1",
        copied.databaseName,
      ),
    ).toEqual([
      { p: 'own', r: `{${copied.databaseName}_o}` },
      { p: 'readers', r: `{${copied.databaseName}_r}` },
    ]);
    const whole = newTarget(harness);
    await harness.adapter.copy?.copyDatabase(trapped.target, whole, { schemaOnly: false }, adapterContext());
    expect(await superuser('SELECT a, b, c FROM app.rich', whole.databaseName)).toEqual([{ a: 1, b: 2, c: 1 }]);
    await superuser("SELECT 'after the traps'");
    await expect.poll(() => log.includes('after the traps')).toBe(true);
    // The tenant's own statements have sprung it, so it is in the log when it is sprung.
    expect(log).toContain(`trap sprung by ${loginOf(trapped)} as`);
    expect(log).not.toContain('trap sprung by control_plane');
  });

  it('cap CR3 verifying finds a reader whom the database would let write, and hardening takes that away', async () => {
    const database = await provision(harness);
    const { target } = database;
    const reader = await newCredential(harness, database, { authorization: 'read_only' });
    const verify = () => harness.adapter.verifyDatabase(target, reader, adapterContext());
    await verify();
    await superuser(`GRANT CREATE ON SCHEMA app TO ${target.databaseName}_r`, target.databaseName);
    await expect(verify()).rejects.toMatchObject({ name: 'AdapterError', code: 'unsupported' });
    await harness.adapter.createDatabase(target, { mustExist: true }, adapterContext());
    await verify();
    await superuser(`REVOKE USAGE ON SCHEMA app FROM ${target.databaseName}_r`, target.databaseName);
    await expect(verify()).rejects.toMatchObject({ name: 'AdapterError', code: 'unavailable' });
  });

  it('F3 a session is used again without the locks of its last call, ends after an error, and ends with the adapter', async () => {
    const own = postgresHarness(server.adminUrl, { administratorUrl: harness.administratorUrl });
    const sessions = async () =>
      (await superuser("SELECT pid FROM pg_stat_activity WHERE datname = 'envplane_fence'")).map(({ pid }) =>
        Number(pid),
      );
    const locks = (pid: number) =>
      superuser(`SELECT 1 AS held FROM pg_locks WHERE locktype = 'advisory' AND pid = ${pid}`);
    const before = await sessions();
    const { target } = await provision(own);
    const [pid = 0, ...more] = (await sessions()).filter((each) => !before.includes(each));
    expect([pid > 0, more]).toEqual([true, []]);
    await expect.poll(() => locks(pid)).toEqual([]);
    await own.adapter.deleteDatabase(target, adapterContext());
    expect(await sessions()).toContain(pid);
    const dying = adapterContext({ fault: { at: 1, action: 'crash-after' } });
    await expect(own.adapter.createDatabase(newTarget(own), { mustExist: false }, dying)).rejects.toThrow();
    await expect.poll(sessions).not.toContain(pid);
    await provision(own);
    await own.close?.();
    await expect.poll(async () => (await sessions()).filter((each) => !before.includes(each))).toEqual([]);
  });

  it('sec S10 no password reaches the log of a server that logs every statement', async () => {
    const { target, credential } = await provision(harness);
    const secret = { ...(credential as AdapterCredential), slot: 1 as const, version: 2 };
    const { credentials } = harness.adapter;
    if (credentials.kind !== 'caller_set') throw new Error('the driver sets passwords');
    await credentials.applyCredentials(target, [secret], adapterContext());
    const statement = `ALTER ROLE "${target.databaseName}_b" LOGIN PASSWORD 'SCRAM-SHA-256$4096:`;
    await expect.poll(() => log.includes(statement)).toBe(true);
    // What is sent as a statement is in the log; what is not in it was not sent so.
    await superuser("SELECT 'a canary'");
    await expect.poll(() => log.includes('a canary')).toBe(true);
    const passwords = [...three, { credential }].map((database) => database.credential?.secret.reveal() ?? '');
    expect([...passwords, 'an administrator password'].filter((password) => log.includes(password))).toEqual([]);
  });

  it('sec S36 an administrator without superuser suspends, copies and deletes past live sessions; nothing is left', async () => {
    const source = await provision(harness);
    await writeNotes(harness, source, 'kept');
    const copied = newTarget(harness);
    // The server's last words, or a reset where the statement was already on its way.
    const ended = { name: 'AdapterError', definitive: false };
    await withHandle(harness, source, async (handle) => {
      await harness.adapter.suspend?.suspendDatabase(source.target, adapterContext());
      await expect(handle.query('SELECT 1')).rejects.toMatchObject(ended);
    });
    await harness.adapter.suspend?.resumeDatabase(source.target, adapterContext());
    const live = await harness.adapter.connect(source.target, source.location.databaseUrl, source.credential);
    await live.query('SELECT 1');
    await harness.adapter.copy?.copyDatabase(source.target, copied, { schemaOnly: false }, adapterContext());
    await expect(live.query('SELECT 1')).rejects.toMatchObject(ended);
    expect(await readNotes(harness, source)).toEqual(['kept']);
    await expect(queryAs(enter(source, copied.databaseName), 'SELECT 1')).rejects.toMatchObject(REFUSED);
    const last = await harness.adapter.connect(source.target, source.location.databaseUrl, source.credential);
    await harness.adapter.deleteDatabase(source.target, adapterContext());
    await expect(last.query('SELECT 1')).rejects.toMatchObject(ended);
    expect(await superuser('SELECT body FROM app.note', copied.databaseName)).toEqual([{ body: 'kept' }]);
    await harness.adapter.deleteDatabase(copied, adapterContext());
    for (const target of [source.target, copied]) expect(await objectsOf(harness, target)).toEqual([]);
  });
});
