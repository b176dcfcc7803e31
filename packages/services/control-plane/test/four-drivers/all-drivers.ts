import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { libsqlAdapter } from '@envplane/adapters/libsql';
import { localKeyEncryptor } from '@envplane/adapters/local-key';
import { postgresAdapter } from '@envplane/adapters/postgres';
import { sqliteAdapter } from '@envplane/adapters/sqlite';
import { tursoAdapter } from '@envplane/adapters/turso';
import { type EnvironmentProvisioningService, openControlPlane } from '@envplane/service-tenant';
import { type Logger, Secret } from '@envplane/spec';
import { startPostgres, startSqld, startTursoEmulator, type TursoEmulator } from '@envplane/testkit';
import type { Hono } from 'hono';
import postgres from 'postgres';
import { hashToken } from '../../src/config.ts';
import { createApp } from '../../src/http/app.ts';
import { platformToken } from '../../src/identity/platform-token.ts';

export const DRIVERS = ['sqlite', 'postgres', 'libsql', 'turso'] as const;
export type Driver = (typeof DRIVERS)[number];

const SCOPES = ['read', 'db:create', 'db:delete', 'db:configure', 'db:mint-token', 'db:rotate-creds'] as const;

/** Of the platform's administrator. */
export const TOKEN = 'token-of-the-platform-administrator';

/** The service with a placement of every driver on real servers, reached over its API only. */
export interface AllDrivers {
  cloud: TursoEmulator;
  /** The library behind the API. */
  service: EnvironmentProvisioningService;
  /** @throws Error with the answer when the status is none of `expected` */
  call<Body>(method: string, path: string, body?: unknown, expected?: number[]): Promise<Body>;
  /** What answers, for a listener of its own. */
  fetch: Hono['fetch'];
  /** Lets time pass: a purge ends after the time in which a late answer of a provider may still bring a database back. */
  skip(ms: number): void;
  /** Everything that exists on the servers: databases, roles, namespaces, cloud objects, files. */
  inventory(): Promise<Record<string, string[]>>;
  close(): Promise<void>;
}

/** Servers of its own, so that what exists on them is what this service made. */
export async function startAllDrivers(): Promise<AllDrivers> {
  const directory = mkdtempSync(join(tmpdir(), 'envplane-drivers-'));
  const [cluster, sqld, cloudSqld] = await Promise.all([startPostgres(), startSqld(), startSqld()]);
  const cloud = await startTursoEmulator(cloudSqld);
  const administrator = cloud.issueToken(SCOPES);
  const address = new URL(cluster.adminUrl);
  const secrets: Record<string, Secret> = {
    ENVPLANE_PLACEMENT_POSTGRES: new Secret(decodeURIComponent(address.password)),
    ENVPLANE_PLACEMENT_LIBSQL: sqld.administrator,
    ENVPLANE_PLACEMENT_TURSO: administrator,
  };
  address.password = '';
  const silent = () => undefined;
  const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent };
  const environments = join(directory, 'environments');
  let skippedMs = 0;
  const controlPlane = await openControlPlane({
    nowMs: () => Date.now() + skippedMs,
    store: `file:${directory}/control-plane.db`,
    adapters: [
      sqliteAdapter({ rootDirectory: environments }),
      postgresAdapter(),
      libsqlAdapter(),
      tursoAdapter({ fetch: cloud.fetch }),
    ],
    placements: [
      { name: 'files', driver: 'sqlite' },
      {
        name: 'cluster',
        driver: 'postgres',
        settings: { url: address.href },
        administratorVariable: 'ENVPLANE_PLACEMENT_POSTGRES',
      },
      {
        name: 'server',
        driver: 'libsql',
        settings: { url: sqld.url, adminUrl: sqld.adminUrl },
        administratorVariable: 'ENVPLANE_PLACEMENT_LIBSQL',
      },
      {
        name: 'cloud',
        driver: 'turso',
        settings: { organization: cloud.organization, group: cloud.group },
        administratorVariable: 'ENVPLANE_PLACEMENT_TURSO',
      },
    ],
    administratorVariable: (name) => secrets[name],
    encryptor: ({ firstStart }) => localKeyEncryptor({ keyFile: `${directory}/key.json`, createIfMissing: firstStart }),
    logger,
  });
  const app = createApp({
    controlPlane,
    identity: [platformToken(hashToken(TOKEN))],
    logger,
    version: '1.2.3',
    metricsArePublic: true,
    isDraining: () => false,
  });
  const admin = postgres(cluster.adminUrl, { max: 1, onnotice: silent });
  const namesIn = (path: string, { recursive = false } = {}) =>
    existsSync(path) ? readdirSync(path, { recursive }).map(String).sort() : [];

  return {
    cloud,
    service: controlPlane.service,
    fetch: app.fetch,
    call: async (method, path, body, expected = [200, 201, 202]) => {
      const response = await app.request(path, {
        method,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          prefer: `wait=${path.endsWith('/purge') ? 0 : 60}`,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!expected.includes(response.status)) throw new Error(`${method} ${path} → ${response.status} ${text}`);
      return JSON.parse(text);
    },
    skip: (ms) => {
      skippedMs += ms;
    },
    inventory: async () => {
      const databases = await admin`select datname as name from pg_database`;
      const roles = await admin`select rolname as name from pg_roles`;
      const sorted = (rows: readonly { [column: string]: unknown }[]) => rows.map(({ name }) => String(name)).sort();
      return {
        databases: sorted(databases),
        roles: sorted(roles),
        namespaces: namesIn(join(sqld.dataDirectory, 'dbs')),
        cloud: cloud.objects().map(({ name }) => name),
        cloudNamespaces: namesIn(join(cloudSqld.dataDirectory, 'dbs')),
        files: namesIn(environments, { recursive: true }),
      };
    },
    close: async () => {
      await controlPlane.close();
      await admin.end();
      await cloud.close();
      await Promise.all([cluster.stop(), sqld.stop(), cloudSqld.stop()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
