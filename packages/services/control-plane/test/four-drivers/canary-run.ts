import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { awsKmsEncryptor } from '@envplane/adapters/aws-kms';
import { libsqlAdapter } from '@envplane/adapters/libsql';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { postgresAdapter } from '@envplane/adapters/postgres';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import { tursoAdapter } from '@envplane/adapters/turso';
import { type ControlPlane, openControlPlane } from '@envplane/service-tenant';
import type { DatabaseAdapter, EnvironmentView, OperationView, SecretEncryptor } from '@envplane/spec';
import { type KmsEmulator, startKmsEmulator, startPostgres, startSqld, startTursoEmulator } from '@envplane/testkit';
import type { Hono } from 'hono';
import postgres from 'postgres';
import { expect, vi } from 'vitest';
import { hashToken } from '../../src/config.ts';
import { createApp } from '../../src/http/app.ts';
import { platformToken } from '../../src/identity/platform-token.ts';
import { createTelemetry } from '../../src/telemetry.ts';
import { Canaries } from './canaries.ts';

const TOKEN = 'envp_admin_canary-of-the-platform-administrator';
const WRONG = 'canary-that-the-server-refuses';
const SCOPES = ['read', 'db:create', 'db:delete', 'db:configure', 'db:mint-token', 'db:rotate-creds'] as const;

/** The real servers below a run, and what they log. */
export interface CanaryServers {
  cluster: Awaited<ReturnType<typeof startPostgres>>;
  superuser: postgres.Sql;
  sqld: Awaited<ReturnType<typeof startSqld>>;
  cloud: Awaited<ReturnType<typeof startTursoEmulator>>;
  kms: KmsEmulator;
  log: { postgres: string; sqld: string };
  stop(): Promise<void>;
}

/** Statements are logged with all that is in them. The credentials of KMS are in the environment of this process, as the SDK wants them. */
export async function startCanaryServers(): Promise<CanaryServers> {
  const log = { postgres: '', sqld: '' };
  const noting = (server: keyof typeof log) => ({
    onLog: (text: string) => {
      log[server] += text;
    },
  });
  const [cluster, sqld, cloudSqld, kms] = await Promise.all([
    startPostgres(noting('postgres')),
    startSqld(noting('sqld')),
    startSqld(noting('sqld')),
    startKmsEmulator(),
  ]);
  for (const [name, value] of Object.entries(kms.variables)) vi.stubEnv(name, value);
  const cloud = await startTursoEmulator(cloudSqld);
  const superuser = postgres(cluster.adminUrl, { max: 2, onnotice: () => undefined });
  await superuser.unsafe("alter system set log_statement = 'all'");
  await superuser.unsafe('select pg_reload_conf()');
  await vi.waitUntil(() => log.postgres.includes('parameter "log_statement" changed to "all"'));
  return {
    ...{ cluster, superuser, sqld, cloud, kms, log },
    stop: async () => {
      vi.unstubAllEnvs();
      await superuser.end();
      await cloud.close();
      await Promise.all([cluster.stop(), sqld.stop(), cloudSqld.stop(), kms.close()]);
    },
  };
}

/** A role that nobody else uses, set without its password being a statement's text in the log. */
export async function administrator(
  { superuser, cluster }: CanaryServers,
  name: string,
): Promise<{ settings: { url: string }; password: string }> {
  const password = `canary-administrator-${name}-${Math.random().toString(36).slice(2)}`;
  await superuser.unsafe(`create role ${name} login superuser`);
  await superuser.begin(async (tx) => {
    await tx.unsafe("set local log_statement = 'none'");
    await tx.unsafe(`alter role ${name} password '${password}'`);
  });
  const { host } = new URL(cluster.adminUrl);
  return { settings: { url: `postgres://${name}@${host}/postgres` }, password };
}

/** The driver as it is, with an ear for the secrets that it makes or is given. */
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
  const minting: DatabaseAdapter['credentials'] =
    credentials.kind === 'provider_minted'
      ? {
          ...credentials,
          mintCredential: async (...call) => {
            const minted = await credentials.mintCredential(...call);
            canaries.add(minted.secret.reveal());
            return minted;
          },
        }
      : credentials;
  return {
    ...adapter,
    credentials: credentials.kind === 'caller_set' ? noting(credentials) : minting,
    ...(facet && { administrator: noting(facet) }),
  };
}

/** The encryptor as it is, with an ear for the data keys in the clear. */
function overheardKeys(encryptor: SecretEncryptor, canaries: Canaries): SecretEncryptor {
  return {
    ...encryptor,
    generateDek: async (context) => {
      const made = await encryptor.generateDek(context);
      canaries.addKey(made.plaintext);
      return made;
    },
    unwrapDek: async (...call) => {
      const plaintext = await encryptor.unwrapDek(...call);
      canaries.addKey(plaintext);
      return plaintext;
    },
  };
}

export interface CanaryRun {
  canaries: Canaries;
  plane: ControlPlane;
  app: Hono;
  /** What was logged, thrown and answered, as it would be written and as a debugger shows it. */
  seen: { log: string; answers: string; errors: string };
  /** Of every request so far that leaves a trace: those that look at traces do not. */
  requestIds: string[];
}

const shown = (value: unknown) => inspect(value, { depth: null, showHidden: true, maxStringLength: null });

export async function openRun(
  { cloud, kms }: CanaryServers,
  { store, place, wraps }: { store: string; place: string; wraps: 'local' | 'aws-kms' },
): Promise<CanaryRun> {
  const canaries = new Canaries();
  canaries.add(TOKEN, WRONG, kms.variables['AWS_SECRET_ACCESS_KEY']);
  const seen = { log: '', answers: '', errors: '' };
  const write = (fields: object, message: string) => {
    seen.log += `${JSON.stringify(fields)} ${message} ${shown(fields)}\n`;
  };
  const logger = { debug: write, info: write, warn: write, error: write };
  const telemetry = createTelemetry();
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const plane = await openControlPlane({
    store,
    adapters: [
      sqliteAdapter({ rootDirectory: join(place, 'files') }),
      overheard(postgresAdapter(), canaries),
      overheard(libsqlAdapter(), canaries),
      overheard(tursoAdapter({ fetch: cloud.fetch }), canaries),
    ],
    placements: [{ name: 'files', driver: 'sqlite' }],
    encryptor: async ({ firstStart }) => {
      const encryptor =
        wraps === 'local'
          ? localKeyEncryptor({ keyFile: join(place, 'key.json'), createIfMissing: firstStart })
          : awsKmsEncryptor({ keyId: kms.keyArn, endpoint: kms.endpoint });
      return overheardKeys(await encryptor, canaries);
    },
    tokens: { issuer: () => 'https://envplane.test', algorithm: 'EdDSA' },
    logger,
    meter: telemetry.meter,
  });
  const app = createApp({
    ...{ controlPlane: plane, identity: [platformToken(hashToken(TOKEN))], logger, version: '1.2.3' },
    ...{ metricsArePublic: true, metrics: telemetry, isDraining: () => false },
  });
  telemetry.watch(plane, () => 0);
  return { canaries, plane, app, seen, requestIds: [] };
}

/** Sends a request. `Prefer` lets an operation end first. @returns the answer, which must not be looked for in `seen.answers` */
async function send(
  { app, seen, canaries, requestIds }: CanaryRun,
  method: string,
  path: string,
  body?: unknown,
  more: object = {},
) {
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
  if (!/^.(metrics|v1.(store-calls|traces))/.test(path)) requestIds.push(response.headers.get('x-request-id') ?? '');
  const isConnection = path.endsWith('/connection') && response.status === 200;
  if (isConnection) canaries.add(JSON.parse(text).secret);
  // The one answer that is to hold a secret.
  else seen.answers += `${JSON.stringify([...response.headers])} ${text}\n`;
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, body: isJson ? JSON.parse(text) : text };
}

/** Every way that a secret goes, and the ways on which it is refused. */
export async function everyPath(servers: CanaryServers, run: CanaryRun, name: string): Promise<void> {
  const { superuser, sqld, cloud } = servers;
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
  const { settings, password } = await administrator(servers, `admin_${name}`);
  const libsql = { settings: { url: sqld.url, adminUrl: sqld.adminUrl }, administrator: sqld.administrator.reveal() };
  const { organization, group } = cloud;
  const turso = { settings: { organization, group }, administrator: cloud.issueToken(SCOPES).reveal() };
  canaries.add(password, libsql.administrator, turso.administrator);
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
  await refused('POST', '/v1/placements', { name: 'cloud', driver: 'turso', ...turso, administrator: WRONG });
  await call('POST', '/v1/placements', { name: 'cloud', driver: 'turso', ...turso });

  // Environments on all of them, with what is repeated and what is refused.
  await call('POST', '/v1/organizations', { slug: 'acme', displayName: 'Acme', ownerUserId: 'ada' });
  for (const driver of ['postgres', 'libsql', 'turso']) {
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

  // Whoever may look, at everything there is to be looked at; the traces last, of all that was asked until then.
  const { items: environments } = await call('GET', '/v1/organizations/acme/environments');
  for (const path of [
    ...['/metrics', '/v1/operations?limit=100', '/v1/audit-events?limit=100', '/v1/store-calls?limit=100'],
    ...['/v1/placements', '/v1/drivers', '/v1/encryption-keys', '/v1/signing-keys', '/v1/organizations'],
    ...environments.flatMap(({ id }: EnvironmentView) =>
      ['', '/database', '/credentials', '/history'].map((of) => `/v1/environments/${id}${of}`),
    ),
  ]) {
    await call('GET', path);
  }
  let hops = 0;
  for (const id of [...run.requestIds]) hops += (await call('GET', `/v1/traces/${encodeURIComponent(id)}`)).hops.length;
  expect(hops).toBeGreaterThan(run.requestIds.length);
  const { items: operations } = (await call('GET', '/v1/operations?limit=100')) as { items: OperationView[] };
  expect(operations.length).toBeGreaterThan(5);
}
