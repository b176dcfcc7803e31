import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { AdapterCredential, Authorization } from '@envplane/spec';
import { Secret } from '@envplane/spec';
import {
  adapterContext,
  newTarget,
  type Provisioned,
  provision,
  readNotes,
  startSqld,
  withHandle,
  writeNotes,
} from '@envplane/testkit';
import { createClient } from '@libsql/client/http';
import { afterAll, describe, expect, it } from 'vitest';
import { parseKeyRing } from '../src/databases/libsql/key-ring.ts';
import { libsqlHarness } from './libsql-harness.ts';

const server = await startSqld();
afterAll(() => server.stop());
const harness = libsqlHarness(server);
const { adapter } = harness;
const { credentials, suspend, stats, copy, drift } = adapter;
if (credentials.kind !== 'caller_set' || !suspend || !stats || !copy || !drift) throw new Error('a facet is missing');

const base64 = (part: object | Buffer) =>
  (Buffer.isBuffer(part) ? part : Buffer.from(JSON.stringify(part))).toString('base64url');

/** Signs what it is told to, without the driver's rules. */
function forge(secret: Secret, header: object, payload: object): string {
  const key = createPrivateKey({ key: Buffer.from(secret.reveal(), 'base64url'), type: 'pkcs8', format: 'der' });
  const signed = `${base64(header)}.${base64(payload)}`;
  return `${signed}.${base64(sign(null, Buffer.from(signed), key))}`;
}

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;

/** One statement over plain HTTP. `error` is what the server says about the statement. */
async function ask(namespace: string, token: string | null, sql = 'SELECT 1') {
  const response = await fetch(`${server.url}/v2/pipeline`, {
    method: 'POST',
    headers: {
      'x-namespace-bin': Buffer.from(namespace).toString('base64').replace(/=+$/, ''),
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ requests: [{ type: 'execute', stmt: { sql } }] }),
  });
  const json = JSON.parse(await response.text());
  return { status: response.status, error: json.results?.[0]?.error?.code ?? null };
}

function secretOf({ credential }: Provisioned): Secret {
  if (credential === null) throw new Error('the driver has credentials');
  return credential.secret;
}

async function addCredential(database: Provisioned, authorization: Authorization, slot: 0 | 1) {
  if (credentials.kind !== 'caller_set') throw new Error('unreachable');
  const secret = credentials.generateSecret();
  const credential: AdapterCredential = { credentialId: 'c', version: 1, authorization, slot, secret };
  const others = database.credential ? [database.credential] : [];
  await credentials.applyCredentials(database.target, [...others, credential], adapterContext());
  return { ...database, credential };
}

const tokenOf = ({ target, location, credential }: Provisioned) =>
  adapter.describeConnection(target, location.databaseUrl, credential).secret?.reveal() ?? '';

describe('whose a namespace is', () => {
  it('sec S42 every configuration call leaves the keys in place: owner first, then each credential', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    const { target } = database;
    const { objectId, installationId, databaseName } = target;
    const before = (await harness.configOf(databaseName))['jwt_key'];
    expect(before).toMatch(/^-----BEGIN PUBLIC KEY-----\nEnvplane-Object: tst234 [0-9a-f-]{36}\n\n/);
    expect(parseKeyRing(String(before))).toEqual({
      owner: { installationId, objectId },
      keys: new Map([[`full_access 0 ${database.credential?.credentialId}`, expect.any(String)]]),
    });
    const calls = {
      create: () => adapter.createDatabase(target, { mustExist: false }, adapterContext()),
      harden: () => adapter.createDatabase(target, { mustExist: true }, adapterContext()),
      suspend: () => suspend.suspendDatabase(target, adapterContext()),
      resume: () => suspend.resumeDatabase(target, adapterContext()),
      measure: () => stats.measureDatabase(target, database.credential, adapterContext()),
      verify: () => adapter.verifyDatabase(target, database.credential, adapterContext()),
      fork: () => copy.copyDatabase(target, newTarget(harness), { schemaOnly: false }, adapterContext()),
      schema: () => copy.copyDatabase(target, newTarget(harness), { schemaOnly: true }, adapterContext()),
    };
    for (const [name, call] of Object.entries(calls)) {
      await call();
      expect((await harness.configOf(databaseName))['jwt_key'], name).toBe(before);
    }
    expect(await readNotes(harness, database)).toEqual(['kept']);
  });

  it('two changes at once both last', async () => {
    const database = await provision(harness);
    await Promise.all([
      addCredential(database, 'read_only', 1),
      suspend.suspendDatabase(database.target, adapterContext()),
    ]);
    const config = await harness.configOf(database.target.databaseName);
    expect([...parseKeyRing(String(config['jwt_key'])).keys.keys()].sort()).toEqual([
      `full_access 0 ${database.credential?.credentialId}`,
      'read_only 1 c',
    ]);
    expect(config).toMatchObject({ block_reads: true, block_writes: true });
  });

  it('an unlabelled key, and one left by a crash in the middle of own work, are removed by hardening', async () => {
    const database = await provision(harness);
    const { target } = database;
    const path = `/v1/namespaces/${target.databaseName}/config`;
    const config = await harness.configOf(target.databaseName);
    const strangers = generateKeyPairSync('ed25519');
    const foreignPem = strangers.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const leftOver = foreignPem.replace('KEY-----\n', 'KEY-----\nEnvplane-Key: temporary 00 1700000000000\n\n');
    const strangersKey = new Secret(
      strangers.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url'),
    );
    for (const added of [foreignPem, leftOver]) {
      await harness.administer('POST', path, { ...config, jwt_key: `${config['jwt_key']}${added}` });
      const token = forge(
        strangersKey,
        { alg: 'EdDSA' },
        { p: { rw: { ns: [target.databaseName] } }, exp: inAnHour() },
      );
      expect(await ask(target.databaseName, token)).toMatchObject({ status: 200 });
      await adapter.createDatabase(target, { mustExist: true }, adapterContext());
      expect(await ask(target.databaseName, token)).toMatchObject({ status: 401 });
      expect(await harness.configOf(target.databaseName)).toEqual(config);
    }
  });

  it('cap DR1 tells a key that is not ours, another limit, and a block, until it is hardened and resumed', async () => {
    const database = await provision(harness);
    const { target } = database;
    const found = async () => (await drift.findDrift(target, null, adapterContext())).map(({ kind }) => kind);
    const config = await harness.configOf(target.databaseName);
    const stranger = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    for (const [change, kind] of [
      [{ jwt_key: `${config['jwt_key']}${stranger}` }, 'grants'],
      [{ max_db_size: String(1 << 30) }, 'settings'],
      [{ block_writes: true }, 'settings'],
    ] as const) {
      const path = `/v1/namespaces/${target.databaseName}/config`;
      await harness.administer('POST', path, { ...config, ...change });
      expect(await found(), JSON.stringify(change)).toEqual([kind]);
      await adapter.createDatabase(target, { mustExist: true }, adapterContext());
      await suspend.resumeDatabase(target, adapterContext());
      expect(await found()).toEqual([]);
    }
  });

  it('a namespace that lost its keys is not ours any more', async () => {
    const { target } = await provision(harness);
    const path = `/v1/namespaces/${target.databaseName}/config`;
    await harness.administer('POST', path, { block_reads: false, block_writes: false });
    expect(await adapter.findDatabase(target, adapterContext())).toEqual({ kind: 'foreign' });
    await expect(adapter.deleteDatabase(target, adapterContext())).rejects.toMatchObject({ code: 'conflict' });
  });

  it('the server refuses text in front of the keys, and keeps headers inside them', async () => {
    const pem = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const create = (name: string, jwt_key: string) =>
      harness.administer('POST', `/v1/namespaces/${name}/create`, { jwt_key });
    expect(await create('text-in-front', `explanation\n${pem}`)).toMatchObject({ status: 500 });
    const labelled = pem.replace('KEY-----\n', 'KEY-----\nEnvplane-Key: full_access 0\n\n');
    expect(await create('with-header', labelled)).toMatchObject({ status: 200 });
    await server.restart('immediate');
    expect(await harness.configOf('with-header')).toMatchObject({ jwt_key: labelled });
  });
});

describe('tokens', () => {
  it('sec S42 before a credential is set, a database refuses every token', async () => {
    const target = newTarget(harness);
    await adapter.createDatabase(target, { mustExist: false }, adapterContext());
    const own = credentials.generateSecret();
    const token = forge(own, { alg: 'EdDSA' }, { p: { rw: { ns: [target.databaseName] } }, exp: inAnHour() });
    expect(await ask(target.databaseName, null)).toMatchObject({ status: 401 });
    expect(await ask(target.databaseName, token)).toMatchObject({ status: 401 });
  });

  it('sec S42 forged, unsigned, symmetric and expired ones are refused', async () => {
    const database = await provision(harness);
    const { databaseName } = database.target;
    const own = secretOf(database);
    const claims = (exp = inAnHour()) => ({ p: { rw: { ns: [databaseName] } }, exp });
    expect(await ask(databaseName, forge(own, { alg: 'EdDSA' }, claims()))).toEqual({ status: 200, error: null });

    const now = Math.floor(Date.now() / 1000);
    const publicKey = createPublicKey(
      createPrivateKey({ key: Buffer.from(own.reveal(), 'base64url'), type: 'pkcs8', format: 'der' }),
    );
    const hs256 = `${base64({ alg: 'HS256' })}.${base64(claims())}`;
    const mac = createHmac('sha256', publicKey.export({ type: 'spki', format: 'pem' }))
      .update(hs256)
      .digest();
    const refused: Record<string, string> = {
      expired: forge(own, { alg: 'EdDSA' }, claims(now - 61)),
      'of a key nobody knows': forge(credentials.generateSecret(), { alg: 'EdDSA' }, claims()),
      'with another payload': forge(own, { alg: 'EdDSA' }, claims()).replace(
        /\.[^.]+\./,
        `.${base64(claims(inAnHour() + 1))}.`,
      ),
      unsigned: `${base64({ alg: 'none' })}.${base64(claims())}.`,
      symmetric: `${hs256}.${base64(mac)}`,
    };
    for (const [which, token] of Object.entries(refused)) {
      expect((await ask(databaseName, token)).status, which).toBe(401);
    }
  });

  it('every token of ours ends: a day for callers, with one namespace and a key id', async () => {
    const database = await provision(harness);
    const { target, location, credential } = database;
    const info = adapter.describeConnection(target, location.databaseUrl, credential);
    const [header, payload] = (info.secret?.reveal() ?? '')
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
    expect(header).toEqual({ alg: 'EdDSA', typ: 'JWT', kid: credential?.credentialId });
    expect(payload).toEqual({
      p: { rw: { ns: [target.databaseName] } },
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
    expect(info.expiresAtMs).toBe(payload.exp * 1000);
    expect(payload.exp - payload.iat + 60).toBe(24 * 3600);
  });

  it('cap G2 none of three databases opens another, in either direction', async () => {
    const databases = [await provision(harness), await provision(harness), await provision(harness)];
    for (const database of databases) await writeNotes(harness, database, database.target.databaseName);
    for (const from of databases) {
      for (const to of databases) {
        const { databaseName } = to.target;
        const claims = { p: { rw: { ns: [databaseName] } }, exp: inAnHour() };
        const sql = 'SELECT body FROM note';
        if (from === to) {
          expect(await ask(databaseName, tokenOf(from), sql)).toEqual({ status: 200, error: null });
          continue;
        }
        // Its own token; one of its own key that claims the other; and one of the right key that claims its own.
        expect((await ask(databaseName, tokenOf(from), sql)).status).toBe(401);
        expect((await ask(databaseName, forge(secretOf(from), { alg: 'EdDSA' }, claims), sql)).status).toBe(401);
        const ownClaim = { p: { rw: { ns: [from.target.databaseName] } }, exp: inAnHour() };
        expect((await ask(databaseName, forge(secretOf(to), { alg: 'EdDSA' }, ownClaim), sql)).status).toBe(404);
        await expect(readNotes(harness, { ...to, credential: from.credential })).rejects.toMatchObject({
          code: 'unauthorized',
        });
        await withHandle(harness, from, async (handle) => {
          for (const name of [databaseName, `../${databaseName}/data`, `file:${databaseName}`]) {
            await expect(handle.exec(`ATTACH '${name}' AS other`)).rejects.toThrow();
            await expect(handle.exec(`ATTACH DATABASE "${name}" AS other`)).rejects.toThrow();
          }
          expect(await handle.query('SELECT name FROM pragma_database_list')).toEqual([{ name: 'main' }]);
        });
      }
    }
  });

  it('a read-only credential reads and cannot write', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    const reader = await addCredential(database, 'read_only', 0);
    await adapter.verifyDatabase(reader.target, reader.credential, adapterContext());
    expect(await readNotes(harness, reader)).toEqual(['kept']);
    for (const sql of [
      "INSERT INTO note VALUES (2, 'x')",
      'CREATE TABLE t (a)',
      'DELETE FROM note',
      'DROP TABLE note',
    ]) {
      expect((await ask(database.target.databaseName, tokenOf(reader), sql)).status, sql).toBe(403);
      await withHandle(harness, reader, async (handle) => {
        await expect(handle.exec(sql)).rejects.toMatchObject({ name: 'AdapterError', code: 'unauthorized' });
        await expect(handle.tx((tx) => tx.exec(sql))).rejects.toMatchObject({ name: 'AdapterError' });
      });
    }
    expect(await readNotes(harness, database)).toEqual(['kept']);
  });

  it('two slots overlap; what is not named any more is refused at once and on open connections', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    const next = await addCredential(database, 'full_access', 1);
    expect(await readNotes(harness, database)).toEqual(['kept']);
    expect(await readNotes(harness, next)).toEqual(['kept']);
    await withHandle(harness, database, async (handle) => {
      expect(await handle.query('SELECT id FROM note')).toEqual([{ id: 1 }]);
      await credentials.applyCredentials(database.target, [next.credential], adapterContext());
      await expect(handle.query('SELECT id FROM note')).rejects.toMatchObject({ code: 'unauthorized' });
    });
    const verifying = adapter.verifyDatabase(database.target, database.credential, adapterContext());
    await expect(verifying).rejects.toMatchObject({ code: 'unavailable', definitive: false });
    expect(await readNotes(harness, next)).toEqual(['kept']);
  });

  it('the key may come as PEM; anything but an Ed25519 key is refused without a trace of it', async () => {
    const database = await provision(harness);
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const fields = { credentialId: 'c', version: 1, authorization: 'full_access', slot: 0 } as const;
    const withPem = { ...database, credential: { ...fields, secret: new Secret(pem) } };
    await credentials.applyCredentials(database.target, [withPem.credential], adapterContext());
    await adapter.verifyDatabase(withPem.target, withPem.credential, adapterContext());

    const x25519 = generateKeyPairSync('x25519')
      .privateKey.export({ type: 'pkcs8', format: 'der' })
      .toString('base64url');
    for (const text of ['canary', x25519, '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n']) {
      const applying = credentials.applyCredentials(
        database.target,
        [{ ...fields, secret: new Secret(text) }],
        adapterContext(),
      );
      const error = await applying.catch((reason: Error) => reason);
      expect(error).toMatchObject({ name: 'AdapterError', code: 'invalid_request' });
      expect((error as Error).cause).toBeUndefined();
      expect((error as Error).message).not.toContain('canary');
    }
    await adapter.verifyDatabase(withPem.target, withPem.credential, adapterContext());
  });
});

describe('what a caller is told', () => {
  it('is enough for the stock client, as the description says', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    const { target, location, credential } = database;
    const { url, secret, namespace } = adapter.describeConnection(target, location.databaseUrl, credential);
    const header = Buffer.from(namespace ?? '')
      .toString('base64')
      .replace(/=+$/, '');
    const client = createClient({
      url,
      authToken: secret?.reveal() ?? '',
      fetch(request: Request) {
        request.headers.set('x-namespace-bin', header);
        return fetch(request);
      },
    });
    const transaction = await client.transaction('write');
    await transaction.execute("INSERT INTO note VALUES (2, 'by the stock client')");
    await transaction.commit();
    const { rows } = await client.execute('SELECT body FROM note ORDER BY id');
    client.close();
    expect(rows.map(({ body }) => body)).toEqual(['kept', 'by the stock client']);
  });

  it('with a domain the URL names the database, and no namespace is needed', async () => {
    const settings = { ...harness.placement.settings, domain: 'db.example.com' };
    const withDomain = libsqlHarness(server, { settings });
    const target = newTarget(withDomain);
    const location = await adapter.createDatabase(target, { mustExist: false }, adapterContext());
    expect(location.databaseUrl).toBe(`https://${target.databaseName}.db.example.com`);
    const secret = credentials.generateSecret();
    const credential: AdapterCredential = {
      credentialId: 'c',
      version: 1,
      authorization: 'read_only',
      slot: 0,
      secret,
    };
    const info = adapter.describeConnection(target, location.databaseUrl, credential);
    expect(Object.keys(info).sort()).toEqual(['expiresAtMs', 'secret', 'url']);
    await expect(adapter.connect(target, server.url, credential)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('limits and suspension', () => {
  it('the server refuses growth beyond the storage limit, and the database goes on', async () => {
    const database = await provision(harness, newTarget(harness, { storageLimitMb: 1 }));
    await writeNotes(harness, database, 'kept');
    await withHandle(harness, database, async (handle) => {
      const grow = async () => {
        for (let round = 0; round < 20; round++)
          await handle.exec('INSERT INTO note (body) VALUES (randomblob(200000))');
      };
      await expect(grow()).rejects.toMatchObject({ code: 'SQLITE_FULL' });
      expect(await handle.query('SELECT body FROM note WHERE id = 1')).toEqual([{ body: 'kept' }]);
    });
    const { sizeBytes } = await stats.measureDatabase(database.target, database.credential, adapterContext());
    expect(sizeBytes).toBeLessThanOrEqual(1024 * 1024);
    expect(sizeBytes).toBeGreaterThan(600_000);
    await adapter.verifyDatabase(database.target, database.credential, adapterContext());
  });

  it('a new limit holds after the next hardening', async () => {
    const database = await provision(harness, newTarget(harness, { storageLimitMb: 1 }));
    await writeNotes(harness, database, 'kept');
    const larger = { ...database.target, storageLimitMb: 8 };
    await adapter.createDatabase(larger, { mustExist: true }, adapterContext());
    await withHandle(harness, database, async (handle) => {
      for (let round = 0; round < 10; round++) await handle.exec('INSERT INTO note (body) VALUES (randomblob(200000))');
      expect(await handle.one('SELECT count(*) AS n FROM note')).toEqual({ n: 11 });
    });
  });

  it('suspended: the server refuses reads and writes, also on open connections, and stays so through hardening', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    const { target } = database;
    await withHandle(harness, database, async (handle) => {
      expect(await handle.query('SELECT body FROM note')).toHaveLength(1);
      await suspend.suspendDatabase(target, adapterContext());
      await adapter.createDatabase(target, { mustExist: true }, adapterContext());
      for (const sql of ['SELECT body FROM note', "INSERT INTO note VALUES (2, 'x')"]) {
        await expect(handle.exec(sql)).rejects.toMatchObject({ name: 'AdapterError', code: 'unavailable' });
        expect(await ask(target.databaseName, tokenOf(database), sql)).toEqual({ status: 200, error: 'BLOCKED' });
      }
      expect(await adapter.findDatabase(target, adapterContext())).toMatchObject({ kind: 'ours' });
      await suspend.resumeDatabase(target, adapterContext());
      expect(await handle.query('SELECT body FROM note')).toEqual([{ body: 'kept' }]);
    });
  });

  it('a transaction that was open at the suspension reads and writes nothing more, and can still be committed', async () => {
    const database = await provision(harness);
    await writeNotes(harness, database, 'kept');
    await withHandle(harness, database, async (handle) => {
      await handle.tx(async (tx) => {
        await tx.exec("INSERT INTO note VALUES (2, 'before')");
        await suspend.suspendDatabase(database.target, adapterContext());
        for (const sql of ['SELECT body FROM note', "INSERT INTO note VALUES (3, 'after')"]) {
          await expect(tx.exec(sql)).rejects.toMatchObject({ name: 'AdapterError', code: 'unavailable' });
        }
      });
    });
    await suspend.resumeDatabase(database.target, adapterContext());
    expect(await readNotes(harness, database)).toEqual(['kept', 'before']);
  });
});
