import { inspect } from 'node:util';
import {
  type AdapterContext,
  type AdapterCredential,
  AdapterError,
  type Authorization,
  type CredentialsFacet,
  type DatabaseTarget,
  type ProviderMintedCredentials,
  Secret,
} from '@envplane/spec';
import {
  adapterContext,
  letIn,
  newTarget,
  type Provisioned,
  provision,
  readNotes,
  withHandle,
  writeNotes,
} from '@envplane/testkit';
import { createClient } from '@libsql/client/http';
import { afterAll, describe, expect, it } from 'vitest';
import { tursoHarness } from './turso-harness.ts';

const harness = await tursoHarness();
const { adapter, cloud } = harness;
const { copy, drift, inventory, stats, suspend } = adapter;
if (!copy || !drift || !inventory || !stats || !suspend) throw new Error('a facet is missing');
const tokens = tokensOf(adapter.credentials);

afterAll(() => harness.close());

function tokensOf(credentials: CredentialsFacet): ProviderMintedCredentials {
  if (credentials.kind !== 'provider_minted') throw new Error('tokens are minted');
  return credentials;
}

async function minted(target: DatabaseTarget, authorization: Authorization): Promise<AdapterCredential> {
  const { secret } = await tokens.mintCredential(target, { authorization }, adapterContext());
  return { credentialId: `of ${authorization}`, version: 1, authorization, slot: 0, secret };
}

const withCredential = (database: Provisioned, credential: AdapterCredential): Provisioned => ({
  ...database,
  credential,
});

describe('tokens', () => {
  it('cap G2 a token opens its own database and none of the others: every ordered pair of three', async () => {
    const databases = [await provision(harness), await provision(harness), await provision(harness)];
    for (const [at, database] of databases.entries()) await writeNotes(harness, database, `of ${at}`);
    for (const [from, { credential }] of databases.entries()) {
      for (const [to, database] of databases.entries()) {
        const reading = readNotes(harness, { ...database, credential });
        if (from === to) expect(await reading).toEqual([`of ${to}`]);
        else await expect(reading).rejects.toMatchObject({ name: 'AdapterError', code: 'unauthorized' });
      }
    }
  });

  it('sec S8 the token of a tenant is none at the Platform API: 401, and nothing happens', async () => {
    const [one, other] = [await provision(harness), await provision(harness)];
    await writeNotes(harness, other, 'kept');
    const before = [await harness.listObjects(), cloud.objects()];
    const calls = [one, other].flatMap(({ target: { databaseName: name } }): [string, string, object?][] => [
      ['GET', `databases/${name}`],
      ['GET', `databases/${name}/configuration`],
      ['PATCH', `databases/${name}/configuration`, { block_reads: true, block_writes: true, delete_protection: false }],
      ['POST', `databases/${name}/auth/tokens?expiration=1h`],
      ['POST', `databases/${name}/auth/rotate`],
      ['DELETE', `databases/${name}`],
      ['POST', 'databases', { name: `${name}x`, group: cloud.group }],
    ]);
    for (const [method, path, body] of calls) {
      const { status } = await cloud.fetch(`https://api.turso.tech/v1/organizations/${cloud.organization}/${path}`, {
        method,
        headers: { authorization: `Bearer ${one.credential?.secret.reveal()}` },
        ...(body && { body: JSON.stringify(body) }),
      });
      expect(status, `${method} ${path}`).toBe(401);
    }
    expect([await harness.listObjects(), cloud.objects()]).toEqual(before);
    expect(await readNotes(harness, other)).toEqual(['kept']);
  });

  it('cap G2 a database does not attach another one, by whatever name', async () => {
    const [from, to] = [await provision(harness), await provision(harness)];
    await writeNotes(harness, to, 'of another');
    const { databaseName } = to.target;
    const names = [databaseName, `../${databaseName}/data`, `file:${databaseName}`, to.location.databaseUrl];
    await withHandle(harness, from, async (handle) => {
      for (const name of names) {
        for (const sql of [`ATTACH '${name}' AS other`, `ATTACH DATABASE "${name}" AS other`]) {
          await expect(handle.exec(sql), sql).rejects.toThrow();
          await expect(
            handle.tx(async (tx) => {
              await tx.exec(sql);
              await tx.query('SELECT body FROM other.note');
            }),
            sql,
          ).rejects.toThrow();
        }
      }
      expect(await handle.query('SELECT name FROM pragma_database_list')).toEqual([{ name: 'main' }]);
    });
  });

  it('cap CR3 a read-only token reads and cannot write', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    const reader = withCredential(database, await minted(database.target, 'read_only'));
    await adapter.verifyDatabase(database.target, reader.credential, adapterContext());
    for (const sql of [
      "INSERT INTO note VALUES (2, 'no')",
      'DELETE FROM note',
      'DROP TABLE note',
      'CREATE TABLE other (a)',
    ]) {
      await expect(withHandle(harness, reader, (handle) => handle.exec(sql))).rejects.toMatchObject({
        code: 'unauthorized',
      });
    }
    expect(await readNotes(harness, reader)).toEqual(['kept']);
  });

  it('a full token that is taken for a read-only one does not pass', async () => {
    const { target, credential } = await provision(harness);
    if (credential === null) throw new Error('there is a token');
    const wrong = { ...credential, authorization: 'read_only' } as const;
    await expect(adapter.verifyDatabase(target, wrong, adapterContext())).rejects.toMatchObject({
      code: 'unsupported',
    });
  });

  it('I2 a token is good for 90 days, and refused once it has expired', async () => {
    const database = await provision(harness);
    const days = async () => {
      const { expiresAtMs } = await tokens.mintCredential(
        database.target,
        { authorization: 'full_access' },
        adapterContext(),
      );
      return Math.round((expiresAtMs - Date.now()) / 86_400_000);
    };
    expect(await days()).toBe(90);
    cloud.switches.clockOffsetMs = -91 * 86_400_000;
    expect(await days()).toBe(-1);
    const expired = await minted(database.target, 'full_access');
    cloud.switches.clockOffsetMs = 0;
    await expect(readNotes(harness, withCredential(database, expired))).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(adapter.verifyDatabase(database.target, expired, adapterContext())).rejects.toMatchObject({
      definitive: false,
    });
  });

  it('I2 a token without an expiry is not accepted from the provider', async () => {
    const { target } = await provision(harness);
    cloud.switches.ignoreExpiration = true;
    const error = await minted(target, 'full_access').catch((reason: unknown) => reason);
    cloud.switches.ignoreExpiration = false;
    expect(error).toMatchObject({ name: 'AdapterError', code: 'unavailable' });
  });

  it('two tokens of one database are good at the same time, and both end when its keys are rotated', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    const second = withCredential(database, await minted(database.target, 'full_access'));
    expect([await readNotes(harness, database), await readNotes(harness, second)]).toEqual([['kept'], ['kept']]);
    await harness.callApi('POST', `databases/${database.target.databaseName}/auth/rotate`);
    for (const old of [database, second])
      await expect(readNotes(harness, old)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await readNotes(harness, withCredential(database, await minted(database.target, 'full_access')))).toEqual([
      'kept',
    ]);
  });

  it('the stock client connects with what a caller is given', async () => {
    const { target, location, credential } = await provision(harness);
    const info = adapter.describeConnection(target, location.databaseUrl, credential);
    expect(info.url).toBe(`libsql://${target.databaseName}-${cloud.organization}.turso.io`);
    expect(info.expiresAtMs).toBeGreaterThan(Date.now() + 89 * 86_400_000);
    const client = createClient({ url: info.url, authToken: info.secret?.reveal() ?? '', fetch: cloud.fetch });
    await client.batch(['CREATE TABLE t (a)', 'INSERT INTO t VALUES (7)'], 'write');
    expect((await client.execute('SELECT a FROM t')).rows[0]?.['a']).toBe(7);
    client.close();
  });

  it('sec S27 sec S29 no token is in a URL, a location, an error or a printed object', async () => {
    const database = await provision(harness);
    const { target, location, credential } = database;
    const wrong = new Secret('tp_wrong-platform-token');
    const stranger = { ...target, placement: { ...target.placement, administrator: wrong } };
    const texts: string[] = [JSON.stringify(location), inspect(adapter, { depth: null, showHidden: true })];
    const calls = [
      () => adapter.createDatabase(stranger, { mustExist: false }, adapterContext()),
      () => adapter.deleteDatabase(stranger, adapterContext()),
      () => adapter.verifyDatabase(stranger, credential, adapterContext()),
      () => adapter.connect(target, 'libsql://elsewhere.example', credential),
      () => adapter.checkPlacement(stranger.placement),
      () => suspend.suspendDatabase(stranger, adapterContext()),
    ];
    for (const call of calls) {
      const error = await call().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(AdapterError);
      texts.push(
        inspect(error, { depth: null, showHidden: true }),
        JSON.stringify(error),
        String((error as Error).stack),
      );
    }
    const handle = await adapter.connect(target, location.databaseUrl, credential);
    texts.push(inspect(handle, { depth: null, showHidden: true }));
    const refused = await handle.query('SELECT no_such_column').catch((reason: unknown) => reason);
    texts.push(inspect(refused, { depth: null, showHidden: true }));
    await handle.close();
    for (const { path, body } of cloud.requests) texts.push(path, body);
    const platformToken = target.placement.administrator?.reveal() ?? '';
    for (const secret of [platformToken, wrong.reveal(), credential?.secret.reveal() ?? '']) {
      for (const text of texts) expect(text).not.toContain(secret);
    }
  });
});

describe('limits', () => {
  it('cap DR1 what is set otherwise is told, until it is hardened and resumed', async () => {
    const database = await provision(harness);
    const { target } = database;
    const found = async () => (await drift.findDrift(target, null, adapterContext())).map(({ kind }) => kind);
    const configuration = `databases/${target.databaseName}/configuration`;
    for (const change of [{ delete_protection: false }, { size_limit: '1gb' }, { block_reads: true }]) {
      await harness.callApi('PATCH', configuration, change);
      // A size in another unit cannot be compared.
      expect(await found(), JSON.stringify(change)).toEqual('size_limit' in change ? [] : ['settings']);
      await harness.callApi('PATCH', configuration, { size_limit: String(1 << 30) });
      expect((await found()).length, JSON.stringify(change)).toBeGreaterThan(0);
      await adapter.createDatabase(target, { mustExist: true }, adapterContext());
      await suspend.resumeDatabase(target, adapterContext());
      expect(await found()).toEqual([]);
    }
  });

  it('hardening does not let a suspended tenant in, and sets everything else again', async () => {
    const database = await provision(harness);
    const { target, location } = database;
    await suspend.suspendDatabase(target, adapterContext());
    await harness.callApi('PATCH', `databases/${target.databaseName}/configuration`, {
      delete_protection: false,
      size_limit: '1gb',
    });
    expect(await adapter.createDatabase(target, { mustExist: true }, adapterContext())).toEqual(location);
    expect(harness.objectOf(target)).toMatchObject({
      blockReads: true,
      blockWrites: true,
      deleteProtection: true,
      sizeLimit: String(64 << 20),
    });
    expect(await adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'ours', ...location });
    await expect(readNotes(harness, database)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('copies', () => {
  const schema = [
    'CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL)',
    "CREATE TABLE book (id INTEGER PRIMARY KEY, author REFERENCES author (id), title TEXT DEFAULT 'a;b', embedding F32_BLOB(3))",
    'CREATE INDEX book_title ON book (title)',
    'CREATE INDEX book_embedding ON book (libsql_vector_idx(embedding))',
    'CREATE VIRTUAL TABLE words USING fts5 (text)',
    'CREATE VIEW titles AS SELECT title FROM book',
    "CREATE TRIGGER renamed AFTER UPDATE ON author BEGIN UPDATE book SET title = 'x'; INSERT INTO words VALUES (new.name); END",
    'PRAGMA user_version = 42',
  ];

  it('cap CP2 schema only: tables, indexes, views, triggers, virtual tables and the version, without rows', async () => {
    const source = await provision(harness);
    await withHandle(harness, source, async (handle) => {
      for (const sql of schema) await handle.exec(sql);
      await handle.exec("INSERT INTO author VALUES (1, 'not copied')");
      await handle.exec("INSERT INTO book (id, author, embedding) VALUES (1, 1, vector32('[1,2,3]'))");
    });
    const target = newTarget(harness);
    const location = await copy.copyDatabase(source.target, target, { schemaOnly: true }, adapterContext());
    const copied = await letIn(harness, target, location);
    const describeSchema = (database: Provisioned) =>
      withHandle(harness, database, (handle) =>
        handle.query('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name'),
      );
    expect(await describeSchema(copied)).toEqual(await describeSchema(source));
    await withHandle(harness, copied, async (handle) => {
      expect(await handle.one('PRAGMA user_version')).toEqual({ user_version: 42 });
      expect(await handle.one('SELECT (SELECT count(*) FROM author) + (SELECT count(*) FROM book) AS n')).toEqual({
        n: 0,
      });
      await handle.exec("INSERT INTO book (id, embedding) VALUES (1, vector32('[1,2,3]'))");
      const near = "SELECT id FROM vector_top_k('book_embedding', vector32('[1,2,3]'), 1)";
      expect(await handle.one(near)).toEqual({ id: 1 });
    });
  });

  it('rel G1 a schema-only copy survives a crash at every boundary', async () => {
    const source = await provision(harness);
    await writeNotes(harness, source, 'not copied');
    const run = (target: DatabaseTarget, context: AdapterContext) =>
      copy.copyDatabase(source.target, target, { schemaOnly: true }, context);
    const counting = adapterContext();
    await run(newTarget(harness), counting);
    for (let at = 0; at < counting.boundaries.length; at++) {
      for (const action of ['crash-before', 'crash-after'] as const) {
        const target = newTarget(harness);
        await expect(run(target, adapterContext({ fault: { at, action } }))).rejects.toThrow('injected crash');
        const { kind } = await adapter.findDatabase(target, adapterContext());
        expect(['absent', 'ours']).toContain(kind);
        const location = await run(target, adapterContext());
        expect(await readNotes(harness, await letIn(harness, target, location))).toEqual([]);
      }
    }
  });

  it('a tenant may drop the marker: the database stays ours, and so does its copy', async () => {
    const source = await provision(harness);
    await writeNotes(harness, source, 'copied');
    await withHandle(harness, source, (handle) => handle.exec('DROP TABLE _ep_meta'));
    expect(await adapter.findDatabase(source.target, adapterContext())).toMatchObject({ kind: 'ours' });
    const target = newTarget(harness);
    const location = await copy.copyDatabase(source.target, target, { schemaOnly: false }, adapterContext());
    expect(await readNotes(harness, await letIn(harness, target, location))).toEqual(['copied']);
    expect(harness.objectOf(target)?.parentId).toBe(source.location.externalUid);
  });

  it("the source's token does not open the copy", async () => {
    const source = await provision(harness);
    const target = newTarget(harness);
    const location = await copy.copyDatabase(source.target, target, { schemaOnly: false }, adapterContext());
    const reading = readNotes(harness, { target, location, credential: source.credential });
    await expect(reading).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('an empty database under the name of a copy is not taken for the copy', async () => {
    const source = await provision(harness);
    await writeNotes(harness, source, 'copied');
    const target = newTarget(harness);
    await harness.callApi('POST', 'databases', { name: target.databaseName, group: cloud.group });
    const copying = copy.copyDatabase(source.target, target, { schemaOnly: false }, adapterContext());
    await expect(copying).rejects.toMatchObject({ code: 'unavailable' });
  });
});
