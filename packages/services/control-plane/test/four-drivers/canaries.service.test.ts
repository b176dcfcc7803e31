import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Canaries } from './canaries.ts';
import { administrator, type CanaryServers, everyPath, openRun, startCanaryServers } from './canary-run.ts';

let servers: CanaryServers;
const directory = mkdtempSync(join(tmpdir(), 'envplane-canaries-'));

beforeAll(async () => {
  servers = await startCanaryServers();
});
afterAll(async () => {
  await servers.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Whatever there is in the store, as its rows are written. */
async function postgresRows(url: string): Promise<string> {
  const sql = postgres(url, { max: 1 });
  const tables = await sql<{ name: string }[]>`
    select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`;
  let text = '';
  for (const { name } of tables) {
    const rows = await sql.unsafe(`select t::text as row from ${name} t`);
    text += rows.map(({ row }) => `${name} ${row}\n`).join('');
  }
  await sql.end();
  return text;
}

const filesBelow = (path: string): string =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

/** Arguments of every process but the server that is given its key in them by the test kit. */
const processArguments = (): string =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .filter((text) => !text.includes('--admin-auth-key'))
    .join('\n');

it('a data key is found however it is written or shown, and a secret in each encoding', () => {
  const canaries = new Canaries();
  canaries.add('a secret of some length');
  canaries.addKey(randomBytes(32).fill(200, 0, 1));
  const key = randomBytes(32).fill(7, 0, 1);
  canaries.addKey(key);
  const shown = [
    inspect(key),
    inspect(Uint8Array.from(key)),
    JSON.stringify(key),
    JSON.stringify(Uint8Array.from(key)),
  ];
  const written = (['latin1', 'base64', 'base64url', 'hex'] as const).map((encoding) => key.toString(encoding));
  for (const text of [...shown, ...written]) expect(canaries.in(`before ${text} behind`), text).toHaveLength(1);
  for (const encoding of ['utf8', 'base64', 'hex'] as const) {
    expect(canaries.in(Buffer.from('a secret of some length').toString(encoding))).toHaveLength(1);
  }
  expect(canaries.in(inspect(randomBytes(32)))).toEqual([]);
});

const RUNS = [
  ['sqlite', 'local'],
  ['postgres', 'aws-kms'],
] as const;

describe.each(RUNS)('rel G13 secrets on their way, %s store, data keys wrapped by %s', (store, wraps) => {
  it('sec S26 sec S28 lie nowhere in the clear but in the answer that is to hold them', {
    timeout: 120_000,
  }, async () => {
    const place = join(directory, store);
    const file = join(place, 'store');
    mkdirSync(file, { recursive: true, mode: 0o700 });
    const url =
      store === 'sqlite' ? `file:${file}/control-plane.db` : await servers.cluster.createDatabase('control_plane');
    const run = await openRun(servers, { store: url, place, wraps });
    await everyPath(servers, run, store);
    const { canaries, seen, plane } = run;
    const rows = store === 'sqlite' ? filesBelow(file) : await postgresRows(url);
    const logs = { 'the log of PostgreSQL': servers.log.postgres, 'the log of sqld': servers.log.sqld };
    const places = { ...seen, arguments: processArguments(), ...logs, rows };
    await plane.close();
    // At the least: three administrators and one more, and for three drivers three rotations of two authorizations.
    expect(canaries.size).toBeGreaterThan(20);
    // Sixteen are made ahead, one for each placement and signing key, one for the installation.
    expect(canaries.keys).toBeGreaterThan(20);
    for (const [name, text] of Object.entries(places)) {
      expect(text.length, name).toBeGreaterThan(1_000);
      expect(canaries.in(text), name).toEqual([]);
    }
    // It was there to be searched.
    expect(places.log).toContain('http.request');
    expect(places.answers).toContain('"hops":');
    expect(servers.log.postgres).toContain('SCRAM-SHA-256$');
    expect(rows).toContain('credential.rotated');
    expect(rows).toContain(wraps);
    // What is left in files once everything is closed, the key file included.
    if (store === 'sqlite') expect(canaries.in(filesBelow(place))).toEqual([]);
  });
});

/**
 * Serves one environment, and writes what is on its heap: `open`, while a connection is; `over`, when it was suspended. It is
 * told what it needs on its standard input.
 */
const HEAP = `
import { readFileSync } from 'node:fs';
import { writeHeapSnapshot } from 'node:v8';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { postgresAdapter } from '@envplane/adapters/postgres';
import { openControlPlane } from '@envplane/service-tenant';

const { place, placement } = JSON.parse(readFileSync(0, 'utf8'));
const plane = await openControlPlane({
  store: 'file:' + place + '/control-plane.db',
  adapters: [postgresAdapter()],
  placements: [],
  encryptor: ({ firstStart }) => localKeyEncryptor({ keyFile: place + '/key.json', createIfMissing: firstStart }),
});
const { service } = plane;
await service.placements.create(placement);
const organization = { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' };
const made = await service.provisionOrganization({ organization, createdBy: 'heap', driver: 'postgres' });
const { id } = made.defaultEnvironment.environment;
const asked = async () => {
  const handle = await service.connect(id);
  await handle.query('SELECT 1');
  await service.environments.describeConnection(id);
};
await asked();
writeHeapSnapshot(place + '/open');
await service.operations.wait((await service.environments.suspend(id)).operationId, 60000);
await plane.worker.settle();
while ((await plane.figures()).connections.open > 0) await new Promise((resolve) => setTimeout(resolve, 20));
await new Promise((resolve) => setTimeout(resolve, 100));
writeHeapSnapshot(place + '/over');
await service.operations.wait((await service.environments.resume(id)).operationId, 60000);
process.stdout.write((await service.environments.describeConnection(id)).secret.reveal());
await plane.close();
`;

it('sec S26 the secret of a tenant is out of reach on the heap when its connection is closed', {
  timeout: 120_000,
}, async () => {
  const place = join(directory, 'heap');
  mkdirSync(place, { mode: 0o700 });
  const { settings, password } = await administrator(servers, 'admin_heap');
  const child = spawn(process.execPath, ['--input-type=module', '-e', HEAP], {
    cwd: new URL('../..', import.meta.url).pathname,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const placement = { name: 'cluster', driver: 'postgres', settings, administrator: password };
  let [out, failure] = ['', ''];
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    failure += text;
  });
  child.stdin.end(JSON.stringify({ place, placement }));
  const [code] = await once(child, 'close');
  expect([code, failure]).toEqual([0, '']);
  const secret = out;
  expect(secret).toMatch(/^[\w-]{43}$/);
  // The search finds what is there.
  expect(readFileSync(join(place, 'open')).includes(secret)).toBe(true);
  expect(readFileSync(join(place, 'over')).includes(secret)).toBe(false);
});
