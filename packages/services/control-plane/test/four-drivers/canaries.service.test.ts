import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { libsqlAdapter } from '@envplane/adapters/libsql';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { postgresAdapter } from '@envplane/adapters/postgres';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import { type ControlPlane, openControlPlane } from '@envplane/service-tenant';
import type { DatabaseAdapter, EnvironmentView, OperationView } from '@envplane/spec';
import { startPostgres, startSqld } from '@envplane/testkit';
import type { Hono } from 'hono';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hashToken } from '../../src/config.ts';
import { createApp } from '../../src/http/app.ts';
import { platformToken } from '../../src/identity/platform-token.ts';
import { createTelemetry } from '../../src/telemetry.ts';

const TOKEN = 'envp_admin_canary-of-the-platform-administrator';
const WRONG = 'canary-that-the-server-refuses';

let cluster: Awaited<ReturnType<typeof startPostgres>>;
let sqld: Awaited<ReturnType<typeof startSqld>>;
let superuser: postgres.Sql;
let serverLog = '';
const directory = mkdtempSync(join(tmpdir(), 'envplane-canaries-'));

beforeAll(async () => {
  [cluster, sqld] = await Promise.all([
    startPostgres({
      onLog: (text) => {
        serverLog += text;
      },
    }),
    startSqld(),
  ]);
  superuser = postgres(cluster.adminUrl, { max: 2, onnotice: () => undefined });
  await superuser.unsafe("alter system set log_statement = 'all'");
  await superuser.unsafe('select pg_reload_conf()');
  await vi.waitUntil(() => serverLog.includes('parameter "log_statement" changed to "all"'));
});
afterAll(async () => {
  await superuser.end();
  await Promise.all([cluster.stop(), sqld.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

/** A role that nobody else uses, set without its password being a statement's text in the log. */
async function administrator(name: string): Promise<{ settings: { url: string }; password: string }> {
  const password = `canary-administrator-${name}-${Math.random().toString(36).slice(2)}`;
  await superuser.unsafe(`create role ${name} login superuser`);
  await superuser.begin(async (tx) => {
    await tx.unsafe("set local log_statement = 'none'");
    await tx.unsafe(`alter role ${name} password '${password}'`);
  });
  const { host } = new URL(cluster.adminUrl);
  return { settings: { url: `postgres://${name}@${host}/postgres` }, password };
}

/** Every secret that was made, handed out or handed in, in the forms in which it could turn up. */
class Canaries {
  readonly #values = new Set<string>();

  add(...secrets: (string | undefined)[]): void {
    for (const secret of secrets) if (secret) this.#values.add(secret);
  }

  get size(): number {
    return this.#values.size;
  }

  /** Those that are in a text, and in which form. */
  in(text: string): string[] {
    return [...this.#values].flatMap((value) => {
      const bytes = Buffer.from(value);
      const forms = { plain: value, base64: bytes.toString('base64').slice(0, -4), hex: bytes.toString('hex') };
      return Object.entries(forms).flatMap(([form, shape]) => (text.includes(shape) ? `${form} ${value}` : []));
    });
  }
}

/** The driver as it is, with an ear for the secrets that it makes. */
function overheard(adapter: DatabaseAdapter, canaries: Canaries): DatabaseAdapter {
  const { credentials, administrator: facet } = adapter;
  const noting = <Facet extends { generateSecret(): { reveal(): string } }>(given: Facet): Facet => ({
    ...given,
    generateSecret: () => {
      const secret = given.generateSecret();
      canaries.add(secret.reveal());
      return secret;
    },
  });
  return {
    ...adapter,
    credentials: credentials.kind === 'caller_set' ? noting(credentials) : credentials,
    ...(facet && { administrator: noting(facet) }),
  };
}

interface Run {
  canaries: Canaries;
  plane: ControlPlane;
  app: Hono;
  /** What was logged, thrown and answered, as it would be written and as a debugger shows it. */
  seen: { log: string; answers: string; errors: string };
}

const shown = (value: unknown) => inspect(value, { depth: null, showHidden: true, maxStringLength: null });

async function open(store: string, place: string): Promise<Run> {
  const canaries = new Canaries();
  canaries.add(TOKEN, WRONG);
  const seen = { log: '', answers: '', errors: '' };
  const write = (fields: object, message: string) => {
    seen.log += `${JSON.stringify(fields)} ${message} ${shown(fields)}\n`;
  };
  const logger = { debug: write, info: write, warn: write, error: write };
  const telemetry = createTelemetry();
  const plane = await openControlPlane({
    store,
    adapters: [
      sqliteAdapter({ rootDirectory: join(place, 'files') }),
      overheard(postgresAdapter(), canaries),
      overheard(libsqlAdapter(), canaries),
    ],
    placements: [{ name: 'files', driver: 'sqlite' }],
    encryptor: ({ firstStart }) => localKeyEncryptor({ keyFile: join(place, 'key.json'), createIfMissing: firstStart }),
    tokens: { issuer: () => 'https://envplane.test', algorithm: 'EdDSA' },
    logger,
    meter: telemetry.meter,
  });
  const app = createApp({
    ...{ controlPlane: plane, identity: [platformToken(hashToken(TOKEN))], logger, version: '1.2.3' },
    ...{ metricsArePublic: true, metrics: telemetry, isDraining: () => false },
  });
  telemetry.watch(plane, () => 0);
  return { canaries, plane, app, seen };
}

/** Sends a request. `Prefer` lets an operation end first. @returns the answer, which must not be looked for in `seen.answers` */
async function send({ app, seen, canaries }: Run, method: string, path: string, body?: unknown, more: object = {}) {
  const response = await app.request(path, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      prefer: 'wait=60',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...more,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isConnection = path.endsWith('/connection') && response.status === 200;
  if (isConnection) canaries.add(JSON.parse(text).secret);
  // The one answer that is to hold a secret.
  else seen.answers += `${JSON.stringify([...response.headers])} ${text}\n`;
  return { status: response.status, body: JSON.parse(text || 'null') };
}

/** Every way that a secret goes, and the ways on which it is refused. */
async function everyPath(run: Run, name: string): Promise<void> {
  const { plane, seen, canaries } = run;
  const call = async (method: string, path: string, body?: unknown, more?: object) => {
    const answer = await send(run, method, path, body, more);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status}`);
    return answer.body;
  };
  const refused = async (method: string, path: string, body?: unknown) => {
    const answer = await send(run, method, path, body);
    expect(answer.status, `${method} ${path}`).toBeGreaterThanOrEqual(400);
  };
  const failing = async (work: Promise<unknown>) => {
    const error: unknown = await work.then(
      () => expect.fail('it was to fail'),
      (thrown: unknown) => thrown,
    );
    seen.errors += `${shown(error)} ${JSON.stringify(error)} ${(error as Error).stack} ${shown((error as Error).cause)}\n`;
  };

  // Placements: made, repeated, refused, changed.
  const { settings, password } = await administrator(`admin_${name}`);
  const libsql = { settings: { url: sqld.url, adminUrl: sqld.adminUrl }, administrator: sqld.administrator.reveal() };
  canaries.add(password, libsql.administrator);
  const body = { name: 'cluster', driver: 'postgres', settings, administrator: password };
  await refused('POST', '/v1/placements', { ...body, administrator: WRONG });
  await refused('POST', '/v1/placements', { ...body, settings: { url: settings.url.replace('@', `:${password}@`) } });
  await refused('POST', '/v1/placements', { ...body, driver: password });
  await refused('POST', '/v1/placements', { ...body, passwrod: password });
  await call('POST', '/v1/placements', body, { 'idempotency-key': 'placement' });
  await call('POST', '/v1/placements', body, { 'idempotency-key': 'placement' });
  const other = await send(
    run,
    'POST',
    '/v1/placements',
    { ...body, administrator: WRONG },
    { 'idempotency-key': 'placement' },
  );
  expect(other.status).toBeGreaterThanOrEqual(400);
  await refused('PATCH', '/v1/placements/cluster', { administrator: WRONG });
  await call('POST', '/v1/placements', { name: 'server', driver: 'libsql', ...libsql });

  // Environments on both, with what is repeated and what is refused.
  await call('POST', '/v1/organizations', { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' });
  for (const driver of ['postgres', 'libsql']) {
    const wish = { slug: driver, envType: 'test', driver };
    const first = await call('POST', '/v1/organizations/acme/environments', wish, { 'idempotency-key': driver });
    await call('POST', '/v1/organizations/acme/environments', wish, { 'idempotency-key': driver });
    const { id } = first as EnvironmentView;
    const env = `/v1/environments/${id}`;
    for (const authorization of ['full_access', 'read_only']) {
      await call('POST', `${env}/connection`, { authorization }, { 'idempotency-key': `${driver}-${authorization}` });
    }
    const { secret } = await call('POST', `${env}/connection`, {});
    await refused('POST', `${env}/connection`, { authorization: secret });
    await refused('POST', `${env}/credentials/rotate`, { graceSeconds: secret });
    await refused('GET', `/v1/environments/${encodeURIComponent(secret)}`);
    await refused('GET', `/v1/operations?cursor=${encodeURIComponent(secret)}`);
    const handle = await plane.service.connect(id);
    await handle.query('SELECT 1 AS one');
    await failing(handle.query('SELECT 1 FROM nowhere'));
    await call('POST', `${env}/credentials/rotate`, { graceSeconds: 15 });
    await call('POST', `${env}/connection`, {});
    const emergency = { urgency: 'emergency' };
    await call('POST', `${env}/credentials/rotate`, emergency, { 'idempotency-key': `${driver}-emergency` });
    await call('POST', `${env}/credentials/rotate`, emergency, { 'idempotency-key': `${driver}-emergency` });
    const { items } = await call('GET', `${env}/credentials`);
    const active = items.find(({ status }: { status: string }) => status === 'active');
    await call('POST', `${env}/credentials/${active.id}/revoke`);
    await call('POST', `${env}/connection`, {});
    await failing(handle.query('SELECT 1 AS one').then(() => expect.fail('its credential is revoked')));
    await call('GET', `${env}/credentials`);
  }

  // The administrator's own, and the keys over all of them.
  await call('POST', '/v1/placements/cluster/rotate-administrator', { urgency: 'emergency' });
  await call('POST', '/v1/placements/cluster/check');
  await send(run, 'POST', '/v1/encryption-keys/rotate', undefined, { prefer: 'wait=0' });
  await plane.worker.settle();

  // A server that refuses what is sealed here, and one that is away.
  await superuser.unsafe(`alter role admin_${name} nologin`);
  const late = { slug: 'late', envType: 'test', driver: 'postgres' };
  await send(run, 'POST', '/v1/organizations/acme/environments', late, { prefer: 'wait=1' });
  await call('POST', '/v1/placements/cluster/check');
  await superuser.unsafe(`alter role admin_${name} login`);
  for (const path of [
    '/metrics',
    '/v1/operations?limit=100',
    '/v1/audit-events?limit=100',
    '/v1/store-calls?limit=100',
  ]) {
    await call('GET', path).catch(() => undefined);
  }
  const { items: operations } = (await call('GET', '/v1/operations?limit=100')) as { items: OperationView[] };
  expect(operations.length).toBeGreaterThan(5);
}

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

describe.each(['sqlite', 'postgres'] as const)('rel G13 secrets on their way, %s store', (store) => {
  it('sec S26 sec S28 lie nowhere in the clear but in the answer that is to hold them', {
    timeout: 120_000,
  }, async () => {
    const place = join(directory, store);
    const file = join(place, 'store');
    mkdirSync(file, { recursive: true, mode: 0o700 });
    const url = store === 'sqlite' ? `file:${file}/control-plane.db` : await cluster.createDatabase('control_plane');
    const run = await open(url, place);
    await everyPath(run, store);
    const { canaries, seen, plane } = run;
    const rows = store === 'sqlite' ? filesBelow(file) : await postgresRows(url);
    const places = { ...seen, arguments: processArguments(), 'the log of the server': serverLog, rows };
    await plane.close();
    // At the least: two administrators and their next one, and for two drivers three rotations of two authorizations.
    expect(canaries.size).toBeGreaterThan(15);
    for (const [name, text] of Object.entries(places)) {
      expect(text.length, name).toBeGreaterThan(1_000);
      expect(canaries.in(text), name).toEqual([]);
    }
    // It was there to be searched.
    expect(places.log).toContain('http.request');
    expect(serverLog).toContain('SCRAM-SHA-256$');
    expect(rows).toContain('credential.rotated');
    // What is left in files once everything is closed, the key file included.
    expect(canaries.in(filesBelow(place))).toEqual([]);
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
  const { settings, password } = await administrator('admin_heap');
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
