import { createClient as createDataClient } from '@libsql/client/http';
import { createClient } from '@tursodatabase/api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type SqldServer, startSqld } from '../src/servers/sqld.ts';
import { startTursoEmulator, type TursoEmulator } from '../src/turso/emulator.ts';

let sqld: SqldServer;
let cloud: TursoEmulator;
let platform: ReturnType<typeof createClient>;
const group = 'default';

beforeAll(async () => {
  sqld = await startSqld();
  cloud = await startTursoEmulator(sqld);
  // The vendor's client knows no other seam than the global function; its base URL stays the default.
  vi.stubGlobal('fetch', cloud.fetch);
  const scopes = ['read', 'db:create', 'db:delete', 'db:mint-token', 'db:rotate-creds', 'group:manage'] as const;
  platform = createClient({ org: cloud.organization, token: cloud.issueToken(scopes).reveal() });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await cloud.close();
  await sqld.stop();
});

function open(hostname: string, authToken: string) {
  return createDataClient({ url: `libsql://${hostname}`, authToken, fetch: cloud.fetch });
}

/** The status that the database's own host answers a statement with; 200 when it is run. */
async function statusOf(hostname: string, authToken: string, sql = 'SELECT 1'): Promise<unknown> {
  const client = open(hostname, authToken);
  try {
    await client.execute(sql);
    return 200;
  } catch (error) {
    return (error as { cause?: { status?: number } }).cause?.status ?? error;
  } finally {
    client.close();
  }
}

describe('the vendor’s own client, with its default base URL', () => {
  it('cap AD3 creates, lists, gets and deletes databases', async () => {
    const created = await platform.databases.create('sdk-one', { group, size_limit: '10mb' });
    expect(created).toEqual({
      name: 'sdk-one',
      id: expect.any(String),
      hostname: `sdk-one-${cloud.organization}.turso.io`,
    });
    expect(await platform.databases.get('sdk-one')).toMatchObject({
      ...created,
      group,
      block_reads: false,
      archived: false,
    });
    const listed = await platform.databases.list({ group });
    expect(listed.map(({ id }) => id)).toContain(created.id);
    expect(await platform.databases.list({ group: 'none' })).toEqual([]);
    expect(await platform.databases.delete('sdk-one')).toEqual({ database: 'sdk-one' });
    expect(cloud.objects()).toEqual([]);
    await expect(platform.databases.get('sdk-one')).rejects.toMatchObject({ status: 404 });
  });

  it.each([409, 400] as const)('refuses a second database of one name with %s', async (status) => {
    cloud.switches.duplicateStatus = status;
    const name = `twice-${status}`;
    await platform.databases.create(name, { group });
    await expect(platform.databases.create(name, { group })).rejects.toMatchObject({
      name: 'TursoClientError',
      status,
    });
    cloud.switches.duplicateStatus = 409;
  });

  it.each([
    ['an unknown group', 'fine', 'nowhere', 400, 'group not found'],
    ['a bad name', 'Not_Fine', group, 422, 'database name is not valid'],
  ])('refuses %s', async (_title, name, inGroup, status, message) => {
    await expect(platform.databases.create(name, { group: inGroup })).rejects.toMatchObject({ status, message });
  });

  it('mints tokens that open one database, read-only ones without writing', async () => {
    const { hostname } = await platform.databases.create('tokens-a', { group });
    const other = await platform.databases.create('tokens-b', { group });
    const { jwt } = await platform.databases.createToken('tokens-a', { expiration: '2w1d30m' });
    const readOnly = await platform.databases.createToken('tokens-a', { expiration: '1d', authorization: 'read-only' });
    expect(await statusOf(hostname, jwt, 'CREATE TABLE t (a)')).toBe(200);
    expect(await statusOf(hostname, readOnly.jwt, 'SELECT * FROM t')).toBe(200);
    expect(await statusOf(hostname, readOnly.jwt, 'INSERT INTO t VALUES (1)')).toBe(403);
    expect(await statusOf(other.hostname, jwt)).not.toBe(200);
    const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
    expect(claims.exp - claims.iat).toBe(15 * 86_400 + 1800);
    await expect(platform.databases.createToken('tokens-a', { expiration: 'soon' })).rejects.toMatchObject({
      status: 400,
      message: 'Invalid expiration format',
    });
  });

  it('a token is refused once it has expired', async () => {
    const { hostname } = await platform.databases.create('expiring', { group });
    const ofAnHour = async () => (await platform.databases.createToken('expiring', { expiration: '1h' })).jwt;
    expect(await statusOf(hostname, await ofAnHour())).toBe(200);
    cloud.switches.clockOffsetMs = -2 * 3_600_000;
    expect(await statusOf(hostname, await ofAnHour())).toBe(401);
    cloud.switches.clockOffsetMs = 0;
  });

  it('rotating ends every token of the database, of the whole group when asked there', async () => {
    const { hostname } = await platform.databases.create('rotated', { group });
    const { jwt } = await platform.databases.createToken('rotated', { expiration: '1d' });
    // The answer has no body, which this client cannot read: the rotation has happened nevertheless.
    await expect(platform.databases.rotateTokens('rotated')).rejects.toThrow(SyntaxError);
    expect(await statusOf(hostname, jwt)).toBe(401);
    const ofDatabase = await platform.databases.createToken('rotated', { expiration: '1d' });
    const ofGroup = await platform.groups.createToken(group, { expiration: '1d' });
    expect([await statusOf(hostname, ofDatabase.jwt), await statusOf(hostname, ofGroup.jwt)]).toEqual([200, 200]);
    await expect(platform.groups.rotateTokens(group)).rejects.toThrow(SyntaxError);
    expect([await statusOf(hostname, ofDatabase.jwt), await statusOf(hostname, ofGroup.jwt)]).toEqual([401, 401]);
  });

  it('a seeded database is a copy with keys of its own', async () => {
    const source = await platform.databases.create('seed-source', { group });
    const { jwt } = await platform.databases.createToken('seed-source', { expiration: '1d' });
    expect(await statusOf(source.hostname, jwt, 'CREATE TABLE t AS SELECT 42 AS a')).toBe(200);
    const copy = await platform.databases.create('seed-copy', {
      group,
      seed: { type: 'database', name: 'seed-source' },
    });
    expect(await statusOf(copy.hostname, jwt)).not.toBe(200);
    const own = await platform.databases.createToken('seed-copy', { expiration: '1d' });
    const client = open(copy.hostname, own.jwt);
    expect((await client.execute('SELECT a FROM t')).rows[0]?.['a']).toBe(42);
    client.close();
  });

  it('tells usage and instances', async () => {
    const { id } = await platform.databases.create('used', { group });
    for (const field of ['usage', 'total'] as const) {
      cloud.switches.usageField = field;
      expect(await platform.databases.usage('used')).toMatchObject({
        uuid: id,
        [field]: { storage_bytes: expect.any(Number) },
      });
    }
    await expect(platform.databases.usage('used', { from: '2023-12-12T00:00:00' })).rejects.toMatchObject({
      status: 400,
    });
    const [instance] = await platform.databases.listInstances('used');
    expect(instance).toMatchObject({ uuid: id, type: 'primary', region: 'lhr' });
    expect(await platform.databases.getInstance('used', 'lhr')).toEqual(instance);
  });

  it('manages groups; a database on AWS has its region in the host name', async () => {
    const made = await platform.groups.create('second', 'aws-us-east-1');
    expect(made).toMatchObject({ name: 'second', primary: 'aws-us-east-1', locations: ['aws-us-east-1'] });
    expect(await platform.groups.get('second')).toEqual(made);
    expect((await platform.groups.list()).map(({ name }) => name).sort()).toEqual(['default', 'second']);
    await expect(platform.groups.create('second', 'lhr')).rejects.toMatchObject({ status: 409 });
    const { hostname } = await platform.databases.create('regional', { group: 'second' });
    expect(hostname).toBe(`regional-${cloud.organization}.aws-us-east-1.turso.io`);
    const { jwt } = await platform.databases.createToken('regional', { expiration: '1h' });
    expect(await statusOf(hostname, jwt)).toBe(200);
    expect(await platform.groups.delete('second')).toEqual(made);
    await expect(platform.groups.get('second')).rejects.toMatchObject({ status: 404 });
    expect(cloud.objects().map(({ name }) => name)).not.toContain('regional');
  });

  it('tells locations, organizations and whether a token is good', async () => {
    expect(await platform.locations.list()).toContainEqual({ code: 'lhr', description: expect.any(String) });
    cloud.switches.organizationsAsArray = false;
    expect(await platform.organizations.list()).toMatchObject([{ slug: cloud.organization }]);
    expect(await platform.apiTokens.validate('unused')).toMatchObject({ valid: true });
    const stranger = createClient({ org: cloud.organization, token: 'tp_nobody' });
    await expect(stranger.databases.list()).rejects.toMatchObject({ status: 401 });
  });
});

describe('what the vendor’s client does not reach', () => {
  const call = (method: string, path: string, token: string, body?: unknown) =>
    cloud.fetch(`https://api.turso.tech/v1/organizations/${cloud.organization}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it('blocks, the size limit and delete protection are enforced', async () => {
    const token = cloud.issueToken(['read', 'db:configure', 'db:delete']).reveal();
    const { hostname } = await platform.databases.create('configured', { group });
    const { jwt } = await platform.databases.createToken('configured', { expiration: '1d' });
    const configuration = 'databases/configured/configuration';
    const set = async (fields: unknown) => (await call('PATCH', configuration, token, fields)).json();

    expect(
      await set({ block_reads: true, block_writes: true, delete_protection: true, size_limit: '1mb' }),
    ).toMatchObject({
      ...{ block_reads: true, block_writes: true, delete_protection: true, size_limit: '1mb' },
    });
    expect(await statusOf(hostname, jwt)).toMatchObject({ code: 'BLOCKED' });
    await set({ block_reads: false, block_writes: false });
    expect(await statusOf(hostname, jwt, 'CREATE TABLE t (a)')).toBe(200);
    const tooMuch = 'INSERT INTO t VALUES (zeroblob(3000000))';
    expect(await statusOf(hostname, jwt, tooMuch)).toMatchObject({ code: 'SQLITE_FULL' });
    expect((await call('DELETE', 'databases/configured', token)).status).toBe(403);
    await set({ delete_protection: false });
    expect((await call('DELETE', 'databases/configured', token)).status).toBe(200);
    expect((await call('GET', configuration, token)).status).toBe(404);
    expect(await statusOf(hostname, jwt)).toBe(404);
  });

  it('sec S36 a platform token does what its scopes say and no more', async () => {
    const token = cloud.issueToken(['read']).reveal();
    expect((await call('GET', 'databases', token)).status).toBe(200);
    expect((await call('POST', 'databases', token, { name: 'no', group })).status).toBe(403);
  });

  it('the answer to a rotation has no body', async () => {
    const token = cloud.issueToken(['db:rotate-creds']).reveal();
    await platform.databases.create('bodyless', { group });
    const answer = await call('POST', 'databases/bodyless/auth/rotate', token);
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('a host that is not the cloud’s is not reached', async () => {
    await expect(cloud.fetch('https://elsewhere.example/')).rejects.toThrow();
    expect(cloud.dialled).toContain('elsewhere.example');
  });
});
